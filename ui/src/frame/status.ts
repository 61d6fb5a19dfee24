import { computed, shallowRef } from "vue";
import type { SyncStatus } from "@/bindings/wire";
import { errorText } from "@/errorText";
import { toast } from "@/kit/toasts";
import { ApiError, call, listen } from "@/platform";
import { useText } from "@/useText";
import { dayAndTime, todayInBeijing } from "./format";

/** Before the backend has said anything. */
export const NOTHING_KNOWN: SyncStatus = {
  phase: "notConnected",
  error: null,
  done: 0,
  total: 0,
  lastSync: null,
  retryAt: null,
  waiting: 0,
  attention: 0,
  quarantined: 0,
  received: 0,
  applied: 0,
  unchanged: 0,
  clockOffsetS: 0,
};

/** Where sync stands, as last heard. */
export const sync = shallowRef<SyncStatus>(NOTHING_KNOWN);

/** The day in Beijing by the platform's clock, `YYYY-MM-DD`. */
export const today = computed(() => todayInBeijing(new Date(Date.now() - sync.value.clockOffsetS * 1000)));

/** What a list says of its age while the platform cannot be reached; null while it is fresh. */
export const dataAsOf = computed(() => {
  const { phase, lastSync } = sync.value;
  if (phase === "upToDate" || isBusy(sync.value) || lastSync === null) return null;
  return useText().value.frame.list.asOf(dayAndTime(lastSync));
});

/** Hears every change of the sync status; answers a function that stops it. */
export function followSync(): Promise<() => void> {
  return listen<SyncStatus>("sync-status", (status) => (sync.value = status));
}

/** Asks for the status; nothing is known while no profile is open. */
export async function loadSync(): Promise<void> {
  sync.value = await call("sync_status", {}).catch(() => NOTHING_KNOWN);
}

async function run(command: "sync_now" | "sync_cancel"): Promise<void> {
  try {
    sync.value = await call(command, {});
  } catch (reason) {
    toast("danger", errorText(ApiError.from(reason), useText().value));
  }
}

/** Fetches and sends now (F5). */
export function syncNow(): void {
  void run("sync_now");
}

/** Stops fetching; what has arrived stays. */
export function cancelSync(): void {
  void run("sync_cancel");
}

/** Something is under way. */
export function isBusy({ phase }: SyncStatus): boolean {
  return phase === "connecting" || phase === "firstSync" || phase === "syncing";
}

/** 0 to 1 of the first sync; null when the amount is not known. */
export function syncShare({ phase, done, total }: SyncStatus): number | null {
  return phase === "firstSync" && total > 0 ? Math.min(done / total, 1) : null;
}
