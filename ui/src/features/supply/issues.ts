import { h } from "vue";
import type { Attachment, OrderRow, SupplyIssueReq, SupplyIssueRow } from "@/bindings/wire";
import { day, dayAndTime, quantity } from "@/frame/format";
import { stateColumn } from "@/frame/stateColumn";
import Countdown from "@/kit/Countdown.vue";
import type { Column } from "@/kit/grid/columns";
import Icon from "@/kit/Icon.vue";
import type { supply } from "./text";

/** The clock that runs: the company's answer, then the goods. */
export function runningClock(row: Pick<SupplyIssueRow, "replyClock" | "promiseClock">) {
  if (row.replyClock) return { what: "replyClock", clock: row.replyClock } as const;
  return row.promiseClock ? ({ what: "promiseClock", clock: row.promiseClock } as const) : null;
}

export function issueColumns(t: typeof supply): Column<SupplyIssueRow>[] {
  const { columns: c, kinds } = t.issues;
  const clockText = (row: SupplyIssueRow) => {
    const running = runningClock(row);
    return running ? `${t.issues[running.what]} ${running.clock.dueDate}` : "";
  };
  return [
    stateColumn(c.state, 8),
    {
      key: "clock",
      title: c.clock,
      width: 16,
      worded: true,
      value: clockText,
      render(row) {
        const running = runningClock(row);
        if (!running) return "";
        const remaining = { unit: "workingDays", days: running.clock.remainingWorkingDays } as const;
        return h("span", { class: "marks" }, [t.issues[running.what], h(Countdown, { remaining })]);
      },
    },
    { key: "kind", title: c.kind, width: 6.5, worded: true, value: (row) => kinds[row.kind] ?? row.kind },
    {
      key: "product",
      title: c.product,
      width: 14,
      value: (row) => row.product,
      render: (row) =>
        row.escalation === null
          ? row.product
          : h("span", { class: "marks escalated", title: t.issues.escalations[row.escalation] }, [
              h(Icon, { name: "alert" }),
              row.product,
            ]),
    },
    { key: "spec", title: c.spec, width: 9, value: (row) => row.spec },
    { key: "supplier", title: c.supplier, width: 14, value: (row) => row.supplier },
    {
      key: "reported",
      title: c.reported,
      kind: "date",
      width: 10,
      value: (row) => dayAndTime(row.reportedAt),
    },
    { key: "code", title: c.code, kind: "code", width: 11, value: (row) => row.code },
    { key: "description", title: c.description, width: 16, optional: true, value: (row) => row.description },
  ];
}

/** An order line picked as evidence, as far as the form shows it. */
export interface PickedLine {
  id: string;
  orderCode: string;
  lineNo: number;
  productId: string;
  supplierId: string;
  product: string;
  spec: string;
  supplier: string;
  unit: string;
  quantity: string;
  delivered: string;
  submittedAt: string;
}

export interface IssueFields {
  kind: string;
  lines: PickedLine[];
  description: string;
  /** 受理机关; empty leaves it to the platform. */
  office: string;
  attachments: Attachment[];
}

export const NO_ISSUE: IssueFields = {
  kind: "short",
  lines: [],
  description: "",
  office: "",
  attachments: [],
};

/** States of order lines whose goods have not come. */
export const UNDELIVERED = ["SUBMITTED", "ACCEPTED", "REFUSED", "SHIP_REFUSED"];

export function pickedLine(row: OrderRow): PickedLine {
  const { id, orderCode, lineNo, productId, supplierId, product, spec, supplier, unit, submittedAt } = row;
  return {
    id,
    orderCode,
    lineNo,
    productId,
    supplierId,
    product,
    spec,
    supplier,
    unit,
    quantity: row.quantity,
    delivered: row.delivered,
    submittedAt,
  };
}

type Pair = Pick<PickedLine, "productId" | "supplierId">;

/** Evidence is of one product and one distributor. */
export function samePair(a: Pair, b: Pair): boolean {
  return a.productId === b.productId && a.supplierId === b.supplierId;
}

/** What a line says of the problem, where it says anything. */
export function kindOf(row: OrderRow): string {
  if (row.state === "REFUSED" || row.state === "SHIP_REFUSED") return "refusal";
  return row.late ? "late" : "short";
}

/** The picked lines in words, below what was written. */
export function described(before: string, lines: readonly PickedLine[], t: typeof supply): string {
  const words = lines.map((line) =>
    t.issues.describeLine(
      line.orderCode,
      line.lineNo,
      day(line.submittedAt),
      `${quantity(line.quantity)} ${line.unit}`,
      `${quantity(line.delivered)} ${line.unit}`,
    ),
  );
  const fresh = words.filter((line) => !before.includes(line));
  return [before.trimEnd(), ...fresh].filter(Boolean).join("\n");
}

export function issueRequest(fields: IssueFields): SupplyIssueReq {
  return {
    kind: fields.kind,
    description: fields.description.trim(),
    orderLines: fields.lines.map(({ id }) => id),
    office: fields.office || null,
    attachments: [...fields.attachments],
  };
}
