import { describe, expect, it } from "vitest";
import type { Deadline } from "@/bindings/wire";
import { deadlineOf } from "@/platform/fake/calendar";
import { zh } from "@/text";
import { dueText, explain, remainingOf, weeksAround } from "./deadline";

const base = deadlineOf("2026-11-13", 5, "2026-11-20");
const withRest = (rest: Partial<Deadline>): Deadline => ({ ...base, ...rest });

describe("what is left", () => {
  it.each<[Partial<Deadline>, string]>([
    [{ remainingWorkingDays: 3, urgency: "later" }, "剩 3 个工作日"],
    [{ remainingWorkingDays: 0, urgency: "today" }, "今天到期"],
    [{ remainingWorkingDays: -2, urgency: "overdue" }, "已逾期 2 个工作日"],
    // Provisional: near by its earliest day, and never overdue before the backend says so.
    [{ remainingWorkingDays: 2, urgency: "today", provisional: true }, "最早今天到期"],
    [{ remainingWorkingDays: -1, urgency: "today", provisional: true }, "暂定截止日已过"],
    [{ remainingWorkingDays: -4, urgency: "overdue", provisional: true }, "已逾期 4 个工作日"],
  ])("%o is %s", (rest, words) => {
    expect(remainingOf(withRest(rest), zh).words).toBe(words);
  });
});

describe("the due hour", () => {
  it.each([
    ["2026-11-20", "2026-11-21T00:00:00+08:00", "11月20日（周五）24:00"],
    ["2026-11-20", "2026-11-20T23:59:59+08:00", "11月20日（周五）24:00"],
    ["2026-11-20", "2026-11-20T17:30:00+08:00", "11月20日（周五）17:30"],
  ])("%s at %s is %s", (dueDate, dueAt, words) => {
    expect(dueText(withRest({ dueDate, dueAt }), zh)).toBe(words);
  });
});

describe("the explanation", () => {
  const lines = (issuedOn: string, days: number, stated?: string, round = 1) =>
    explain(
      {
        issuedAt: `${issuedOn}T10:00:00+08:00`,
        deadline: deadlineOf(issuedOn, days, "2026-11-20", stated),
        round,
      },
      zh,
    );

  it("names holidays that are skipped and make-up days that count", () => {
    expect(lines("2025-09-28", 5)).toEqual([
      "9月28日（周日）下发，当日不计；从次日起数满 5 个工作日，截止 10月11日（周六）24:00。",
      "其间国庆节、中秋节放假，不计。",
      "10月11日（周六）调休上班，计入。",
    ]);
  });

  it("says that a stated day is not counted, and that a return counts anew", () => {
    expect(lines("2026-11-18", 5, "2026-11-25", 2)).toEqual([
      "平台在通知中指定截止 11月25日（周三）24:00，不由工作日推算。",
    ]);
    expect(lines("2026-11-18", 5, undefined, 2)[0]).toContain("11月18日（周三）退回，当日不计");
  });

  it("says why a deadline is provisional, and between which days it lies", () => {
    const last = lines("2026-11-19", 33).pop();
    expect(last).toContain("次年放假安排尚未公布");
    expect(last).toContain("最早可能是 1月2日（周六），最晚可能是 1月8日（周五）");
  });
});

describe("the weeks", () => {
  it.each([
    ["2026-11-13", 5, 2],
    ["2025-09-28", 5, 3],
    ["2026-11-16", 5, 2],
  ])("from %s over %d working days are %d, each from Monday", (issued, days, count) => {
    const weeks = weeksAround(deadlineOf(issued, days, "2026-11-20").days);
    expect(weeks).toHaveLength(count);
    for (const week of weeks) {
      expect(week).toHaveLength(7);
      week.forEach((day, at) => {
        if (day) expect((new Date(`${day.date}T00:00:00Z`).getUTCDay() + 6) % 7).toBe(at);
      });
    }
  });
});
