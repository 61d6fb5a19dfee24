import type {
  ErrorCode,
  InvoiceDetail,
  InvoiceFinding,
  InvoiceRow,
  OrderRow,
  SettlementRow,
  StateCount,
} from "@/bindings/wire";
import type { Answers } from "./backend";
import { plusDays, workingDaysBetween } from "./calendar";
import type { Clock } from "./clock";
import type { Outbox } from "./outbox";

type Asked = { text: string; state: string | null };
type Stated = { state: string; stateText: string };
const INVOICE_TEXT: Record<string, string> = {
  WAITING: "待验证",
  VERIFIED: "已验证",
  REFUSED: "已退回",
  PAID: "已付款",
};
const SETTLEMENT_TEXT: Record<string, string> = {
  SUBMITTED: "已提交",
  RECONCILING: "对账中",
  DISPUTED: "有异议",
  APPROVED: "已审核",
  PAID: "已支付",
};
const total = (rows: readonly { amount: string }[]) =>
  (rows.reduce((cents, { amount }) => cents + Math.round(Number(amount) * 100), 0) / 100).toFixed(2);

function counted(rows: readonly Stated[]): StateCount[] {
  return [...new Map(rows.map((row) => [row.state, row.stateText]))].map(([state, text]) => ({
    state,
    text,
    count: rows.filter((row) => row.state === state).length,
  }));
}

