import type { Commands, DemandReportReq, DemandReportRow, ErrorCode, FieldFault } from "@/bindings/wire";
import { sha256, type Outbox } from "./outbox";

type Answers = {
  [
    C in
      | "demand_reports"
      | "demand_report_submit"
      | "demand_prefill"
      | "demand_batch_check"
      | "demand_batch_submit"
  ]: (request: Commands[C]["request"]) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
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
  const isOurs = (row: DemandReportRow) =>
    !waits(row.id) && (row.state === "DRAFT" || row.state === "RETURNED");
  const isCut = (row: DemandReportRow, demand: string) => Number(demand) * 5 < Number(row.lastYear) * 4;
  function judge(row: DemandReportRow, answer: DemandReportReq | undefined): FieldFault[] {
    if (!answer || answer.demand.trim() === "") return [{ field: "demand", code: "fieldRequired" }];
    if (!/^\d+(\.\d{1,4})?$/.test(answer.demand)) return [{ field: "demand", code: "fieldInvalid" }];
    const sum = answer.departments.reduce((total, { count }) => total + Number(count), 0);
    if (answer.departments.length > 0 && sum !== Number(answer.demand))
      return [{ field: "departments", code: "fieldInvalid" }];
    return isCut(row, answer.demand) && answer.explanation.trim() === ""
      ? [{ field: "explanation", code: "fieldRequired" }]
      : [];
  }
  async function submit(request: DemandReportReq) {
    const row = rows.find(({ id }) => id === request.report) ?? fail("notFound");
    if (!isOurs(row)) fail("wrongState");
    const [fault] = judge(row, request);
    if (fault) fail(fault.code, fault.field);
    const { demand, explanation, departments } = request;
    const digest = await sha256(JSON.stringify(request));
    return outbox.add("demandReport.submit", row.id, `${row.batch} ${row.variety}`, digest, () =>
      Object.assign(row, {
        demand,
        explanation,
        departments,
        state: "SUBMITTED",
        stateText: "已提交",
        returnReason: "",
      }),
    );
  }
  return {
    demand_reports: () => ({ rows: rows.map((row) => ({ ...row, waiting: waits(row.id) })) }),
    demand_report_submit: submit,
    demand_prefill: ({ batch }) => ({
      rows: rows
        .filter((row) => row.batch === batch && isOurs(row))
        .map((row, at) => ({
          report: row.id,
          demand: row.lastYear === "0" ? null : row.lastYear,
          source: row.lastYear === "0" ? "nothing" : at % 3 === 2 ? "lastYear" : "received",
          from: "2025-11-20",
          to: "2026-11-19",
          departments: [],
        })),
    }),
    demand_batch_check({ batch, rows: answers }) {
      const judged = rows
        .filter((row) => row.batch === batch && isOurs(row))
        .map((row) => {
          const answer = answers.find(({ report }) => report === row.id);
          const cut = answer !== undefined && isCut(row, answer.demand);
          return { report: row.id, cut, changePercent: null, faults: judge(row, answer) };
        });
      return {
        rows: judged,
        blank: judged.filter(({ faults }) => faults.some(({ field }) => field === "demand")).length,
        cuts: judged.filter(({ cut }) => cut).length,
        sendable: judged.every(({ faults }) => faults.length === 0),
      };
    },
    async demand_batch_submit({ rows: answers }) {
      const items = [];
      for (const answer of answers) items.push(await submit(answer));
      return { items };
    },
  };
}
