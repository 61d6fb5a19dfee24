import type { Deadline, DeadlineDay, Urgency } from "@/bindings/wire";

/** A few months of the statutory calendar, enough for the invented documents. */
const OFF: Record<string, string> = {
  "2025-10-01": "国庆节、中秋节",
  "2025-10-02": "国庆节、中秋节",
  "2025-10-03": "国庆节、中秋节",
  "2025-10-04": "国庆节、中秋节",
  "2025-10-05": "国庆节、中秋节",
  "2025-10-06": "国庆节、中秋节",
  "2025-10-07": "国庆节、中秋节",
  "2025-10-08": "国庆节、中秋节",
  "2026-09-25": "中秋节",
  "2026-09-26": "中秋节",
  "2026-09-27": "中秋节",
  "2026-10-01": "国庆节",
  "2026-10-02": "国庆节",
  "2026-10-03": "国庆节",
  "2026-10-04": "国庆节",
  "2026-10-05": "国庆节",
  "2026-10-06": "国庆节",
  "2026-10-07": "国庆节",
  "2027-01-01": "元旦",
};
const WORKED: Record<string, string> = {
  "2025-09-28": "国庆节、中秋节",
  "2025-10-11": "国庆节、中秋节",
  "2026-09-20": "国庆节",
  "2026-10-10": "国庆节",
};
const VERSION = "cn-workdays 2026-11-21";
const LAST_CERTAIN = "2026-12-25";

export interface Day {
  date: string;
  working: boolean;
  name: string | null;
  provisional: boolean;
}

export function plusDays(date: string, count: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
}

export function dayOf(date: string): Day {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const name = OFF[date] ?? WORKED[date] ?? null;
  const working = date in WORKED || (weekday !== 0 && weekday !== 6 && !(date in OFF));
  return { date, working, name, provisional: date > LAST_CERTAIN };
}

/** Working days after `from` up to and with `to`; negative when `to` lies before. */
export function workingDaysBetween(from: string, to: string): number {
  const [start, end, sign] = from <= to ? [from, to, 1] : [to, from, -1];
  let count = 0;
  for (let date = plusDays(start, 1); date <= end; date = plusDays(date, 1)) if (dayOf(date).working) count++;
  return sign * count || 0;
}

function urgencyOf(remaining: number): Urgency {
  if (remaining < 0) return "overdue";
  if (remaining === 0) return "today";
  return remaining <= 2 ? "soon" : "later";
}

/** The n-th working day after the issue, or the day that the platform stated. */
export function deadlineOf(
  issuedOn: string,
  workingDays: number,
  today: string,
  statedOn?: string | undefined,
): Deadline {
  const days: DeadlineDay[] = [{ ...dayOf(issuedOn), number: null }];
  let number = 0;
  const more = (date: string) => (statedOn ? date <= statedOn : number < workingDays);
  for (let date = plusDays(issuedOn, 1); more(date); date = plusDays(date, 1)) {
    const day = dayOf(date);
    days.push({ ...day, number: day.working ? ++number : null });
  }
  const dueDate = days[days.length - 1]!.date;
  const provisional = statedOn === undefined && dueDate > LAST_CERTAIN;
  const remaining = workingDaysBetween(today, dueDate);
  return {
    dueDate,
    dueAt: statedOn ? `${dueDate}T23:59:59+08:00` : `${plusDays(dueDate, 1)}T00:00:00+08:00`,
    provisional,
    earliestDate: provisional ? plusDays(dueDate, -4) : null,
    latestDate: provisional ? plusDays(dueDate, 2) : null,
    remainingWorkingDays: remaining,
    urgency: urgencyOf(remaining),
    counted: days.filter((day) => day.number !== null).map((day) => day.date),
    days,
    calendarVersion: VERSION,
    stated: statedOn !== undefined,
  };
}
