import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { browserTransport, emitFakeEvent, useFakeBackend } from "./browser";
import { ApiError, call, connectTo, listen } from ".";

const never = () => new Promise<never>(() => {});

beforeEach(() => connectTo(browserTransport()));
afterEach(() => vi.useRealTimers());

describe("call", () => {
  it("answers what the backend answers", async () => {
    const layout = { columns: [], sort: null };
    useFakeBackend({
      grid_layout_load: (request: { grid: string }) => (request.grid === "orders" ? layout : null),
    });
    expect(await call("grid_layout_load", { grid: "orders" })).toEqual(layout);
    expect(await call("grid_layout_load", { grid: "notices" })).toBeNull();
  });

  it.each([
    [
      "a backend error",
      { code: "not_found", field: "order", incident: "7F3A" },
      ["not_found", "order", "7F3A"],
    ],
    ["a string", "boom", ["unreachable", null, null]],
    ["nothing", undefined, ["unreachable", null, null]],
    ["an exception", new TypeError("x"), ["unreachable", null, null]],
    ["odd fields", { code: "busy", field: 3 }, ["busy", null, null]],
  ])("turns %s into an ApiError", async (_, thrown, expected) => {
    useFakeBackend({ preferences_load: () => Promise.reject(thrown) });
    const error = await call("preferences_load", null).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    const { code, field, incident } = error as ApiError;
    expect([code, field, incident]).toEqual(expected);
  });

  it("ends with `timeout` when the backend never answers", async () => {
    vi.useFakeTimers();
    useFakeBackend({ preferences_load: never });
    const outcome = call("preferences_load", null, { timeoutMs: 500 }).catch((error: ApiError) => error.code);
    await vi.advanceTimersByTimeAsync(499);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe("timeout");
  });

  it("ends with `cancelled` when its signal is aborted, before or during", async () => {
    useFakeBackend({ preferences_load: never });
    const controller = new AbortController();
    const running = call("preferences_load", null, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await expect(call("preferences_load", null, { signal: controller.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("listen", () => {
  it("hands payloads over until stopped", async () => {
    const heard: number[] = [];
    const stop = await listen<number>("progress", (value) => heard.push(value));
    emitFakeEvent("progress", 1);
    stop();
    emitFakeEvent("progress", 2);
    expect(heard).toEqual([1]);
  });
});
