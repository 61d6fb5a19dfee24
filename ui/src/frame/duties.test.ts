import { describe, expect, it } from "vitest";
import type { AreaDuty, TaskGroup } from "@/bindings/wire";
import { dutyOf, groupsFor, isDivided } from "./duties";

const duty = (area: AreaDuty["area"], mine: boolean, responsible: string | null = "王敏"): AreaDuty => ({
  area,
  mine,
  responsible,
  covers: null,
});
const group = (kind: TaskGroup["kind"], area: TaskGroup["area"]): TaskGroup => ({
  kind,
  area,
  total: 1,
  tasks: [],
});

describe("duties", () => {
  const duties = [duty("billing", false), duty("supply", true), duty("orders", true, null)];

  it("an area without a name is everybody's", () => {
    expect(dutyOf(duties, "billing").mine).toBe(false);
    expect(dutyOf(duties, "volume")).toEqual({ area: "volume", mine: true, responsible: null, covers: null });
  });

  it("mine is what I answer for and what is everybody's", () => {
    const groups = [group("payment", "billing"), group("supplyIssue", "supply"), group("demand", "volume")];
    const kinds = (scope: "mine" | "all") => groupsFor(groups, duties, scope).map(({ kind }) => kind);
    expect(kinds("mine")).toEqual(["supplyIssue", "demand"]);
    expect(kinds("all")).toEqual(["payment", "supplyIssue", "demand"]);
  });

  it("is divided once somebody is named", () => {
    expect(isDivided(duties)).toBe(true);
    expect(isDivided([duty("orders", true, null)])).toBe(false);
  });
});
