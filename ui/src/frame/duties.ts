import type { AreaDuty, DutyArea, TaskGroup } from "@/bindings/wire";

/** Whose an area is today; without a roster everybody's. */
export function dutyOf(duties: readonly AreaDuty[], area: DutyArea): AreaDuty {
  return duties.find((duty) => duty.area === area) ?? { area, mine: true, responsible: null, covers: null };
}

/** Whether somebody in particular answers for something, so that there is a mine and a theirs. */
export function isDivided(duties: readonly AreaDuty[]): boolean {
  return duties.some(({ responsible }) => responsible !== null);
}

/** The groups of tasks that a person looks after, or all of them. */
export function groupsFor(
  groups: readonly TaskGroup[],
  duties: readonly AreaDuty[],
  scope: "mine" | "all",
): TaskGroup[] {
  return groups.filter(({ area }) => scope === "all" || dutyOf(duties, area).mine);
}
