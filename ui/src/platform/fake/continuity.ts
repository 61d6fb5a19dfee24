import type { Commands, ContinuityRow, ErrorCode, PriceListRow, StockCount } from "@/bindings/wire";
import { daysBetween } from "@/frame/format";
import { plusDays } from "./calendar";
import type { Clock } from "./clock";

type Served = "continuity" | "continuity_save" | "price_lists" | "price_transition" | "price_transition_save";
type Answers = { [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] };
type Fail = (code: ErrorCode, field?: string | null) => never;

const BATCH = "骨科脊柱类耗材接续采购（国家）";
const USAGE_DAYS = 90;
const STARTS = "2026-12-01";
const AFTER_TRANSITION = "2026-12-01";
const LISTS: PriceListRow[] = [
  {
    id: "JG202611",
    name: "2026年11月挂网价格联动调整表",
    kind: "linkage",
    batch: null,
    effectiveAt: "2026-11-01T00:00:00+08:00",
    transitionEndsOn: "2026-11-30",
    state: "transition",
    products: 214,
  },
  {
    id: "JG202607",
    name: "2026年7月挂网价格联动调整表",
    kind: "linkage",
    batch: null,
    effectiveAt: "2026-07-01T00:00:00+08:00",
    transitionEndsOn: "2026-07-31",
    state: "closed",
    products: 96,
  },
];
/** Variety, name, specification, unit, usage, price now and then in fen. */
const USED = [
  ["椎弓根螺钉", "椎弓根螺钉", "6.5mm×45mm", "枚", 135, 62_000, 54_800],
  ["椎弓根螺钉", "椎弓根螺钉（万向）", "5.5mm×40mm", "枚", 48, 71_500, 60_300],
  ["椎间融合器", "腰椎融合器", "10mm×22mm", "个", 24, 318_000, 318_000],
] as const;

/** 接续保供 and 调价过渡 of the invented office, reckoned as the core reckons. */
export function continuityAnswers(clock: Clock, fail: Fail, empty: boolean): Answers {
  const counts = new Map<string, Map<string, string>>();
  const yuan = (fen: number) => (fen / 100).toFixed(2);
  function row(
    [variety, name, spec, unit, used, price, then]: (typeof USED)[number],
    product: string,
    starts: string,
    stock: string | null,
  ): ContinuityRow {
    const days = Math.max(0, daysBetween(clock.today(), starts));
    const needed = Math.ceil((used * days) / USAGE_DAYS);
    const left = stock === null ? null : Math.max(0, Number(stock) - needed);
    return {
      product,
      variety,
      name,
      spec,
      maker: "宁汀栎川生物医学工程有限公司",
      unit,
      startsOn: starts,
      used: String(used),
      stock,
      needed: String(needed),
      gap: stock === null ? null : String(Math.max(0, needed - Number(stock))),
      leftOver: left === null ? null : String(left),
      lastsUntil:
        stock === null ? null : plusDays(clock.today(), Math.floor((Number(stock) * USAGE_DAYS) / used)),
      price: yuan(price),
      priceThen: yuan(then),
      loss: left === null ? null : yuan(left * (price - then)),
    };
  }
  const sheet = (of: string, prefix: string, starts: string) =>
    USED.map((used, at) => {
      const product = `${prefix}${at}`;
      return row(used, product, starts, counts.get(of)?.get(product) ?? null);
    });
  function keep(of: string, stocks: readonly StockCount[]) {
    stocks.forEach(({ stock }, at) => {
      if (!/^\d+(\.\d{1,4})?$/.test(stock)) fail("fieldInvalid", `stocks[${at}].stock`);
    });
    counts.set(of, new Map(stocks.map(({ product, stock }) => [product, stock])));
    return { editedAt: clock.now() };
  }
  return {
    continuity: ({ batch }) => ({
      batch,
      usageDays: USAGE_DAYS,
      rows: empty || batch !== BATCH ? [] : sheet(batch, "P-C", STARTS),
    }),
    continuity_save: ({ batch, stocks }) => keep(batch, stocks),
    price_lists: () => ({ rows: empty ? [] : LISTS }),
    price_transition: ({ list }) => ({
      list: LISTS.find(({ id }) => id === list) ?? fail("notFound"),
      usageDays: USAGE_DAYS,
      rows: list === LISTS[0]!.id ? sheet(list, "P-L", AFTER_TRANSITION) : [],
    }),
    price_transition_save: ({ list, stocks }) => keep(list, stocks),
  };
}
