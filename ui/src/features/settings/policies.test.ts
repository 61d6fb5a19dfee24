import { describe, expect, it } from "vitest";
import type { PolicyIndicator } from "@/bindings/wire";
import { limitsText, validity, windowText } from "./policies";
import { settings } from "./text";

const t = settings.policies;
const indicator: PolicyIndicator = {
  id: "online-settlement-rate",
  name: "线上结算率",
  window: "7 months",
  direction: "at-least",
  unit: "percent",
  notice: "95",
  warning: "92.5",
  serious: null,
  isAdjusted: false,
  source: "",
  clause: "",
};

describe("rules in words", () => {
  it.each([
    ["cycle", "协议期"],
    ["month", "本月"],
    ["90 days", "近 90 天"],
    ["7 months", "前 7 个整月"],
    ["fortnight", "fortnight"],
  ])("the window %s is %s", (window, expected) => {
    expect(windowText(window, t)).toBe(expected);
  });

  it.each<[Partial<PolicyIndicator>, string]>([
    [{}, "不低于：提示 95 %，预警 92.5 %"],
    [{ direction: "at-most", unit: "hours", notice: null, warning: "24" }, "不高于：预警 24 小时"],
    [{ notice: null, warning: null }, ""],
  ])("limits %o", (rest, expected) => {
    expect(limitsText({ ...indicator, ...rest }, t)).toBe(expected);
  });

  it.each([
    [null, "2024-05-30 起"],
    ["2028-10-31", "2024-05-30 至 2028-10-31"],
  ])("valid until %s", (validTo, expected) => {
    expect(validity({ validFrom: "2024-05-30", validTo }, t)).toBe(expected);
  });
});
