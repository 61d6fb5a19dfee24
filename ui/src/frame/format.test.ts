import { describe, expect, it } from "vitest";
import { dayAndTime, grouped, money, quantity, recent, todayInBeijing } from "./format";

describe("numbers keep their digits", () => {
  it.each([
    ["0", "0"],
    ["999", "999"],
    ["1000", "1,000"],
    ["-1234567.8900", "-1,234,567.8900"],
    ["9223372036854775807", "9,223,372,036,854,775,807"],
    ["", ""],
    ["n/a", "n/a"],
  ])("grouped %s is %s", (decimal, expected) => expect(grouped(decimal)).toBe(expected));

  it.each([
    ["1234.5000", "1,234.50"],
    ["1234", "1,234.00"],
    ["0.1234", "0.1234"],
    ["-12.3000", "-12.30"],
  ])("money %s is %s", (decimal, expected) => expect(money(decimal)).toBe(expected));

  it.each([
    ["12.0000", "12"],
    ["12.5000", "12.5"],
    ["1200", "1,200"],
    ["0.0000", "0"],
  ])("quantity %s is %s", (decimal, expected) => expect(quantity(decimal)).toBe(expected));
});

describe("instants", () => {
  it("are cut, not converted", () => {
    expect(dayAndTime("2026-11-20T23:59:59+08:00")).toBe("2026-11-20 23:59");
    expect(recent("2026-11-20T09:12:00+08:00", "2026-11-20")).toBe("09:12");
    expect(recent("2026-11-19T09:12:00+08:00", "2026-11-20")).toBe("11-19 09:12");
  });

  it("today is Beijing's, whatever the PC's zone", () => {
    expect(todayInBeijing(new Date("2026-11-19T16:00:00Z"))).toBe("2026-11-20");
    expect(todayInBeijing(new Date("2026-11-19T15:59:59Z"))).toBe("2026-11-19");
  });
});
