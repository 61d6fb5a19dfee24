import type { ReconcilePeriod } from "@/bindings/wire";
import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";
import type { reconcile } from "./text";

/** `2026-11` as people say it. */
export function monthName(period: string, t: Pick<typeof reconcile, "monthName">): string {
  const [year = "", month = ""] = period.split("-");
  return t.monthName(year, Number(month));
}

export const PERIOD_LOOK: Record<ReconcilePeriod["state"], { tone: Tone; icon: IconName }> = {
  empty: { tone: "neutral", icon: "minus" },
  open: { tone: "info", icon: "scale" },
  signed: { tone: "success", icon: "lock" },
  adjusted: { tone: "warning", icon: "alert" },
};

/**
 * The month to begin with: the newest that is being worked on; else the newest with a ledger; else the newest.
 * `periods` is newest first.
 */
export function firstPeriod(periods: readonly Pick<ReconcilePeriod, "period" | "state">[]): string | null {
  const open = periods.find(({ state }) => state === "open");
  const any = periods.find(({ state }) => state !== "empty");
  return (open ?? any ?? periods[0])?.period ?? null;
}

/** The neighbour of a month in a list that is newest first; `step` 1 is later. */
export function neighbour(
  periods: readonly Pick<ReconcilePeriod, "period">[],
  period: string,
  step: 1 | -1,
): string | null {
  const at = periods.findIndex((one) => one.period === period);
  return at < 0 ? null : (periods[at - step]?.period ?? null);
}
