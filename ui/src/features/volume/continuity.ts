import type { AgreementBatch, ContinuityRow, PriceListRow, StockCount } from "@/bindings/wire";
import { decimal, typedDecimal, units } from "@/frame/decimal";
import { money, quantity } from "@/frame/format";
import type { Column } from "@/kit/grid/columns";
import type { volume } from "./text";

/** What is typed as stock, by product; blank is not counted yet, a nought is an answer. */
export type Counts = Readonly<Record<string, string>>;

/** As the core holds it, without idle zeros. */
export function countsOf(rows: readonly ContinuityRow[]): Counts {
  const counted = rows.filter(({ stock }) => stock !== null);
  return Object.fromEntries(counted.map(({ product, stock }) => [product, decimal(units(stock) ?? 0n)]));
}

/** It was typed and is no quantity: shown, and not kept. */
export function isNoQuantity(typed: string | undefined): boolean {
  return typed !== undefined && typed.trim() !== "" && typedDecimal(typed) === null;
}

/** What of it can be kept. */
export function stocksOf(counts: Counts): StockCount[] {
  return Object.entries(counts).flatMap(([product, typed]) => {
    const stock = typedDecimal(typed);
    return stock === null ? [] : [{ product, stock }];
  });
}

/** The core has reckoned with what is typed now. */
export function isReckoned(row: ContinuityRow, typed: string | undefined): boolean {
  const now = typedDecimal(typed ?? "");
  return row.stock === null ? now === null : now !== null && units(now) === units(row.stock);
}

/** More than nought. */
export function isSome(value: string | null): boolean {
  return value !== null && (units(value) ?? 0n) > 0n;
}

/** What the counted rows come to. */
export function standing(rows: readonly ContinuityRow[]): { counted: number; gaps: number; loss: string } {
  const loss = rows.reduce((sum, row) => sum + (units(row.loss) ?? 0n), 0n);
  return {
    counted: rows.filter(({ stock }) => stock !== null).length,
    gaps: rows.filter(({ gap }) => isSome(gap)).length,
    loss: decimal(loss),
  };
}

/** Those that begin next come first, then those that have begun, the latest first. */
export function batchesByStart(batches: readonly AgreementBatch[], today: string): AgreementBatch[] {
  const ahead = batches.filter(({ startsOn }) => startsOn > today);
  const begun = batches.filter(({ startsOn }) => startsOn <= today);
  return [
    ...ahead.sort((a, b) => a.startsOn.localeCompare(b.startsOn)),
    ...begun.sort((a, b) => b.startsOn.localeCompare(a.startsOn)),
  ];
}

/** What a worksheet is for: a batch that begins, or a price list whose old stock is used up. */
export interface Occasion {
  /** `batch:` or `list:` and its name or id. */
  readonly key: string;
  readonly name: string;
  /** The batch's first day, or the last one on which the old stock may be used. */
  readonly day: string;
  /** From when the new prices hold; none for a batch. */
  readonly effectiveAt: string | null;
}

/** Batches first, as they begin; then the price lists whose old stock is still to be used up; then what is over. */
export function occasions(
  batches: readonly AgreementBatch[],
  lists: readonly PriceListRow[],
  today: string,
): Occasion[] {
  const sorted = batchesByStart(batches, today);
  const ofBatch = ({ batch, startsOn }: AgreementBatch): Occasion => ({
    key: `batch:${batch}`,
    name: batch,
    day: startsOn,
    effectiveAt: null,
  });
  const ofList = ({ id, name, transitionEndsOn, effectiveAt }: PriceListRow): Occasion => ({
    key: `list:${id}`,
    name,
    day: transitionEndsOn,
    effectiveAt,
  });
  return [
    ...sorted.filter(({ startsOn }) => startsOn > today).map(ofBatch),
    ...lists.filter(({ state }) => state !== "closed").map(ofList),
    ...sorted.filter(({ startsOn }) => startsOn <= today).map(ofBatch),
    ...lists.filter(({ state }) => state === "closed").map(ofList),
  ];
}

/** The worksheet as it is copied into Excel. */
export function worksheetColumns(t: typeof volume, ofList: boolean): Column<ContinuityRow>[] {
  const c = { ...t.continuity.columns, ...(ofList ? t.continuity.ofList : {}) };
  const number = (value: string | null) => (value === null ? "" : quantity(value));
  const column = (
    key: keyof typeof c,
    kind: Column<ContinuityRow>["kind"],
    value: Column<ContinuityRow>["value"],
  ): Column<ContinuityRow> => ({ key, title: c[key], width: 8, value, ...(kind ? { kind } : {}) });
  return [
    column("variety", "text", (row) => row.variety),
    column("product", "text", (row) => `${row.name} ${row.spec}`.trim()),
    column("maker", "text", (row) => row.maker),
    column("starts", "date", (row) => row.startsOn),
    column("used", "number", (row) => quantity(row.used)),
    column("stock", "number", (row) => number(row.stock)),
    column("unit", "text", (row) => row.unit),
    column("needed", "number", (row) => quantity(row.needed)),
    column("gap", "number", (row) => number(row.gap)),
    column("lasts", "date", (row) => row.lastsUntil ?? ""),
    column("leftOver", "number", (row) => number(row.leftOver)),
    column("price", "money", (row) => money(row.price)),
    column("priceThen", "money", (row) => money(row.priceThen)),
    column("loss", "money", (row) => (row.loss === null ? "" : money(row.loss))),
  ];
}
