import type {
  CatalogueRow,
  ErrorCode,
  HospitalItemRow,
  OrderCheck,
  OrderDraft,
  OrderObstacle,
  OrderRow,
  ProductDetail,
  ReturnDetail,
  ReturnRow,
} from "@/bindings/wire";
import type { Answers } from "./backend";
import { plusDays, workingDaysBetween } from "./calendar";
import type { Clock } from "./clock";
import { MAKERS, PRODUCTS, SUPPLIERS } from "./orders";
import type { Outbox } from "./outbox";

const PAGE = 100;
const yuan = (cents: number) => (cents / 100).toFixed(2);
const isDecimal = (typed: string) => /^\d+(\.\d{1,4})?$/.test(typed);

/** Every product of the orders, one that is suspended, and one whose code was replaced. */
function seedCatalogue(orders: readonly OrderRow[]): CatalogueRow[] {
  const listed = PRODUCTS.map(([name, spec, model, unit, cents, mcsCode], at) => ({
    id: `P-${at}`,
    name,
    spec,
    model,
    mcsCode,
    unit,
    category: at < 4 ? "冠脉介入类" : at < 5 ? "吻合器类" : at < 7 ? "骨科植入类" : "缝合类",
    maker: MAKERS[at % MAKERS.length]!,
    purchaseType: at % 3 === 0 ? "带量" : "阳光",
    selected: at % 3 === 0,
    price: yuan(cents),
    listed: true,
    codeMark: mcsCode === null ? ("missing" as const) : ("good" as const),
    registration: `国械注准2021313${String(4000 + at)}`,
    registrationEndsOn: plusDays("2026-11-20", at === 6 ? 40 : 500 + at * 60),
    orderedLines: orders.filter(({ productId }) => productId === `P-${at}`).length,
    items: at % 2 === 0 ? [`HC-${1000 + at}`] : [],
  }));
  const [stent, balloon] = listed;
  return [
    ...listed,
    { ...stent!, id: "P-90", spec: "Φ3.0mm×18mm", model: "DES-300-18", listed: false, orderedLines: 0 },
    {
      ...balloon!,
      id: "P-91",
      spec: "Φ3.0mm×15mm",
      model: "PTC-30-15",
      codeMark: "replaced",
      orderedLines: 0,
    },
  ];
}

/** The hospital's own items: some linked by the platform, the others under names of its own. */
function seedItems(catalogue: readonly CatalogueRow[]): HospitalItemRow[] {
  return catalogue.slice(0, 8).map((row, at) => ({
    item: `HC-${1000 + at}`,
    code: `HC-${1000 + at}`,
    name: at % 2 === 0 ? row.name : `${row.name.slice(0, 6)}（院内）`,
    spec: row.spec,
    unit: at % 3 === 2 ? "盒" : row.unit,
    maker: row.maker,
    mcsCode: at % 2 === 0 ? (row.mcsCode ?? "") : "",
    lines: 240 - at * 27,
    source: at % 2 === 0 ? "platform" : "nobody",
    product: at % 2 === 0 ? row.id : null,
    productName: at % 2 === 0 ? `${row.name} ${row.spec}` : null,
    factorNum: 1,
    factorDen: 1,
  }));
}

