/** Dates as people type them. All dates are calendar days in Beijing time, as `YYYY-MM-DD`. */

/**
 * The day that was typed, or null. Understands 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, 3-5 and 0305 (this
 * year), +3 and -3 (days from today), 今天, 明天, 昨天.
 *
 * @example parseDay("3-5", "2026-11-22") === "2026-03-05"
 */
export function parseDay(typed: string, today: string): string | null {
  const entry = typed.trim();
  const relative = { 今天: 0, 今日: 0, 明天: 1, 昨天: -1, 后天: 2 }[entry] ?? relativeDays(entry);
  if (relative !== null) return addDays(today, relative);
  const digits = /^(\d{4})?(\d{2})(\d{2})$/.exec(entry);
  const parts = digits ?? /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(entry);
  if (!parts) return null;
  return realDay(Number(parts[1] ?? today.slice(0, 4)), Number(parts[2]), Number(parts[3]));
}

function relativeDays(entry: string): number | null {
  return /^[+-]\d{1,3}$/.test(entry) ? Number(entry) : null;
}

function realDay(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1900) return null;
  return date.toISOString().slice(0, 10);
}

/** The day `count` days later. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}
