/** The invented office's clock: starts at a given moment and runs on. */
export interface Clock {
  /** RFC 3339 at +08:00. */
  now(): string;
  /** yyyy-MM-dd in Beijing. */
  today(): string;
}

export function beijing(millis: number): string {
  return `${new Date(millis + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

export function runningClock(start: string): Clock {
  const from = Date.parse(start);
  const began = Date.now();
  const now = () => beijing(from + Date.now() - began);
  return { now, today: () => now().slice(0, 10) };
}