/** 目录, 下单 and 退货 of the invented office. */
export class Purchase {
  private readonly catalogue: CatalogueRow[];
  private readonly items: HospitalItemRow[];
  readonly drafts = new Map<string, OrderDraft>();
  private readonly returned: ReturnDetail[];

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly orders: OrderRow[],
    private readonly fail: (code: ErrorCode, field?: string | null) => never,
    empty: boolean,
  ) {
    this.catalogue = seedCatalogue(orders);
    this.items = empty ? [] : seedItems(this.catalogue);
    this.returned = empty ? [] : this.seedReturns();
  }

  private find(id: string): CatalogueRow {
    return this.catalogue.find((row) => row.id === id) ?? this.fail("notFound");
  }

  private item(name: string): HospitalItemRow {
    return this.items.find(({ item }) => item === name) ?? this.fail("notFound");
  }

  private dayClock(dueDate: string) {
    const remainingWorkingDays = workingDaysBetween(this.clock.today(), dueDate);
    const urgency =
      remainingWorkingDays < 0
        ? "overdue"
        : remainingWorkingDays === 0
          ? "today"
          : remainingWorkingDays < 3
            ? "soon"
            : "later";
    return { dueDate, remainingWorkingDays, urgency, provisional: false } as const;
  }

  product(id: string): ProductDetail {
    const row = this.find(id);
    const at = Number(id.slice(2)) % PRODUCTS.length;
    const suppliers = SUPPLIERS.map((name, n) => ({
      id: `S-${n}`,
      name,
      ends: this.dayClock(plusDays(this.clock.today(), 60 + n * 90)),
    })).filter((_, n) => n !== at % 3 || at % 2 === 0);
    const own = this.orders.filter(({ productId }) => productId === id);
    const agreement = {
      id: `A-${at}`,
      batch: "冠脉介入类耗材联盟集采（第三批）",
      supplier: suppliers[0]!.name,
      agreed: "400",
      ordered: String(120 + at * 30),
      startsOn: "2026-03-01",
      endsOn: "2027-02-28",
      stateText: "已签订",
    };
    const price = {
      list: "2026年价格联动调整（第二批）",
      kind: "linkage",
      effectiveAt: "2026-07-01T00:00:00+08:00",
      transitionEndsOn: "2026-07-31",
      oldPrice: yuan(Math.round(Number(row.price) * 112)),
      price: row.price,
      inForce: true,
    };
    return {
      row,
      udiDi: `0690123450${String(1000 + at)}`,
      prices: [price],
      codes:
        row.codeMark === "replaced"
          ? [
              {
                kind: "recode",
                oldCode: row.mcsCode ?? "",
                newCode: "C0201020010000900026",
                effectiveOn: "2026-10-15",
                reason: "规格合并",
              },
            ]
          : [],
      suppliers,
      agreements: row.selected ? [agreement] : [],
      items: row.items.map((code) => ({ code, name: row.name, unit: row.unit, factorNum: 1, factorDen: 1 })),
      orders: own.slice(0, 20).map((line) => ({
        orderLine: line.id,
        orderCode: line.orderCode,
        submittedAt: line.submittedAt,
        quantity: line.quantity,
        price: line.price,
        supplier: line.supplier,
        stateText: line.stateText,
      })),
      priceCap: null,
      parts: [],
      negotiable: row.listed && !row.selected,
    };
  }

  private check(order: OrderDraft): OrderCheck {
    const refusal = (code: string, text: string, clause = ""): OrderObstacle => ({
      code,
      refusal: true,
      text,
      clause,
    });
    let cents = 0;
    const lines = order.lines.map((line) => {
      const row = this.catalogue.find(({ id }) => id === line.product);
      const obstacles: OrderObstacle[] = [];
      const counted = isDecimal(line.quantity) && Number(line.quantity) > 0;
      const priced = isDecimal(line.price);
      if (!counted) obstacles.push(refusal("quantity", "数量须大于零"));
      if (!priced) obstacles.push(refusal("price", "单价无法读取"));
      if (!row) obstacles.push(refusal("notListed", "产品不在挂网目录", "湘医保发〔2023〕43号 (五)(十二)"));
      else if (!row.listed)
        obstacles.push(refusal("suspended", "产品已暂停挂网", "湘医保发〔2023〕43号 (五)(十二)"));
      if (row?.codeMark === "replaced")
        obstacles.push(
          refusal(
            "codeReplaced",
            "国家医保耗材编码已变更，产品信息尚未更新",
            "湘医保发〔2023〕43号 (四)(十)",
          ),
        );
      if (row?.codeMark === "missing")
        obstacles.push({
          code: "codeMissing",
          refusal: false,
          text: "产品没有国家医保耗材编码",
          clause: "湘医保发〔2023〕43号 (四)(十)",
        });
      if (row && priced && Number(line.price) > Number(row.price))
        obstacles.push(
          refusal(
            "priceAbove",
            `采购价高于现行挂网价 ${row.price}`,
            "湘医保发〔2023〕43号 (五)；阜新市 2020-06-30 一",
          ),
        );
      if (row && !this.product(row.id).suppliers.some(({ id }) => id === line.supplier))
        obstacles.push(
          refusal("notAuthorised", "配送企业与生产企业没有有效的配送关系", "深医保发〔2022〕19号 三(二)3"),
        );
      if (counted && Number(line.quantity) > 60)
        obstacles.push({
          code: "surge",
          refusal: false,
          text: "数量远高于平时（通常每次 6），请核实，必要时上报",
          clause: "泉州市 2024-05-30 四",
        });
      const amount = counted && priced ? Math.round(Number(line.quantity) * Number(line.price) * 100) : null;
      cents += amount ?? 0;
      return { amount: amount === null ? "" : yuan(amount), listedPrice: row?.price ?? null, obstacles };
    });
    const sendable =
      lines.length > 0 && lines.every(({ obstacles }) => obstacles.every((one) => !one.refusal));
    return { lines, amount: yuan(cents), sendable };
  }

  private seedReturns(): ReturnDetail[] {
    const states = [
      ["WAITING", "待企业确认"],
      ["CONFIRMED", "已确认"],
      ["REFUSED", "企业拒绝"],
      ["CONFIRMED", "已确认"],
    ] as const;
    const lines = this.orders.filter(({ received }) => Number(received) > 1).slice(3, 15);
    return lines.map((line, at) => {
      const [state, stateText] = states[at % states.length]!;
      const kind = at % 5 === 3 ? "price" : "goods";
      const amount = kind === "price" ? "36.00" : line.price;
      const row: ReturnRow = {
        id: `T-${at}`,
        code: `TH202611${String(18 - at).padStart(2, "0")}${String(10 + at).padStart(4, "0")}`,
        kind,
        supplierId: line.supplierId,
        supplier: line.supplier,
        returnedAt: `${plusDays(this.clock.today(), -1 - at)}T10:2${at % 10}:00+08:00`,
        reason: kind === "price" ? "执行新挂网价" : "外包装破损",
        refuseReason: state === "REFUSED" ? "超过退货期限，破损责任无法认定" : "",
        amount,
        lines: 1,
        state,
        stateText,
      };
      return {
        row,
        lines: [
          {
            orderLine: line.id,
            orderCode: line.orderCode,
            lineNo: line.lineNo,
            product: line.product,
            spec: line.spec,
            unit: line.unit,
            quantity: "1",
            amount,
            lot: "L260812A",
          },
        ],
        steps: [{ kind: "submitted", at: row.returnedAt, dateOnly: false, by: null, text: row.reason }],
      };
    });
  }

  readonly answers: Pick<
    Answers,
    | "catalogue"
    | "product"
    | "order_draft_save"
    | "order_drafts"
    | "order_draft_remove"
    | "order_check"
    | "order_submit"
    | "order_cancel"
    | "returns"
    | "return_detail"
    | "returnable"
    | "return_submit"
    | "items"
    | "item_suggestions"
    | "item_link"
    | "item_unlink"
  > = {
    catalogue: ({ text, scope, after }) => {
      const words = text.trim().toLowerCase().split(/\s+/);
      const within = (row: CatalogueRow) =>
        scope === "ours"
          ? row.orderedLines > 0
          : scope === "suspended"
            ? !row.listed
            : scope === "codeChanged"
              ? row.codeMark !== "good"
              : scope === "selected"
                ? row.selected
                : true;
      const found = this.catalogue.filter((row) => {
        const all = `${row.name} ${row.spec} ${row.model} ${row.mcsCode ?? ""} ${row.maker} ${row.registration}`;
        return within(row) && words.every((word) => all.toLowerCase().includes(word));
      });
      const from = Number(after ?? 0);
      const next = from + PAGE < found.length ? String(from + PAGE) : null;
      return { rows: found.slice(from, from + PAGE), total: found.length, next };
    },
    product: ({ product }) => this.product(product),
    items: ({ text, scope, after }) => {
      const typed = text.trim().toLowerCase();
      const found = this.items.filter(
        (row) =>
          (scope === "all" || (row.product !== null) === (scope === "linked")) &&
          [row.code, row.name, row.spec, row.maker].some((words) => words.toLowerCase().includes(typed)),
      );
      const from = Number(after ?? 0);
      const next = from + PAGE < found.length ? String(from + PAGE) : null;
      const unlinked = this.items.filter(({ product }) => product === null).length;
      return { rows: found.slice(from, from + PAGE), total: found.length, next, unlinked };
    },
    item_suggestions: ({ item }) => {
      const row = this.item(item);
      const alike = this.catalogue.filter(
        ({ name }) => [...row.name].filter((sign) => name.includes(sign)).length > 3,
      );
      return {
        row,
        products: alike.slice(0, 10).map((one, at) => ({
          product: one.id,
          name: one.name,
          spec: one.spec,
          model: one.model,
          mcsCode: one.mcsCode,
          maker: one.maker,
          unit: one.unit,
          price: one.price,
          listed: one.listed,
          score: 96 - at * 17,
          reasons: at === 0 ? ["品名相近", "规格相同"] : ["品名相近"],
        })),
      };
    },
    item_link: ({ item, product, factorNum, factorDen }) => {
      const { name, spec } = this.find(product);
      const productName = `${name} ${spec}`;
      return Object.assign(this.item(item), { source: "person", product, productName, factorNum, factorDen });
    },
    item_unlink: ({ item }) =>
      Object.assign(this.item(item), { source: "nobody", product: null, productName: null }),
    order_draft_save: (order) => {
      this.drafts.set(order.id, order);
      return { editedAt: this.clock.now() };
    },
    order_drafts: () => ({ drafts: [...this.drafts.values()] }),
    order_draft_remove: ({ id }) => {
      this.drafts.delete(id);
      return { drafts: [...this.drafts.values()] };
    },
    order_check: (order) => this.check(order),
    order_submit: ({ id }) => {
      const order = this.drafts.get(id) ?? this.fail("notFound");
      if (order.lines.length === 0) this.fail("fieldRequired", "lines");
      const check = this.check(order);
      check.lines.forEach(({ obstacles }, at) => {
        const refused = obstacles.find(({ refusal }) => refusal);
        if (refused) this.fail("fieldInvalid", `lines[${at}].${refused.code}`);
      });
      this.drafts.delete(id);
      return this.outbox.add("order.submit", id, order.dept, "7a".repeat(32), (at) => {
        const code = `DD${at.slice(0, 10).replaceAll("-", "")}${String(900 + this.orders.length)}`;
        order.lines.forEach((line, n) => {
          const { row, suppliers } = this.product(line.product);
          this.orders.unshift({
            ...this.orders[0]!,
            id: `L-N${this.orders.length}`,
            orderCode: code,
            lineNo: n + 1,
            productId: row.id,
            product: row.name,
            spec: row.spec,
            model: row.model,
            mcsCode: row.mcsCode,
            maker: row.maker,
            supplierId: line.supplier,
            supplier: suppliers.find((one) => one.id === line.supplier)?.name ?? "",
            unit: row.unit,
            quantity: line.quantity,
            price: line.price,
            amount: check.lines[n]!.amount,
            kind: order.kind,
            state: "SUBMITTED",
            stateText: "待响应",
            late: false,
            urgent: order.kind === "应急",
            submittedAt: at,
            deliveryDueAt: null,
            delivered: "0",
            received: "0",
            returned: "0",
            dept: order.dept,
          });
        });
      });
    },
    order_cancel: ({ lines, whole, reason }) => {
      if (reason.trim() === "") this.fail("fieldRequired", "reason");
      const chosen = lines.map((id) => this.orders.find((one) => one.id === id) ?? this.fail("notFound", id));
      const code = chosen[0]?.orderCode ?? this.fail("fieldRequired", "lines");
      return this.outbox.add("order.cancel", code, code, "7b".repeat(32), () => {
        const open = (row: OrderRow) => row.state === "SUBMITTED" || row.state === "ACCEPTED";
        const meant = whole ? this.orders.filter(({ orderCode }) => orderCode === code) : chosen;
        for (const row of meant.filter(open)) Object.assign(row, { state: "CANCELLED", stateText: "已撤单" });
      });
    },
    returns: ({ text, state }) => {
      const typed = text.trim().toLowerCase();
      const all = this.returned.map(({ row }) => row);
      const rows = all.filter(
        (row) =>
          (state === null || row.state === state) &&
          [row.code, row.supplier].some((field) => field.toLowerCase().includes(typed)),
      );
      const counted = [...new Map(all.map((row) => [row.state, row.stateText]))];
      return {
        rows,
        next: null,
        states: counted.map(([code, words]) => ({
          state: code,
          text: words,
          count: all.filter((row) => row.state === code).length,
        })),
        pending: this.outbox.items
          .filter(
            (one) => one.kind === "return.create" && one.state !== "accepted" && one.state !== "withdrawn",
          )
          .map((one) => ({ ...one })),
      };
    },
    return_detail: ({ id }) => this.returned.find(({ row }) => row.id === id) ?? this.fail("notFound"),
    returnable: ({ orderLines }) => {
      const rows = orderLines.flatMap((id) => {
        const row = this.orders.find((one) => one.id === id);
        if (!row) return [];
        const left = String(Number(row.received) - Number(row.returned));
        const { product, spec, unit, supplier, price, received, returned } = row;
        const lots = received === "0" ? [] : [{ lot: "L260812A", received }];
        return [{ orderLine: id, product, spec, unit, supplier, price, received, returned, left, lots }];
      });
      return { rows, oneSupplier: new Set(rows.map(({ supplier }) => supplier)).size === 1 };
    },
    return_submit: ({ kind, reason, lines }) => {
      if (reason.trim() === "") this.fail("fieldRequired", "reason");
      const chosen = lines.map(({ orderLine, quantity }, at) => {
        const row = this.orders.find(({ id }) => id === orderLine) ?? this.fail("notFound");
        if (Number(quantity) > Number(row.received) - Number(row.returned))
          this.fail("moreThanLeft", `lines[${at}].quantity`);
        return { row, quantity };
      });
      const first = chosen[0]?.row ?? this.fail("fieldRequired", "lines");
      if (kind === "goods")
        for (const { row, quantity } of chosen)
          row.returned = String(Number(row.returned) + Number(quantity));
      return this.outbox.add("return.create", first.supplierId, first.supplier, "7c".repeat(32), (at) => {
        const cents = chosen.reduce(
          (sum, { row, quantity }) => sum + Number(row.price) * Number(quantity) * 100,
          0,
        );
        const amount = kind === "price" ? (lines[0]?.amount ?? "0") : yuan(Math.round(cents));
        const row: ReturnRow = {
          id: `T-N${this.returned.length}`,
          code: `TH${at.slice(0, 10).replaceAll("-", "")}${String(900 + this.returned.length)}`,
          kind,
          supplierId: first.supplierId,
          supplier: first.supplier,
          returnedAt: at,
          reason,
          refuseReason: "",
          amount,
          lines: lines.length,
          state: "WAITING",
          stateText: "待企业确认",
        };
        this.returned.unshift({
          row,
          lines: chosen.map(({ row: line, quantity }, n) => ({
            orderLine: line.id,
            orderCode: line.orderCode,
            lineNo: line.lineNo,
            product: line.product,
            spec: line.spec,
            unit: line.unit,
            quantity,
            amount: lines[n]!.amount ?? yuan(Math.round(Number(line.price) * Number(quantity) * 100)),
            lot: lines[n]!.lot,
          })),
          steps: [{ kind: "submitted", at, dateOnly: false, by: null, text: reason }],
        });
      });
    },
  };
}
