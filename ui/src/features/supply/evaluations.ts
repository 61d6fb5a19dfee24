import { h } from "vue";
import type { EvaluationReq, EvaluationRow } from "@/bindings/wire";
import { daysBetween } from "@/frame/format";
import Badge, { type Tone } from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import type { IconName } from "@/kit/icons";
import type { supply } from "./text";

export type EvaluationStanding = "due" | "overdue" | "waiting" | "made";

export const STANDING_LOOK: Record<EvaluationStanding, { tone: Tone; icon: IconName }> = {
  due: { tone: "info", icon: "edit" },
  overdue: { tone: "danger", icon: "error" },
  waiting: { tone: "warning", icon: "send" },
  made: { tone: "success", icon: "check" },
};

export function standingOf({ made, waiting, overdue }: EvaluationRow): EvaluationStanding {
  if (made) return "made";
  if (waiting) return "waiting";
  return overdue ? "overdue" : "due";
}

/** It is the hospital's turn. */
export function isDue(row: EvaluationRow): boolean {
  return !row.made && !row.waiting;
}

/** Columns of the evaluations. `today` is `YYYY-MM-DD`. */
export function evaluationColumns(t: typeof supply, today: string): Column<EvaluationRow>[] {
  const { columns: c, targets, states } = t.evaluations;
  const left = (row: EvaluationRow) => (isDue(row) ? t.dueLeft(daysBetween(today, row.dueDate)) : "");
  return [
    {
      key: "state",
      title: c.state,
      width: 7,
      value: (row) => states[standingOf(row)],
      render: (row) => {
        const standing = standingOf(row);
        return h(Badge, { ...STANDING_LOOK[standing], label: states[standing], "data-state": standing });
      },
    },
    {
      key: "target",
      title: c.target,
      width: 6,
      worded: true,
      value: (row) => targetName(row.target, targets),
    },
    { key: "company", title: c.company, width: 19, value: (row) => row.company },
    { key: "period", title: c.period, width: 8, value: (row) => row.period },
    { key: "due", title: c.due, kind: "date", width: 7.5, value: (row) => row.dueDate },
    { key: "left", title: c.left, width: 8, worded: true, value: left },
    { key: "scores", title: c.scores, width: 7, value: (row) => row.scores.join(" · ") },
  ];
}

/** Manufacturer or distributor; another word of a later platform as it is. */
export function targetName(target: string, names: Record<string, string>): string {
  return names[target] ?? target;
}

/** What is being written: a score for each item, empty while there is none. */
export interface EvaluationFields {
  scores: string[];
  remarks: string;
}

export const NO_EVALUATION: EvaluationFields = { scores: [], remarks: "" };

export function scored({ scores }: EvaluationFields, at: number, score: string, items: number): string[] {
  return Array.from({ length: items }, (_, index) => (index === at ? score : (scores[index] ?? "")));
}

/** The field that stands in the way, or null; the core judges again. */
export function evaluationFault(fields: EvaluationFields, items: number): "scores" | "remarks" | null {
  const scores = fields.scores.slice(0, items);
  if (scores.length < items || scores.some((score) => !/^[1-5]$/.test(score))) return "scores";
  return scores.some((score) => score <= "2") && fields.remarks.trim() === "" ? "remarks" : null;
}

export function evaluationRequest(evaluation: string, fields: EvaluationFields): EvaluationReq {
  return { evaluation, scores: fields.scores.map(Number), remarks: fields.remarks.trim() };
}
