import type { LineGroup, ReconcileLine } from "@/bindings/wire";
import { decimal, units } from "@/frame/decimal";

/** The group of each line by its id; 0 or absent: left out. */
export type Groups = Readonly<Record<string, number>>;

export const MOST_GROUPS = 9;

export interface GroupSum {
  readonly group: number;
  /** Decimal text; null where a line states no quantity, or there is no line of the side. */
  readonly platform: string | null;
  readonly ledger: string | null;
  readonly standing: "equal" | "unequal" | "oneSided";
}

function sum(lines: readonly ReconcileLine[]): string | null {
  if (lines.length === 0) return null;
  let total = 0n;
  for (const { quantity } of lines) {
    const value = units(quantity);
    if (value === null) return null;
    total += value;
  }
  return decimal(total);
}

const membersOf = (lines: readonly ReconcileLine[], groups: Groups, group: number) =>
  lines.filter(({ id }) => groups[id] === group);

/** Each group in use with what its two sides add up to, by number. */
export function groupSums(
  platform: readonly ReconcileLine[],
  ledger: readonly ReconcileLine[],
  groups: Groups,
): GroupSum[] {
  const used = [...platform, ...ledger].map(({ id }) => groups[id] ?? 0).filter((group) => group > 0);
  return [...new Set(used)]
    .sort((a, b) => a - b)
    .map((group) => {
      const left = membersOf(platform, groups, group);
      const right = membersOf(ledger, groups, group);
      const [one, other] = [sum(left), sum(right)];
      const oneSided = left.length === 0 || right.length === 0;
      return {
        group,
        platform: one,
        ledger: other,
        standing: oneSided ? "oneSided" : one !== null && one === other ? "equal" : "unequal",
      };
    });
}

/** The groups as the backend takes them. */
export function lineGroups(
  platform: readonly ReconcileLine[],
  ledger: readonly ReconcileLine[],
  groups: Groups,
): LineGroup[] {
  const ids = (lines: readonly ReconcileLine[], group: number) =>
    membersOf(lines, groups, group).map(({ id }) => id);
  return groupSums(platform, ledger, groups).map(({ group }) => ({
    platform: ids(platform, group),
    ledger: ids(ledger, group),
  }));
}

/** All lines in one group. */
export function together(lines: readonly ReconcileLine[]): Groups {
  return Object.fromEntries(lines.map(({ id }) => [id, 1]));
}

/** A beginning for a split: lines of equal quantity side by side, the rest after them. */
export function apart(platform: readonly ReconcileLine[], ledger: readonly ReconcileLine[]): Groups {
  const groups: Record<string, number> = {};
  const rest = [...ledger];
  let next = 1;
  for (const line of platform) {
    const at = rest.findIndex(({ quantity }) => quantity !== null && quantity === line.quantity);
    if (at < 0 || next > MOST_GROUPS) continue;
    groups[line.id] = next;
    groups[rest[at]!.id] = next++;
    rest.splice(at, 1);
  }
  return groups;
}
