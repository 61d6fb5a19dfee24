import { describe, expect, it } from "vitest";
import { cellsOf, isTable, pastedRows } from "./paste";
import { compose } from "./text";

const read = (pasted: string) => pastedRows(pasted, compose.headings);
const CODE = "C0201020010000900025";

describe("what a spreadsheet copies", () => {
  it.each([
    [
      "a\tb\r\nc\td\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ['"a\tb"\t"say ""hi"""\n', [["a\tb", 'say "hi"']]],
    ['"two\nlines"\tx', [["two\nlines", "x"]]],
    ["\n\n a \n\t\n", [["a"]]],
    ["", []],
  ])("%o has cells %o", (pasted, cells) => expect(cellsOf(pasted)).toEqual(cells));

  it.each([
    ["球囊", false],
    ["球囊\n", false],
    ["球囊\t3", true],
    ["球囊\n支架", true],
  ])("%o is a table: %s", (pasted, table) => expect(isTable(pasted)).toBe(table));
});

describe("pasted rows", () => {
  it("are read by their headings, whatever their order and units", () => {
    const rows = read(
      `序号\t单价（元）\t采购数量\t规格型号\t品名\t国家编码\t供应商\n1\t240.00\t６\tΦ2.5mm\t球囊\t${CODE}\t岚泰\n`,
    );
    expect(rows).toEqual([
      { row: 2, code: CODE, name: "球囊", spec: "Φ2.5mm", quantity: "６", price: "240.00", supplier: "岚泰" },
    ]);
  });

  it("are guessed where there are no headings", () => {
    expect(read(`${CODE}\t球囊\tΦ2.5mm\t6\t240`)).toEqual([
      { row: 1, code: CODE, name: "球囊", spec: "Φ2.5mm", quantity: "6", price: "240", supplier: "" },
    ]);
    expect(read("球囊\t6")[0]).toMatchObject({ name: "球囊", quantity: "6", price: "" });
  });

  it("without goods are left out: totals, blank rows", () => {
    expect(read("品名\t数量\n球囊\t3\n\t9\n").map(({ row }) => row)).toEqual([2]);
  });
});
