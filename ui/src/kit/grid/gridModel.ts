/** Which rows are drawn, in which slot, and where the keyboard goes. Pure; `DataGrid.vue` is the view of it. */

export interface RowWindow {
  /** First row drawn. */
  first: number;
  /** Last row drawn; `first - 1` when there is none. */
  last: number;
}

/** Rows drawn beyond each edge of the view, so that a short scroll shows no gap. */
export const OVERSCAN = 6;

export function rowWindow(top: number, viewHeight: number, rowHeight: number, total: number): RowWindow {
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(total - 1, Math.ceil((top + viewHeight) / rowHeight) + OVERSCAN);
  return { first, last };
}

/** Number of row elements: as many as can ever be drawn at once. */
export function poolSize(viewHeight: number, rowHeight: number): number {
  return Math.ceil(viewHeight / rowHeight) + 2 * OVERSCAN + 2;
}

/** Row which the pool's element `slot` shows: rows keep their element (index modulo size) while they are drawn. */
export function slotRow(slot: number, size: number, { first, last }: RowWindow): number | null {
  const row = first + ((((slot - first) % size) + size) % size);
  return row <= last ? row : null;
}

/** The cell that the keyboard is on. `row` is -1 on the header. */
export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Full rows in view. */
  page: number;
}

export interface GridKey {
  key: string;
  ctrl: boolean;
}

/** The cell after a key, or null when the key does not move. */
export function moveCell({ row, column }: Cell, { key, ctrl }: GridKey, extent: Extent): Cell | null {
  const lastRow = extent.rows - 1;
  const lastColumn = extent.columns - 1;
  const to = (nextRow: number, nextColumn: number): Cell => ({
    row: Math.min(Math.max(nextRow, -1), lastRow),
    column: Math.min(Math.max(nextColumn, 0), lastColumn),
  });
  switch (key) {
    case "ArrowDown":
      return ctrl ? to(lastRow, column) : to(row + 1, column);
    case "ArrowUp":
      return ctrl ? to(Math.min(0, lastRow), column) : to(row - 1, column);
    case "ArrowRight":
      return ctrl ? to(row, lastColumn) : to(row, column + 1);
    case "ArrowLeft":
      return ctrl ? to(row, 0) : to(row, column - 1);
    case "PageDown":
      return to(row + extent.page, column);
    case "PageUp":
      return to(Math.max(row - extent.page, Math.min(0, lastRow)), column);
    case "Home":
      return ctrl ? to(Math.min(0, lastRow), 0) : to(row, 0);
    case "End":
      return ctrl ? to(lastRow, lastColumn) : to(row, lastColumn);
    default:
      return null;
  }
}

/** Content top that brings a row into view with the least movement. `top` unchanged when it already is. */
export function revealRow(row: number, top: number, viewHeight: number, rowHeight: number): number {
  const rowTop = row * rowHeight;
  if (rowTop < top) return rowTop;
  if (rowTop + rowHeight > top + viewHeight) return rowTop + rowHeight - viewHeight;
  return top;
}

/** How long typed letters belong together, ms. */
export const TYPING_PAUSE_MS = 900;
