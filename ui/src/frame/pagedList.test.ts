import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, type EffectScope } from "vue";
import { usePagedList } from "./usePagedList";

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** Numbers from 0, three a page, of which `text` is a part. */
function numbers(count: number) {
  const asked: [string, string | null][] = [];
  const list = scope.run(() =>
    usePagedList({
      async read(text, after) {
        asked.push([text, after]);
        const fit = Array.from({ length: count }, (_, at) => at).filter((at) => String(at).includes(text));
        const from = Number(after ?? 0);
        return { fit: fit.slice(from, from + 3), next: from + 3 < fit.length ? String(from + 3) : null };
      },
      rows: ({ fit }) => fit,
      key: String,
    }),
  )!;
  return { asked, ...list, ...list.paging };
}

describe("a paged list", () => {
  it("shows a page, and one more at a time", async () => {
    const { load, more, rows, hasMore } = numbers(7);
    await load();
    expect(rows.value).toEqual([0, 1, 2]);
    expect(hasMore.value).toBe(true);
    await more();
    await more();
    expect(rows.value).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(hasMore.value).toBe(false);
  });

  it("reads as many pages again, and keeps the grid's source", async () => {
    const { load, more, source, asked } = numbers(7);
    await load();
    const before = source.value;
    await more();
    asked.length = 0;
    await load();
    expect(asked.map(([, after]) => after)).toEqual([null, "3"]);
    expect(source.value).toBe(before);
    expect(source.value?.total()).toBe(6);
  });

  it("asks from the beginning once typing rests", async () => {
    const { load, more, typed, rows, asked } = numbers(30);
    await load();
    await more();
    asked.length = 0;
    typed.value = "1";
    typed.value = "12";
    await vi.advanceTimersByTimeAsync(300);
    expect(asked).toEqual([["12", null]]);
    expect(rows.value).toEqual([12]);
  });
});
