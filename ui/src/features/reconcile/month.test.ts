import { describe, expect, it } from "vitest";
import { firstPeriod, monthName, neighbour } from "./month";
import { reconcile } from "./text";
import { reconcileEn } from "./text.en";

type State = "empty" | "open" | "signed" | "adjusted";
const months = (...states: State[]) => states.map((state, at) => ({ period: `2026-${12 - at}`, state }));

describe("months", () => {
  it.each([
    [months("empty", "open", "open", "signed"), "2026-11"],
    [months("empty", "adjusted", "signed"), "2026-11"],
    [months("empty"), "2026-12"],
    [[], null],
  ] as const)("of %o begin with %s", (periods, first) => expect(firstPeriod(periods)).toBe(first));

  it.each([
    ["2026-11", 1, "2026-12"],
    ["2026-11", -1, "2026-10"],
    ["2026-12", 1, null],
    ["2026-10", -1, null],
    ["2025-01", -1, null],
  ] as const)("beside %s by %d is %s", (period, step, other) =>
    expect(neighbour(months("empty", "open", "signed"), period, step)).toBe(other),
  );

  it("are said as people say them", () => {
    expect(monthName("2026-03", reconcile)).toBe("2026年3月");
    expect(monthName("2026-03", reconcileEn)).toBe("2026-03");
  });
});
