import { shallowRef } from "vue";

export type ToastTone = "info" | "success" | "danger";

export interface Toast {
  readonly id: number;
  readonly tone: ToastTone;
  readonly message: string;
  readonly durationMs: number;
  /** One thing to do about it, for instance undo. */
  readonly action?: { label: string; run: () => void } | undefined;
}

/** At most this many are shown; the oldest gives way. */
const MOST = 4;
const DURATION_MS: Record<ToastTone, number> = { info: 5_000, success: 5_000, danger: 12_000 };

export const toasts = shallowRef<readonly Toast[]>([]);
let nextId = 1;

/** Says in passing that something is done. What must not be missed is a banner. */
export function toast(tone: ToastTone, message: string, action?: Toast["action"]): number {
  const id = nextId++;
  const next: Toast = { id, tone, message, durationMs: DURATION_MS[tone] * (action ? 2 : 1), action };
  toasts.value = [...toasts.value, next].slice(-MOST);
  return id;
}

export function clearToasts(): void {
  toasts.value = [];
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
