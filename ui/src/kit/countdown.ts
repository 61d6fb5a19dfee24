/** Time left as the backend counted it: whole working days, or minutes of a running clock; negative when past. */
export type Remaining = { unit: "workingDays"; days: number } | { unit: "minutes"; minutes: number };

export type Urgency = "calm" | "soon" | "due" | "overdue";
export type CountdownWording =
  | "workingDays"
  | "today"
  | "workingDaysOver"
  | "hours"
  | "minutes"
  | "hoursOver"
  | "minutesOver";

export interface CountdownState {
  urgency: Urgency;
  wording: CountdownWording;
  /** Whole days, hours or minutes, never negative. */
  amount: number;
}

/** Two working days left, or four hours, are soon; today, or one hour, is due. */
export function countdown(remaining: Remaining): CountdownState {
  if (remaining.unit === "workingDays") {
    const { days } = remaining;
    if (days < 0) return { urgency: "overdue", wording: "workingDaysOver", amount: -days };
    if (days === 0) return { urgency: "due", wording: "today", amount: 0 };
    return { urgency: days <= 2 ? "soon" : "calm", wording: "workingDays", amount: days };
  }
  const { minutes } = remaining;
  const past = Math.abs(minutes);
  const amount = past >= 60 ? Math.floor(past / 60) : Math.ceil(past);
  if (minutes < 0) return { urgency: "overdue", wording: past >= 60 ? "hoursOver" : "minutesOver", amount };
  const urgency = minutes <= 60 ? "due" : minutes <= 240 ? "soon" : "calm";
  return { urgency, wording: minutes >= 60 ? "hours" : "minutes", amount };
}
