import type {
  DemandReportReq,
  DemandReportRow,
  DemandSource,
  DemandSuggestion,
  DepartmentDemand,
  FieldFault,
} from "@/bindings/wire";
import { decimal, typedDecimal, units } from "@/frame/decimal";

/** What is typed for one variety. `demand` is blank until it is answered; a nought is an answer. */
export interface DemandEntry {
  demand: string;
  explanation: string;
  departments: DepartmentDemand[];
  /** Where the demand was filled in from; empty once a person has typed it. */
  source: DemandSource | "";
}

export type DemandFault = "blank" | "number" | "reason" | "departments";

/** It is the hospital's turn. */
export function isOurs({ state, waiting }: DemandReportRow): boolean {
  return (state === "DRAFT" || state === "RETURNED") && !waiting;
}

/** As a person types it: without idle zeros. */
const typed = (stated: string) => decimal(units(stated) ?? 0n);
const shares = (departments: readonly DepartmentDemand[]) =>
  departments.map(({ dept, count }) => ({ dept, count: typed(count) }));

/** What an answer begins with: a returned one with what was sent, a new one blank. */
export function beginning(row: DemandReportRow): DemandEntry {
  const again = row.state === "RETURNED";
  return {
    demand: again ? typed(row.demand) : "",
    explanation: again ? row.explanation : "",
    departments: again ? shares(row.departments) : [],
    source: "",
  };
}

/** Less than four fifths of last year's actual purchases. */
export function isCut(lastYear: string, demand: string): boolean {
  const before = units(lastYear);
  const now = units(typedDecimal(demand));
  return before !== null && now !== null && now * 5n < before * 4n;
}

/** Change against last year in percent with one place, `-23.5`; null where last year is nought or nothing is typed. */
export function changeOf(lastYear: string, demand: string): string | null {
  const before = units(lastYear);
  const now = units(typedDecimal(demand));
  if (before === null || before <= 0n || now === null) return null;
  const twice = ((now - before) * 2_000n) / before;
  // Half up in size, as amounts are rounded.
  const tenths = (twice < 0n ? twice - 1n : twice + 1n) / 2n;
  const size = tenths < 0n ? -tenths : tenths;
  const sign = tenths < 0n ? "-" : tenths > 0n ? "+" : "";
  return `${sign}${size / 10n}.${size % 10n}`;
}

/** The sum of the departments, or null where one is no number. */
export function sumOf(departments: readonly DepartmentDemand[]): string | null {
  let sum = 0n;
  for (const { count } of departments) {
    const value = units(typedDecimal(count));
    if (value === null) return null;
    sum += value;
  }
  return decimal(sum);
}

/** A blank answer filled in from history; null where it is answered already or there is no history. */
export function filled(
  entry: DemandEntry,
  { demand, source, departments }: DemandSuggestion,
): DemandEntry | null {
  if (entry.demand.trim() !== "" || demand === null) return null;
  return { ...entry, demand: typed(demand), source, departments: shares(departments) };
}

/** The fault that the core found, as the table words it; null for one that it words by its code. */
export function faultOf({ field, code }: FieldFault): DemandFault | null {
  if (field === "demand") return code === "fieldRequired" ? "blank" : "number";
  if (field === "explanation") return "reason";
  return field.startsWith("departments") ? "departments" : null;
}

/** What stands in the way of submitting it, or null; the core judges again. */
export function demandFault(row: DemandReportRow, entry: DemandEntry): DemandFault | null {
  if (entry.demand.trim() === "") return "blank";
  const demand = typedDecimal(entry.demand);
  if (demand === null) return "number";
  if (entry.departments.length > 0) {
    const sum = sumOf(entry.departments);
    if (sum === null || units(sum) !== units(demand)) return "departments";
  }
  return isCut(row.lastYear, demand) && entry.explanation.trim() === "" ? "reason" : null;
}

export function demandRequest(report: string, entry: DemandEntry): DemandReportReq {
  return {
    report,
    demand: typedDecimal(entry.demand) ?? entry.demand,
    explanation: entry.explanation.trim(),
    departments: entry.departments.map(({ dept, count }) => ({
      dept: dept.trim(),
      count: typedDecimal(count) ?? count,
    })),
  };
}

/** The batches in the rows' order, each with its rows. */
export function batchesOf(rows: readonly DemandReportRow[]): { batch: string; rows: DemandReportRow[] }[] {
  const batches = new Map<string, DemandReportRow[]>();
  for (const row of rows) batches.set(row.batch, [...(batches.get(row.batch) ?? []), row]);
  return [...batches].map(([batch, its]) => ({
    batch,
    // What is to be answered stands first; the same batch may have been reported for an earlier cycle.
    rows: its.sort(
      (a, b) =>
        Number(isOurs(b)) - Number(isOurs(a)) ||
        b.deadline.localeCompare(a.deadline) ||
        a.variety.localeCompare(b.variety, "zh-CN") ||
        a.id.localeCompare(b.id),
    ),
  }));
}
