import { describe, expect, it, vi } from "vitest";
import { PageCache, type PageSource } from "./pageCache";

interface Asked {
  page: number;
  signal: AbortSignal;
  answered: boolean;
  answer(rows?: string[]): Promise<void>;
  fail(): Promise<void>;
}

/** A source whose pages are answered by hand. */
function source(total: number, pageSize = 10) {
  const asked: Asked[] = [];
  const rows = (page: number) =>
    Array.from(
      { length: Math.min(pageSize, total - page * pageSize) },
      (_, at) => `r${page * pageSize + at}`,
    );
  const pages: PageSource<string> = {
    pageSize,
    total: () => total,
    rowKey: (row) => row,
    page: (page, signal) =>
      new Promise((resolve, reject) => {
        const entry: Asked = {
          page,
          signal,
          answered: false,
          answer: async (given = rows(page)) => {
            entry.answered = true;
            resolve(given);
            await Promise.resolve();
            await Promise.resolve();
          },
          fail: async () => {
            entry.answered = true;
            reject(new Error("no"));
            await Promise.resolve();
            await Promise.resolve();
          },
        };
        asked.push(entry);
      }),
  };
  return {
    pages,
    asked,
    ask: (page: number) =>
      asked.find((entry) => entry.page === page && !entry.signal.aborted && !entry.answered)!,
  };
}

describe("PageCache", () => {
  it("asks for the pages in sight first, then for their neighbours, each once", async () => {
    const { pages, asked } = source(1_000);
    const cache = new PageCache(pages, vi.fn<() => void>());
    cache.show(45, 62);
    cache.show(46, 63);
    expect(asked.map(({ page }) => page)).toEqual([4, 5, 6, 7, 3]);
    expect(cache.row(45)).toBeUndefined();
    await asked[0]!.answer();
    expect(cache.row(45)).toBe("r45");
  });

  it("stops at the last page", () => {
    const { pages, asked } = source(95);
    new PageCache(pages, vi.fn<() => void>()).show(80, 120);
    expect(asked.map(({ page }) => page)).toEqual([8, 9, 7]);
  });

  it("cancels what is no longer wanted and drops its late answer", async () => {
    const { pages, ask } = source(1_000);
    const changed = vi.fn<() => void>();
    const cache = new PageCache(pages, changed);
    cache.show(0, 9);
    const stale = ask(0);
    cache.show(500, 509);
    expect(stale.signal.aborted).toBe(true);
    await stale.answer();
    expect(cache.row(0)).toBeUndefined();
    expect(changed).not.toHaveBeenCalled();
  });

  it("keeps the pages last used", async () => {
    const { pages, ask } = source(10_000);
    const cache = new PageCache(pages, vi.fn<() => void>(), 6);
    for (const page of [0, 10, 20, 30, 40]) {
      cache.show(page * 10, page * 10 + 5);
      await ask(page).answer();
    }
    cache.show(0, 5);
    for (const page of [50, 60, 70]) {
      cache.show(page * 10, page * 10 + 5);
      await ask(page).answer();
    }
    expect(cache.cachedPages.length).toBeLessThanOrEqual(7);
    expect(cache.row(0)).toBe("r0");
    expect(cache.row(100)).toBeUndefined();
  });

  it("remembers a failure until it is tried again", async () => {
    const { pages, asked, ask } = source(30);
    const cache = new PageCache(pages, vi.fn<() => void>());
    cache.show(0, 5);
    await ask(0).fail();
    expect(cache.failure(3)).toBeInstanceOf(Error);
    cache.show(0, 5);
    expect(asked.filter(({ page }) => page === 0)).toHaveLength(1);
    cache.retry();
    cache.show(0, 5);
    await ask(0).answer();
    expect(cache.failure(3)).toBeUndefined();
    expect(cache.row(3)).toBe("r3");
  });

  it("shows the old rows after a change until the new ones are here", async () => {
    const { pages, ask } = source(30);
    const cache = new PageCache(pages, vi.fn<() => void>());
    cache.show(0, 5);
    await ask(0).answer();
    cache.refresh();
    expect(cache.row(2)).toBe("r2");
    cache.show(0, 5);
    await ask(0).answer(["new0", "new1", "new2"]);
    expect(cache.row(2)).toBe("new2");
  });

  it("reads a range across pages, kept or not", async () => {
    const { pages, asked, ask } = source(100);
    const cache = new PageCache(pages, vi.fn<() => void>());
    cache.show(0, 5);
    await ask(0).answer();
    const reading = cache.read(8, 21, new AbortController().signal);
    await vi.waitFor(() => expect(asked.length).toBe(3));
    await asked[2]!.answer();
    await vi.waitFor(() => expect(asked.length).toBe(4));
    await asked[3]!.answer();
    expect(await reading).toEqual(Array.from({ length: 14 }, (_, at) => `r${at + 8}`));
  });

  it("has no row beyond the end", async () => {
    const { pages } = source(5);
    const cache = new PageCache(pages, vi.fn<() => void>());
    expect(cache.row(-1)).toBeUndefined();
    expect(cache.row(5)).toBeUndefined();
  });
});
