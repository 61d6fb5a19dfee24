import { h } from "vue";
import type { AgreementRow, ContractRow } from "@/bindings/wire";
import { units } from "@/frame/decimal";
import { documentLook } from "@/frame/documentLook";
import { daysBetween, quantity } from "@/frame/format";
import Badge from "@/kit/Badge.vue";
import Countdown from "@/kit/Countdown.vue";
import type { Column } from "@/kit/grid/columns";
import ProgressBar from "@/kit/ProgressBar.vue";
import type { volume } from "./text";

/** An agreement with the batch that it stands in. */
export interface BatchRow extends AgreementRow {
  readonly batch: string;
}

/** Share in tenths of a percent, rounded down; null where the whole is nought. */
export function perMille(part: string, whole: string): number | null {
  const [a, b] = [units(part), units(whole)];
  if (a === null || b === null || b <= 0n) return null;
  return Number((a * 1_000n) / b);
}

/** `62.5 %` of tenths of a percent. */
export function percentText(tenths: number): string {
  return `${Math.trunc(tenths / 10)}.${Math.abs(tenths % 10)} %`;
}

/** How much of a period has passed by the end of a day, 0 to 1: 序时进度. */
export function elapsedShare(startsOn: string, endsOn: string, today: string): number {
  const all = daysBetween(startsOn, endsOn) + 1;
  if (all <= 0) return today > endsOn ? 1 : 0;
  return Math.min(Math.max((daysBetween(startsOn, today) + 1) / all, 0), 1);
}

const stateBadge = (row: { state: string; stateText: string; waiting: boolean }, waiting: string) =>
  row.waiting
    ? h(Badge, { tone: "warning", icon: "send", label: waiting, "data-state": "waiting" })
    : h(Badge, { ...documentLook(row.state), label: row.stateText, "data-state": row.state || "unknown" });

export function agreementColumns(t: typeof volume, today: string): Column<BatchRow>[] {
  const c = t.agreements.columns;
  const progress = (row: BatchRow) => perMille(row.ordered, row.agreed);
  return [
    {
      key: "state",
      title: c.state,
      width: 7,
      value: (row) => row.stateText,
      render: (row) => stateBadge(row, t.waiting),
    },
    { key: "variety", title: c.variety, width: 10, value: (row) => row.variety },
    { key: "product", title: c.product, width: 15, value: (row) => `${row.product} ${row.spec}`.trim() },
    { key: "supplier", title: c.supplier, width: 13, value: (row) => row.supplier },
    { key: "agreed", title: c.agreed, kind: "number", width: 6, value: (row) => quantity(row.agreed) },
    { key: "unit", title: c.unit, width: 3.4, value: (row) => row.unit },
    {
      key: "progress",
      title: c.progress,
      width: 13,
      value(row) {
        const share = progress(row);
        return share === null ? "" : percentText(share);
      },
      render(row) {
        const share = progress(row);
        if (share === null) return t.none;
        return h(ProgressBar, {
          label: t.agreements.progressOf(row.variety),
          value: share / 1_000,
          mark: elapsedShare(row.startsOn, row.endsOn, today),
          caption: percentText(share),
        });
      },
    },
    {
      key: "sign",
      title: c.sign,
      width: 9.5,
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
    {
      key: "state",
      title: c.state,
      width: 7,
      value: (row) => row.stateText,
      render: (row) => stateBadge(row, t.waiting),
    },
    { key: "kind", title: c.kind, width: 9, value: (row) => t.contracts.kinds[row.kind] ?? row.kind },
    { key: "supplier", title: c.supplier, width: 18, value: (row) => row.supplier },
    { key: "starts", title: c.starts, kind: "date", width: 7.5, value: (row) => row.startsOn },
    { key: "ends", title: c.ends, kind: "date", width: 7.5, value: (row) => row.endsOn },
    { key: "left", title: c.left, width: 9, value: (row) => t.contracts.left(row.daysLeft) },
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
