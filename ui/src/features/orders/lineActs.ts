import type { OrderRow } from "@/bindings/wire";
import { units } from "@/frame/decimal";
import type { IconName } from "@/kit/icons";

/** What can be done with order lines: ordered again, cancelled, sent back. */
export type LineAct = "again" | "cancel" | "return";

export const ACT_KEY: Readonly<Record<LineAct, string>> = { again: "R", cancel: "X", return: "T" };
export const ACT_ICON: Readonly<Record<LineAct, IconName>> = {
  again: "plus",
  cancel: "close",
  return: "undo",
};

/** What is not on its way yet can be cancelled. */
const CANCELLABLE: ReadonlySet<string> = new Set(["DRAFT", "SUBMITTED", "ACCEPTED"]);

function may(act: LineAct, { state, received, returned }: OrderRow): boolean {
  switch (act) {
    case "again":
      return true;
    case "cancel":
      return CANCELLABLE.has(state);
    case "return":
      return (units(received) ?? 0n) > (units(returned) ?? 0n);
  }
}

/** The rows that an act is meant for. */
export function meantFor(act: LineAct, rows: readonly OrderRow[]): OrderRow[] {
  return rows.filter((row) => may(act, row));
}

/** What can be done with at least one of the rows. */
export function actsOf(rows: readonly OrderRow[]): LineAct[] {
  return (["again", "cancel", "return"] as const).filter((act) => meantFor(act, rows).length > 0);
}
