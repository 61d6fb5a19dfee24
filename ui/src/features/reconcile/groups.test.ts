import { describe, expect, it } from "vitest";
import type { ReconcileLine } from "@/bindings/wire";
import { apart, groupSums, lineGroups, together } from "./groups";

const line = (id: string, quantity: string | null) => ({ id, quantity }) as ReconcileLine;

describe("groups of lines", () => {
  const platform = [line("p1", "10"), line("p2", "4"), line("p3", "2")];
  const ledger = [line("l1", "6"), line("l2", "10"), line("l3", null)];

  it("add up exactly and say how they stand", () => {
    const groups = { p1: 1, l2: 1, p2: 2, p3: 2, l1: 2, l3: 3 };
    expect(groupSums(platform, ledger, groups)).toEqual([
      { group: 1, platform: "10", ledger: "10", standing: "equal" },
      { group: 2, platform: "6", ledger: "6", standing: "equal" },
      { group: 3, platform: null, ledger: null, standing: "oneSided" },
    ]);
  });

  it("are unequal where a quantity is not stated or another", () => {
    const [unstated] = groupSums(platform, ledger, { p1: 4, l3: 4 });
    expect(unstated).toMatchObject({ group: 4, ledger: null, standing: "unequal" });
    expect(groupSums([line("a", "0.1"), line("b", "0.2")], [line("c", "0.3")], { a: 1, b: 1, c: 1 })).toEqual(
      [{ group: 1, platform: "0.3", ledger: "0.3", standing: "equal" }],
    );
  });

  it("leave out what has no group", () => {
    expect(lineGroups(platform, ledger, { p1: 2, l2: 2, p2: 0 })).toEqual([
      { platform: ["p1"], ledger: ["l2"] },
    ]);
  });

  it("begin together, or apart by equal quantities", () => {
    expect(together([...platform, ...ledger])).toEqual({ p1: 1, p2: 1, p3: 1, l1: 1, l2: 1, l3: 1 });
    expect(apart(platform, ledger)).toEqual({ p1: 1, l2: 1 });
  });
});
