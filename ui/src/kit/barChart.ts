/** Amounts of one kind, one for each name; drawn, never counted with. */
export interface BarSeries {
  name: string;
  values: readonly number[];
}

/** Round numbers from 0 to beyond the largest of what is drawn, at most six of them. */
export function scaleOf(series: readonly BarSeries[]): number[] {
  const largest = Math.max(0, ...series.flatMap(({ values }) => values));
  if (!(largest > 0) || !Number.isFinite(largest)) return [0, 1];
  const rough = largest / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough)!;
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, at) => at * step);
}
