import { describe, expect, it } from "vitest";
import {
  isForecast,
  isWarning,
  monthEnd,
  monthsBack,
  quartersBack,
  rateText,
  rounded,
  shortClause,
  standing,
  valueText,
  wallAmount,
} from "./measures";
import { analysis } from "./text";

describe("numbers of results", () => {
  it.each([
    ["0.8755", 3, "0.876"],
    ["1", 1, "1.0"],
    ["-0.04", 1, "0.0"],
    ["-0.05", 1, "-0.1"],
    ["9.99", 1, "10.0"],
    ["12.4", 0, "12"],
  ])("%s to %d places is %s", (decimal, places, text) => expect(rounded(decimal, places)).toBe(text));

  it.each([
    ["0.9", "90.0 %"],
    ["0.8755", "87.6 %"],
    ["1", "100.0 %"],
    ["1.25", "125.0 %"],
    ["0", "0.0 %"],
    ["0.005", "0.5 %"],
    ["-0.123", "-12.3 %"],
    ["0.333333333333", "33.3 %"],
  ])("the fraction %s is %s", (fraction, text) => expect(rateText(fraction)).toBe(text));

  it.each([
    [null, true, "share", "—"],
    ["0.5", true, "count", "50.0 %"],
    ["12345.6", false, "amount", "12,345.60"],
    ["7.0000", false, "count", "7"],
    ["5400", false, "seconds", "1.5 小时"],
  ])("%s, rate %s, in %s reads %s", (value, isRate, basis, text) =>
    expect(valueText(value, { isRate, basis }, analysis)).toBe(text),
  );

  it.each([
    ["86240.50", "86,240.50", "元"],
    ["12345678.90", "1,234.6", "万元"],
    ["0", "0.00", "元"],
  ])("%s stands on the wall as %s %s", (amount, value, unit) =>
    expect(wallAmount(amount, analysis.board)).toEqual({ value, unit }),
  );
});

describe("results", () => {
  const indicators = analysis.indicators;

  it.each([
    ["normal", null, "正常", false, false],
    ["normal", "2027-01-23", "预测", false, true],
    ["warning", null, "预警", true, false],
    ["serious", "2027-01-23", "严重", true, false],
  ])("%s, expected on %s, stand as %s", (level, forecastDate, label, warns, foreseen) => {
    expect(standing({ level, forecastDate }, indicators).label).toBe(label);
    expect(isWarning({ level })).toBe(warns);
    expect(isForecast({ level, forecastDate })).toBe(foreseen);
  });

  it.each([
    [
      "河南省医疗保障局 关于执行管理工作的通知（豫医保办〔2025〕42号）",
      "二（九）",
      "豫医保办〔2025〕42号 二（九）",
    ],
    ["泉州市医疗保障局关于供应保障工作的通知", "一", "泉州市医疗保障局关于供应保障工作的通知 一"],
    ["关于（试行）的通知", "三", "关于（试行）的通知 三"],
    ["", "四", "四"],
  ])("of %s, clause %s, are founded on %s", (source, clause, short) =>
    expect(shortClause({ source, clause })).toBe(short),
  );
});

describe("periods", () => {
  it("go back over the year", () => {
    expect(monthsBack("2026-02-10", 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
    expect(quartersBack("2026-02-10", 3)).toEqual(["2025Q4", "2025Q3", "2025Q2"]);
    expect(quartersBack("2026-11-20", 1)).toEqual(["2026Q3"]);
  });

  it.each([
    ["2026-11", "2026-11-30"],
    ["2026-12", "2026-12-31"],
    ["2024-02", "2024-02-29"],
    ["2100-02", "2100-02-28"],
  ])("%s ends on %s", (month, day) => expect(monthEnd(month)).toBe(day));
});
