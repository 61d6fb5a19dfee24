import type { Deadline, DeadlineDay, NoticeRow, Urgency } from "@/bindings/wire";
import type { Text } from "@/text";

/** How a deadline is worded and weighed. */
export interface Remaining {
  words: string;
  urgency: Urgency;
  /** Counted on holidays that are not published yet. */
  provisional: boolean;
}

/**
 * What is left, in words. Overdue is never said of a provisional deadline before the backend says so: it knows the
 * latest possible day.
 */
export function remainingOf(deadline: Deadline, text: Text): Remaining {
  const t = text.notices;
  const { remainingWorkingDays: days, urgency, provisional } = deadline;
  if (days > 0 && provisional && urgency === "today")
    return { words: t.provisionalToday, urgency, provisional };
  if (days > 0) return { words: t.remaining(days), urgency, provisional };
  if (days === 0) return { words: t.dueToday, urgency, provisional };
  if (provisional && urgency !== "overdue") return { words: t.provisionalPassed, urgency, provisional };
  return { words: t.overdue(-days), urgency, provisional };
}

export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

export function isWeekend(date: string): boolean {
  const weekday = weekdayOf(date);
  return weekday === 0 || weekday === 6;
}

/** `11月20日（周五）`. */
export function shortDate(date: string, text: Text): string {
  const t = text.today;
  return t.shortDate(Number(date.slice(5, 7)), Number(date.slice(8, 10)), t.weekdaysShort[weekdayOf(date)]!);
}

/** The due day with its hour: 24:00 unless the platform states another. */
export function dueText({ dueDate, dueAt }: Deadline, text: Text): string {
  const time = dueAt.slice(11, 16);
  const endOfDay = !dueAt.startsWith(dueDate) || time === "23:59";
  return text.notices.dueAt(shortDate(dueDate, text), endOfDay ? "24:00" : time);
}

/** Weeks from Monday to Sunday round the counted days; null pads. */
export function weeksAround(days: readonly DeadlineDay[]): (DeadlineDay | null)[][] {
  if (days.length === 0) return [];
  const cells: (DeadlineDay | null)[] = Array.from(
    { length: (weekdayOf(days[0]!.date) + 6) % 7 },
    () => null,
  );
  cells.push(...days);
  while (cells.length % 7 > 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** The day that the count begins after: the issue, or the return that opened the round. */
export function startOf({ issuedAt, deadline }: Pick<NoticeRow, "issuedAt" | "deadline">): string {
  return deadline.days[0]?.date ?? issuedAt.slice(0, 10);
}

/** The sentences that explain the count. */
export function explain(row: Pick<NoticeRow, "issuedAt" | "deadline" | "round">, text: Text): string[] {
  const t = text.notices;
  const { deadline } = row;
  const due = dueText(deadline, text);
  const lines = [];
  if (deadline.stated) lines.push(t.stated(due));
  else {
    const from = row.round > 1 ? t.countedFromReturn : t.countedFrom;
    lines.push(from(shortDate(startOf(row), text), deadline.counted.length, due));
  }
  if (!deadline.stated) {
    const off = new Set(
      deadline.days.filter((day) => !day.working && day.name !== null).map((day) => day.name!),
    );
    if (off.size > 0) lines.push(t.skipped([...off].join(t.separator)));
    const worked = deadline.days.filter((day) => day.number !== null && isWeekend(day.date));
    if (worked.length > 0)
      lines.push(t.worked(worked.map((day) => shortDate(day.date, text)).join(t.separator)));
  }
  if (deadline.provisional && deadline.earliestDate !== null && deadline.latestDate !== null) {
    lines.push(
      t.provisionalWhy(
        shortDate(deadline.dueDate, text),
        shortDate(deadline.earliestDate, text),
        shortDate(deadline.latestDate, text),
      ),
    );
  }
  return lines;
}
