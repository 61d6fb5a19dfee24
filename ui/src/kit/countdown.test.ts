import { expect, it } from "vitest";
import { countdown, type Remaining } from "./countdown";

const days = (count: number): Remaining => ({ unit: "workingDays", days: count });
const minutes = (count: number): Remaining => ({ unit: "minutes", minutes: count });

it.each([
  [days(5), "calm", "workingDays", 5],
  [days(3), "calm", "workingDays", 3],
  [days(2), "soon", "workingDays", 2],
  [days(0), "due", "today", 0],
  [days(-1), "overdue", "workingDaysOver", 1],
  [minutes(2_881), "calm", "hours", 48],
  [minutes(241), "calm", "hours", 4],
  [minutes(240), "soon", "hours", 4],
  [minutes(60), "due", "hours", 1],
  [minutes(59), "due", "minutes", 59],
  [minutes(0), "due", "minutes", 0],
  [minutes(-1), "overdue", "minutesOver", 1],
  [minutes(-150), "overdue", "hoursOver", 2],
])("%o is %s: %s %d", (remaining, urgency, wording, amount) => {
  expect(countdown(remaining)).toEqual({ urgency, wording, amount });
});
