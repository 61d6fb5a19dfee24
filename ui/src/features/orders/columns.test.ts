import { describe, expect, it } from "vitest";
import type { OrderRow } from "@/bindings/wire";
import { dueText, orderColumns, specAndModel } from "./columns";
import { orders } from "./text";

const ROW: OrderRow = {
  id: "L-1",
  orderCode: "DD20261120000100",
  lineNo: 2,
  productId: "P-1",
  product: "冠脉球囊扩张导管",
  spec: "Φ2.5mm×15mm",
  model: "PTC-25-15",
  mcsCode: "C0201020010000900025",
  maker: "甲",
  supplierId: "S-1",
  supplier: "乙",
  unit: "根",
  quantity: "1200.0000",
  price: "240.0000",
  amount: "288000.0000",
  kind: "普通",
  state: "ACCEPTED",
  stateText: "待配送",
  late: false,
  urgent: false,
  submittedAt: "2026-11-20T08:30:00+08:00",
  deliveryDueAt: "2026-11-22T08:30:00+08:00",
  delivered: "12.5000",
  received: "0.0000",
  returned: "0",
  dept: "导管室",
};

describe("the columns", () => {
  it.each([
    ["order", "DD20261120000100"],
    ["line", "2"],
    ["spec", "Φ2.5mm×15mm PTC-25-15"],
    ["quantity", "1,200"],
    ["price", "240.00"],
    ["amount", "288,000.00"],
    ["state", "待配送"],
    ["progress", "12.5 / 0"],
    ["due", "2026-11-22 08:30"],
    ["submitted", "2026-11-20 08:30"],
    ["code", "C0201020010000900025"],
  ])("%s says %s", (key, expected) => {
    const column = orderColumns(orders).find((one) => one.key === key);
    expect(column?.value(ROW)).toBe(expected);
  });

  it("say in words what is late", () => {
    expect(dueText({ ...ROW, late: true }, orders)).toBe("已超时 2026-11-22 08:30");
    expect(dueText({ ...ROW, late: true, deliveryDueAt: null }, orders)).toBe("已超时");
    expect(dueText({ ...ROW, deliveryDueAt: null }, orders)).toBe("");
  });

  it.each([
    ["3.0×18", "A-1", "3.0×18 A-1"],
    ["A-1", "A-1", "A-1"],
    ["", "A-1", "A-1"],
    ["", "", ""],
  ])("specification %s and model %s are %s", (spec, model, expected) => {
    expect(specAndModel({ spec, model })).toBe(expected);
  });
});
