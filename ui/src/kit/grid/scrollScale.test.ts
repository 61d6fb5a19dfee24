import { describe, expect, it } from "vitest";
import { ScrollScale } from "./scrollScale";

const VIEW = 600;

describe("ScrollScale", () => {
  it("is one to one while the rows fit into an element", () => {
    const scale = new ScrollScale(200_000, VIEW);
    expect(scale.height).toBe(200_000);
    expect(scale.toContent(123_456)).toBe(123_456);
    expect(scale.follow(0, 0, 150_000, VIEW)).toBe(150_000);
  });

  it.each([28_000_000, 8_000_001, 500_000_000])("reaches both ends of %d px, never turns back", (content) => {
    const scale = new ScrollScale(content, VIEW);
    expect(scale.height).toBeLessThanOrEqual(ScrollScale.MAX_HEIGHT);
    expect(scale.toContent(0)).toBe(0);
    expect(scale.toContent(scale.height - VIEW)).toBe(content - VIEW);
    let before = -1;
    for (let at = 0; at <= scale.height - VIEW; at += 9_973) {
      const top = scale.toContent(at);
      expect(top).toBeGreaterThan(before);
      expect(scale.toScroll(top)).toBeCloseTo(at, 3);
      before = top;
    }
  });

  it("is exact near both ends", () => {
    const scale = new ScrollScale(28_000_000, VIEW);
    const last = scale.height - VIEW;
    expect(scale.toContent(1_000) - scale.toContent(0)).toBe(1_000);
    expect(scale.toContent(last) - scale.toContent(last - 1_000)).toBe(1_000);
  });

  it("moves by the pixel under small steps, by the scale under jumps", () => {
    const scale = new ScrollScale(28_000_000, VIEW);
    const top = scale.toContent(4_000_000);
    expect(scale.follow(top, 4_000_000, 4_000_100, VIEW)).toBe(top + 100);
    expect(scale.follow(top, 4_000_000, 4_050_000, VIEW)).toBe(scale.toContent(4_050_000));
  });

  it("shows the very ends even after drifting", () => {
    const scale = new ScrollScale(28_000_000, VIEW);
    expect(scale.follow(900, 100, 0, VIEW)).toBe(0);
    const last = scale.height - VIEW;
    expect(scale.follow(27_990_000, last - 50, last, VIEW)).toBe(28_000_000 - VIEW);
  });

  it("has nowhere to go when everything fits", () => {
    const scale = new ScrollScale(100, VIEW);
    expect(scale.maxTop).toBe(0);
    expect(scale.toContent(50)).toBe(0);
  });
});
