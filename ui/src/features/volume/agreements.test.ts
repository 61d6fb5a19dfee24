import { describe, expect, it } from "vitest";
import { elapsedShare, percentText, perMille } from "./agreements";

describe("an agreement's progress", () => {
  it.each([
    ["0", "300", 0, "0.0 %"],
    ["100", "300", 333, "33.3 %"],
    ["299.9999", "300", 999, "99.9 %"],
    ["360", "300", 1_200, "120.0 %"],
  ])("of %s of %s is %d tenths, %s", (part, whole, tenths, words) => {
    expect(perMille(part, whole)).toBe(tenths);
    expect(percentText(tenths)).toBe(words);
  });

  it("of nothing agreed is none", () => expect(perMille("5", "0")).toBeNull());

  it.each([
    ["2026-01-01", "2026-12-31", "2025-12-31", 0],
    ["2026-01-01", "2026-01-10", "2026-01-01", 0.1],
    ["2026-01-01", "2026-01-10", "2026-01-05", 0.5],
    ["2026-01-01", "2026-01-10", "2026-01-10", 1],
    ["2026-01-01", "2026-01-10", "2026-02-01", 1],
  ])("from %s to %s has by %s passed %d", (from, to, today, share) =>
    expect(elapsedShare(from, to, today)).toBe(share),
  );
});
