import { describe, expect, it } from "vitest";
import { decimal, typedDecimal, units } from "./decimal";

describe("decimals", () => {
  it.each([
    ["12", 120_000n, "12"],
    ["0.1", 1_000n, "0.1"],
    ["-3.5000", -35_000n, "-3.5"],
    ["-0.0001", -1n, "-0.0001"],
    ["900719925474099.1234", 9007199254740991234n, "900719925474099.1234"],
  ])("%s is exact", (text, value, back) => {
    expect(units(text)).toBe(value);
    expect(decimal(value)).toBe(back);
  });

  it.each(["", "1e3", "1,000", "0.12345", null])("%o is none", (text) => expect(units(text)).toBe(null));
});

describe("a decimal as typed", () => {
  it.each([
    ["1200", "1200"],
    ["1,200.50", "1200.50"],
    ["１２．５", "12.5"],
    [" 3 ", "3"],
    ["0.12345", null],
    ["-5", null],
    ["1e3", null],
    ["", null],
    ["12元", null],
  ])("%o is %o", (typed, decimal) => expect(typedDecimal(typed)).toBe(decimal));
});
