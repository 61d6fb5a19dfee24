import { describe, expect, it } from "vitest";
import type { AgreementBatch, ContinuityRow, PriceListRow } from "@/bindings/wire";
import {
  batchesByStart,
  countsOf,
  isNoQuantity,
  isReckoned,
  occasions,
  standing,
  stocksOf,
} from "./continuity";

const row = (rest: Partial<ContinuityRow>): ContinuityRow => ({
  product: "P1",
  variety: "椎弓根螺钉",
  name: "椎弓根螺钉",
  spec: "6.5mm×45mm",
  maker: "",
  unit: "枚",
  startsOn: "2026-12-01",
  used: "90.0000",
  stock: null,
  needed: "11.0000",
  gap: null,
  leftOver: null,
  lastsUntil: null,
  price: "12.5000",
  priceThen: "8.0000",
  loss: null,
  ...rest,
});

describe("counts", () => {
  it("keep what is a quantity, a nought included, and point at the rest", () => {
    expect(stocksOf({ P1: "1,200", P2: "", P3: "0", P4: "十", P5: "１２．５" })).toEqual([
      { product: "P1", stock: "1200" },
      { product: "P3", stock: "0" },
      { product: "P5", stock: "12.5" },
    ]);
    expect(["", undefined, "0", "十", "-3"].map(isNoQuantity)).toEqual([false, false, false, true, true]);
  });

  it("begin with what was counted", () => {
    expect(countsOf([row({ stock: "40.0000" }), row({ product: "P2" })])).toEqual({ P1: "40" });
  });

  it.each([
    ["40.0000", "40", true],
    ["40.0000", "41", false],
    ["40.0000", "", false],
    [null, "", true],
    [null, undefined, true],
    [null, "0", false],
  ])("are reckoned with when the core has %s and %s is typed: %s", (stock, typed, expected) => {
    expect(isReckoned(row({ stock }), typed)).toBe(expected);
  });
});

it("a worksheet tells how many are counted, the gaps, and the loss exactly", () => {
  const rows = [
    row({ stock: "3.0000", gap: "8.0000", loss: "0.0000" }),
    row({ product: "P2", stock: "40.0000", gap: "0.0000", loss: "130.5000" }),
    row({ product: "P3", stock: "1.0000", gap: "0.0000", loss: "0.0100" }),
    row({ product: "P4" }),
  ];
  expect(standing(rows)).toEqual({ counted: 3, gaps: 1, loss: "130.51" });
});

it("the batch that begins next stands first", () => {
  const batch = (name: string, startsOn: string) => ({ batch: name, startsOn }) as AgreementBatch;
  const found = batchesByStart(
    [
      batch("old", "2025-01-01"),
      batch("far", "2027-06-01"),
      batch("now", "2026-01-01"),
      batch("next", "2026-12-01"),
    ],
    "2026-11-20",
  );
  expect(found.map(({ batch: name }) => name)).toEqual(["next", "far", "now", "old"]);
});

it("what is ahead stands before what is over, batches before price lists", () => {
  const batches = [
    { batch: "begun", startsOn: "2026-01-01" },
    { batch: "next", startsOn: "2026-12-01" },
  ] as AgreementBatch[];
  const list = (id: string, state: PriceListRow["state"]) =>
    ({ id, name: id, state, transitionEndsOn: "2026-11-30", effectiveAt: "" }) as PriceListRow;
  const lists = [list("L3", "announced"), list("L2", "transition"), list("L1", "closed")];
  const found = occasions(batches, lists, "2026-11-20").map(({ key }) => key);
  expect(found).toEqual(["batch:next", "list:L3", "list:L2", "batch:begun", "list:L1"]);
});
