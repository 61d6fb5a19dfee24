import { describe, expect, it } from "vitest";
import {
  mergeLayout,
  moved,
  movedTo,
  nextSort,
  placeColumns,
  withPin,
  withVisible,
  withWidth,
  type Column,
  type GridLayout,
} from "./columns";

type Row = Record<string, string>;
const column = (key: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
  key,
  title: key.toUpperCase(),
  width: 10,
  value: (row) => row[key] ?? "",
  ...more,
});
const columns = [
  column("a", { pinned: true }),
  column("b", { sortable: true }),
  column("c"),
  column("d", { optional: true }),
];
const fresh = () => mergeLayout(columns, null);
const keys = (layout: GridLayout) => layout.columns.map(({ key }) => key).join("");
const shown = (layout: GridLayout) =>
  placeColumns(columns, layout, 2)
    .map(({ column }) => column.key)
    .join("");

describe("mergeLayout", () => {
  it("gives words more room in a language of longer ones, and leaves what the user set", () => {
    const worded = columns.map((column) => ({ ...column, worded: column.key === columns[0]!.key }));
    const [first, second] = mergeLayout(worded, null, 1.5).columns;
    expect([first?.width, second?.width]).toEqual([columns[0]!.width * 1.5, columns[1]!.width]);
    const kept = mergeLayout(worded, { columns: [{ ...first!, width: 9 }], sort: null }, 1.5);
    expect(kept.columns[0]?.width).toBe(9);
  });

  it("starts with what the columns say", () => {
    expect(shown(fresh())).toBe("abc");
  });

  it("drops columns that are gone, adds new ones, repairs what is odd", () => {
    const kept: GridLayout = {
      columns: [
        { key: "gone", width: 9, visible: true, pinned: false },
        { key: "c", width: 9_000, visible: true, pinned: false },
        { key: "c", width: 5, visible: false, pinned: false },
        { key: "b", width: Number.NaN, visible: false, pinned: false },
      ],
      sort: { column: "gone", descending: true },
    };
    const layout = mergeLayout(columns, kept);
    expect(keys(layout)).toBe("cbad");
    expect(layout.columns.map(({ width }) => width)).toEqual([60, 3, 10, 10]);
    expect(layout.sort).toBeNull();
  });

  it("keeps a sort only by a column that can be sorted", () => {
    const by = (key: string) =>
      mergeLayout(columns, { columns: [], sort: { column: key, descending: true } }).sort;
    expect(by("b")).toEqual({ column: "b", descending: true });
    expect(by("c")).toBeNull();
  });

  it("never hides everything", () => {
    const hidden = fresh().columns.map((entry) => ({ ...entry, visible: false }));
    expect(shown(mergeLayout(columns, { columns: hidden, sort: null }))).toHaveLength(1);
  });
});

describe("arranging", () => {
  it("places pinned columns first, each after the other", () => {
    const layout = withPin(fresh(), "c", true);
    expect(placeColumns(columns, layout, 2).map(({ column, left }) => [column.key, left])).toEqual([
      ["a", 2],
      ["c", 12],
      ["b", 22],
    ]);
  });

  it("moves past hidden columns and keeps pinned ones among themselves", () => {
    const layout = withVisible(fresh(), "d", true);
    expect(keys(moved(layout, "b", 1))).toBe("acbd");
    expect(keys(moved(layout, "b", -1))).toBe("abcd");
    expect(keys(moved(withVisible(layout, "c", false), "b", 1))).toBe("acdb");
    expect(keys(moved(layout, "nothing", 1))).toBe("abcd");
  });

  it("drops a dragged column where the other stood", () => {
    const layout = withVisible(fresh(), "d", true);
    expect(keys(movedTo(layout, "d", "b"))).toBe("adbc");
    expect(keys(movedTo(layout, "b", "d"))).toBe("acdb");
    const pinned = movedTo(layout, "d", "a");
    expect(pinned.columns[0]).toMatchObject({ key: "d", pinned: true });
  });

  it("keeps widths usable and one column visible", () => {
    expect(withWidth(fresh(), "b", -4).columns[1]!.width).toBe(3);
    let layout = fresh();
    for (const key of ["a", "b", "c"]) layout = withVisible(layout, key, false);
    expect(shown(layout)).toBe("c");
  });

  it("sorts up, down, and as delivered", () => {
    const up = nextSort(null, "b");
    const down = nextSort(up, "b");
    expect([up, down, nextSort(down, "b"), nextSort(down, "a")]).toEqual([
      { column: "b", descending: false },
      { column: "b", descending: true },
      null,
      { column: "a", descending: false },
    ]);
  });
});
