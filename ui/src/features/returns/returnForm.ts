import type { Returnable, ReturnReq } from "@/bindings/wire";
import { decimal, typedDecimal, units } from "@/frame/decimal";

/** What is typed of a return; the lists stand beside the lines. */
export interface ReturnFields {
  kind: string;
  reason: string;
  quantities: string[];
  amounts: string[];
  lots: string[];
}

export const NO_RETURN: ReturnFields = { kind: "goods", reason: "", quantities: [], amounts: [], lots: [] };

/** What is wrong first: of the line at `at`, or of the whole. */
export interface ReturnFault {
  readonly at: number | null;
  readonly field: "reason" | "quantity" | "amount" | "lines";
  readonly why: "fieldRequired" | "fieldInvalid" | "moreThanLeft";
}

const SCALE = 10_000n;

/** What was paid for so many, in yuan with two places, rounded half up as the core does. */
export function paidFor(price: string, quantity: string): string {
  const product = (units(price) ?? 0n) * (units(quantity) ?? 0n);
  const cents = (product + (SCALE * 100n) / 2n) / (SCALE * 100n);
  return decimal(cents * 100n);
}

/** Another list with one place changed; it grows as needed. */
export function withAt(list: readonly string[], at: number, value: string): string[] {
  return Array.from({ length: Math.max(list.length, at + 1) }, (_, place) =>
    place === at ? value : (list[place] ?? ""),
  );
}

const isTyped = (typed: string | undefined) => (typed ?? "").trim() !== "";

/** The first thing wrong with what was typed, or null. */
export function returnFault(fields: ReturnFields, { rows }: Returnable): ReturnFault | null {
  for (const [at, row] of rows.entries()) {
    const typed = fields.quantities[at];
    if (!isTyped(typed)) continue;
    const quantity = typedDecimal(typed!);
    if (quantity === null || units(quantity) === 0n) return { at, field: "quantity", why: "fieldInvalid" };
    if (units(quantity)! > units(row.left)!) return { at, field: "quantity", why: "moreThanLeft" };
    if (fields.kind !== "price") continue;
    const amount = typedDecimal(fields.amounts[at] ?? "");
    if (!isTyped(fields.amounts[at])) return { at, field: "amount", why: "fieldRequired" };
    const most = units(paidFor(row.price, quantity))!;
    if (amount === null || units(amount) === 0n || units(amount)! > most)
      return { at, field: "amount", why: "fieldInvalid" };
  }
  if (!rows.some((_, at) => isTyped(fields.quantities[at])))
    return { at: null, field: "lines", why: "fieldRequired" };
  return fields.reason.trim() === "" ? { at: null, field: "reason", why: "fieldRequired" } : null;
}

/** The return as the backend takes it: the lines with a quantity. */
export function returnRequest(fields: ReturnFields, { rows }: Returnable): ReturnReq {
  return {
    kind: fields.kind,
    reason: fields.reason.trim(),
    lines: rows.flatMap(({ orderLine }, at) =>
      isTyped(fields.quantities[at])
        ? [
            {
              orderLine,
              quantity: typedDecimal(fields.quantities[at]!) ?? "",
              amount: fields.kind === "price" ? typedDecimal(fields.amounts[at] ?? "") : null,
              lot: fields.lots[at] ?? "",
            },
          ]
        : [],
    ),
  };
}
