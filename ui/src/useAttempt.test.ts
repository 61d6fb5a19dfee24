import { beforeEach, describe, expect, it } from "vitest";
import { clearToasts, toasts } from "./kit/toasts";
import { ApiError } from "./platform";
import { useAttempt } from "./useAttempt";

beforeEach(clearToasts);

describe("an attempt", () => {
  it("is under way once", async () => {
    const { busy, attempt } = useAttempt();
    let finish = () => {};
    const first = attempt(() => new Promise<void>((done) => (finish = done)));
    expect(busy.value).toBe(true);
    let ran = false;
    expect(await attempt(async () => (ran = true))).toBe(false);
    expect(ran).toBe(false);
    finish();
    expect(await first).toBe(true);
    expect(busy.value).toBe(false);
  });

  it("keeps why it failed until the next one", async () => {
    const { failure, attempt } = useAttempt();
    expect(await attempt(() => Promise.reject(new ApiError("diskFull")))).toBe(false);
    expect(failure.value?.code).toBe("diskFull");
    expect(toasts.value).toEqual([]);
    await attempt(async () => undefined);
    expect(failure.value).toBe(null);
  });

  it("says a failure in passing where asked to, and a cancelled one nowhere", async () => {
    const { failure, attempt } = useAttempt({ toasted: true });
    await attempt(() => Promise.reject(new ApiError("cancelled")));
    expect(failure.value).toBe(null);
    expect(toasts.value).toEqual([]);
    await attempt(() => Promise.reject({ code: "unreachable", field: null, incident: null }));
    expect(toasts.value.map(({ tone }) => tone)).toEqual(["danger"]);
  });
});
