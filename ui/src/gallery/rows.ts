import type { PageSource } from "@/kit/grid/pageCache";
import type { Column, Sort } from "@/kit/grid/columns";
import Badge, { type Tone } from "@/kit/Badge.vue";
import { h } from "vue";

export interface SampleRow {
  index: number;
  number: string;
  code: string;
  name: string;
  supplier: string;
  state: number;
  quantity: number;
  price: string;
  amount: string;
  day: string;
}

const NAMES = [
  "一次性使用无菌导尿管",
  "冠状动脉药物洗脱支架",
  "支架球囊扩张导管",
  "医用外科口罩",
  "可吸收性外科缝线",
  "人工髋关节假体",
  "血液透析器",
  "留置针",
];
const SUPPLIERS = ["国药控股华东有限公司", "上海医药分销控股", "华润河南医药有限公司", "九州通医疗器械集团"];
const STATES: [Tone, string][] = [
  ["success", "已确认"],
  ["info", "配送中"],
  ["warning", "待响应"],
  ["danger", "超时"],
  ["neutral", "已撤销"],
];

const grouped = new Intl.NumberFormat("zh-CN");

export function sampleRow(index: number): SampleRow {
  const quantity = ((index * 37) % 480) + 1;
  const price = ((index * 7919) % 200_000) + 150;
  const amount = quantity * price;
  return {
    index,
    number: `YC2026${String(index).padStart(9, "0")}`,
    code: `0${String((index * 104_729) % 1_000_000_000).padStart(12, "0")}`,
    name: NAMES[index % NAMES.length]!,
    supplier: SUPPLIERS[(index >> 2) % SUPPLIERS.length]!,
    state: (index * 13) % 5,
    quantity,
    price: `${grouped.format(Math.floor(price / 100))}.${String(price % 100).padStart(2, "0")}`,
    amount: `${grouped.format(Math.floor(amount / 100))}.${String(amount % 100).padStart(2, "0")}`,
    day: new Date(Date.UTC(2026, 0, 1 + (index % 320))).toISOString().slice(0, 10),
  };
}

export const sampleColumns: readonly Column<SampleRow>[] = [
  {
    key: "number",
    title: "订单编号",
    kind: "code",
    width: 12,
    pinned: true,
    sortable: true,
    value: (row) => row.number,
  },
  {
    key: "state",
    title: "状态",
    width: 7,
    value: (row) => STATES[row.state]![1],
    render: (row) => h(Badge, { tone: STATES[row.state]![0], label: STATES[row.state]![1] }),
  },
  { key: "name", title: "品名", width: 14, sortable: true, value: (row) => row.name },
  { key: "code", title: "产品编码", kind: "code", width: 10, value: (row) => row.code },
  { key: "supplier", title: "配送企业", width: 13, sortable: true, value: (row) => row.supplier },
  {
    key: "quantity",
    title: "数量",
    kind: "number",
    width: 6,
    sortable: true,
    value: (row) => String(row.quantity),
  },
  { key: "price", title: "单价（元）", kind: "money", width: 8, sortable: true, value: (row) => row.price },
  {
    key: "amount",
    title: "金额（元）",
    kind: "money",
    width: 10,
    sortable: true,
    value: (row) => row.amount,
  },
  { key: "day", title: "下单日期", kind: "date", width: 8, sortable: true, value: (row) => row.day },
  {
    key: "index",
    title: "序号",
    kind: "number",
    width: 7,
    optional: true,
    value: (row) => String(row.index),
  },
];

/** A view of `total` rows that answers as a backend does: late, and not at all when cancelled. */
export function sampleSource(total: number, sort: Sort | null = null, delayMs = 15): PageSource<SampleRow> {
  const pageSize = 200;
  const at = (index: number) => sampleRow(sort?.descending ? total - 1 - index : index);
  return {
    pageSize,
    total: () => total,
    rowKey: (row) => row.number,
    page: (page, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const count = Math.min(pageSize, total - page * pageSize);
          resolve(Array.from({ length: count }, (_, row) => at(page * pageSize + row)));
        }, delayMs);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(new DOMException("aborted", "AbortError"));
        });
      }),
    async find(typed, from) {
      for (let step = 0; step < total; step++) {
        const index = (from + step) % total;
        if (at(index).number.toLowerCase().endsWith(typed.toLowerCase())) return index;
      }
      return null;
    },
  };
}
