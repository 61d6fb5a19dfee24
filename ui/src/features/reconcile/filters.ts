import type { DifferenceKind, DifferenceOwner, ItemOrder, ItemScope, ReconcileReq } from "@/bindings/wire";
import { typedDecimal } from "@/frame/decimal";

/** What the worklist shows of a month. Amount and age are as typed, empty where there is no bound. */
export interface WorkFilter {
  readonly period: string;
  readonly scope: ItemScope;
  readonly kinds: readonly DifferenceKind[];
  readonly owner: DifferenceOwner | "any";
  readonly text: string;
  readonly order: ItemOrder;
  readonly leastAmount: string;
  readonly leastAge: string;
}

export const NO_FILTER: Omit<WorkFilter, "period"> = {
  scope: "todo",
  kinds: [],
  owner: "any",
  text: "",
  order: "amount",
  leastAmount: "",
  leastAge: "",
};

/** Whether something beyond the scope and the order narrows the list. */
export function isFiltered({ kinds, owner, text, leastAmount, leastAge }: WorkFilter): boolean {
  return kinds.length > 0 || owner !== "any" || text.trim() !== "" || leastAmount !== "" || leastAge !== "";
}

/** A whole number of days, or null. */
export function daysOf(typed: string): number | null {
  const plain = typed.normalize("NFKC").trim();
  return /^\d{1,3}$/.test(plain) && Number(plain) <= 366 ? Number(plain) : null;
}

export function request(filter: WorkFilter): ReconcileReq {
  const { period, scope, kinds, owner, text, order, leastAmount, leastAge } = filter;
  return {
    period,
    scope,
    kinds: [...kinds],
    states: [],
    owners: owner === "any" ? [] : [owner],
    text: text.trim(),
    order,
    leastAmount: typedDecimal(leastAmount),
    leastAge: daysOf(leastAge),
  };
}

export function toggledKind({ kinds }: WorkFilter, kind: DifferenceKind): DifferenceKind[] {
  return kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind];
}
