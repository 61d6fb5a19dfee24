import { describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { ApiError } from "@/platform";
import { mentions, useShortList } from "./useShortList";

describe("a word in texts", () => {
  it.each([
    ["", true],
    ["岚泰", true],
    ["岚泰 q3", true],
    ["ＧＹ１０", true],
    ["恒澈", false],
    ["岚泰 q4", false],
  ])("%j: %s", (typed, found) => expect(mentions(typed, ["云岭岚泰医药", "2026Q3", "GY10"])).toBe(found));
});

describe("a short list", () => {
  const ROWS = [
    { id: "1", name: "岚泰", due: true },
    { id: "2", name: "恒澈", due: false },
  ];
  it("is narrowed by words and conditions, and keeps its source", async () => {
    const due = ref(false);
    const scope = effectScope();
    const list = scope.run(() =>
      useShortList({
        read: async () => ROWS,
        rows: (answer) => answer,
        key: (row: (typeof ROWS)[number]) => row.id,
        words: (row) => [row.name],
        fits: (row) => !due.value || row.due,
      }),
    )!;
    await list.load();
    await nextTick();
    const source = list.source.value!;
    expect(source.total()).toBe(2);
    const heard = vi.fn();
    source.onChange(heard);
    due.value = true;
    await nextTick();
    expect([source.total(), heard.mock.calls.length]).toEqual([1, 1]);
    list.typed.value = "恒";
    await nextTick();
    expect(list.rows.value).toEqual([]);
    expect(list.source.value).toBe(source);
    scope.stop();
  });

  it("keeps what it shows when it cannot be read again, and says so", async () => {
    let broken = false;
    const scope = effectScope();
    const list = scope.run(() =>
      useShortList({
        read: async () => {
          if (broken) throw new ApiError("diskFailed");
          return ROWS;
        },
        rows: (answer) => answer,
        key: (row: (typeof ROWS)[number]) => row.id,
        words: () => [],
      }),
    )!;
    await list.load();
    broken = true;
    await list.load();
    expect([list.error.value?.code, list.all.value.length]).toEqual(["diskFailed", 2]);
    scope.stop();
  });
});
