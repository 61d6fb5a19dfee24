import type { PageSource } from "@/kit/grid/pageCache";
import { ApiError } from "@/platform";

/** How often a page is asked for when its view keeps going away under it. */
const ATTEMPTS = 3;

/** What opening a list answers: the view, and its first page. */
export interface View<Row> {
  readonly view: number;
  readonly total: number;
  readonly pageSize: number;
  readonly first: readonly Row[];
}

/** How a list is read. */
export interface ViewReader<Row, Opened extends View<Row>> {
  open(signal?: AbortSignal): Promise<Opened>;
  page(view: number, page: number, signal: AbortSignal): Promise<Row[]>;
  rowKey(row: Row): string;
  /** Hears the first view and every later one. */
  replaced(view: Opened): void;
}

/**
 * One filtered list as the grid reads it. The backend's view behind it may be replaced (the data changed, or the
 * view was dropped), the source stays the same: the grid keeps its place, its selection and the focus.
 */
export class ViewSource<Row, Opened extends View<Row> = View<Row>> implements PageSource<Row> {
  private readonly listeners = new Set<() => void>();
  private reopening: Promise<void> | undefined;
  private again = false;
  /** The first page came with the view. */
  private firstPage: readonly Row[] | null;

  private constructor(
    private readonly reader: ViewReader<Row, Opened>,
    private view: Opened,
  ) {
    this.firstPage = view.first;
  }

  static async open<Row, Opened extends View<Row>>(
    reader: ViewReader<Row, Opened>,
    signal?: AbortSignal,
  ): Promise<ViewSource<Row, Opened>> {
    const view = await reader.open(signal);
    reader.replaced(view);
    return new ViewSource(reader, view);
  }

  get pageSize(): number {
    return this.view.pageSize;
  }

  total(): number {
    return this.view.total;
  }

  rowKey(row: Row): string {
    return this.reader.rowKey(row);
  }

  async page(index: number, signal: AbortSignal): Promise<Row[]> {
    if (index === 0 && this.firstPage) {
      const rows = [...this.firstPage];
      this.firstPage = null;
      return rows;
    }
    for (let attempt = 1; ; attempt++) {
      const { view } = this.view;
      try {
        return await this.reader.page(view, index, signal);
      } catch (reason) {
        if (ApiError.from(reason).code !== "viewGone" || attempt === ATTEMPTS) throw reason;
        // Another page may have met the same: then the list is open again, or about to be.
        if (view === this.view.view) await (this.reopening ?? this.reopen());
      }
    }
  }

  onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }

  /** Opens the list anew and tells the grid. Calls while one is under way are one more after it. */
  reopen(): Promise<void> {
    if (this.reopening) {
      this.again = true;
      return this.reopening;
    }
    this.reopening = this.replace().finally(() => {
      this.reopening = undefined;
      if (!this.again) return;
      this.again = false;
      void this.reopen().catch(() => undefined);
    });
    return this.reopening;
  }

  private async replace(): Promise<void> {
    this.view = await this.reader.open();
    this.firstPage = this.view.first;
    this.reader.replaced(this.view);
    for (const changed of this.listeners) changed();
  }
}
