import type {
  Commands,
  ErrorCode,
  ExemptionRow,
  PolicyAdjustment,
  PolicyExemption,
  PolicyIndicator,
  PolicyPack,
  PolicyPacks,
} from "@/bindings/wire";
import type { Clock } from "./clock";

type Served =
  | "exemptions"
  | "exemption_add"
  | "exemption_remove"
  | "policy_packs"
  | "policy_pack_set"
  | "policy_rules";
type Answers = { [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] };
type Fail = (code: ErrorCode, field?: string | null) => never;

const SHENZHEN =
  "深圳市医疗保障局关于进一步加强公立医疗机构医用耗材阳光交易全流程信息化监管工作的通知（深医保发〔2022〕19号）";
const QUANZHOU = "泉州市医疗保障局关于加强药品和医用耗材集中带量采购中选产品供应保障工作的通知";
const HENAN =
  "河南省医疗保障局 河南省卫生健康委关于进一步加强药品和医用耗材集中带量采购执行管理工作的通知（豫医保办〔2025〕42号）";

const pack = (id: string, name: string, validFrom: string, rest: Partial<PolicyPack> = {}): PolicyPack => ({
  id,
  name,
  version: 1,
  extends: "national-base",
  validFrom,
  validTo: null,
  isBuiltIn: true,
  ...rest,
});
const PACKS = [
  pack("henan-2025-42", "河南省 豫医保办〔2025〕42号", "2025-07-21"),
  pack("hunan-2023-43", "湖南省 湘医保发〔2023〕43号", "2023-11-01", { validTo: "2028-10-31" }),
  pack("national-base", "国家通用规则", "2020-01-01", { extends: null }),
  pack("quanzhou-2024", "泉州市 2024 供应保障", "2024-05-30"),
  pack("wangxi-trial", "望溪区试行", "2026-09-01", {
    version: 2,
    extends: "quanzhou-2024",
    isBuiltIn: false,
  }),
];

const indicator = (id: string, name: string, rest: Partial<PolicyIndicator>): PolicyIndicator => ({
  id,
  name,
  window: "90 days",
  direction: "at-least",
  unit: "percent",
  notice: null,
  warning: null,
  serious: null,
  isAdjusted: false,
  source: SHENZHEN,
  clause: "二（四）",
  ...rest,
});
const INDICATORS = [
  indicator("progress-lag", "进度偏差", {
    window: "cycle",
    notice: "-8",
    warning: "-15",
    serious: "-25",
    source: HENAN,
    clause: "二（九）",
  }),
  indicator("non-selected-share", "非中选占比", {
    window: "cycle",
    direction: "at-most",
    notice: "10",
    warning: "20",
    serious: "30",
    source: QUANZHOU,
    clause: "五",
  }),
  indicator("online-settlement-rate", "线上结算率", {
    window: "7 months",
    notice: "95",
    warning: "92",
    serious: "80",
    isAdjusted: true,
  }),
  indicator("response-time", "订单响应时长", {
    direction: "at-most",
    unit: "hours",
    warning: "24",
    clause: "六",
  }),
  indicator("savings", "节约采购金额", { window: "year", unit: "yuan", clause: "二（三）" }),
];

const ADJUSTMENTS: PolicyAdjustment[] = [
  ["GZ-3", "online-settlement-rate", "线上结算率", "threshold.warning", "93", "2026-12-01", "announced"],
  ["GZ-2", "online-settlement-rate", "线上结算率", "threshold.warning", "92", "2026-10-01", "inForce"],
  ["GZ-4", "attendance", "attendance", "parameter.weights", "0.3", "2026-09-15", "notUnderstood"],
  ["GZ-1", "online-settlement-rate", "线上结算率", "threshold.warning", "90", "2026-07-01", "superseded"],
].map(
  ([id, of, name, parameter, value, day, state]) =>
    ({
      id,
      version: 1,
      indicator: of,
      name,
      parameter,
      value,
      effectiveAt: `${day}T00:00:00+08:00`,
      source: "云岭省医疗保障局通知",
      clause: "三",
      state,
    }) as PolicyAdjustment,
);

function exemptionRules(id: string): PolicyExemption[] {
  const quanzhou = id === "quanzhou-2024" || id === "wangxi-trial";
  const source = quanzhou ? QUANZHOU : HENAN;
  return [
    { kind: "reserve-supplier", isGranted: quanzhou, source, clause: quanzhou ? "五" : "二（三）" },
    { kind: "cheaper-equal-product", isGranted: false, source: HENAN, clause: "二（三）" },
    { kind: "verified-supply-problem", isGranted: quanzhou, source, clause: quanzhou ? "五" : "二（三）" },
    { kind: "clinical-need", isGranted: true, source: HENAN, clause: "二（四）" },
  ];
}

