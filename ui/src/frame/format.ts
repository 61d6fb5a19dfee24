/** Instants of the backend are RFC 3339 in Beijing time (+08:00): they are cut, never converted. */

/** Day and minute: `2026-11-20 09:12`. */
export function dayAndTime(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}

/** Day: `2026-11-20`. */
export function day(instant: string): string {
  return instant.slice(0, 10);
}

/** As short as it stays clear: the minute today, else month, day and minute. */
export function recent(instant: string, today: string): string {
  return instant.slice(0, 10) === today ? instant.slice(11, 16) : dayAndTime(instant).slice(5);
}

/** Today in Beijing, `YYYY-MM-DD`, whatever zone the PC is set to. */
export function todayInBeijing(now: Date = new Date()): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Calendar days from one `YYYY-MM-DD` to another; negative when it lies before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** A decimal with its thousands parted: `12345.6000` to `12,345.6000`. The digits stay as they are. */
export function grouped(decimal: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(.*)$/.exec(decimal) ?? ["", "", decimal, ""];
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest;
}

/** Money with at least two places and no idle zeros beyond: `1234.5000` to `1,234.50`. */
export function money(decimal: string): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(2, "0");
  return grouped(`${whole}.${kept}`);
}

/** A quantity without idle zeros: `12.0000` to `12`. */
export function quantity(decimal: string): string {
  return grouped(decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal);
}
