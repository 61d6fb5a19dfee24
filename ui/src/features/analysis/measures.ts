import type { IndicatorRow } from "@/bindings/wire";
import { grouped, money, quantity } from "@/frame/format";
import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";
import type { analysis } from "./text";

/** A decimal rounded half up in size to some places: `0.8755`, 3 to `0.876`. */
export function rounded(decimal: string, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (!match) return decimal;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const digits = BigInt(whole + fraction.padEnd(places + 1, "0").slice(0, places + 1));
  const kept = String((digits + 5n) / 10n).padStart(places + 1, "0");
  const at = kept.length - places;
  const text = places === 0 ? kept : `${kept.slice(0, at)}.${kept.slice(at)}`;
  return (/[1-9]/.test(text) ? sign : "") + text;
}

/** A fraction as per cent with one place: `0.8755` to `87.6 %`. */
export function rateText(fraction: string): string {
  const [, places = ""] = fraction.split(".");
  const shifted = places.padEnd(2, "0");
  const whole = fraction.split(".")[0] ?? "0";
  const percent = `${whole}${shifted.slice(0, 2)}.${shifted.slice(2) || "0"}`.replace(/^(-?)0+(?=\d)/, "$1");
  return `${rounded(percent, 1)} %`;
}

/** A fraction for drawing, 0 to 1 and beyond; null where there is none. */
export function drawn(fraction: string | null): number | null {
  const value = fraction === null ? Number.NaN : Number(fraction);
  return Number.isFinite(value) ? value : null;
}

/** A number of a result in its own unit. */
export function basisText(decimal: string, basis: string, t: typeof analysis): string {
  if (basis === "amount") return money(decimal);
  if (basis === "seconds") return t.seconds.hours(grouped(rounded(String(Number(decimal) / 3_600), 1)));
  return quantity(decimal);
}

/** A result as people read it; "—" where there is none. */
export function valueText(
  value: string | null,
  { isRate, basis }: Pick<IndicatorRow, "isRate" | "basis">,
  t: typeof analysis,
): string {
  if (value === null) return t.none;
  return isRate ? rateText(value) : basisText(value, basis, t);
}

const LOOKS: Record<string, { tone: Tone; icon: IconName }> = {
  normal: { tone: "success", icon: "check" },
  notice: { tone: "info", icon: "info" },
  warning: { tone: "warning", icon: "alert" },
  serious: { tone: "danger", icon: "error" },
};

export function levelLook(level: string): { tone: Tone; icon: IconName } {
  return LOOKS[level] ?? { tone: "neutral", icon: "info" };
}

/** It has passed a limit. */
export const isWarning = ({ level }: Pick<IndicatorRow, "level">) => level !== "normal";

/** It is normal today, and expected to pass a limit. */
export const isForecast = ({ level, forecastDate }: Pick<IndicatorRow, "level" | "forecastDate">) =>
  level === "normal" && forecastDate !== null;

/** How a result stands: by its level, or as a forecast where only that speaks against it. */
export function standing(
  row: Pick<IndicatorRow, "level" | "forecastDate">,
  { levels, forecastOnly }: (typeof analysis)["indicators"],
): { tone: Tone; icon: IconName; label: string } {
  if (isForecast(row)) return { tone: "info", icon: "clock", label: forecastOnly };
  return { ...levelLook(row.level), label: levels[row.level] ?? row.level };
}

/** The clause with its notice in short: the number where the notice has one, else its whole title. */
export function shortClause({ source, clause }: Pick<IndicatorRow, "source" | "clause">): string {
  const number = /（([^（）]*〔\d{4}〕[^（）]*)）$/.exec(source)?.[1];
  return [number ?? source, clause].filter(Boolean).join(" ");
}

/** The colour of a progress bar by its level. */
export function barTone(level: string): "accent" | "warning" | "danger" {
  return level === "serious" ? "danger" : level === "warning" || level === "notice" ? "warning" : "accent";
}

/** Months back from one, `yyyy-MM`, the newest first. */
export function monthsBack(today: string, count: number): string[] {
  const [year = 2000, month = 1] = today.split("-").map(Number);
  return Array.from({ length: count }, (_, back) => {
    const at = year * 12 + month - 1 - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

/** The last day of a month `yyyy-MM`. */
export function monthEnd(month: string): string {
  const [year = 2000, number = 1] = month.split("-").map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return `${month}-${String(days).padStart(2, "0")}`;
}

/** Quarters back from the one before today's, `yyyyQn`, the newest first. */
export function quartersBack(today: string, count: number): string[] {
  const [year = 2000, month = 1] = today.split("-").map(Number);
  return Array.from({ length: count }, (_, back) => {
    const at = year * 4 + Math.floor((month - 1) / 3) - 1 - back;
    return `${Math.floor(at / 4)}Q${(at % 4) + 1}`;
  });
}

/** An amount for a wall: in ten thousands where it is large. */
export function wallAmount(decimal: string, t: typeof analysis.board): { value: string; unit: string } {
  const whole = decimal.split(".")[0] ?? "0";
  if (whole.replace("-", "").length <= 5) return { value: money(decimal), unit: t.yuan };
  const padded = whole.replace("-", "");
  const wan = `${padded.slice(0, -4)}.${padded.slice(-4)}`;
  return { value: `${whole.startsWith("-") ? "-" : ""}${grouped(rounded(wan, 1))}`, unit: t.wan };
}
