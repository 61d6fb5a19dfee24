import { describe, expect, it } from "vitest";
import { added, EVERYTHING, isSelected, NOTHING, only, selectedCount, toggled } from "./selection";

describe("selection", () => {
  it("names rows", () => {
    const selection = toggled(toggled(only("a", "b"), "b"), "c");
    expect(["a", "b", "c"].map((key) => isSelected(selection, key))).toEqual([true, false, true]);
    expect(selectedCount(selection, 1_000)).toBe(2);
  });

  it("takes all but some, and takes them back in", () => {
    const without = toggled(EVERYTHING, "a");
    expect([isSelected(without, "a"), isSelected(without, "b")]).toEqual([false, true]);
    expect(selectedCount(without, 1_000_000)).toBe(999_999);
    expect(selectedCount(added(without, ["a", "b"]), 1_000_000)).toBe(1_000_000);
  });

  it("never changes the selection it was given", () => {
    toggled(NOTHING, "a");
    added(NOTHING, ["a"]);
    expect(NOTHING.keys.size).toBe(0);
  });
});
