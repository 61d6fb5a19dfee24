/**
 * Which rows are selected: named ones, or all of the view but some. Rows go by key, so a reload that shifts them
 * cannot hand a batch action the wrong ones.
 */
export interface Selection {
  readonly all: boolean;
  /** Selected rows, or, when `all`, those left out. */
  readonly keys: ReadonlySet<string>;
}

export const NOTHING: Selection = { all: false, keys: new Set() };
export const EVERYTHING: Selection = { all: true, keys: new Set() };

/** Rows that one range may name; beyond it only "all" selects. */
export const RANGE_LIMIT = 5_000;

export function isSelected(selection: Selection, key: string): boolean {
  return selection.all !== selection.keys.has(key);
}

export function only(...keys: string[]): Selection {
  return { all: false, keys: new Set(keys) };
}

export function toggled(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { all: selection.all, keys };
}

export function added(selection: Selection, more: readonly string[]): Selection {
  const keys = new Set(selection.keys);
  for (const key of more) {
    if (selection.all) keys.delete(key);
    else keys.add(key);
  }
  return { all: selection.all, keys };
}

/** How many rows are selected of `total`. */
export function selectedCount(selection: Selection, total: number): number {
  return selection.all ? total - selection.keys.size : selection.keys.size;
}
