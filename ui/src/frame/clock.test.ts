import { describe, expect, it } from "vitest";
import { stepTo } from "./itemKeys";
import { otherMonth, weeksOf } from "@/kit/MonthGrid.vue";
import { zh } from "@/text";
import { leftUntil } from "./clock";

const NOW = Date.parse("2026-11-20T09:12:30+08:00");

describe("a running clock", () => {
  it.each([
    ["2026-11-20T11:24:30+08:00", "剩 2:12"],
    ["2026-11-20T09:13:00+08:00", "剩 0:01"],
    ["2026-11-20T09:12:30+08:00", "已超 0:00"],
    ["2026-11-20T08:34:00+08:00", "已超 0:38"],
    ["2026-11-22T09:12:30+08:00", "剩 48:00"],
    ["2026-11-25T09:12:30+08:00", "剩 5 天"],
    ["2026-11-10T09:12:30+08:00", "已超 10 天"],
  ])("until %s: %s", (due, words) => expect(leftUntil(due, NOW, zh)).toBe(words));
});

describe("walking by keys", () => {
  it.each([
    [-1, 1, 5, 0],
    [-1, -1, 5, 4],
    [0, -1, 5, 0],
    [4, 1, 5, 4],
    [2, 1, 5, 3],
  ] as const)("from %d by %d among %d to %d", (at, step, count, to) =>
    expect(stepTo(at, step, count)).toBe(to),
  );
});

describe("a month", () => {
  it.each([
    ["2026-11", 6, 6],
    ["2026-02", 5, 6],
    ["2027-02", 4, 0],
    ["2024-02", 5, 3],
  ])("%s has %d weeks", (month, weeks, before) => {
    const all = weeksOf(month);
    expect(all).toHaveLength(weeks);
    expect(all[0]!.filter((day) => day === null)).toHaveLength(before);
    const days = all.flat().filter((day) => day !== null);
    expect(days[0]).toBe(`${month}-01`);
    expect(new Set(days).size).toBe(days.length);
  });

  it.each([
    ["2026-11", 2, "2027-01"],
    ["2026-01", -1, "2025-12"],
  ])("%s and %d months are %s", (month, step, other) => expect(otherMonth(month, step)).toBe(other));
});
