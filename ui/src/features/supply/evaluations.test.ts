import { describe, expect, it } from "vitest";
import { evaluationFault, evaluationRequest, scored } from "./evaluations";

describe("an evaluation being written", () => {
  it.each([
    [[], "", "scores"],
    [["5", "4"], "", "scores"],
    [["5", "", "4"], "", "scores"],
    [["5", "6", "4"], "", "scores"],
    [["5", "4", "3"], "", null],
    [["5", "2", "3"], "  ", "remarks"],
    [["1", "5", "5"], "晚到", null],
  ])("scores %j with remarks %j: %s", (scores, remarks, fault) =>
    expect(evaluationFault({ scores, remarks }, 3)).toBe(fault),
  );

  it("scores one item and leaves the others", () => {
    expect(scored({ scores: [], remarks: "" }, 1, "4", 3)).toEqual(["", "4", ""]);
    expect(scored({ scores: ["1", "4", "5"], remarks: "" }, 0, "2", 3)).toEqual(["2", "4", "5"]);
  });

  it("is sent as numbers, in the items' order", () =>
    expect(evaluationRequest("E1", { scores: ["5", "2", "3"], remarks: " 晚到 " })).toEqual({
      evaluation: "E1",
      scores: [5, 2, 3],
      remarks: "晚到",
    }));
});
