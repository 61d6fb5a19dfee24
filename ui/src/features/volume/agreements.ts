import { h } from "vue";
import type {
  AgreementBatch,
  AgreementProgress,
  AgreementRow,
  AgreementsProgress,
  ContractRow,
} from "@/bindings/wire";
import { barTone, drawn, rateText } from "@/features/analysis/measures";
import { quantity } from "@/frame/format";
import { stateColumn } from "@/frame/stateColumn";
import Countdown from "@/kit/Countdown.vue";
import type { Column } from "@/kit/grid/columns";
import ProgressBar from "@/kit/ProgressBar.vue";
import type { volume } from "./text";

/** An agreement with the batch that it stands in, and how far it has come. */
export interface BatchRow extends AgreementRow {
  readonly batch: string;
  readonly progress: AgreementProgress | null;
}

/** The rows of the batches, each with how far it has come as the core measures it. */
export function batchRows(
  batches: readonly AgreementBatch[],
  progress: AgreementsProgress | null,
): BatchRow[] {
  const measured = new Map(
    (progress?.batches ?? [])
      .flatMap(({ agreements }) => agreements)
      .flatMap((one) => one.agreements.map((id) => [id, one] as const)),
  );
  return batches.flatMap(({ batch, rows }) =>
    rows.map((row) => ({ ...row, batch, progress: measured.get(row.id) ?? null })),
  );
}

/** How far it has come, as a share of what was agreed; empty where nothing is measured. */
export function progressText({ progress }: Pick<BatchRow, "progress">): string {
  return progress?.value ? rateText(progress.value) : "";
}

export function agreementColumns(t: typeof volume): Column<BatchRow>[] {
  const c = t.agreements.columns;
  return [
    stateColumn(c.state, 7),
    { key: "variety", title: c.variety, width: 10, value: (row) => row.variety },
    { key: "product", title: c.product, width: 15, value: (row) => `${row.product} ${row.spec}`.trim() },
    { key: "supplier", title: c.supplier, width: 13, value: (row) => row.supplier },
    { key: "agreed", title: c.agreed, kind: "number", width: 6, value: (row) => quantity(row.agreed) },
    { key: "unit", title: c.unit, width: 3.4, value: (row) => row.unit },
    {
      key: "progress",
      title: c.progress,
      width: 13,
      value: progressText,
      render(row) {
        const share = drawn(row.progress?.value ?? null);
        if (row.progress === null || share === null) return t.none;
        return h(ProgressBar, {
          label: t.agreements.progressOf(row.variety),
          value: share,
          mark: drawn(row.progress.schedule) ?? undefined,
          tone: barTone(row.progress.level),
          caption: progressText(row),
        });
      },
    },
    {
      key: "sign",
      title: c.sign,
      width: 11,
      worded: true,
      value: (row) => row.signBy,
      render: (row) =>
        row.signClock
          ? h(Countdown, { remaining: { unit: "workingDays", days: row.signClock.remainingWorkingDays } })
          : "",
    },
    { key: "signBy", title: c.signBy, kind: "date", width: 7.5, value: (row) => row.signBy },
    { key: "maker", title: c.maker, width: 13, optional: true, value: (row) => row.maker },
    { key: "batch", title: c.batch, width: 18, value: (row) => row.batch },
  ];
}

export function contractColumns(t: typeof volume): Column<ContractRow>[] {
  const c = t.contracts.columns;
  return [
    stateColumn(c.state, 7),
    {
      key: "kind",
      title: c.kind,
      width: 9,
      worded: true,
      value: (row) => t.contracts.kinds[row.kind] ?? row.kind,
    },
    { key: "supplier", title: c.supplier, width: 18, value: (row) => row.supplier },
    { key: "starts", title: c.starts, kind: "date", width: 7.5, value: (row) => row.startsOn },
    { key: "ends", title: c.ends, kind: "date", width: 7.5, value: (row) => row.endsOn },
    { key: "left", title: c.left, width: 9, worded: true, value: (row) => t.contracts.left(row.daysLeft) },
    {
      key: "payment",
      title: c.payment,
      kind: "number",
      width: 8,
      value: (row) => (row.paymentDays === null ? "" : String(row.paymentDays)),
    },
    { key: "signed", title: c.signed, kind: "date", width: 7.5, value: (row) => row.signedOn ?? "" },
    { key: "code", title: c.code, kind: "code", width: 13, value: (row) => row.code },
  ];
}
