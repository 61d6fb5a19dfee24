import type { Commands, DemandReportRow, ErrorCode } from "@/bindings/wire";
import { sha256, type Outbox } from "./outbox";

type Answers = {
  [C in "demand_reports" | "demand_report_submit"]: (
    request: Commands[C]["request"],
  ) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};
type Fail = (code: ErrorCode, field?: string | null) => never;

const OPEN = "冠脉介入类耗材第三轮（省级联盟）";
const EARLIER = "骨科脊柱类耗材接续采购（国家）";
/** Variety, product, unit, last year's purchases, and the answer where there is one. */
const VARIETIES = [
  [OPEN, "冠脉药物洗脱支架", "冠状动脉药物洗脱支架系统 Φ2.75mm×18mm", "套", "312"],
  [OPEN, "冠脉球囊扩张导管", "冠脉球囊扩张导管 Φ2.5mm×15mm", "根", "845"],
  [OPEN, "冠脉药物涂层球囊", "冠脉药物涂层球囊导管 Φ2.75mm×20mm", "根", "126"],
  [OPEN, "冠脉造影导管", "冠脉造影导管 6F JL4.0", "根", "1490"],
  [OPEN, "冠脉切割球囊", "冠脉切割球囊 Φ3.0mm×10mm", "根", "18"],
  [OPEN, "冠脉导引导丝", "冠脉导引导丝 0.014in×180cm", "根", "0"],
  [EARLIER, "椎弓根螺钉", "椎弓根螺钉 6.5mm×45mm", "枚", "520", "540"],
  [EARLIER, "椎间融合器", "腰椎融合器 10mm×22mm", "个", "96", "96"],
] as const;

function seed(): DemandReportRow[] {
  return VARIETIES.map(([batch, variety, product, unit, lastYear, answer], at) => ({
    id: `BL2026${at}`,
    batch,
    variety,
    product,
    unit,
    lastYear,
    demand: at === 2 ? "60" : (answer ?? "0"),
    explanation: at === 2 ? "病例减少" : "",
    departments: at === 2 ? [{ dept: "心血管内科", count: "60" }] : [],
    deadline: batch === OPEN ? "2026-12-04" : "2026-09-18",
    state: answer ? "APPROVED" : at === 2 ? "RETURNED" : "DRAFT",
    stateText: answer ? "已审核" : at === 2 ? "退回修改" : "待填报",
    returnReason: at === 2 ? "低于上年度实际采购量80%，说明不充分，请补充临床依据。" : "",
    waiting: false,
  }));
}

/** 报量 of the invented office, judged as the core judges. */
export function demandAnswers(outbox: Outbox, fail: Fail, empty: boolean): Answers {
  const rows = empty ? [] : seed();
  const waits = (id: string) => outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  return {
    demand_reports: () => ({ rows: rows.map((row) => ({ ...row, waiting: waits(row.id) })) }),
    async demand_report_submit(request) {
      const { report, demand, explanation, departments } = request;
      const row = rows.find(({ id }) => id === report) ?? fail("notFound");
      if (waits(row.id) || (row.state !== "DRAFT" && row.state !== "RETURNED")) fail("wrongState");
      if (demand.trim() === "") fail("fieldRequired", "demand");
      if (!/^\d+(\.\d{1,4})?$/.test(demand)) fail("fieldInvalid", "demand");
      const sum = departments.reduce((total, { count }) => total + Number(count), 0);
      if (departments.length > 0 && sum !== Number(demand)) fail("fieldInvalid", "departments");
      if (Number(demand) * 5 < Number(row.lastYear) * 4 && explanation.trim() === "")
        fail("fieldRequired", "explanation");
      const digest = await sha256(JSON.stringify(request));
      return outbox.add("demandReport.submit", report, `${row.batch} ${row.variety}`, digest, () =>
        Object.assign(row, {
          demand,
          explanation,
          departments,
          state: "SUBMITTED",
          stateText: "已提交",
          returnReason: "",
        }),
      );
    },
  };
}
