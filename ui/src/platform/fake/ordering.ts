import type {
  DepartmentRequest,
  ErrorCode,
  OrderDraft,
  OrderTemplate,
  ProductDetail,
  RequestEntry,
  Transfer,
} from "@/bindings/wire";
import type { Answers } from "./backend";
import { plusDays } from "./calendar";
import type { Clock } from "./clock";
import type { Outbox } from "./outbox";
import { NAME } from "./people";

/** What the invented office knows of goods and drafts. */
interface Goods {
  product(id: string): ProductDetail;
  readonly drafts: Map<string, OrderDraft>;
}
type Fail = (code: ErrorCode, field?: string | null) => never;

/** Departments, what they ask for, how many, and by when in days. */
const ASKED: readonly [string, string, string, number | null, string][] = [
  ["心内科", "P-1", "6", 2, "周三手术"],
  ["导管室", "P-1", "10", 3, ""],
  ["骨科", "P-5", "4", 5, ""],
  ["普外科", "P-4", "12", null, ""],
];

/** 科室申请、订单模板、应急报备、院间调剂 of the invented office. */
export class Ordering {
  private readonly requests: DepartmentRequest[];
  private readonly templates: OrderTemplate[];
  private readonly transfers: Transfer[];
  private next = 100;

  constructor(
    private readonly clock: Clock,
    private readonly goods: Goods,
    private readonly outbox: Outbox,
    private readonly fail: Fail,
    empty: boolean,
  ) {
    this.requests = empty ? [] : this.seedRequests();
    this.templates = empty ? [] : this.seedTemplates();
    this.transfers = empty ? [] : this.seedTransfers();
  }

  private id(): string {
    return `R-${this.next++}`;
  }

  private row({ id, dept, item, product, quantity, unit, neededBy, note }: RequestEntry): DepartmentRequest {
    const known = product === null ? null : this.goods.product(product).row;
    return {
      id: id ?? this.id(),
      dept,
      item,
      product,
      productName: known?.name ?? "",
      spec: known?.spec ?? "",
      quantity,
      unit: unit || (known?.unit ?? ""),
      neededBy,
      note,
      state: "open",
      order: null,
      enteredAt: this.clock.now(),
      enteredBy: NAME,
    };
  }

  private seedRequests(): DepartmentRequest[] {
    const rows = ASKED.map(([dept, product, quantity, days, note]) => {
      const neededBy = days === null ? null : plusDays(this.clock.today(), days);
      return this.row({ id: null, dept, item: "", product, quantity, unit: "", neededBy, note });
    });
    const odd = { id: null, product: null, quantity: "2", unit: "盒", neededBy: null, note: "" };
    return [...rows, this.row({ ...odd, dept: "手术室", item: "止血粉（新品）" })];
  }

  private seedTemplates(): OrderTemplate[] {
    const lines = ["P-1", "P-2"].map((product) => ({
      product,
      supplier: this.goods.product(product).suppliers[0]?.id ?? "",
      quantity: "10",
      price: this.goods.product(product).row.price,
      agreement: null,
      filing: null,
      ownKey: null,
      requests: [],
    }));
    const order = { id: "", kind: "普通", dept: "导管室", remarks: "", lines };
    return [this.template("T-1", "导管室每周常规", order)];
  }

  private template(id: string, name: string, order: OrderDraft): OrderTemplate {
    const names = order.lines.slice(0, 3).map(({ product }) => this.goods.product(product).row.name);
    const lines = order.lines.map((line) => ({ ...line, ownKey: null, filing: null, requests: [] }));
    return {
      id,
      name,
      order: { ...order, id: "", lines },
      goods: names.join("、"),
      savedAt: this.clock.now(),
      savedBy: NAME,
    };
  }

  private seedTransfers(): Transfer[] {
    const of = (at: number, incoming: boolean, other: string, quantity: string): Transfer => {
      const { row } = this.goods.product(`P-${at}`);
      return {
        id: `X-${at}`,
        incoming,
        other,
        product: row.id,
        name: row.name,
        spec: `${row.spec} ${row.model}`.trim(),
        unit: row.unit,
        quantity,
        lot: `L2608${at}A`,
        expiresOn: "2028-07-31",
        reason: incoming ? "配送延误，库存不足一日" : "对方急诊手术备用",
        movedOn: plusDays(this.clock.today(), -at * 3),
        handledBy: NAME,
        attachments: [],
        recordedAt: this.clock.now(),
        recordedBy: NAME,
      };
    };
    return [of(1, true, "望溪区人民医院", "6"), of(4, false, "澜川市第二医院", "3")];
  }

  private standing(): DepartmentRequest[] {
    for (const row of this.requests) {
      const draft = [...this.goods.drafts.values()].find(({ lines }) =>
        lines.some(({ requests }) => requests.includes(row.id)),
      );
      if (draft) Object.assign(row, { state: "drafted", order: draft.id });
      else if (row.state === "drafted") Object.assign(row, { state: "open", order: null });
    }
    const rank = ({ state, neededBy }: DepartmentRequest) =>
      `${state === "open" ? 0 : 1}${neededBy ?? "9999-99-99"}`;
    return this.requests.map((row) => ({ ...row })).sort((a, b) => rank(a).localeCompare(rank(b)));
  }

  /** A submission that the platform took in part: from now on it is done with. */
  private settle(key: string) {
    const item = this.outbox.find(key);
    if (!item?.isPartial) return this.fail("wrongState");
    return Object.assign(item, { isPartial: false, state: "accepted", acceptedAt: this.clock.now() });
  }

  private listed() {
    const rows = this.standing();
    return {
      rows,
      open: rows.filter(({ state }) => state === "open").length,
      departments: [...new Set(rows.map(({ dept }) => dept))].sort(),
    };
  }

