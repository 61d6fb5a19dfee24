import { describe, expect, it } from "vitest";
import type { DemandReportRow } from "@/bindings/wire";
import {
  batchesOf,
  beginning,
  changeOf,
  demandFault,
  demandRequest,
  faultOf,
  filled,
  isCut,
  isOurs,
  sumOf,
  type DemandEntry,
} from "./demand";
import { pastedColumn } from "./entryColumn";

const row = (part: Partial<DemandReportRow> = {}): DemandReportRow => ({
  id: "1",
  batch: "一批",
  variety: "支架",
  product: "支架 Φ2.75",
  unit: "套",
  lastYear: "100",
  demand: "70",
  explanation: "病种减少",
  departments: [],
  deadline: "2026-12-10",
  state: "DRAFT",
  stateText: "待报",
  returnReason: "",
  waiting: false,
  ...part,
});
const entry = (demand: string, part: Partial<DemandEntry> = {}): DemandEntry => ({
  demand,
  explanation: "",
  departments: [],
  source: "",
  ...part,
});

describe("a demand report", () => {
  it.each([
    ["DRAFT", false, true],
    ["RETURNED", false, true],
    ["RETURNED", true, false],
    ["SUBMITTED", false, false],
    ["", false, false],
  ])("in state %s, waiting %s, is ours: %s", (state, waiting, ours) =>
    expect(isOurs(row({ state, waiting }))).toBe(ours),
  );

  it("begins blank, and again with what was returned", () => {
    expect(beginning(row())).toEqual(entry(""));
    expect(beginning(row({ state: "RETURNED", demand: "70.0000" }))).toEqual(
      entry("70", { explanation: "病种减少" }),
    );
  });

  it.each([
    [entry(""), "blank"],
    [entry("  "), "blank"],
    [entry("约80"), "number"],
    [entry("-5"), "number"],
    [entry("80"), null],
    [entry("８０"), null],
    [entry("79.9999"), "reason"],
    [entry("0"), "reason"],
    [entry("0", { explanation: "停用" }), null],
    [entry("100", { departments: [{ dept: "骨科", count: "60" }] }), "departments"],
    [entry("100", { departments: [{ dept: "骨科", count: "多" }] }), "departments"],
    [
      entry("100", {
        departments: [
          { dept: "骨科", count: "60" },
          { dept: "外科", count: "40.0" },
        ],
      }),
      null,
    ],
  ])("%j: %s", (typed, fault) => expect(demandFault(row(), typed)).toBe(fault));

  it.each([
    ["100", "80", false, "-20.0"],
    ["100", "79", true, "-21.0"],
    ["3", "2", true, "-33.3"],
    ["6", "1", true, "-83.3"],
    ["100", "100", false, "0.0"],
    ["16", "17", false, "+6.3"],
    ["0", "5", false, null],
    ["100", "", false, null],
  ])("of %s last year and %s now is a cut: %s, change %s", (before, now, cut, change) => {
    expect(isCut(before, now)).toBe(cut);
    expect(changeOf(before, now)).toBe(change);
  });

  it("is sent as plain decimals", () =>
    expect(
      demandRequest(
        "7",
        entry("１,２00.5", { explanation: " 新技术 ", departments: [{ dept: " 骨科 ", count: "1200.5" }] }),
      ),
    ).toEqual({
      report: "7",
      demand: "1200.5",
      explanation: "新技术",
      departments: [{ dept: "骨科", count: "1200.5" }],
    }));

  it("is filled in from history where it is blank", () => {
    const departments = [{ dept: "骨科", count: "12" }];
    const history = { report: "1", demand: "12", source: "received", from: "", to: "", departments } as const;
    const suggestion = { ...history, departments: [...departments] };
    expect(filled(entry(""), suggestion)).toEqual(entry("12", { source: "received", departments }));
    expect(filled(entry("0"), suggestion)).toBeNull();
    expect(filled(entry(""), { ...suggestion, demand: null, source: "nothing" })).toBeNull();
  });

  it.each([
    ["demand", "fieldRequired", "blank"],
    ["demand", "fieldInvalid", "number"],
    ["explanation", "fieldRequired", "reason"],
    ["departments[1].dept", "fieldRequired", "departments"],
    ["report", "wrongState", null],
  ] as const)("is judged by the core: %s %s is %s", (field, code, fault) =>
    expect(faultOf({ field, code })).toBe(fault),
  );

  it("sums its departments", () => {
    expect(sumOf([])).toBe("0");
    expect(
      sumOf([
        { dept: "", count: "0.5" },
        { dept: "", count: "1.25" },
      ]),
    ).toBe("1.75");
    expect(sumOf([{ dept: "", count: "x" }])).toBeNull();
  });
});

describe("a batch", () => {
  it("holds its varieties in order", () =>
    expect(
      batchesOf([
        row({ id: "3", batch: "二批", variety: "吻合器" }),
        row({ id: "2", variety: "支架" }),
        row({ id: "1", variety: "导管" }),
      ]).map(({ batch, rows }) => [batch, rows.map(({ id }) => id)]),
    ).toEqual([
      ["二批", ["3"]],
      ["一批", ["1", "2"]],
    ]));

  it.each([
    ["12", ["12"]],
    ["12\r\n0\r\n", ["12", "0"]],
    ["12\t甲\n\n3\t乙", ["12", "", "3"]],
  ])("takes the pasted column %j", (pasted, cells) => expect(pastedColumn(pasted)).toEqual(cells));
});
