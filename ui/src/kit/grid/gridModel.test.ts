import { describe, expect, it } from "vitest";
import { moveCell, poolSize, revealRow, rowWindow, slotRow, type Cell } from "./gridModel";

describe("rowWindow and slots", () => {
  it.each([
    [0, 560, 28, 1_000_000, 0, 26],
    [2800, 560, 28, 1_000_000, 94, 126],
    [0, 560, 28, 5, 0, 4],
    [0, 560, 28, 0, 0, -1],
    [27_999_440, 560, 28, 1_000_000, 999_974, 999_999],
  ])("top %d, view %d, row %d, %d rows: %d to %d", (top, view, row, total, first, last) => {
    expect(rowWindow(top, view, row, total)).toEqual({ first, last });
  });

  it("gives every drawn row exactly one slot, and a row keeps its slot while drawn", () => {
    const size = poolSize(560, 28);
    const slotOf = new Map<number, number>();
    const wrong: object[] = []; // one comparison at the end: each costs more than all of the arithmetic
    for (let top = 0; top < 20_000; top += 13) {
      const drawn = rowWindow(top, 560, 28, 1_000_000);
      const rows = new Map<number, number>();
      for (let slot = 0; slot < size; slot++) {
        const row = slotRow(slot, size, drawn);
        if (row !== null) rows.set(row, slot);
      }
      if (rows.size !== drawn.last - drawn.first + 1) wrong.push({ top, drawn: rows.size });
      for (const [row, slot] of rows) {
        if ((slotOf.get(row) ?? slot) !== slot) wrong.push({ top, row, slot });
        slotOf.set(row, slot);
      }
    }
    expect(wrong).toEqual([]);
    expect(slotOf.size).toBeGreaterThan(20_000 / 28);
  });
});

describe("moveCell", () => {
  const extent = { rows: 100, columns: 8, page: 20 };
  const cases: [string, boolean, Cell, Cell | null][] = [
    ["ArrowDown", false, { row: 3, column: 2 }, { row: 4, column: 2 }],
    ["ArrowDown", false, { row: 99, column: 2 }, { row: 99, column: 2 }],
    ["ArrowDown", true, { row: 3, column: 2 }, { row: 99, column: 2 }],
    ["ArrowUp", false, { row: 0, column: 2 }, { row: -1, column: 2 }],
    ["ArrowUp", false, { row: -1, column: 2 }, { row: -1, column: 2 }],
    ["ArrowUp", true, { row: 50, column: 2 }, { row: 0, column: 2 }],
    ["ArrowLeft", false, { row: 3, column: 0 }, { row: 3, column: 0 }],
    ["ArrowRight", false, { row: 3, column: 7 }, { row: 3, column: 7 }],
    ["ArrowRight", true, { row: 3, column: 1 }, { row: 3, column: 7 }],
    ["PageDown", false, { row: 3, column: 1 }, { row: 23, column: 1 }],
    ["PageDown", false, { row: 95, column: 1 }, { row: 99, column: 1 }],
    ["PageUp", false, { row: 3, column: 1 }, { row: 0, column: 1 }],
    ["Home", false, { row: 3, column: 5 }, { row: 3, column: 0 }],
    ["Home", true, { row: 3, column: 5 }, { row: 0, column: 0 }],
    ["End", true, { row: 3, column: 5 }, { row: 99, column: 7 }],
    ["x", false, { row: 3, column: 5 }, null],
    ["Tab", false, { row: 3, column: 5 }, null],
  ];
  it.each(cases)("%s (ctrl %s) from %o to %o", (key, ctrl, from, to) => {
    expect(moveCell(from, { key, ctrl }, extent)).toEqual(to);
  });

  it("stays on the header of an empty grid", () => {
    const empty = { rows: 0, columns: 3, page: 20 };
    for (const key of ["ArrowDown", "PageDown", "PageUp", "Home", "End"]) {
      expect(moveCell({ row: -1, column: 0 }, { key, ctrl: true }, empty)?.row ?? -1).toBe(-1);
    }
  });
});

describe("revealRow", () => {
  it.each([
    [10, 0, 560, 280, "already in view", 0],
    [0, 100, 560, 28, "above", 0],
    [40, 0, 560, 28, "below", 588],
  ])("row %d at top %d", (row, top, view, _height, _why, expected) => {
    expect(revealRow(row, top, view, 28)).toBe(expected);
  });
});
