import { describe, expect, it } from "vitest";
import { scaleOf } from "./barChart";

describe("the scale of bars", () => {
  it.each([
    [
      [515_290, 463_760],
      [0, 200_000, 400_000, 600_000],
    ],
    [[10], [0, 2, 4, 6, 8, 10]],
    [[0.7], [0, 0.2, 0.4, 0.6000000000000001, 0.8]],
    [[1_000_000_000], [0, 2e8, 4e8, 6e8, 8e8, 1e9]],
    // Nothing, or nothing to draw, has a scale too.
    [[], [0, 1]],
    [
      [0, 0],
      [0, 1],
    ],
    [[-5], [0, 1]],
    [[Number.NaN], [0, 1]],
  ])("of %j has the lines %j", (values, lines) => expect(scaleOf([{ name: "", values }])).toEqual(lines));
});
