import { describe, expect, it } from "vitest";
import { paperKey, placeOfPaper, stageOf } from "./papers";

describe("papers", () => {
  it.each([
    [0, "ended"],
    [7, "week"],
    [15, "fortnight"],
    [30, "month"],
  ] as const)("a reminder of %i days is %s", (stage, expected) => {
    expect(stageOf({ stage })).toBe(expected);
  });

  it("leads to the document where a room lists it", () => {
    expect(placeOfPaper({ kind: "registration", id: "P1" })).toEqual({
      room: "catalogue",
      args: { product: "P1" },
    });
    expect(placeOfPaper({ kind: "contract", id: "C1" })).toEqual({
      room: "volume",
      args: { contract: "C1" },
    });
    expect(placeOfPaper({ kind: "relation", id: "R1" })).toBeNull();
    expect(placeOfPaper({ kind: "certificate", id: "20251203A7C1" })).toBeNull();
  });

  it("keeps papers of different kinds apart", () => {
    expect(paperKey({ kind: "contract", id: "1" })).not.toBe(paperKey({ kind: "relation", id: "1" }));
  });
});
