import { beforeEach, describe, expect, it } from "vitest";
import { effectScope } from "vue";
import type { LedgerDetectReq, LedgerImportReq } from "@/bindings/wire";
import { connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import { useImport, withMeaning } from "./useImport";

const HEADINGS = [
  { heading: "订单号", field: "order" },
  { heading: "数量", field: "quantity" },
  { heading: "件数", field: null },
] as const;

describe("a column's meaning", () => {
  it.each([
    ["件数", "quantity", ["order", null, "quantity"]],
    ["订单号", null, [null, "quantity", null]],
    ["件数", "lot", ["order", "quantity", "lot"]],
    ["数量", "quantity", ["order", "quantity", null]],
  ] as const)("of %s as %s", (heading, field, fields) =>
    expect(withMeaning(HEADINGS, heading, field).map((one) => one.field)).toEqual(fields),
  );
});

describe("an import", () => {
  let asked: LedgerDetectReq[];
  let taken: LedgerImportReq[];
  beforeEach(() => {
    connectTo(browserTransport());
    asked = [];
    taken = [];
    useFakeBackend({
      ledger_detect(req: LedgerDetectReq) {
        asked.push(req);
        if (req.path === "bad.xlsx") throw { code: "ledgerNotATable", field: null, incident: null };
        const said = new Map(req.headings.map(({ heading, field }) => [heading, field]));
        const columns = HEADINGS.map(({ heading, field }) => ({
          heading,
          field: said.has(heading) ? said.get(heading) : field,
          samples: [],
        }));
        return { path: req.path ?? "chosen.xlsx", sha256: "ab", sheet: "入库", profile: null, columns };
      },
      ledger_import(req: LedgerImportReq) {
        taken.push(req);
        return { batch: 1, rows: 3, accepted: 3, added: 3, known: 0, refused: 0, problems: [], periods: [] };
      },
    });
  });

  it("takes in what was seen, with what the person said of its columns", async () => {
    const it = effectScope().run(useImport)!;
    expect(await it.open(null)).toBe(true);
    await it.setMeaning("件数", "quantity");
    expect(asked[1]).toMatchObject({ path: "chosen.xlsx", sheet: "入库" });
    expect(it.detected.value!.columns.map(({ field }) => field)).toEqual(["order", null, "quantity"]);
    await it.take("2026-11", "中心库");
    expect(taken).toEqual([
      {
        path: "chosen.xlsx",
        sha256: "ab",
        profile: null,
        sheet: "入库",
        headings: [
          { heading: "订单号", field: "order" },
          { heading: "数量", field: null },
          { heading: "件数", field: "quantity" },
        ],
        period: "2026-11",
        saveAs: "中心库",
      },
    ]);
    expect(it.imported.value?.added).toBe(3);
  });

  it("forgets what was said of another file", async () => {
    const it = effectScope().run(useImport)!;
    await it.open("a.xlsx");
    await it.setMeaning("订单号", null);
    await it.open("b.xlsx");
    expect(asked[2]!.headings).toEqual([]);
  });

  it("keeps the file in sight when the next cannot be read", async () => {
    const it = effectScope().run(useImport)!;
    await it.open("a.xlsx");
    expect(await it.open("bad.xlsx")).toBe(false);
    expect(it.error.value?.code).toBe("ledgerNotATable");
    expect(it.detected.value?.path).toBe("a.xlsx");
    expect(it.doing.value).toBe("nothing");
  });
});
