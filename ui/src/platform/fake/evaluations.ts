import type { Commands, ErrorCode, EvaluationRow } from "@/bindings/wire";
import type { Clock } from "./clock";
import { sha256, type Outbox } from "./outbox";

type Answers = {
  [C in "evaluations" | "evaluation_submit"]: (
    request: Commands[C]["request"],
  ) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};
type Fail = (code: ErrorCode, field?: string | null) => never;

const ITEMS: Record<string, string[]> = {
  manufacturer: ["产品质量", "供应保障", "售后服务"],
  distributor: ["配送及时", "供应保障", "售后服务"],
};
/** Whom, which, and the scores of the quarter before. */
const COMPANIES = [
  ["distributor", "云岭岚泰医药有限公司", [4, 4, 5]],
  ["distributor", "澜川恒澈医疗供应链有限公司", [3, 3, 4]],
  ["distributor", "澜川颂安医疗器械有限公司", [5, 5, 5]],
  ["manufacturer", "栖州岚禾医疗科技股份有限公司", [5, 4, 4]],
  ["manufacturer", "淮屿澄砚医疗器械有限公司", [4, 4, 4]],
  ["manufacturer", "宁汀栎川生物医学工程有限公司", [5, 5, 4]],
] as const;

function seed(): EvaluationRow[] {
  const of = (period: string, dueDate: string, made: boolean) =>
    COMPANIES.map(([target, company, scores], at) => ({
      id: `${period.replace("Q", "0")}-${at}`,
      period,
      target,
      company,
      // One of last quarter was forgotten.
      dueDate: !made && at === 1 ? "2026-11-15" : dueDate,
      overdue: false,
      items: ITEMS[target]!,
      scores: made ? [...scores] : [],
      remarks: made && scores[0] === 3 ? "两次晚于承诺时间送达，均未事先告知。" : "",
      made,
      waiting: false,
    }));
  return [...of("2026Q3", "2026-11-30", false), ...of("2026Q2", "2026-08-31", true)];
}

/** 满意度评价 of the invented office, judged as the core judges. */
export function evaluationAnswers(clock: Clock, outbox: Outbox, fail: Fail, empty: boolean): Answers {
  const rows = empty ? [] : seed();
  const waits = (id: string) => outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  const shown = (row: EvaluationRow): EvaluationRow => ({
    ...row,
    overdue: !row.made && row.dueDate < clock.today(),
    waiting: waits(row.id),
  });
  return {
    evaluations: () => ({
      rows: rows
        .map(shown)
        .sort((a, b) => `${a.made}${a.dueDate}${a.id}`.localeCompare(`${b.made}${b.dueDate}${b.id}`)),
    }),
    async evaluation_submit({ evaluation, scores, remarks }) {
      const row = rows.find(({ id }) => id === evaluation) ?? fail("notFound");
      if (row.made || waits(row.id)) fail("wrongState");
      if (scores.length !== row.items.length) fail("fieldRequired", "scores");
      if (scores.some((score) => score <= 2) && remarks.trim() === "") fail("fieldRequired", "remarks");
      const digest = await sha256(JSON.stringify({ evaluation, scores, remarks }));
      return outbox.add("evaluation.create", row.id, `${row.company} ${row.period}`, digest, () =>
        Object.assign(row, { scores, remarks, made: true }),
      );
    },
  };
}
