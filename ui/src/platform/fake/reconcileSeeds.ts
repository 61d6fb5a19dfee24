import type {
  DifferenceKind,
  DifferenceOwner,
  LedgerSide,
  ReconcileLine,
  ReconcileRow,
} from "@/bindings/wire";
import { plusDays } from "./calendar";

/** An item with its lines, as the invented backend keeps it. */
export interface Item {
  row: ReconcileRow;
  platform: ReconcileLine[];
  ledger: ReconcileLine[];
}

const SUPPLIERS = ["云岭岚泰医药有限公司", "澜川恒澈医疗供应链有限公司", "澜川颂安医疗器械有限公司"];
/** Name, spec, unit, price in cents, code. */
const PRODUCTS = [
  ["冠脉球囊扩张导管", "Φ2.5mm×15mm", "根", 24_000, "C0201020010000900025"],
  ["冠状动脉药物洗脱支架系统", "Φ2.75mm×18mm", "套", 73_500, "C0201010010000900011"],
  ["椎弓根螺钉", "6.5mm×45mm", "枚", 26_800, "C0305020010000900402"],
  ["医用可吸收缝合线", "3-0 75cm", "包", 5_830, "C0701010010000900777"],
  ["一次性使用吻合器", "60mm", "把", 132_000, "C0808010010000900333"],
] as const;

/** Kind, who acts, what closes it, and what the ledger says otherwise. */
const DIFFERENCES: readonly [
  DifferenceKind,
  DifferenceOwner,
  string,
  (line: ReconcileLine) => Partial<ReconcileLine>,
][] = [
  [
    "quantityShort",
    "supplier",
    "催补短少数量",
    ({ quantity }) => ({ quantity: String(Number(quantity) - 1) }),
  ],
  [
    "priceDiffers",
    "procurement",
    "核对合同价并更正单价",
    ({ price }) => ({ price: (Number(price) * 1.13).toFixed(2) }),
  ],
  [
    "lotDiffers",
    "store",
    "核对实物批号并更正",
    ({ lot }) => ({ lot: `${lot.slice(0, -2)}${lot.slice(-1)}${lot.at(-2)}` }),
  ],
  ["notOnPlatform", "procurement", "备案补录", () => ({})],
  ["notInLedger", "store", "收货入账，或向配送企业查询", () => ({})],
  ["wrongSupplier", "procurement", "更正配送企业", () => ({ supplier: "澜川颂安器械公司" })],
  ["invoiceMissing", "finance", "索取发票", () => ({})],
  ["expiryDiffers", "store", "核对实物效期并更正", () => ({ expiry: "2028-09-11" })],
];

const cents = (amount: number) => (amount / 100).toFixed(2);

export function lineOf(side: LedgerSide, month: string, at: number): ReconcileLine {
  const [name, spec, unit, price, code] = PRODUCTS[at % PRODUCTS.length]!;
  const count = 2 + ((at * 7) % 9);
  const serial = String(100 + at).padStart(6, "0");
  return {
    id: `${side}-${month}-${at}`,
    side,
    kindText: "收货",
    date: plusDays(`${month}-01`, at % 28),
    order: `DD${month.replace("-", "")}01${serial}`,
    orderLine: String(1 + (at % 3)),
    delivery: `PS${month.replace("-", "")}${serial}`,
    invoice: "",
    code,
    name,
    spec,
    manufacturer: "栖州岚禾医疗科技股份有限公司",
    supplier: SUPPLIERS[at % SUPPLIERS.length]!,
    lot: `L26${String(1000 + at)}`,
    expiry: "2028-08-11",
    quantity: String(count),
    unit,
    price: cents(price),
    amount: cents(price * count),
    source: side === "platform" ? `收货单 SH${serial}` : `中心库入库明细.xlsx 第 ${at + 5} 行`,
    paired: true,
    otherMonth: false,
  };
}

