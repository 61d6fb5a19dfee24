import { onActivated, onBeforeUnmount, onDeactivated, onMounted, ref } from "vue";
import type { Text } from "@/text";

/** How often running clocks are drawn again, ms; they show minutes. */
const TICK_MS = 5_000;

/** `h:mm` of so many minutes. */
export function hoursAndMinutes(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

const DAY = 24 * 60;
/** Beyond this a clock in hours says less than days. */
const LONG = 4 * DAY;

/** What is left until an instant: `剩 2:12`, `已超 0:38`, far ones in days. Started minutes count in full. */
export function leftUntil(dueAt: string, now: number, text: Text): string {
  const minutes = Math.ceil((Date.parse(dueAt) - now) / 60_000);
  const past = minutes <= 0;
  const amount = Math.abs(minutes);
  const t = text.today;
  if (amount >= LONG) return (past ? t.daysOver : t.daysLeft)(Math.floor(amount / DAY));
  return (past ? t.over : t.left)(hoursAndMinutes(amount));
}

/**
 * The backend's clock, running on here: the PC's own clock may be set wrong. Ticks only while the screen is in sight.
 */
export function useBackendClock() {
  const now = ref(Date.now());
  let ahead = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => (now.value = performance.now() + ahead);
  const start = () => {
    clearInterval(timer);
    timer = setInterval(tick, TICK_MS);
  };
  const stop = () => clearInterval(timer);
  onMounted(start);
  onActivated(start);
  onDeactivated(stop);
  onBeforeUnmount(stop);
  return {
    now,
    /** Takes the backend's instant as now. */
    set: (instant: string) => {
      ahead = Date.parse(instant) - performance.now();
      tick();
    },
  };
}
