import { h } from "vue";
import type { PaperRow } from "@/bindings/wire";
import type { Place } from "@/frame/navigation";
import Badge, { type Tone } from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import type { IconName } from "@/kit/icons";
import type { supply } from "./text";

export type PaperStage = "ended" | "week" | "fortnight" | "month";

export const STAGE_LOOK: Record<PaperStage, { tone: Tone; icon: IconName }> = {
  ended: { tone: "danger", icon: "error" },
  week: { tone: "danger", icon: "alert" },
  fortnight: { tone: "warning", icon: "alert" },
  month: { tone: "info", icon: "clock" },
};

/** The reminder that has come: 30, 15 or 7 days before, or the end itself. */
export function stageOf({ stage }: Pick<PaperRow, "stage">): PaperStage {
  if (stage === 0) return "ended";
  if (stage <= 7) return "week";
  return stage <= 15 ? "fortnight" : "month";
}

/** Papers of different kinds may have one id. */
export function paperKey({ kind, id }: Pick<PaperRow, "kind" | "id">): string {
  return `${kind}-${id}`;
}

/** Where the document itself stands; null where no room lists it. */
export function placeOfPaper({ kind, id }: Pick<PaperRow, "kind" | "id">): Place | null {
  if (kind === "registration") return { room: "catalogue", args: { product: id } };
  return kind === "contract" ? { room: "volume", args: { contract: id } } : null;
}

export function paperColumns(t: typeof supply): Column<PaperRow>[] {
  const { columns: c, kinds, stages } = t.papers;
  return [
    {
      key: "stage",
      title: c.stage,
      width: 7.5,
      worded: true,
      value: (row) => stages[stageOf(row)],
      render: (row) => {
        const stage = stageOf(row);
        return h(Badge, { ...STAGE_LOOK[stage], label: stages[stage], "data-stage": stage });
      },
    },
    { key: "kind", title: c.kind, width: 7, worded: true, value: (row) => kinds[row.kind] },
    { key: "title", title: c.title, width: 24, value: (row) => row.title },
    { key: "detail", title: c.detail, width: 19, value: (row) => row.detail },
    { key: "ends", title: c.ends, kind: "date", width: 7.5, value: (row) => row.endsOn },
    { key: "left", title: c.left, width: 9, worded: true, value: (row) => t.papers.left(row.daysLeft) },
  ];
}
