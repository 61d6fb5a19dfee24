import type { VNodeChild } from "vue";

/** `code` is digits that are no number: it keeps its zeros in Excel. */
export type ColumnKind = "text" | "code" | "number" | "money" | "date";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly kind?: ColumnKind;
  /** Width before the user changes it, rem. */
  readonly width: number;
  /** What it says are words of the window's own language: English ones are longer than Chinese. */
  readonly worded?: boolean;
  /** What the cell says, and what is copied. */
  value(row: Row): string;
  /** Draws the cell otherwise, for instance as a badge. */
  render?(row: Row): VNodeChild;
  /** The backend can sort by it. */
  readonly sortable?: boolean;
  /** Not shown until chosen. */
  readonly optional?: boolean;
  /** Stays at the left when scrolled sideways, until unpinned. */
  readonly pinned?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface ColumnLayout {
  key: string;
  /** rem */
  width: number;
  visible: boolean;
  pinned: boolean;
}

/** What the user arranged; kept by the backend under the grid's name. */
export interface GridLayout {
  columns: ColumnLayout[];
  sort: Sort | null;
}

/** Where layouts are kept. */
export interface LayoutStore {
  load(grid: string): Promise<GridLayout | null>;
  save(grid: string, layout: GridLayout): Promise<void>;
}

/** What a header's menu does. */
export type ColumnCommand =
  | "ascending"
  | "descending"
  | "left"
  | "right"
  | "pin"
  | "hide"
  | "wider"
  | "narrower"
  | "choose";

export const MIN_WIDTH = 3;
export const MAX_WIDTH = 60;

export function isNumeric(kind: ColumnKind | undefined): boolean {
  return kind === "number" || kind === "money";
}

/**
 * The remembered layout brought up to date: columns gone are dropped, new ones come last, widths are kept sane.
 * `stretch` is how much wider words are than the Chinese that the columns are measured for.
 */
export function mergeLayout<Row>(
  columns: readonly Column<Row>[],
  kept: GridLayout | null,
  stretch = 1,
): GridLayout {
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const known = (kept?.columns ?? []).filter(
    (entry, at, all) => byKey.has(entry.key) && all.findIndex(({ key }) => key === entry.key) === at,
  );
  const seen = new Set(known.map(({ key }) => key));
  const added = columns
    .filter(({ key }) => !seen.has(key))
    .map(({ key, width, worded, optional, pinned }) => ({
      key,
      width: worded ? width * stretch : width,
      visible: optional !== true,
      pinned: pinned === true,
    }));
  const layout = [...known.map((entry) => ({ ...entry, width: saneWidth(entry.width) })), ...added];
  if (layout.length > 0 && !layout.some(({ visible }) => visible)) layout[0]!.visible = true;
  const sort = kept?.sort && byKey.get(kept.sort.column)?.sortable ? kept.sort : null;
  return { columns: layout, sort };
}

function saneWidth(width: number): number {
  return Number.isFinite(width) ? Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH) : MIN_WIDTH;
}

/** A column where it stands on screen. */
export interface PlacedColumn<Row> {
  readonly column: Column<Row>;
  readonly width: number;
  /** Distance of the left edge from the first column's, rem. */
  readonly left: number;
  readonly pinned: boolean;
}

/** Visible columns from left to right, pinned ones first. */
export function placeColumns<Row>(
  columns: readonly Column<Row>[],
  layout: GridLayout,
  start: number,
): PlacedColumn<Row>[] {
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const visible = layout.columns.filter(({ key, visible }) => visible && byKey.has(key));
  const ordered = [...visible.filter(({ pinned }) => pinned), ...visible.filter(({ pinned }) => !pinned)];
  let left = start;
  return ordered.map(({ key, width, pinned }) => {
    const placed = { column: byKey.get(key)!, width, left, pinned };
    left += width;
    return placed;
  });
}

function changed(layout: GridLayout, key: string, change: Partial<ColumnLayout>): GridLayout {
  return {
    ...layout,
    columns: layout.columns.map((entry) => (entry.key === key ? { ...entry, ...change } : entry)),
  };
}

export function withWidth(layout: GridLayout, key: string, width: number): GridLayout {
  return changed(layout, key, { width: saneWidth(width) });
}

export function withPin(layout: GridLayout, key: string, pinned: boolean): GridLayout {
  return changed(layout, key, { pinned });
}

/** Shows or hides a column; the last visible one stays. */
export function withVisible(layout: GridLayout, key: string, visible: boolean): GridLayout {
  const others = layout.columns.some((entry) => entry.visible && entry.key !== key);
  return visible || others ? changed(layout, key, { visible }) : layout;
}

/** Moves a column by one visible place; `step` is -1 or 1. Pinned columns keep among themselves. */
export function moved(layout: GridLayout, key: string, step: -1 | 1): GridLayout {
  const columns = [...layout.columns];
  const from = columns.findIndex((entry) => entry.key === key);
  const entry = columns[from];
  if (!entry) return layout;
  let to = from + step;
  while (columns[to] && !(columns[to]!.visible && columns[to]!.pinned === entry.pinned)) to += step;
  if (!columns[to]) return layout;
  columns.splice(from, 1);
  columns.splice(to, 0, entry);
  return { ...layout, columns };
}

/** Moves a column to where `target` stands, taking over its pin. */
export function movedTo(layout: GridLayout, key: string, target: string): GridLayout {
  const from = layout.columns.findIndex((entry) => entry.key === key);
  const to = layout.columns.findIndex((entry) => entry.key === target);
  if (from < 0 || to < 0 || from === to) return layout;
  const columns = [...layout.columns];
  const [entry] = columns.splice(from, 1);
  columns.splice(to, 0, { ...entry!, pinned: layout.columns[to]!.pinned });
  return { ...layout, columns };
}

/** Next sort when a header is pressed: ascending, descending, as delivered. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

/** Rows that one copy may carry; more goes through an export. */
export const COPY_LIMIT = 20_000;
