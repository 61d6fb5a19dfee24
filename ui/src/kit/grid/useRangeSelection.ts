import { shallowRef, type Ref } from "vue";
import type { PageCache } from "./pageCache";
import { added, NOTHING, only, RANGE_LIMIT, toggled, type Selection } from "./selection";

/** Selection with ranges that start at the row last pressed. */
export function useRangeSelection<Row>(
  cache: Ref<PageCache<Row> | null>,
  hooks: {
    key(row: Row): string;
    changed(selection: Selection): void;
    tooLong(limit: number): void;
  },
) {
  const selection = shallowRef<Selection>(NOTHING);
  /** What was selected before the range under way. */
  let base: Selection = NOTHING;
  let anchor = 0;
  let reading: AbortController | undefined;
  /** Rows seen when they were selected, so that a copy need not look for them. */
  const seen = new Map<string, { row: Row; index: number }>();

  function select(next: Selection): void {
    reading?.abort();
    selection.value = next;
    base = next;
    if (next.keys.size === 0) seen.clear();
    hooks.changed(next);
  }

  function toggle(row: Row, index: number): void {
    const key = hooks.key(row);
    seen.set(key, { row, index });
    select(toggled(selection.value, key));
    anchor = index;
  }

  function anchorAt(index: number): void {
    anchor = Math.max(0, index);
    base = selection.value;
  }

  /** Selects from the anchor to `index`, in place of the range drawn before. */
  async function extendTo(index: number): Promise<void> {
    const first = Math.min(anchor, index);
    const last = Math.max(anchor, index);
    if (last - first >= RANGE_LIMIT) return hooks.tooLong(RANGE_LIMIT);
    reading?.abort();
    reading = new AbortController();
    const { signal } = reading;
    const rows = await cache.value?.read(first, last, signal).catch(() => undefined);
    if (!rows || signal.aborted) return;
    const keys = rows.map((row, at) => {
      const key = hooks.key(row);
      seen.set(key, { row, index: first + at });
      return key;
    });
    selection.value = base === NOTHING ? only(...keys) : added(base, keys);
    hooks.changed(selection.value);
  }

  /** The selected rows that are named one by one, in view order. */
  function namedRows(): Row[] {
    return [...selection.value.keys]
      .flatMap((key) => seen.get(key) ?? [])
      .sort((a, b) => a.index - b.index)
      .map(({ row }) => row);
  }

  return { selection, select, toggle, extendTo, anchorAt, namedRows };
}
