import type { LifeEvent, OrderLineDetail, OrderRow, StateCount } from "@/bindings/wire";
import { plusDays } from "./calendar";

export const MAKERS = [
  "栖州岚禾医疗科技股份有限公司",
  "淮屿澄砚医疗器械有限公司",
  "宁汀栎川生物医学工程有限公司",
];
export const SUPPLIERS = ["云岭岚泰医药有限公司", "澜川恒澈医疗供应链有限公司", "澜川颂安医疗器械有限公司"];
const DEPTS = ["心血管内科", "骨科", "导管室", "普外科", "手术室"];
/** Name, spec, model, unit, price in cents, code. */
export const PRODUCTS = [
  ["冠状动脉药物洗脱支架系统", "Φ2.75mm×18mm", "DES-275-18", "套", 73_500, "C0201010010000900011"],
  ["冠脉球囊扩张导管", "Φ2.5mm×15mm", "PTC-25-15", "根", 24_000, "C0201020010000900025"],
  ["冠脉药物涂层球囊导管", "Φ2.75mm×20mm", "DCB-275-20", "根", 598_000, "C0201020010000900118"],
  ["冠脉造影导管", "6F JL4.0", "ACC-6F-JL40", "根", 18_600, "C0201030010000900121"],
  ["一次性使用吻合器", "60mm", "LS-60", "把", 132_000, null],
  ["全膝关节系统", "左 3#", "TKA-L3", "套", 458_900, "C0305010010000900301"],
  ["椎弓根螺钉", "6.5mm×45mm", "PS-65-45", "枚", 26_800, "C0305020010000900402"],
  ["医用可吸收缝合线", "3-0 75cm", "VL-30-75", "包", 5_830, "C0701010010000900777"],
] as const;

/** State, its text, days since the order, and how often it is met among a hundred. */
const STATES = [
  ["DRAFT", "待提交", 0, 3],
  ["SUBMITTED", "待响应", 0, 6],
  ["ACCEPTED", "待配送", 1, 12],
  ["SHIPPED", "待收货", 2, 10],
  ["RECEIVING", "收货中", 4, 4],
  ["RECEIVED", "已收货", 12, 59],
  ["REFUSED", "拒绝响应", 5, 3],
  ["CANCELLED", "已撤单", 9, 3],
] as const;

const COUNT = 640;
const DAY_ZERO = "2026-11-20";

const two = (value: number) => String(value).padStart(2, "0");
const money = (cents: number) => (cents / 100).toFixed(2);

function stateAt(at: number): (typeof STATES)[number] {
  let place = (at * 37) % 100;
  for (const state of STATES) if ((place -= state[3]) < 0) return state;
  return STATES[5];
}

export function seedOrders(count = COUNT): OrderRow[] {
  return Array.from({ length: count }, (_, at) => {
    const [product, spec, model, unit, cents, mcsCode] = PRODUCTS[at % PRODUCTS.length]!;
    const [state, stateText, age] = stateAt(at);
    const day = plusDays(DAY_ZERO, -age - Math.floor(at / 9));
    const quantity = 1 + ((at * 7) % 12);
    const done = state === "RECEIVED" ? quantity : state === "RECEIVING" ? Math.ceil(quantity / 2) : 0;
    const waiting = state === "ACCEPTED";
    return {
      id: `L-${String(at).padStart(5, "0")}`,
      orderCode: `DD${day.replaceAll("-", "")}${String(100 + Math.floor(at / 3)).padStart(6, "0")}`,
      lineNo: 1 + (at % 3),
      productId: `P-${at % PRODUCTS.length}`,
      product,
      spec,
      model,
      mcsCode,
      maker: MAKERS[at % MAKERS.length]!,
      supplierId: `S-${(at * 5) % SUPPLIERS.length}`,
      supplier: SUPPLIERS[(at * 5) % SUPPLIERS.length]!,
      unit,
      quantity: String(quantity),
      price: money(cents),
      amount: money(cents * quantity),
      kind: at % 4 === 0 ? "带量" : at % 11 === 0 ? "应急" : "普通",
      state,
      stateText,
      late: waiting && at % 3 === 0,
      urgent: at % 11 === 0,
      submittedAt: `${day}T${two(8 + (at % 9))}:${two((at * 13) % 60)}:00+08:00`,
      deliveryDueAt: waiting
        ? `${plusDays(day, 1)}T${two(8 + (at % 9))}:${two((at * 13) % 60)}:00+08:00`
        : null,
      delivered: String(state === "SHIPPED" ? quantity : done),
      received: String(done),
      returned: at % 41 === 7 && done > 0 ? "1" : "0",
      dept: DEPTS[at % DEPTS.length]!,
    };
  });
}

export function stateCounts(rows: readonly OrderRow[]): StateCount[] {
  return STATES.map(([state, text]) => ({
    state,
    text,
    count: rows.filter((row) => row.state === state).length,
  })).filter(({ count }) => count > 0);
}

function event(
  row: OrderRow,
  kind: LifeEvent["kind"],
  days: number,
  title: string,
  detail: string,
): LifeEvent {
  const day = plusDays(row.submittedAt.slice(0, 10), days);
  return {
    kind,
    at: kind === "paid" ? day : `${day}${row.submittedAt.slice(10)}`,
    dateOnly: kind === "paid",
    title,
    detail,
    state: row.state,
    stateText: row.stateText,
    quantity: kind === "ordered" || kind === "delivered" || kind === "received" ? row.quantity : null,
    amount: kind === "invoiced" || kind === "settled" || kind === "paid" ? row.amount : null,
    lot: kind === "delivered" || kind === "received" ? "L260812A" : null,
    expires: kind === "delivered" || kind === "received" ? "2028-08-11" : null,
  };
}

export function orderDetail(rows: readonly OrderRow[], row: OrderRow): OrderLineDetail {
  const life = [event(row, "ordered", 0, "提交订单", `${row.dept} 周敏`)];
  const past = (...states: string[]) => states.includes(row.state);
  if (past("ACCEPTED", "SHIPPED", "RECEIVING", "RECEIVED"))
    life.push(event(row, "responded", 0, "配送企业接单", row.supplier));
  if (past("REFUSED")) life.push(event(row, "responded", 1, "配送企业拒绝", "缺货，预计两周后到货"));
  if (past("SHIPPED", "RECEIVING", "RECEIVED"))
    life.push(event(row, "delivered", 1, "发货", `${row.supplier} 随货单 SH${row.orderCode.slice(2)}`));
  if (past("RECEIVED")) {
    life.push(event(row, "received", 2, "验收入库", "中心库房 李文涛"));
    life.push(event(row, "invoiced", 6, "发票验证通过", "24332000000012345678"));
    life.push(event(row, "settled", 20, "结算单提交", "JS202611000042"));
    if (Number(row.id.slice(2)) > 200) life.push(event(row, "paid", 35, "已付款", "财务科"));
  }
  const siblings = rows.filter(({ orderCode, id }) => orderCode === row.orderCode && id !== row.id);
  return {
    row,
    life: life.filter(({ at }) => at.slice(0, 10) <= DAY_ZERO),
    siblings,
    requestedBy: row.id === "L-00001" ? "心内科 4、导管室 2" : "",
    orderId: row.orderCode,
  };
}
