import { describe, expect, it } from "vitest";
import type { ProductDetail } from "@/bindings/wire";
import { agreementFor, lineFor, newId, weigh } from "./orderDraft";

const TODAY = "2026-11-20";
const ends = {
  dueDate: "2027-01-01",
  remainingWorkingDays: 30,
  urgency: "later" as const,
  provisional: false,
};
const detail = (part: Partial<ProductDetail> = {}): ProductDetail => ({
  row: {
    id: "P-1",
    name: "冠脉球囊扩张导管",
    spec: "",
    model: "",
    mcsCode: null,
    unit: "根",
    category: "",
    maker: "",
    purchaseType: "",
    selected: true,
    price: "240.00",
    listed: true,
    codeMark: "good",
    registration: "",
    registrationEndsOn: null,
    orderedLines: 0,
    items: [],
  },
  udiDi: null,
  prices: [],
  codes: [],
  suppliers: [
    { id: "S-1", name: "甲", ends },
    { id: "S-2", name: "乙", ends },
  ],
  agreements: [
    {
      id: "A-1",
      batch: "",
      supplier: "乙",
      agreed: "10",
      ordered: "3",
      startsOn: "2026-01-01",
      endsOn: "2026-12-31",
      stateText: "",
    },
  ],
  items: [],
  orders: [],
  priceCap: null,
  parts: [],
  negotiable: false,
  ...part,
});
const last = (supplier: string): ProductDetail["orders"] => [
  { orderLine: "L", orderCode: "", submittedAt: "", quantity: "3", price: "", supplier, stateText: "" },
];

describe("a new line", () => {
  it.each<
    [string, ProductDetail, Parameters<typeof lineFor>[2], { supplier: string; agreement: string | null }]
  >([
    ["leaves the distributor open among several", detail(), {}, { supplier: "", agreement: null }],
    ["takes the last one", detail({ orders: last("乙") }), {}, { supplier: "S-2", agreement: "A-1" }],
    [
      "takes the only one",
      detail({ suppliers: [detail().suppliers[0]!] }),
      {},
      { supplier: "S-1", agreement: null },
    ],
    [
      "takes the wanted one by id",
      detail({ orders: last("乙") }),
      { supplier: "S-1" },
      { supplier: "S-1", agreement: null },
    ],
    ["takes the wanted one by name", detail(), { supplier: "乙" }, { supplier: "S-2", agreement: "A-1" }],
    [
      "passes over one that may not deliver",
      detail(),
      { supplier: "S-9" },
      { supplier: "", agreement: null },
    ],
  ])("%s", (_, product, wish, expected) => expect(lineFor(product, TODAY, wish)).toMatchObject(expected));

  it("has the listed price, and no quantity of its own", () => {
    expect(lineFor(detail(), TODAY)).toMatchObject({ price: "240.00", quantity: "", product: "P-1" });
    expect(lineFor(detail(), TODAY, { quantity: "6" })).toMatchObject({ quantity: "6" });
  });

  it("takes a quantity in the product's own unit only", () => {
    const product = detail();
    const wish = { quantity: "6", unit: product.row.unit };
    expect(lineFor(product, TODAY, wish)).toMatchObject({ quantity: "6" });
    expect(lineFor(product, TODAY, { ...wish, unit: "托盘" })).toMatchObject({ quantity: "" });
  });
});

it.each([
  ["2025-12-31", null],
  ["2026-01-01", "A-1"],
  ["2026-12-31", "A-1"],
  ["2027-01-01", null],
])("an agreement holds on %s: %s", (day, id) =>
  expect(agreementFor(detail(), "乙", day)?.id ?? null).toBe(id),
);

it("weighs what stands against an order", () => {
  const obstacle = (refusal: boolean) => ({ code: "", refusal, text: "", clause: "" });
  expect(weigh([obstacle(true), obstacle(false), obstacle(false)])).toEqual({ refusals: 1, warnings: 2 });
});

it("names drafts by random UUIDs", () => {
  const ids = Array.from({ length: 50 }, newId);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(50);
});
