import type { PageSource } from "./pageCache";

const PAGE = 100;

/** Rows that are all here, as the grid reads them. Other rows of the same list keep the grid's place and selection. */
export class RowsSource<Row> implements PageSource<Row> {
  readonly pageSize = PAGE;
  private readonly listeners = new Set<() => void>();

  constructor(
    private rows: readonly Row[],
    readonly rowKey: (row: Row) => string,
  ) {}

  total(): number {
    return this.rows.length;
  }

  async page(index: number): Promise<Row[]> {
    return this.rows.slice(index * PAGE, (index + 1) * PAGE);
  }

  /** Shows these instead. */
  replace(rows: readonly Row[]): void {
    this.rows = rows;
    for (const changed of this.listeners) changed();
  }

  onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }
}
