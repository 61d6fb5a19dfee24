import { onScopeDispose, ref, shallowRef } from "vue";
import type { OrderLineDetail } from "@/bindings/wire";
import { ApiError, call } from "@/platform";

/** Arrows run through the list faster than details are read, ms. */
const FOLLOW_PAUSE_MS = 120;

/** The order line whose life is shown beside the list. */
export function useOrderDetail() {
  const id = ref<string | null>(null);
  const detail = shallowRef<OrderLineDetail | null>(null);
  const error = shallowRef<ApiError | null>(null);
  let running: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    clearTimeout(pause);
    running?.abort();
    if (id.value === null) return;
    const controller = new AbortController();
    running = controller;
    try {
      detail.value = await call("order_line", { id: id.value }, { signal: controller.signal });
      error.value = null;
    } catch (reason) {
      if (controller.signal.aborted) return;
      detail.value = null;
      error.value = ApiError.from(reason);
    }
  }

  /** Shows a line. */
  function show(next: string): Promise<void> {
    if (id.value !== next) error.value = null;
    id.value = next;
    return load();
  }

  /** Shows the line when the keyboard rests on it. */
  function follow(next: string): void {
    if (id.value === null || id.value === next) return;
    id.value = next;
    clearTimeout(pause);
    pause = setTimeout(() => void load(), FOLLOW_PAUSE_MS);
  }

  function close(): void {
    clearTimeout(pause);
    running?.abort();
    id.value = null;
    detail.value = null;
    error.value = null;
  }

  onScopeDispose(close);
  return { id, detail, error, show, follow, close, reload: load };
}