  private gather(): { drafts: OrderDraft[]; left: { id: string; item: string; reason: string }[] } {
    const drafts = new Map<string, OrderDraft>();
    const left: { id: string; item: string; reason: string }[] = [];
    for (const row of this.standing().filter(({ state }) => state === "open")) {
      const item = `${row.dept} ${row.productName || row.item}`;
      const product = row.product === null ? null : this.goods.product(row.product);
      const supplier = product?.suppliers[0]?.id;
      if (!product || supplier === undefined) {
        left.push({ id: row.id, item, reason: "未对应挂网产品" });
        continue;
      }
      const draft = drafts.get(supplier) ?? {
        id: `0190f0b0-0000-7000-8000-00000000${String(this.next++).padStart(4, "0")}`,
        kind: "普通",
        dept: "",
        remarks: "科室申请汇总",
        lines: [],
      };
      drafts.set(supplier, draft);
      const line = draft.lines.find((one) => one.product === product.row.id);
      if (line) {
        line.quantity = String(Number(line.quantity) + Number(row.quantity));
        line.requests.push(row.id);
      } else
        draft.lines.push({
          product: product.row.id,
          supplier,
          quantity: row.quantity,
          price: product.row.price,
          agreement: null,
          filing: null,
          ownKey: null,
          requests: [row.id],
        });
    }
    for (const draft of drafts.values()) this.goods.drafts.set(draft.id, draft);
    return { drafts: [...drafts.values()], left };
  }

  readonly answers: Pick<
    Answers,
    | "order_refused_take"
    | "outbox_acknowledge"
    | "department_requests"
    | "requests_save"
    | "request_remove"
    | "requests_gather"
    | "order_templates"
    | "order_template_save"
    | "order_template_remove"
    | "surge_report"
    | "transfers"
    | "transfer_save"
    | "transfer_remove"
  > = {
    order_refused_take: ({ key }) => {
      const { refused, subject } = this.settle(key);
      const { row, suppliers } = this.goods.product("P-2");
      const draft: OrderDraft = {
        id: `${subject}-2`,
        kind: "普通",
        dept: "",
        remarks: "",
        lines: refused.map(({ quantity }) => ({
          product: row.id,
          supplier: suppliers[0]?.id ?? "",
          quantity,
          price: row.price,
          agreement: null,
          filing: null,
          ownKey: null,
          requests: [],
        })),
      };
      this.goods.drafts.set(draft.id, draft);
      return draft;
    },
    outbox_acknowledge: ({ key }) => ({ ...this.settle(key) }),
    department_requests: () => this.listed(),
    requests_save: ({ rows }) => {
      rows.forEach(({ dept, item, quantity }, at) => {
        if (dept.trim() === "") this.fail("fieldRequired", `rows[${at}].dept`);
        if (item.trim() === "") this.fail("fieldRequired", `rows[${at}].item`);
        if (!(Number(quantity) > 0)) this.fail("fieldInvalid", `rows[${at}].quantity`);
      });
      this.requests.push(...rows.map((row) => this.row(row)));
      return this.listed();
    },
    request_remove: ({ id }) => {
      const at = this.requests.findIndex((row) => row.id === id);
      if (at < 0) this.fail("notFound");
      this.requests.splice(at, 1);
      return this.listed();
    },
    requests_gather: () => this.gather(),
    order_templates: () => ({ rows: [...this.templates] }),
    order_template_save: ({ id, name, order }) => {
      if (name.trim() === "") this.fail("fieldRequired", "name");
      if (this.templates.some((one) => one.name === name.trim() && one.id !== id))
        this.fail("fieldInvalid", "name");
      const known = this.templates.find((one) => one.id === id);
      if (known) Object.assign(known, { name: name.trim() });
      else if (order) this.templates.push(this.template(this.id(), name.trim(), order));
      return { rows: [...this.templates] };
    },
    order_template_remove: ({ id }) => {
      const at = this.templates.findIndex((one) => one.id === id);
      if (at < 0) this.fail("notFound");
      this.templates.splice(at, 1);
      return { rows: [...this.templates] };
    },
    surge_report: ({ order }) => ({
      rows: (this.goods.drafts.get(order)?.lines ?? [])
        .filter(({ quantity }) => Number(quantity) > 60)
        .map(({ product, quantity }) => {
          const { name, spec, unit } = this.goods.product(product).row;
          const percent = Math.trunc((Number(quantity) * 100) / 6);
          const history = { usual: "6", most: "20", lines: 28, year: "186", month: "14" };
          return { product, name, spec, unit, quantity, percent, ...history };
        }),
      offices: ["澜川市医疗保障局药械科", "望溪区医疗保障分局"],
    }),
    transfers: () => ({
      rows: [...this.transfers],
      hospitals: [...new Set(this.transfers.map(({ other }) => other))],
    }),
    transfer_save: ({ id, ...fields }) => {
      for (const field of ["other", "name", "unit", "lot", "reason", "movedOn", "handledBy"] as const)
        if (fields[field].trim() === "") this.fail("fieldRequired", field);
      if (!(Number(fields.quantity) > 0)) this.fail("fieldInvalid", "quantity");
      const kept = { ...fields, id: id ?? this.id(), recordedAt: this.clock.now(), recordedBy: NAME };
      const at = this.transfers.findIndex((one) => one.id === id);
      if (at < 0) this.transfers.unshift(kept);
      else this.transfers[at] = kept;
      return kept;
    },
    transfer_remove: ({ id }) => {
      const at = this.transfers.findIndex((one) => one.id === id);
      if (at < 0) this.fail("notFound");
      this.transfers.splice(at, 1);
      return { rows: [...this.transfers], hospitals: [] };
    },
  };
}
