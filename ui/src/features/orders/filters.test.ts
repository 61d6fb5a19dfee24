import { describe, expect, it } from "vitest";
import { isFiltered, NO_FILTER, periodDays, periodOf, request, toggledState, type Period } from "./filters";

const TODAY = "2026-03-02";

describe("periods", () => {
  it.each<[Period, string, string]>([
    ["week", "2026-02-24", TODAY],
    ["month", "2026-02-01", TODAY],
    ["year", "2026-01-01", TODAY],
    ["all", "", ""],
  ])("%s is from %s to %s, and is recognised", (period, from, to) => {
    expect(periodDays(period, TODAY)).toEqual({ from, to });
    expect(periodOf({ from, to }, TODAY)).toBe(period);
  });

  it("days of one's own are none of them", () => {
    expect(periodOf({ from: "2026-02-24", to: "2026-03-01" }, TODAY)).toBeNull();
    expect(periodOf({ from: "2026-02-24", to: "" }, TODAY)).toBeNull();
  });
});

describe("the filter", () => {
  it("adds and takes away a state", () => {
    const once = toggledState(NO_FILTER, "SHIPPED");
    expect(once).toEqual(["SHIPPED"]);
    expect(toggledState({ ...NO_FILTER, states: [...once, "RECEIVED"] }, "SHIPPED")).toEqual(["RECEIVED"]);
  });

  it.each([
    [{}, false],
    [{ text: "  " }, false],
    [{ text: "支架" }, true],
    [{ states: ["DRAFT"] }, true],
    [{ from: "2026-01-01" }, true],
    [{ to: "2026-01-01" }, true],
    [{ campus: "c-1" }, true],
  ])("%o narrows the list: %s", (part, expected) => {
    expect(isFiltered({ ...NO_FILTER, ...part })).toBe(expected);
  });

  it("is asked without blanks, and without bounds that are not there", () => {
    expect(request({ text: " 支架 ", states: ["DRAFT"], from: "", to: TODAY, campus: "" })).toEqual({
      text: "支架",
      states: ["DRAFT"],
      from: null,
      to: TODAY,
      campus: null,
    });
  });
});
