import type {
  PolicyAdjustment,
  PolicyDeadline,
  PolicyExemption,
  PolicyIndicator,
  PolicyPack,
  PolicySource,
} from "@/bindings/wire";
import { dayAndTime } from "@/frame/format";
import type { settings } from "./text";

type Words = (typeof settings)["policies"];
interface ReadColumn<Row> {
  title: string;
  value: (row: Row) => string;
}

const clauseOf = ({ source, clause }: { source: string; clause: string }) => `${source} ${clause}`.trim();

/** From when to when a pack holds; without an end, from its first day on. */
export function validity(
  { validFrom, validTo }: Pick<PolicyPack, "validFrom" | "validTo">,
  t: Words,
): string {
  return validTo === null ? t.validSince(validFrom) : t.validBetween(validFrom, validTo);
}

/** `90 days` in words; what a later pack may say otherwise stays as it is. */
export function windowText(window: string, t: Words): string {
  const [count = "", unit = ""] = window.split(" ");
  if (unit === "days") return t.windowDays(count);
  if (unit === "months") return t.windowMonths(count);
  return t.windows[window] ?? window;
}

/** The limits of an indicator in words, the mildest first; empty where it has none. */
export function limitsText({ notice, warning, serious, direction, unit }: PolicyIndicator, t: Words): string {
  const limits = [
    [t.levels.notice, notice],
    [t.levels.warning, warning],
    [t.levels.serious, serious],
  ].flatMap(([level, limit]) => (limit ? [`${level} ${limit} ${t.units[unit] ?? unit}`] : []));
  return limits.length === 0 ? "" : `${t.directions[direction] ?? direction}${limits.join(t.comma)}`;
}

export function indicatorColumns(t: Words): ReadColumn<PolicyIndicator>[] {
  return [
    {
      title: t.columns.indicator,
      value: (row) => (row.isAdjusted ? `${row.name}${t.isAdjusted}` : row.name),
    },
    { title: t.columns.window, value: (row) => windowText(row.window, t) },
    { title: t.columns.limits, value: (row) => limitsText(row, t) || t.none },
    { title: t.columns.clause, value: clauseOf },
  ];
}

export function adjustmentColumns(t: Words): ReadColumn<PolicyAdjustment>[] {
  return [
    { title: t.columns.state, value: (row) => t.states[row.state] },
    { title: t.columns.indicator, value: (row) => row.name },
    { title: t.columns.parameter, value: (row) => t.parameters[row.parameter] ?? row.parameter },
    { title: t.columns.value, value: (row) => row.value },
    { title: t.columns.effective, value: (row) => dayAndTime(row.effectiveAt) },
    { title: t.columns.clause, value: clauseOf },
  ];
}

export function deadlineColumns(t: Words): ReadColumn<PolicyDeadline>[] {
  return [
    { title: t.columns.deadline, value: (row) => row.name },
    {
      title: t.columns.time,
      value: ({ trigger, amount, unit }) =>
        t.within(t.triggers[trigger] ?? trigger, amount, t.timeUnits[unit] ?? unit),
    },
    { title: t.columns.clause, value: clauseOf },
  ];
}

export function exemptionColumns(t: Words, kinds: Record<string, string>): ReadColumn<PolicyExemption>[] {
  return [
    { title: t.columns.exemption, value: (row) => kinds[row.kind] ?? row.kind },
    { title: t.columns.granted, value: (row) => (row.isGranted ? t.granted : t.notGranted) },
    { title: t.columns.clause, value: clauseOf },
  ];
}

export function sourceColumns(t: Words): ReadColumn<PolicySource>[] {
  return [
    { title: t.columns.title, value: (row) => row.title },
    { title: t.columns.number, value: (row) => row.number ?? t.none },
    { title: t.columns.date, value: (row) => row.date },
  ];
}
