import { shallowRef } from "vue";

export type SyncPhase = "never" | "idle" | "running" | "offline" | "failed";

/** What the status bar always shows. */
export interface WorkStatus {
  phase: SyncPhase;
  /** End of the last complete sync, formatted in Beijing time. */
  lastSync: string | null;
  /** 0 to 1 while running, null when unknown. */
  share: number | null;
  /** Entries waiting to be sent. */
  waiting: number;
  /** Entries that the platform refused and that need somebody. */
  rejected: number;
  /** Who is signed in. */
  user: string | null;
  /** A platform is set up for this profile. */
  connected: boolean;
}

export const status = shallowRef<WorkStatus>({
  phase: "never",
  lastSync: null,
  share: null,
  waiting: 0,
  rejected: 0,
  user: null,
  connected: false,
});

/** Changes part of the status; called by whoever hears the backend's events. */
export function updateStatus(change: Partial<WorkStatus>): void {
  status.value = { ...status.value, ...change };
}

let runSync: (() => void) | null = null;

/** Says what F5 does. */
export function onSync(run: () => void): void {
  runSync = run;
}

export function syncNow(): void {
  runSync?.();
}
