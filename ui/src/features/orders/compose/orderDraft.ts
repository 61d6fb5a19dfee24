import type { OrderDraft, OrderDraftLine, OrderObstacle, ProductDetail } from "@/bindings/wire";
import { draftOf, KeptDraft } from "@/frame/keptDraft";
import { call } from "@/platform";

/** A new draft's name: a random UUID. Not `randomUUID`, which older web views lack. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function emptyOrder(kind: string, id = newId()): OrderDraft {
  return { id, kind, dept: "", remarks: "", lines: [] };
}

/** The order that is being written under this id; the same one whenever it is asked for. */
export function keptOrder(order: OrderDraft): KeptDraft<OrderDraft> {
  const draft = draftOf(
    `order/${order.id}`,
    () => new KeptDraft<OrderDraft>(order, (fields) => call("order_draft_save", fields)),
  );
  draft.take(order, "");
  return draft;
}

export interface Wish {
  readonly quantity?: string | undefined;
  readonly price?: string | undefined;
  /** What the quantity is counted in; a quantity in another unit than the product's is left to the person. */
  readonly unit?: string | undefined;
  /** A distributor, by id or by name. */
  readonly supplier?: string | undefined;
}

/** The agreement that is in force for a product on a day, by its distributor where one is chosen. */
export function agreementFor(
  { agreements }: ProductDetail,
  supplier: string,
  today: string,
): ProductDetail["agreements"][number] | null {
  const open = agreements.filter(({ startsOn, endsOn }) => startsOn <= today && today <= endsOn);
  return open.find((one) => one.supplier === supplier) ?? null;
}

/** A line for a product: from whom it was bought last, at the listed price, under the agreement in force. */
export function lineFor(product: ProductDetail, today: string, wish: Wish = {}): OrderDraftLine {
  const { suppliers, orders, row } = product;
  const wanted = suppliers.find(({ id, name }) => id === wish.supplier || name === wish.supplier);
  const last = suppliers.find(({ name }) => name === orders[0]?.supplier);
  const chosen = wanted ?? last ?? (suppliers.length === 1 ? suppliers[0] : undefined);
  return {
    product: row.id,
    supplier: chosen?.id ?? "",
    quantity: wish.unit === undefined || wish.unit === row.unit ? (wish.quantity ?? "") : "",
    price: wish.price ?? row.price,
    agreement: chosen ? (agreementFor(product, chosen.name, today)?.id ?? null) : null,
    filing: null,
    ownKey: null,
    requests: [],
  };
}

/** How many of the obstacles the platform would refuse, and how many are for the person to weigh. */
export function weigh(obstacles: readonly OrderObstacle[]): { refusals: number; warnings: number } {
  const refusals = obstacles.filter(({ refusal }) => refusal).length;
  return { refusals, warnings: obstacles.length - refusals };
}
