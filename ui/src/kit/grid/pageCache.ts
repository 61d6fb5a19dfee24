/**
 * Rows of one opened view, by pages of fixed size.
 *
 * A source is one view: another filter or sort makes another source. The backend finds any page by its anchors.
 */
export interface PageSource<Row> {
  readonly pageSize: number;
  /** Rows in the view. */
  total(): number;
  /** Rows `index * pageSize` and on; fewer than `pageSize` only on the last page. */
  page(index: number, signal: AbortSignal): Promise<Row[]>;
  /** Identity of a row across pages and reloads. */
  rowKey(row: Row): string;
  /** First row at or after `from` which begins with `typed`, wrapping round; for type-to-find. */
  find?(typed: string, from: number, signal: AbortSignal): Promise<number | null>;
  /** Calls back when rows or their number changed; answers a function that stops it. */
  onChange?(changed: () => void): () => void;
}

/** Pages kept; more only while that many are on screen. */
export const KEPT_PAGES = 24;

/** Keeps the pages last used, cancels requests that nobody waits for any more. */
export class PageCache<Row> {
  private readonly pages = new Map<number, Row[]>();
  /** Pages from before a change, shown until their successors arrive. */
  private stale = new Map<number, Row[]>();
  private readonly requests = new Map<number, AbortController>();
  private readonly failures = new Map<number, unknown>();

  constructor(
    private readonly source: PageSource<Row>,
    private readonly changed: () => void,
    private readonly kept: number = KEPT_PAGES,
  ) {}

  /** The row, or undefined while its page is not here. */
  row(index: number): Row | undefined {
    if (index < 0 || index >= this.source.total()) return undefined;
    const { pageSize } = this.source;
    const page = Math.floor(index / pageSize);
    return (this.pages.get(page) ?? this.stale.get(page))?.[index % pageSize];
  }

  /** Why the row's page could not be read. */
  failure(index: number): unknown {
    return this.failures.get(Math.floor(index / this.source.pageSize));
  }

  get loading(): boolean {
    return this.requests.size > 0;
  }

  get cachedPages(): number[] {
    return [...this.pages.keys()];
  }

  /** Says which rows are on screen: loads them, then the pages on both sides; cancels the rest. */
  show(first: number, last: number): void {
    const { pageSize } = this.source;
    const pageCount = Math.ceil(this.source.total() / pageSize);
    if (pageCount === 0) return;
    const from = Math.floor(first / pageSize);
    const to = Math.min(Math.floor(last / pageSize), pageCount - 1);
    const wanted: number[] = [];
    for (let page = from; page <= to; page++) wanted.push(page);
    if (to + 1 < pageCount) wanted.push(to + 1);
    if (from > 0) wanted.push(from - 1);

    for (const [page, request] of this.requests) {
      if (wanted.includes(page)) continue;
      this.requests.delete(page);
      request.abort();
    }
    for (const page of wanted) {
      const rows = this.pages.get(page);
      if (rows) {
        // Put last: a map remembers the order, and the first is the longest unused.
        this.pages.delete(page);
        this.pages.set(page, rows);
      } else if (!this.requests.has(page) && !this.failures.has(page)) {
        void this.load(page);
      }
    }
    this.evict(wanted);
  }

  /** Reads rows wherever they are; those not here are fetched without being kept. */
  async read(first: number, last: number, signal: AbortSignal): Promise<Row[]> {
    const { pageSize } = this.source;
    const rows: Row[] = [];
    for (let page = Math.floor(first / pageSize); page * pageSize <= last; page++) {
      const found = this.pages.get(page) ?? (await this.source.page(page, signal));
      const start = page * pageSize;
      rows.push(...found.slice(Math.max(0, first - start), last - start + 1));
    }
    return rows;
  }

  /** Forgets failures, so that the next `show` asks again. */
  retry(): void {
    this.failures.clear();
    this.changed();
  }

  /** The data changed: asks anew for every page, showing the old rows until then. */
  refresh(): void {
    this.stop();
    this.stale = new Map(this.pages);
    this.pages.clear();
    this.failures.clear();
    this.changed();
  }

  /** Cancels what is under way. */
  stop(): void {
    for (const request of this.requests.values()) request.abort();
    this.requests.clear();
  }

  private async load(page: number): Promise<void> {
    const request = new AbortController();
    this.requests.set(page, request);
    try {
      const rows = await this.source.page(page, request.signal);
      if (request.signal.aborted) return;
      this.pages.set(page, rows);
      this.stale.delete(page);
    } catch (error) {
      if (request.signal.aborted) return;
      this.failures.set(page, error);
    }
    this.requests.delete(page);
    this.changed();
  }

  private evict(wanted: number[]): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= this.kept) return;
      if (!wanted.includes(page)) this.pages.delete(page);
    }
  }
}
