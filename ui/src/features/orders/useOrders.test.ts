import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, type EffectScope } from "vue";
import type { OrdersReq } from "@/bindings/wire";
import { connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import { useOrders } from "./useOrders";

let asked: OrdersReq[];
let answers: Record<string, { total: number; afterMs: number }>;
let scope: EffectScope;

beforeEach(() => {
  vi.useFakeTimers();
  connectTo(browserTransport());
  asked = [];
  answers = {};
  useFakeBackend({
    async orders_open(req: OrdersReq) {
      asked.push(req);
      const { total = 1, afterMs = 0 } = answers[req.text] ?? {};
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (total < 0) throw { code: "internal", field: null, incident: "7F3A" };
      return { view: asked.length, total, amount: "2.50", pageSize: 10, first: [], states: [] };
    },
  });
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

const orders = () => scope.run(() => useOrders())!;

describe("the orders", () => {
  it("open once typing rests", async () => {
    const { change, total } = orders();
    for (const text of ["支", "支架", "支架 3"]) {
      change({ text });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked.map(({ text }) => text)).toEqual(["支架 3"]);
    expect(total.value).toBe(1);
  });

  it("open at once for a state or a date", async () => {
    const { change } = orders();
    change({ states: ["SHIPPED"], from: "2026-01-01" });
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toEqual([{ text: "", campus: null, states: ["SHIPPED"], from: "2026-01-01", to: null }]);
  });

  it("show the last filter, whichever answer comes last", async () => {
    answers = { slow: { total: 100, afterMs: 2_000 }, fast: { total: 3, afterMs: 10 } };
    const { change, total, source } = orders();
    change({ text: "slow" });
    await vi.advanceTimersByTimeAsync(300);
    change({ text: "fast" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.map(({ text }) => text)).toEqual(["slow", "fast"]);
    expect(total.value).toBe(3);
    expect(source.value?.total()).toBe(3);
  });

  it("keep the grid's source when the data change, and take the new totals", async () => {
    const { open, refresh, source, total } = orders();
    const opening = open();
    await vi.advanceTimersByTimeAsync(1);
    await opening;
    const before = source.value;
    answers = { "": { total: 7, afterMs: 0 } };
    const refreshing = refresh();
    await vi.advanceTimersByTimeAsync(1);
    await refreshing;
    expect(source.value).toBe(before);
    expect(total.value).toBe(7);
  });

  it("say why they cannot be read, and read again", async () => {
    answers = { "": { total: -1, afterMs: 0 } };
    const { open, refresh, error, source } = orders();
    void open();
    await vi.advanceTimersByTimeAsync(1);
    expect(error.value).toMatchObject({ code: "internal", incident: "7F3A" });
    answers = {};
    void refresh();
    await vi.advanceTimersByTimeAsync(1);
    expect(error.value).toBeNull();
    expect(source.value).not.toBeNull();
  });
});
