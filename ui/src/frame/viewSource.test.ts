import { beforeEach, describe, expect, it, vi } from "vitest";
import type { OrderRow, OrdersReq, OrdersView } from "@/bindings/wire";
import { call, connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import { NO_FILTER, request } from "@/features/orders/filters";
import { ViewSource } from "./viewSource";

const PAGE = 10;
const signal = new AbortController().signal;
const openOrders = (req: OrdersReq, replaced: (view: OrdersView) => void) =>
  ViewSource.open<OrderRow, OrdersView>({
    open: () => call("orders_open", req),
    page: async (view, page, until) => (await call("orders_page", { view, page }, { signal: until })).rows,
    rowKey: ({ id }) => id,
    replaced,
  });

/** A backend that keeps one view and drops it on demand, and whose rows are their numbers. */
function listOf(total: number) {
  const state = { view: 0, total, opened: [] as OrdersReq[], asked: [] as string[], gone: false };
  const rows = (page: number) =>
    Array.from(
      { length: Math.max(0, Math.min(PAGE, state.total - page * PAGE)) },
      (_, at) => ({ id: String(page * PAGE + at) }) as OrderRow,
    );
  useFakeBackend({
    orders_open(req: OrdersReq): OrdersView {
      state.opened.push(req);
      state.gone = false;
      state.view++;
      return {
        view: state.view,
        total: state.total,
        amount: "1.00",
        pageSize: PAGE,
        first: rows(0),
        states: [],
      };
    },
    orders_page({ view, page }: { view: number; page: number }) {
      state.asked.push(`${view}/${page}`);
      if (state.gone || view !== state.view) throw { code: "viewGone", field: null, incident: null };
      return { rows: rows(page) };
    },
  });
  return state;
}

const ids = (rows: OrderRow[]) => rows.map(({ id }) => Number(id));

beforeEach(() => connectTo(browserTransport()));

describe("the list behind the grid", () => {
  it("takes the first page from the opening, and asks for the others by number", async () => {
    const backend = listOf(25);
    const source = await openOrders(request(NO_FILTER), () => undefined);
    expect(source.total()).toBe(25);
    expect(ids(await source.page(0, signal))[0]).toBe(0);
    expect(ids(await source.page(2, signal))).toEqual([20, 21, 22, 23, 24]);
    expect(backend.asked).toEqual(["1/2"]);
    // Dropped from the cache and wanted again: it is asked for like any other.
    await source.page(0, signal);
    expect(backend.asked).toEqual(["1/2", "1/0"]);
  });

  it("opens the list again when the backend has dropped it, once for all pages under way", async () => {
    const backend = listOf(40);
    const changed = vi.fn<() => void>();
    const source = await openOrders(request({ ...NO_FILTER, text: "支架" }), () => undefined);
    source.onChange(changed);
    backend.gone = true;
    backend.total = 38;
    const [second, fourth] = await Promise.all([source.page(1, signal), source.page(3, signal)]);
    expect(ids(second)).toHaveLength(10);
    expect(ids(fourth)).toEqual([30, 31, 32, 33, 34, 35, 36, 37]);
    expect(backend.opened.map(({ text }) => text)).toEqual(["支架", "支架"]);
    expect(source.total()).toBe(38);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("tells the grid and the totals when it is opened anew, and once more for what came meanwhile", async () => {
    const backend = listOf(10);
    const totals: number[] = [];
    const source = await openOrders(request(NO_FILTER), ({ total }) => totals.push(total));
    const changed = vi.fn<() => void>();
    const stop = source.onChange(changed);
    backend.total = 30;
    const first = source.reopen();
    void source.reopen();
    void source.reopen();
    await first;
    await vi.waitFor(() => expect(backend.opened).toHaveLength(3));
    await vi.waitFor(() => expect(totals).toEqual([10, 30, 30]));
    expect(changed).toHaveBeenCalledTimes(2);
    stop();
    await source.reopen();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it("hands on every other error", async () => {
    listOf(40);
    const source = await openOrders(request(NO_FILTER), () => undefined);
    useFakeBackend({
      orders_page: () => Promise.reject({ code: "internal", field: null, incident: "7F3A" }),
    });
    await expect(source.page(1, signal)).rejects.toMatchObject({ code: "internal", incident: "7F3A" });
  });
});
