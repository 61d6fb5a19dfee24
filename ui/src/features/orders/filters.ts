import type { OrdersReq } from "@/bindings/wire";
import { addDays } from "@/kit/dateEntry";

/** What the list shows. Days are `YYYY-MM-DD` in Beijing time, empty where there is no bound. */
export interface OrderFilter {
  readonly text: string;
  readonly states: readonly string[];
  readonly from: string;
  readonly to: string;
  /** 院区 by its id; empty is all. */
  readonly campus: string;
}

export const NO_FILTER: OrderFilter = { text: "", states: [], from: "", to: "", campus: "" };

export type Period = "week" | "month" | "year" | "all";

/** First and last day of a period that ends today. */
export function periodDays(period: Period, today: string): { from: string; to: string } {
  switch (period) {
    case "week":
      return { from: addDays(today, -6), to: today };
    case "month":
      return { from: addDays(today, -29), to: today };
    case "year":
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
    case "all":
      return { from: "", to: "" };
  }
}

/** The period that the days are, or null for days of the user's own. */
export function periodOf({ from, to }: Pick<OrderFilter, "from" | "to">, today: string): Period | null {
  const periods: Period[] = ["week", "month", "year", "all"];
  return (
    periods.find((period) => {
      const days = periodDays(period, today);
      return days.from === from && days.to === to;
    }) ?? null
  );
}

export function toggledState({ states }: OrderFilter, state: string): string[] {
  return states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
}

export function isFiltered({ text, states, from, to, campus }: OrderFilter): boolean {
  return text.trim() !== "" || states.length > 0 || from !== "" || to !== "" || campus !== "";
}

export function request({ text, states, from, to, campus }: OrderFilter): OrdersReq {
  return {
    text: text.trim(),
    states: [...states],
    from: from || null,
    to: to || null,
    campus: campus || null,
  };
}
