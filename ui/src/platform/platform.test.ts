import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { browserTransport, emitFakeEvent, useFakeBackend } from "./browser";
import { ApiError, call, connectTo, listen } from ".";

const never = () => new Promise<never>(() => {});

beforeEach(() => connectTo(browserTransport()));
afterEach(() => vi.useRealTimers());

describe("call", () => {
  it("answers what the backend answers", async () => {
    useFakeBackend({
      preference_set: ({ key, value }: { key: string; value: string }) => ({ values: { [key]: value } }),
    });
    const kept = await call("preference_set", { key: "theme", value: "dark" });
    expect(kept).toEqual({ values: { theme: "dark" } });
  });

  it.each([
    [
      "a backend error",
      { code: "notFound", field: "order", incident: "7F3A" },
      ["notFound", "order", "7F3A"],
    ],
    ["a string", "boom", ["noBackend", null, null]],
    ["nothing", undefined, ["noBackend", null, null]],
    ["an exception", new TypeError("x"), ["noBackend", null, null]],
    ["odd fields", { code: "busy", field: 3 }, ["busy", null, null]],
  ])("turns %s into an ApiError", async (_, thrown, expected) => {
    useFakeBackend({ preferences: () => Promise.reject(thrown) });
    const error = await call("preferences", {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    const { code, field, incident } = error as ApiError;
    expect([code, field, incident]).toEqual(expected);
  });

  it("ends with `timeout` when the backend never answers", async () => {
    vi.useFakeTimers();
    useFakeBackend({ preferences: never });
    const outcome = call("preferences", {}, { timeoutMs: 500 }).catch((error: ApiError) => error.code);
    await vi.advanceTimersByTimeAsync(499);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe("timeout");
  });

  it("ends with `cancelled` when its signal is aborted, before or during", async () => {
    useFakeBackend({ preferences: never });
    const controller = new AbortController();
    const running = call("preferences", {}, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await expect(call("preferences", {}, { signal: controller.signal })).rejects.toMatchObject({
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
