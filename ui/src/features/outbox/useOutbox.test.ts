import { beforeEach, describe, expect, it } from "vitest";
import type { OutboxItem, OutboxState } from "@/bindings/wire";
import { connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import { actions, useOutbox } from "./useOutbox";

const item = (key: number, state: OutboxState = "accepted") => ({ key: String(key), state }) as OutboxItem;

/** Three submissions to a page, newest first. */
function backendOf(items: OutboxItem[]) {
  const asked: (number | null)[] = [];
  useFakeBackend({
    outbox_list({ before }: { before: number | null }) {
      asked.push(before);
      const start = before ?? 0;
      const end = start + 3;
      return {
        items: items.slice(start, end),
        waiting: items.filter(({ state }) => state === "queued").length,
        attention: 0,
        before: end < items.length ? end : null,
      };
    },
    outbox_withdraw({ key }: { key: string }) {
      const found = items.find((one) => one.key === key);
      if (found?.state !== "queued") throw { code: "wrongState", field: null, incident: null };
      found.state = "withdrawn";
      return { ...found };
    },
  });
  return asked;
}

beforeEach(() => connectTo(browserTransport()));

describe("what may be done", () => {
  it.each<[OutboxState, string[]]>([
    ["queued", ["withdraw"]],
    ["sending", []],
    ["accepted", []],
    ["refused", ["resend", "withdraw"]],
    ["needsDecision", ["openNotice"]],
    ["withdrawn", []],
  ])("%s: %o", (state, expected) =>
    expect(actions({ state, kind: "order.submit", isPartial: false, own: true })).toEqual(expected),
  );

  it("of what was taken in part: its refused lines go into a new draft, or it is left at that", () => {
    expect(actions({ state: "needsDecision", kind: "order.submit", isPartial: true, own: true })).toEqual([
      "take",
      "acknowledge",
    ]);
    expect(actions({ state: "needsDecision", kind: "receipt.create", isPartial: true, own: true })).toEqual([
      "acknowledge",
    ]);
  });
});

describe("the outbox", () => {
  it("is read page by page, and the pages shown are read anew together", async () => {
    const asked = backendOf([1, 2, 3, 4, 5].map((key) => item(key)));
    const { items, hasMore, load, more } = useOutbox();
    await load();
    expect(items.value.map(({ key }) => key)).toEqual(["1", "2", "3"]);
    expect(hasMore.value).toBe(true);
    await more();
    expect(items.value.map(({ key }) => key)).toEqual(["1", "2", "3", "4", "5"]);
    expect(hasMore.value).toBe(false);
    asked.length = 0;
    await load();
    expect(asked).toEqual([null, 3]);
  });

  it("reads once more for a change that came while it read", async () => {
    const asked = backendOf([item(1)]);
    const { load } = useOutbox();
    const first = load();
    await Promise.all([load(), load(), first]);
    expect(asked).toEqual([null, null]);
  });

  it("withdraws what is queued, and refuses what is no longer", async () => {
    backendOf([item(1, "queued"), item(2, "accepted")]);
    const { items, load, withdraw, waiting } = useOutbox();
    await load();
    expect(waiting.value).toBe(1);
    await withdraw("1");
    expect(items.value[0]?.state).toBe("withdrawn");
    expect(waiting.value).toBe(0);
    await expect(withdraw("2")).rejects.toMatchObject({ code: "wrongState" });
  });
});