/** 发票 and 结算 of the invented office. */
export class Billing {
  private readonly invoices: { row: InvoiceRow; lines: OrderRow[]; refuseReason: string }[];
  private readonly settlements: { row: SettlementRow; invoices: string[] }[];

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    orders: readonly OrderRow[],
    private readonly fail: (code: ErrorCode, field?: string | null) => never,
    empty: boolean,
  ) {
    const received = orders.filter(({ state }) => state === "RECEIVED").slice(0, 60);
    this.invoices = empty ? [] : received.map((line, at) => this.seed(line, at));
    const paid = this.invoices.filter(({ row }) => row.state === "PAID");
    const states = ["RECONCILING", "APPROVED", "PAID", "DISPUTED", "SUBMITTED"];
    this.settlements = paid.slice(0, 14).map(({ row }, at) => {
      const state = states[at % states.length]!;
      return {
        row: this.settlement(at, row.supplierId, row.supplier, row.amount, state),
        invoices: [row.id],
      };
    });
  }

  private seed(line: OrderRow, at: number) {
    const state = ["WAITING", "PAID", "VERIFIED", "PAID", "VERIFIED", "REFUSED"][at % 6]!;
    const row: InvoiceRow = {
      id: `I-${at}`,
      number: `2633200000${String(1_000_000_000 + at * 7_919)}`,
      kind: at % 23 === 22 ? "red" : "blue",
      supplierId: line.supplierId,
      supplier: line.supplier,
      invoicedOn: plusDays(this.clock.today(), -at - 1),
      amount: line.amount,
      tax: (Number(line.amount) * 0.13).toFixed(2),
      redOf: at % 23 === 22 ? "26332000001000000000" : null,
      upstreamNumber: at % 2 === 0 ? `2632200000${String(2_000_000_000 + at * 104_729)}` : "",
      state,
      stateText: INVOICE_TEXT[state]!,
      ours: state === "WAITING",
      waiting: false,
    };
    return { row, lines: [line], refuseReason: state === "REFUSED" ? "单价与采购价不符" : "" };
  }

  private settlement(
    at: number,
    supplierId: string,
    supplier: string,
    amount: string,
    state: string,
  ): SettlementRow {
    const dueOn = plusDays(this.clock.today(), at * 6 - 8);
    const days = workingDaysBetween(this.clock.today(), dueOn);
    const urgency = days < 0 ? "overdue" : days === 0 ? "today" : days < 3 ? "soon" : "later";
    const paid = state === "PAID";
    return {
      id: `J-${at}`,
      code: `JS202611${String(100_000 + at)}`,
      kind: at % 4 === 3 ? "fund" : "hospital",
      supplierId,
      supplier,
      period: "2026-10",
      amount,
      invoices: 1,
      dueOn,
      dueClock: paid ? null : { dueDate: dueOn, remainingWorkingDays: days, urgency, provisional: false },
      paidAt: paid ? `${plusDays(this.clock.today(), -2)}T15:00:00+08:00` : null,
      createdAt: `${plusDays(this.clock.today(), -12)}T09:30:00+08:00`,
      disputeReason: state === "DISPUTED" ? "一张发票的数量与收货不符" : "",
      state,
      stateText: SETTLEMENT_TEXT[state]!,
      ours: state === "RECONCILING",
      waiting: false,
    };
  }

  private waits = (id: string) =>
    this.outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  private invoiceRow = (row: InvoiceRow): InvoiceRow => ({ ...row, waiting: this.waits(row.id) });
  private fits = ({ text, state }: Asked, row: Stated, ...words: string[]) =>
    (state === null || row.state === state) &&
    words.some((word) => word.toLowerCase().includes(text.trim().toLowerCase()));

  private detail(id: string): InvoiceDetail {
    const found = this.invoices.find(({ row }) => row.id === id) ?? this.fail("notFound");
    const wrong = Number(id.slice(2)) % 12 === 6;
    const faults: InvoiceFinding[] =
      found.row.ours && wrong
        ? [{ code: "overBilled", refusal: true, text: "开票数量超过已收减已退", line: 0 }]
        : found.row.ours && found.row.upstreamNumber === ""
          ? [
              {
                code: "upstreamMissing",
                refusal: false,
                text: "没有生产企业到配送企业的发票（两票制）",
                line: null,
              },
            ]
          : [];
    return {
      row: this.invoiceRow(found.row),
      lines: found.lines.map((line) => ({
        orderLine: line.id,
        orderCode: line.orderCode,
        lineNo: line.lineNo,
        product: line.product,
        spec: line.spec,
        unit: line.unit,
        price: line.price,
        quantity: wrong ? String(Number(line.quantity) + 1) : line.quantity,
        amount: line.amount,
        received: line.received,
        returned: line.returned,
        billed: "0",
      })),
      faults,
      acceptable: faults.every(({ refusal }) => !refusal),
      related: [],
      settlement: this.settlements.find(({ invoices }) => invoices.includes(id))?.row.id ?? null,
      refuseReason: found.refuseReason,
      submissions: this.outbox.of(id),
    };
  }

  readonly answers: Pick<
    Answers,
    | "invoices"
    | "invoice"
    | "invoice_verify"
    | "settlements"
    | "settlement"
    | "settlement_candidates"
    | "settlement_create"
    | "settlement_confirm"
    | "payments"
    | "print_save"
    | "print_show"
  > = {
    invoices: (asked) => {
      const rows = this.invoices.map(({ row }) => row);
      return {
        rows: rows.filter((row) => this.fits(asked, row, row.number, row.supplier)).map(this.invoiceRow),
        next: null,
        states: counted(rows),
      };
    },
    invoice: ({ id }) => this.detail(id),
    invoice_verify: ({ invoice, accepted, reason }) => {
      const { row, acceptable } = this.detail(invoice);
      if (!row.ours || row.waiting) this.fail("wrongState");
      if (accepted && !acceptable) this.fail("fieldInvalid", "invoice");
      if (!accepted && reason.trim() === "") this.fail("fieldRequired", "reason");
      return this.outbox.add("invoice.verify", invoice, row.number, "8a".repeat(32), () => {
        const found = this.invoices.find((one) => one.row.id === invoice)!;
        const state = accepted ? "VERIFIED" : "REFUSED";
        Object.assign(found.row, { state, stateText: INVOICE_TEXT[state], ours: false });
        found.refuseReason = accepted ? "" : reason;
      });
    },
    settlements: (asked) => {
      const rows = this.settlements.map(({ row }) => ({ ...row, waiting: this.waits(row.id) }));
      return {
        rows: rows.filter((row) => this.fits(asked, row, row.code, row.supplier)),
        next: null,
        states: counted(rows),
        pending: this.outbox.items
          .filter(
            (one) =>
              one.kind === "settlement.create" && one.state !== "accepted" && one.state !== "withdrawn",
          )
          .map((one) => ({ ...one })),
      };
    },
    settlement: ({ id }) => {
      const found = this.settlements.find(({ row }) => row.id === id) ?? this.fail("notFound");
      return {
        row: { ...found.row, waiting: this.waits(id) },
        invoices: this.invoices.filter(({ row }) => found.invoices.includes(row.id)).map(({ row }) => row),
        steps: [{ kind: "submitted", at: found.row.createdAt, dateOnly: false, by: "周敏", text: "" }],
        submissions: this.outbox.of(id),
      };
    },
    settlement_candidates: () => {
      const settled = new Set(this.settlements.flatMap(({ invoices }) => invoices));
      const open = this.invoices.filter(({ row }) => row.state === "VERIFIED" && !settled.has(row.id));
      const suppliers = [...new Map(open.map(({ row }) => [row.supplierId, row.supplier]))];
      return {
        groups: suppliers.map(([supplierId, supplier], at) => {
          const invoices = open.filter(({ row }) => row.supplierId === supplierId).map(({ row }) => row);
          const dueDate = plusDays(this.clock.today(), 4 + at * 9);
          const remainingWorkingDays = workingDaysBetween(this.clock.today(), dueDate);
          return {
            supplierId,
            supplier,
            period: "2026-11",
            amount: total(invoices),
            acceptedOn: plusDays(this.clock.today(), -26 + at * 9),
            paymentDays: 30,
            payBy: {
              dueDate,
              remainingWorkingDays,
              urgency: at === 0 ? "soon" : "later",
              provisional: false,
            },
            invoices,
            waiting: this.waits(supplierId),
          };
        }),
      };
    },
    settlement_create: ({ kind, invoices }) => {
      const chosen = this.invoices.filter(({ row }) => invoices.includes(row.id)).map(({ row }) => row);
      const first = chosen[0] ?? this.fail("fieldRequired", "invoices");
      return this.outbox.add("settlement.create", first.supplierId, first.supplier, "8b".repeat(32), () => {
        const at = this.settlements.length;
        const row = this.settlement(at, first.supplierId, first.supplier, total(chosen), "SUBMITTED");
        this.settlements.unshift({ row: { ...row, kind, invoices: chosen.length }, invoices: [...invoices] });
      });
    },
    settlement_confirm: ({ settlement, accepted, reason }) => {
      const found = this.settlements.find(({ row }) => row.id === settlement) ?? this.fail("notFound");
      if (!found.row.ours) this.fail("wrongState");
      if (!accepted && reason.trim() === "") this.fail("fieldRequired", "reason");
      return this.outbox.add("settlement.confirm", settlement, found.row.code, "8c".repeat(32), () => {
        const state = accepted ? "APPROVED" : "DISPUTED";
        Object.assign(found.row, {
          state,
          stateText: SETTLEMENT_TEXT[state],
          ours: false,
          disputeReason: reason,
        });
      });
    },
    payments: () => {
      const rows = this.settlements.map(({ row }) => row).filter(({ dueClock }) => dueClock !== null);
      const over = rows.filter(({ dueClock }) => dueClock!.urgency === "overdue");
      const soon = rows.filter(
        ({ dueOn, dueClock }) => dueClock!.urgency !== "overdue" && dueOn <= plusDays(this.clock.today(), 30),
      );
      return {
        rows,
        overdue: over.length,
        overdueAmount: total(over),
        soon: soon.length,
        soonAmount: total(soon),
      };
    },
    print_save: ({ kind, id }) => ({ path: `D:\\打印\\${kind}-${id}.pdf`, sha256: "e0".repeat(32) }),
    print_show: () => ({}),
  };
}
