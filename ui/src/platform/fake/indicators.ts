import type { BatchProgress, Commands, IndicatorRow, OrderRow } from "@/bindings/wire";
import type { Clock } from "./clock";

type Served =
  | "indicators"
  | "indicator_lines"
  | "agreements_progress"
  | "board"
  | "analysis"
  | "self_check"
  | "self_check_save";
type Answers = {
  [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"];
};

const SHENZHEN = "深医保发〔2022〕19号";
const HENAN = "豫医保办〔2025〕42号";
const VERSION = "quanzhou-2024@1";
const HOSPITAL = "望溪区人民医院";

const result = (id: string, name: string, rest: Partial<IndicatorRow>): IndicatorRow => ({
  id,
  name,
  scope: "hospital",
  scopeText: HOSPITAL,
  value: null,
  isRate: true,
  numerator: "0",
  denominator: "0",
  basis: "count",
  exempted: "0",
  amount: null,
  causes: [],
  threshold: "0.9",
  direction: "at-least",
  level: "normal",
  from: "2026-01-01",
  through: "2026-11-20",
  forecastDate: null,
  forecastLevel: null,
  monthEnd: null,
  quarterEnd: null,
  cycleEnd: null,
  action: null,
  source: SHENZHEN,
  clause: "二(四)",
  ruleVersion: VERSION,
  hasLines: true,
  ...rest,
});

const ROWS: IndicatorRow[] = [
  result("progress-lag", "协议进度滞后", {
    scope: "agreement:XY20263",
    scopeText: "冠脉药物涂层球囊 · 宁汀栎川生物医学工程有限公司",
    value: "0.4179",
    numerator: "61",
    denominator: "130",
    basis: "quantity",
    threshold: "0.1",
    direction: "at-most",
    level: "serious",
    cycleEnd: "0.4700",
    action: {
      kind: "order",
      amount: "42",
      what: "冠脉药物涂层球囊导管",
      unit: "根",
      before: "2026-12-12",
      text: "12月12日前再订购并验收 42 根冠脉药物涂层球囊导管",
    },
    source: HENAN,
    clause: "二(九)",
  }),
  result("delivery-timeliness", "配送及时率", {
    value: "0.8714",
    numerator: "610",
    denominator: "700",
    level: "warning",
    monthEnd: "0.8690",
    clause: "四(五)",
  }),
  result("online-settlement-rate", "线上结算率", {
    value: "0.9120",
    numerator: "912000",
    denominator: "1000000",
    basis: "amount",
    forecastDate: "2026-12-08",
    forecastLevel: "warning",
    monthEnd: "0.9010",
    quarterEnd: "0.8830",
    action: {
      kind: "pay",
      amount: "41800",
      what: "结算单",
      unit: "元",
      before: "2026-12-08",
      text: "12月8日前经平台结算 41,800.00 元",
    },
  }),
  result("online-purchase-rate", "线上采购率", {
    value: "0.9953",
    numerator: "9953000",
    denominator: "10000000",
    basis: "amount",
    threshold: "0.95",
  }),
  result("attendance", "打卡考勤", { value: "0.9286", numerator: "13", denominator: "14", threshold: "0.9" }),
  result("response-time", "平均响应时间", {
    value: "5400",
    isRate: false,
    basis: "seconds",
    numerator: "5400",
    denominator: "1",
    threshold: "86400",
    direction: "at-most",
  }),
  result("substitute-growth", "可替代产品采购量增长", {
    scope: "variety:X",
    scopeText: "冠脉造影导管",
    threshold: null,
    source: HENAN,
    clause: "二(九)",
    hasLines: false,
  }),
];

const BATCHES: BatchProgress[] = [
  {
    batch: "冠脉球囊类耗材第二轮（省级联盟）",
    value: "0.7730",
    schedule: "0.8870",
    behind: 1,
    agreements: [
      ["XY20262", "冠脉球囊扩张导管", "820", "702", "0.8560", "normal"],
      ["XY20263", "冠脉药物涂层球囊", "130", "61", "0.4692", "serious"],
      ["XY20264", "冠脉造影导管", "1500", "1490", "0.9933", "normal"],
    ].map(([id, variety, agreed, done, value, level]) => ({
      scope: `agreement:${id}`,
      agreements: [id!],
      variety: variety!,
      maker: "宁汀栎川生物医学工程有限公司",
      unit: "根",
      done: done!,
      agreed: agreed!,
      relief: "0",
      value: value!,
      schedule: "0.8870",
      level: level!,
      startsOn: "2026-01-01",
      endsOn: "2026-12-31",
      cycleEnd: level === "serious" ? "0.5290" : "0.9700",
      forecastDate: null,
      action: level === "serious" ? ROWS[0]!.action : null,
    })),
  },
];

/** 指标 of the invented office: results as the core gives them. */
export function indicatorAnswers(clock: Clock, orders: readonly OrderRow[], empty: boolean): Answers {
  const rows = empty ? [] : ROWS;
  const list = () => ({
    asOf: clock.today(),
    pack: "quanzhou-2024",
    packName: "泉州 2024",
    ruleVersion: VERSION,
    rows,
    notApplied: 0,
    unknownUnits: 2,
  });
  return {
    indicators: list,
    indicator_lines: ({ id, after }) => ({
      rows:
        id === "attendance" || id === "substitute-growth" ? [] : orders.slice(after ? 5 : 0, after ? 8 : 5),
      records:
        id === "attendance"
          ? [
              {
                kind: "day",
                id: "2026-11-11",
                title: "2026-11-11",
                detail: "缺卡",
                on: "2026-11-11",
                counts: false,
              },
            ]
          : [],
      next: after === null && id !== "attendance" && id !== "substitute-growth" ? "5" : null,
    }),
    agreements_progress: () => ({
      asOf: clock.today(),
      ruleVersion: VERSION,
      batches: empty ? [] : BATCHES,
    }),
    board: () => ({
      asOf: clock.today(),
      listedProducts: 1_284,
      negotiations: 3,
      contracts: 24,
      settledAmount: "18234567.80",
      onlineAmount: "23456789.10",
      savings: "5123456.00",
      warnings: 1,
      serious: 1,
      batches: empty ? [] : BATCHES,
      rates: rows.filter(({ scope }) => scope === "hospital").slice(0, 4),
      rankings: [{ name: "线上采购率", period: "2026Q3", rank: 3, of: 18, value: "0.995" }],
    }),
    analysis({ by, most }) {
      const key = ({ product, supplier, dept, submittedAt }: OrderRow) =>
        by === "supplier"
          ? supplier
          : by === "department" || by === "campus"
            ? dept
            : by === "month"
              ? submittedAt.slice(0, 7)
              : product;
      const sums = new Map<string, { lines: number; cents: number }>();
      for (const order of empty ? [] : orders) {
        const sum = sums.get(key(order)) ?? { lines: 0, cents: 0 };
        sums.set(key(order), {
          lines: sum.lines + 1,
          cents: sum.cents + Math.round(Number(order.amount) * 100),
        });
      }
      const all = [...sums.values()].reduce((total, { cents }) => total + cents, 0);
      const found = [...sums].map(([name, { lines, cents }]) => ({
        key: name,
        name,
        lines,
        amount: (cents / 100).toFixed(2),
        share: (cents / all).toFixed(4),
        yearBefore: ((cents * 0.9) / 100).toFixed(2),
      }));
      found.sort((a, b) =>
        by === "month" ? a.key.localeCompare(b.key) : Number(b.amount) - Number(a.amount),
      );
      const left = found.slice(most).map(({ amount }) => Number(amount));
      return {
        rows: found.slice(0, most),
        lines: empty ? 0 : orders.length,
        amount: (all / 100).toFixed(2),
        more: left.length,
        moreAmount: left.reduce((sum, amount) => sum + amount, 0).toFixed(2),
      };
    },
    self_check: ({ quarter }) => ({
      quarter,
      list: list(),
      findings: empty
        ? []
        : [
            {
              title: "进度滞后",
              detail: "冠脉药物涂层球囊完成 46.9 %，序时进度 88.7 %",
              level: "serious",
            },
            { title: "配送率偏低", detail: "24 小时内送达 87.1 %", level: "warning" },
          ],
    }),
    self_check_save: ({ quarter, format }) => ({
      path: `/home/demo/文档/季度自查-${quarter}.${format}`,
      sha256: "c3".repeat(32),
    }),
  };
}
