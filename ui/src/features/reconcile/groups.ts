import type { LineGroup, ReconcileLine } from "@/bindings/wire";

/** The group of each line by its id; 0 or absent: left out. */
export type Groups = Readonly<Record<string, number>>;

export const MOST_GROUPS = 9;

/** Decimal text in units of 1/10,000: sums are exact. Null where it is no decimal. */
export function units(decimal: string | null): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(decimal ?? "");
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const value = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, "0"));
  return sign === "-" ? -value : value;
}

/** Units of 1/10,000 as decimal text without idle zeros. */
export function decimal(value: bigint): string {
  const size = value < 0n ? -value : value;
  const fraction = String(size % 10_000n)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${size / 10_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

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
