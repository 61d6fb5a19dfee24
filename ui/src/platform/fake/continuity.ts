import type { Commands, ContinuityRow, ErrorCode } from "@/bindings/wire";
import { daysBetween } from "@/frame/format";
import { plusDays } from "./calendar";
import type { Clock } from "./clock";

type Served = "continuity" | "continuity_save";
type Answers = { [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] };
type Fail = (code: ErrorCode, field?: string | null) => never;

const BATCH = "骨科脊柱类耗材接续采购（国家）";
const USAGE_DAYS = 90;
const STARTS = "2026-12-01";
/** Variety, name, specification, unit, usage, price now and then in fen. */
const USED = [
  ["椎弓根螺钉", "椎弓根螺钉", "6.5mm×45mm", "枚", 135, 62_000, 54_800],
  ["椎弓根螺钉", "椎弓根螺钉（万向）", "5.5mm×40mm", "枚", 48, 71_500, 60_300],
  ["椎间融合器", "腰椎融合器", "10mm×22mm", "个", 24, 318_000, 318_000],
] as const;

/** 接续保供 of the invented office, reckoned as the core reckons. */
export function continuityAnswers(clock: Clock, fail: Fail, empty: boolean): Answers {
  let stocks = new Map<string, string>();
  const yuan = (fen: number) => (fen / 100).toFixed(2);
  function row(
    [variety, name, spec, unit, used, price, then]: (typeof USED)[number],
    at: number,
  ): ContinuityRow {
    const product = `P-C${at}`;
    const stock = stocks.get(product) ?? null;
    const days = Math.max(0, daysBetween(clock.today(), STARTS));
    const needed = Math.ceil((used * days) / USAGE_DAYS);
    const left = stock === null ? null : Math.max(0, Number(stock) - needed);
    return {
      product,
      variety,
      name,
      spec,
      maker: "宁汀栎川生物医学工程有限公司",
      unit,
      startsOn: STARTS,
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
  return {
    continuity: ({ batch }) => ({
      batch,
      usageDays: USAGE_DAYS,
      rows: empty || batch !== BATCH ? [] : USED.map(row),
    }),
    continuity_save({ batch, stocks: counted }) {
      counted.forEach(({ stock }, at) => {
        if (!/^\d+(\.\d{1,4})?$/.test(stock)) fail("fieldInvalid", `stocks[${at}].stock`);
      });
      if (batch === BATCH) stocks = new Map(counted.map(({ product, stock }) => [product, stock]));
      return { editedAt: clock.now() };
    },
  };
}
