import type { AgreementRow, IndicatorAction } from "@/bindings/wire";
import type { Place } from "@/frame/navigation";

/** What an agreement is about, as far as an order of it needs that. */
export type Goods = Pick<AgreementRow, "productId" | "supplier">;

/** What the room of orders needs to begin the order that an action asks for; null where it asks for something else. */
export function orderArgs(
  { kind, amount, unit }: Pick<IndicatorAction, "kind" | "amount" | "unit">,
  goods: Goods | null,
): Place["args"] | null {
  if (kind !== "order" || goods === null || goods.productId === "") return null;
  return { product: goods.productId, supplier: goods.supplier, quantity: amount, unit };
}
