import { describe, expect, it } from "vitest";
import type { ReconcileRow } from "@/bindings/wire";
import { ACT_KEY, actsOf, itemName, passName } from "./itemView";
import { reconcile } from "./text";

const row = (part: Partial<ReconcileRow>) =>
  ({
    sort: "difference",
    kind: "priceDiffers",
    state: "open",
    filing: null,
    platformLines: 1,
    ledgerLines: 1,
    ...part,
  }) as ReconcileRow;
const filed = (state: string) => ({ submission: "k", state, errorText: null }) as ReconcileRow["filing"];
const alone = { kind: "notOnPlatform", platformLines: 0 } as const;

describe("what may be done with an item", () => {
  it.each([
    ["a difference of a pair", row({}), ["accept", "assign", "unlink", "note"]],
    ["one of several lines", row({ ledgerLines: 2 }), ["accept", "assign", "split", "note"]],
    ["one that was handed over", row({ state: "waiting" }), ["accept", "unlink", "note"]],
    ["one that was accepted", row({ state: "accepted" }), ["reopen", "unlink", "note"]],
    ["a purchase off the platform", row(alone), ["file", "accept", "assign", "link", "note"]],
    [
      "one whose filing is on its way",
      row({ ...alone, state: "filed", filing: filed("sending") }),
      ["reopen", "note"],
    ],
    [
      "one whose filing was refused",
      row({ ...alone, filing: filed("refused") }),
      ["file", "accept", "assign", "link", "note"],
    ],
    ["a proposal", row({ sort: "proposal", kind: null }), ["accept", "link", "unlink", "note", "assign"]],
    ["a pair", row({ sort: "pair", kind: null }), ["unlink", "note"]],
    [
      "a pair of many lines",
      row({ sort: "pair", kind: null, platformLines: 3 }),
      ["unlink", "split", "note"],
    ],
  ] as const)("%s", (_, item, acts) => expect(actsOf(item)).toEqual(acts));

  it("has a key of its own for each act", () => {
    const keys = Object.values(ACT_KEY);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("names", () => {
  it.each([
    [row({}), "单价不符"],
    [row({ kind: null, sort: "proposal" }), "待确认"],
  ])("of an item", (item, name) => expect(itemName(item, reconcile)).toBe(name));

  it.each([
    [null, ""],
    [0, "手工"],
    [1, "第 1 轮 按单据键"],
    [5, "第 5 轮 近似"],
  ])("of pass %s", (pass, name) => expect(passName(pass, reconcile)).toBe(name));
});