/** 政策包 and 豁免 of the invented office. */
export function policyAnswers(clock: Clock, fail: Fail, empty: boolean): Answers {
  const OWN = "quanzhou-2024";
  let chosen = OWN;
  let next = 3;
  let rows: Omit<ExemptionRow, "isGranted">[] = empty
    ? []
    : [
        {
          exemption: 1,
          kind: "clinical-need",
          agreement: "XY20263",
          product: null,
          maker: null,
          subject: "冠脉药物涂层球囊 澜川颂安医疗器械有限公司",
          relief: "40",
          unit: "根",
          from: "2026-07-01",
          through: "2026-12-31",
          reason: "导管室改造停用两个月，病例转至区中心医院。",
          evidence: "区卫健局〔2026〕88号；药事会纪要 2026-06-18",
          recordedAt: "2026-07-03T10:21:00+08:00",
          recordedBy: "周敏",
        },
        {
          exemption: 2,
          kind: "cheaper-equal-product",
          agreement: null,
          product: "P-X4",
          maker: null,
          subject: "冠脉造影导管 6F JL4.0",
          relief: "0",
          unit: "",
          from: "2026-10-01",
          through: "2026-12-31",
          reason: "同类产品挂网价低于中选价。",
          evidence: "挂网价截图 2026-09-28",
          recordedAt: "2026-10-08T16:02:00+08:00",
          recordedBy: "周敏",
        },
      ];
  const shown = () => ({
    rows: rows.map((row) => ({
      ...row,
      isGranted: exemptionRules(chosen).some(({ kind, isGranted }) => kind === row.kind && isGranted),
    })),
  });
  const packs = (): PolicyPacks => ({
    pack: chosen,
    own: OWN,
    packs: PACKS,
    unreadable: [
      {
        file: "old-rules.toml",
        text: "政策包 old-rules.toml，indicator.attendance.warning：“九成”不是允许范围内的数",
        textEn: "old-rules.toml: indicator.attendance.warning: `九成` is not a number in range",
      },
    ],
  });
  return {
    exemptions: shown,
    exemption_add(asked) {
      for (const field of ["from", "through", "reason", "evidence"] as const)
        if (asked[field].trim() === "") fail("fieldRequired", field);
      if (asked.through < asked.from) fail("fieldInvalid", "through");
      rows.push({
        ...asked,
        exemption: next++,
        relief: asked.relief || "0",
        subject: asked.agreement ? "椎弓根螺钉 云岭岚泰医药有限公司" : "冠脉造影导管 6F JL4.0",
        unit: asked.agreement ? "枚" : "",
        recordedAt: clock.now(),
        recordedBy: "周敏",
      });
      return shown();
    },
    exemption_remove({ exemption }) {
      if (!rows.some((row) => row.exemption === exemption)) fail("notFound");
      rows = rows.filter((row) => row.exemption !== exemption);
      return shown();
    },
    policy_packs: packs,
    policy_pack_set({ pack: id }) {
      if (id !== null && !PACKS.some((one) => one.id === id)) fail("fieldInvalid", "pack");
      chosen = id ?? OWN;
      return packs();
    },
    policy_rules({ pack: id }) {
      const found = PACKS.find((one) => one.id === (id ?? chosen)) ?? fail("fieldInvalid", "pack");
      return {
        pack: found,
        inForce: found.id,
        ruleVersion: `${found.id}/${found.version}+1`,
        sources: [
          { title: SHENZHEN.slice(0, -16), number: "深医保发〔2022〕19号", date: "2022-12-17" },
          { title: QUANZHOU, number: null, date: "2024-05-30" },
          { title: HENAN.slice(0, -16), number: "豫医保办〔2025〕42号", date: "2025-07-21" },
        ],
        deadlines: [
          {
            id: "notice-reply",
            name: "督办反馈",
            amount: 5,
            unit: "working-day",
            trigger: "notice-issued",
            source: SHENZHEN,
            clause: "四（五）",
          },
          {
            id: "delivery",
            name: "配送",
            amount: 48,
            unit: "natural-hour",
            trigger: "order-submitted",
            source: SHENZHEN,
            clause: "四（五）",
          },
        ],
        indicators: INDICATORS,
        exemptions: exemptionRules(found.id),
        adjustments: empty ? [] : ADJUSTMENTS,
      };
    },
  };
}
