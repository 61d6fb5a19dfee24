import type { Attendance, Connection, Task, TaskGroup } from "@/bindings/wire";
import { dayOf, plusDays } from "./calendar";

export const NAME = "周敏";

export const CONNECTION: Connection = {
  platform: "云岭省医药集中采购平台（示范）",
  url: "http://127.0.0.1:18080",
  institution: "H57010300012",
  institutionName: "望溪区人民医院",
  user: "zhoumin",
  userName: NAME,
  roles: ["clerk"],
  may: [
    "checkIn",
    "draft",
    "reply",
    "submissions",
    "exchange",
    "manage",
    "reconcile",
    "signOff",
    "govern",
    "purchase",
    "receive",
  ],
  signedIn: true,
  demo: true,
};

/** A working day of last week on which nobody signed in, so that the month is not perfect. */
const MISSED = "2026-11-11";

/** The month's check-ins up to `today`, today's by whether it is done. */
export function attendanceOf(month: string, today: string, doneToday: boolean, waiting: boolean): Attendance {
  const days = [];
  for (let date = `${month}-01`; date.startsWith(month); date = plusDays(date, 1)) {
    const day = dayOf(date);
    const past = date < today && day.working && date !== MISSED;
    const isToday = date === today;
    days.push({ ...day, checkedIn: past || (isToday && doneToday), waiting: isToday && waiting });
  }
  return { month, days };
}

const task = (id: string, title: string, detail: string, rest: Partial<Task> = {}): Task => ({
  id,
  title,
  detail,
  dueAt: null,
  urgency: "later",
  orderLine: null,
  delivery: null,
  ...rest,
});

/** `at(minutes)` is an instant so many minutes from now. */
export function taskGroups(at: (minutes: number) => string): TaskGroup[] {
  return [
    {
      kind: "deliveryClock",
      area: "orders",
      total: 4,
      tasks: [
        task("C-1", "微导管 1.8F", "急救 · 云岭岚泰医药有限公司 · 2 根", {
          dueAt: at(-38),
          urgency: "overdue",
          orderLine: "L-00022",
        }),
        task("C-2", "冠脉球囊扩张导管 Φ2.5mm×15mm", "澜川恒澈医疗供应链有限公司 · 6 根", {
          dueAt: at(132),
          urgency: "soon",
          orderLine: "L-00001",
        }),
        task("C-3", "椎弓根螺钉 6.5mm×45mm", "澜川颂安医疗器械有限公司 · 12 枚", {
          dueAt: at(611),
          orderLine: "L-00006",
        }),
        task("C-4", "医用可吸收缝合线 3-0 75cm", "云岭岚泰医药有限公司 · 40 包", {
          dueAt: at(1_302),
          orderLine: "L-00015",
        }),
      ],
    },
    {
      kind: "delivery",
      area: "receiving",
      total: 17,
      tasks: Array.from({ length: 17 }, (_, n) =>
        task(
          `PS-${n}`,
          ["冠脉造影导管 6F JL4.0", "一次性使用吻合器 60mm", "全膝关节系统 左 3#"][n % 3]!,
          `送达 11-${19 - (n % 4)} · 随货单 SH2026111${n}000${100 + n}`,
          { urgency: n < 1 ? "today" : "later" },
        ),
      ),
    },
    {
      kind: "receipt",
      area: "receiving",
      total: 2,
      tasks: [
        task("R-1", "全膝关节系统 左 3#", "预验收 3 套 · 手术室 11-18", {
          dueAt: at(420),
          delivery: "PS-2",
        }),
        task("R-2", "冠状动脉药物洗脱支架系统 Φ2.75mm×18mm", "预验收 2 套 · 导管室 11-19", {
          dueAt: at(1_900),
          delivery: "PS-5",
        }),
      ],
    },
    {
      kind: "payment",
      area: "billing",
      total: 3,
      tasks: [
        task("J-1", "JS202610000031 云岭岚泰医药有限公司", "86,240.50 元", {
          dueAt: at(-3 * 1_440),
          urgency: "overdue",
        }),
        task("J-2", "JS202610000040 澜川颂安医疗器械有限公司", "41,800.00 元", { dueAt: at(5 * 1_440) }),
        task("J-3", "JS202611000042 澜川恒澈医疗供应链有限公司", "12,077.10 元", { dueAt: at(12 * 1_440) }),
      ],
    },
  ];
}