function rowOf(item: Pick<Item, "platform" | "ledger">, part: Partial<ReconcileRow>): ReconcileRow {
  const [left, right] = [item.platform[0] ?? null, item.ledger[0] ?? null];
  const line = left ?? right!;
  const total = (lines: ReconcileLine[]) =>
    lines.length === 0 ? null : String(lines.reduce((sum, { quantity }) => sum + Number(quantity), 0));
  return {
    item: "",
    sort: "difference",
    kind: null,
    kindText: "",
    state: "open",
    owner: null,
    ownerText: "",
    actionText: "",
    note: "",
    amount: "0.00",
    date: line.date,
    ageDays: 0,
    platformLines: item.platform.length,
    ledgerLines: item.ledger.length,
    order: line.order,
    code: line.code,
    name: line.name,
    spec: line.spec,
    lot: line.lot,
    supplier: line.supplier,
    platformQuantity: total(item.platform),
    ledgerQuantity: total(item.ledger),
    unit: line.unit,
    pass: 1,
    reason: "订单号和行号相同，编码与批号一致",
    remembered: null,
    filing: null,
    ...part,
  };
}

export function itemOf(
  id: string,
  platform: ReconcileLine[],
  ledger: ReconcileLine[],
  part: Partial<ReconcileRow>,
): Item {
  return { platform, ledger, row: rowOf({ platform, ledger }, { ...part, item: id }) };
}

/** A month: differences of every sort, proposals, and pairs that agree. */
export function seedItems(month: string, today: string): Item[] {
  const items: Item[] = [];
  const days = (date: string | null) =>
    Math.max(0, Math.round((Date.parse(today) - Date.parse(date ?? today)) / 86_400_000));
  for (let at = 0; at < 24; at++) {
    const [kind, owner, actionText, change] = DIFFERENCES[at % DIFFERENCES.length]!;
    const left = lineOf("platform", month, at);
    const right = { ...lineOf("ledger", month, at), ...change(left) };
    right.amount = (Number(right.quantity) * Number(right.price)).toFixed(2);
    const platform = kind === "notOnPlatform" ? [] : [left];
    const ledger = kind === "notInLedger" ? [] : [right];
    for (const line of [...platform, ...ledger]) line.paired = platform.length + ledger.length > 1;
    const worth =
      platform.length === 0
        ? right.amount
        : ledger.length === 0
          ? `-${left.amount}`
          : cents(Math.round((Number(right.amount) - Number(left.amount)) * 100));
    items.push(
      itemOf(`d${at}`, platform, ledger, {
        kind,
        owner,
        actionText,
        amount: kind === "invoiceMissing" ? left.amount! : worth,
        ageDays: days(left.date),
        ...(platform.length + ledger.length === 1 ? { pass: null, reason: "" } : {}),
        remembered:
          at === 9
            ? { period: "2026-09", state: "accepted", owner: null, note: "含税价，合同为不含税价" }
            : null,
      }),
    );
  }
  for (let at = 24; at < 28; at++) {
    const left = { ...lineOf("platform", month, at), paired: false };
    const right = { ...lineOf("ledger", month, at), paired: false };
    const twin = {
      ...right,
      id: `${right.id}b`,
      order: "",
      orderLine: "",
      source: "中心库入库明细.xlsx 第 90 行",
    };
    const two = at === 24;
    items.push(
      itemOf(`p${at}`, [left], two ? [right, twin] : [{ ...right, order: right.order.slice(0, -1) }], {
        sort: "proposal",
        amount: left.amount!,
        pass: two ? 2 : 5,
        reason: two ? "产品、批号、数量都相同，有两行同样吻合" : "订单号少了一位，其余一致",
        ageDays: days(left.date),
      }),
    );
  }
  for (let at = 28; at < 148; at++) {
    const left = lineOf("platform", month, at);
    const right = lineOf("ledger", month, at);
    const pass = at % 5 === 0 ? 2 : 1;
    items.push(
      itemOf(`c${at}`, [left], [right], {
        sort: "pair",
        state: "accepted",
        amount: right.amount!,
        pass,
        reason: pass === 1 ? "订单号和行号相同，编码与批号一致" : "产品、批号、数量相同，日期相近",
        ageDays: days(left.date),
      }),
    );
  }
  return items;
}
