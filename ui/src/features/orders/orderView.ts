import type { OrderRow, OrdersReq, OrdersView } from "@/bindings/wire";
import type { PageSource } from "@/kit/grid/pageCache";
import { ApiError, call } from "@/platform";

/** How often a page is asked for when its view keeps going away under it. */
const ATTEMPTS = 3;

/**
 * One filtered list as the grid reads it. The backend's view behind it may be replaced (the data changed, or the
 * view was dropped), the source stays the same: the grid keeps its place, its selection and the focus.
 */
export class OrderSource implements PageSource<OrderRow> {
  private readonly listeners = new Set<() => void>();
  private reopening: Promise<void> | undefined;
  private again = false;
  /** The first page came with the view. */
  private firstPage: OrderRow[] | null;

  private constructor(
    readonly request: OrdersReq,
    private view: OrdersView,
    private readonly replaced: (view: OrdersView) => void,
  ) {
    this.firstPage = view.first;
  }

  /** Opens the list; `replaced` hears the first view and every later one. */
  static async open(
    request: OrdersReq,
    replaced: (view: OrdersView) => void,
    signal?: AbortSignal,
  ): Promise<OrderSource> {
    const view = await call("orders_open", request, signal ? { signal } : {});
    replaced(view);
    return new OrderSource(request, view, replaced);
  }

  get pageSize(): number {
    return this.view.pageSize;
  }

  total(): number {
    return this.view.total;
  }

  rowKey(row: OrderRow): string {
    return row.id;
  }

  async page(index: number, signal: AbortSignal): Promise<OrderRow[]> {
    if (index === 0 && this.firstPage) {
      const rows = this.firstPage;
      this.firstPage = null;
      return rows;
    }
    for (let attempt = 1; ; attempt++) {
      const { view } = this.view;
      try {
        return (await call("orders_page", { view, page: index }, { signal })).rows;
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
    this.view = await call("orders_open", this.request);
    this.firstPage = this.view.first;
    this.replaced(this.view);
    for (const changed of this.listeners) changed();
  }
}
