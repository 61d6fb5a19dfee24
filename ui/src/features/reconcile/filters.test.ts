import { describe, expect, it } from "vitest";
import { daysOf, isFiltered, NO_FILTER, request, toggledKind, type WorkFilter } from "./filters";

const filter: WorkFilter = { ...NO_FILTER, period: "2026-11" };

describe("days as typed", () => {
  it.each([
    ["7", 7],
    ["３０", 30],
    ["367", null],
    ["1.5", null],
    ["", null],
  ])("%o are %o", (typed, days) => expect(daysOf(typed)).toBe(days));
});

describe("the worklist's filter", () => {
  it("asks the backend for what is chosen", () => {
    const asked = request({
      ...filter,
      owner: "finance",
      text: " 支架 ",
      leastAmount: "１００",
      leastAge: "x",
    });
    expect(asked).toMatchObject({ owners: ["finance"], text: "支架", leastAmount: "100", leastAge: null });
    expect(request(filter).owners).toEqual([]);
  });

  it("knows whether it narrows", () => {
    expect(isFiltered(filter)).toBe(false);
    expect(isFiltered({ ...filter, scope: "pairs", order: "age" })).toBe(false);
    expect(isFiltered({ ...filter, text: "支" })).toBe(true);
    expect(isFiltered({ ...filter, kinds: toggledKind(filter, "priceDiffers") })).toBe(true);
  });

  it("takes a kind in and out", () => {
    const one = { ...filter, kinds: toggledKind(filter, "wrongMonth") };
    expect(one.kinds).toEqual(["wrongMonth"]);
    expect(toggledKind(one, "wrongMonth")).toEqual([]);
  });
});
