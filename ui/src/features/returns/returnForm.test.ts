import { describe, expect, it } from "vitest";
import type { Returnable, ReturnableLine } from "@/bindings/wire";
import { NO_RETURN, paidFor, returnFault, returnRequest, withAt, type ReturnFields } from "./returnForm";

const line = (part: Partial<ReturnableLine> = {}): ReturnableLine => ({
  orderLine: "L-1",
  product: "球囊",
  spec: "",
  unit: "根",
  supplier: "甲",
  price: "240.00",
  received: "6",
  returned: "2",
  left: "4",
  lots: [],
  ...part,
});
const lines: Returnable = { rows: [line(), line({ orderLine: "L-2", left: "1" })], oneSupplier: true };
const fields = (part: Partial<ReturnFields> = {}): ReturnFields => ({
  ...NO_RETURN,
  reason: "质量问题",
  ...part,
});

describe("a return", () => {
  it.each<[Partial<ReturnFields>, ReturnType<typeof returnFault>]>([
    [{ quantities: ["4"] }, null],
    [{ quantities: ["", "１"] }, null],
    [{ quantities: [] }, { at: null, field: "lines", why: "fieldRequired" }],
    [{ quantities: ["5"] }, { at: 0, field: "quantity", why: "moreThanLeft" }],
    [{ quantities: ["0"] }, { at: 0, field: "quantity", why: "fieldInvalid" }],
    [{ quantities: ["1", "两"] }, { at: 1, field: "quantity", why: "fieldInvalid" }],
    [
      { quantities: ["1"], reason: " " },
      { at: null, field: "reason", why: "fieldRequired" },
    ],
    [
      { kind: "price", quantities: ["2"] },
      { at: 0, field: "amount", why: "fieldRequired" },
    ],
    [
      { kind: "price", quantities: ["2"], amounts: ["480.01"] },
      { at: 0, field: "amount", why: "fieldInvalid" },
    ],
    [{ kind: "price", quantities: ["2"], amounts: ["480"] }, null],
  ])("%o has fault %o", (part, fault) => expect(returnFault(fields(part), lines)).toEqual(fault));

  it("asks for the lines with a quantity", () => {
    expect(returnRequest(fields({ quantities: ["", "１"], lots: ["", "L9"] }), lines).lines).toEqual([
      { orderLine: "L-2", quantity: "1", amount: null, lot: "L9" },
    ]);
    const price = returnRequest(fields({ kind: "price", quantities: ["2"], amounts: ["1,00.5"] }), lines);
    expect(price.lines).toEqual([{ orderLine: "L-1", quantity: "2", amount: "100.5", lot: "" }]);
  });
});

it.each([
  ["240.00", "2", "480"],
  ["0.3333", "3", "1"],
  ["0.005", "1", "0.01"],
  ["0.0049", "1", "0"],
])("%s for %s is %s", (price, quantity, paid) => expect(paidFor(price, quantity)).toBe(paid));

it("changes one place of a list", () => {
  expect(withAt(["a"], 2, "c")).toEqual(["a", "", "c"]);
  expect(withAt(["a", "b"], 0, "x")).toEqual(["x", "b"]);
});
