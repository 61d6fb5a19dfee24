import type {
  ErrorCode,
  ImportProfile,
  LedgerBatch,
  LedgerColumn,
  LedgerDetected,
  LedgerProblem,
} from "@/bindings/wire";
import type { Answers } from "./backend";
import type { Clock } from "./clock";
import { NAME } from "./people";
import type { Reconciliation } from "./reconcile";
import { lineOf } from "./reconcileSeeds";

const COLUMNS: readonly LedgerColumn[] = [
  { heading: "入库日期", field: "date", samples: ["2026-11-02", "2026/11/3", "46329"] },
  { heading: "采购单号", field: "order", samples: ["DD20261101000100", "DD20261101000101"] },
  { heading: "行号", field: "orderLine", samples: ["1", "2", "3"] },
  { heading: "耗材编码", field: "nationalCode", samples: ["C0201020010000900025", "C0201010010000900011"] },
  { heading: "名称", field: "name", samples: ["冠脉球囊扩张导管", "冠状动脉药物洗脱支架系统"] },
  { heading: "规格", field: "spec", samples: ["Φ2.5mm×15mm", "Φ2.75mm×18mm"] },
  { heading: "批号", field: "lot", samples: ["L261000", "L261001"] },
  { heading: "数量", field: "quantity", samples: ["2", "９", "7"] },
  { heading: "单位", field: "unit", samples: ["根", "套", "枚"] },
  { heading: "进价", field: "price", samples: ["240.00", "735.00"] },
  { heading: "金额", field: "amount", samples: ["480.00", "6,615.00"] },
  { heading: "供应商", field: "supplier", samples: ["云岭岚泰医药有限公司"] },
  { heading: "货位", field: null, samples: ["A-03-2", "B-01-1"] },
];
const PROBLEMS: readonly LedgerProblem[] = [
  {
    row: 41,
    sheetRow: 45,
    column: "数量",
    value: "约10",
    fault: "notANumber",
    reason: "“约10”不是数字",
    refused: true,
  },
  {
    row: 77,
    sheetRow: 81,
    column: "采购单号",
    value: "2.02611E+15",
    fault: "damaged",
    reason: "单号被表格软件改成了科学计数，不用来勾对",
    refused: false,
  },
];
const ROWS = 146;
/** Steps of a long import, ms. */
const STEP_MS = 120;
const STEPS = 40;

/** 台账导入 of the invented office: one workbook, whatever is chosen. A name with 坏 is no table, one with 大 takes long. */
export class Ledgers {
  private readonly batches: LedgerBatch[] = [];
  private profiles: ImportProfile[] = [];
  private progress = { running: false, done: 0, total: 0 };
  private cancelled = false;

  constructor(
    private readonly clock: Clock,
    private readonly months: Reconciliation,
    private readonly fail: (code: ErrorCode, field?: string | null) => never,
  ) {}

  private detect(
    path: string,
    headings: { heading: string; field: LedgerColumn["field"] }[],
    profile: string | null,
  ): LedgerDetected {
    const name = path.split(/[\\/]/).pop() ?? path;
    if (name.includes("坏")) this.fail("ledgerNotATable");
    const remembered = this.profiles.find((one) => one.name === profile) ?? this.profiles.at(-1);
    const said = new Map(
      [...(remembered?.headings ?? []), ...headings].map(({ heading, field }) => [heading, field]),
    );
    const columns = COLUMNS.map((column) => ({
      ...column,
      field: said.get(column.heading) ?? (said.has(column.heading) ? null : column.field),
    }));
    if (!columns.some(({ field }) => field === "quantity")) this.fail("ledgerNoQuantity");
    const before = this.batches.find((batch) => batch.fileName === name && batch.undoneAt === null);
    return {
      path,
      fileName: name,
      sha256: "c4".repeat(32),
      format: name.endsWith(".csv") ? "GB18030" : "xlsx",
      sheet: "入库明细",
      otherSheets: ["退货", "说明"],
      headingRow: 4,
      profile: remembered?.name ?? null,
      columns,
      rows: ROWS + 1,
      accepted: ROWS,
      refused: 1,
      known: before ? ROWS : 0,
      undated: 3,
      from: "2026-11-02",
      to: "2026-11-19",
      periods: ["2026-11"],
      amount: "486120.50",
      problems: [...PROBLEMS],
      problemCount: PROBLEMS.length,
      skipped: [
        { row: 148, sheetRow: 152, what: "total" },
        { row: 149, sheetRow: 153, what: "note" },
      ],
      preview: Array.from({ length: 20 }, (_, at) => {
        const {
          date,
          order,
          orderLine,
          code,
          name: goods,
          spec,
          lot,
          quantity,
          unit,
          price,
          amount,
          supplier,
        } = lineOf("ledger", "2026-11", at);
        return {
          row: at + 1,
          date,
          order,
          orderLine,
          code,
          name: goods,
          spec,
          lot,
          quantity: quantity!,
          unit,
          price,
          amount,
          supplier,
          isReturn: false,
        };
      }),
      importedAs: before?.batch ?? null,
    };
  }

  private async run(path: string): Promise<void> {
    this.cancelled = false;
    const steps = path.includes("大") ? STEPS : 2;
    for (let step = 1; step <= steps; step++) {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      if (this.cancelled) {
        this.progress.running = false;
        this.fail("cancelled");
      }
      this.progress = { running: true, done: Math.round((ROWS * step) / steps), total: ROWS };
    }
    this.progress.running = false;
  }

  readonly answers: Pick<
    Answers,
    | "ledger_detect"
    | "ledger_import"
    | "ledger_progress"
    | "ledger_cancel"
    | "ledger_batches"
    | "ledger_batch"
    | "ledger_undo"
    | "import_profiles"
    | "import_profile_save"
    | "import_profile_remove"
    | "import_profile_export"
    | "import_profile_read"
  > = {
    ledger_detect: ({ path, headings, profile }) =>
      this.detect(path ?? "D:\\导出\\中心库入库明细.xlsx", headings, profile),
    ledger_import: async ({ path, headings, saveAs }) => {
      const found = this.detect(path, headings, null);
      await this.run(path);
      if (saveAs !== null)
        this.profiles = [
          ...this.profiles.filter(({ name }) => name !== saveAs),
          { name: saveAs, sheet: found.sheet, headings, editedAt: this.clock.now(), editedBy: NAME },
        ];
      const added = found.accepted - found.known;
      const batch = this.batches.length + 1;
      if (added > 0) {
        this.batches.push({
          batch,
          fileName: found.fileName,
          profile: saveAs ?? "",
          rows: found.rows,
          accepted: found.accepted,
          added,
          refused: found.refused,
          from: found.from,
          to: found.to,
          importedAt: this.clock.now(),
          importedBy: NAME,
          undoneAt: null,
          signedPeriod: null,
        });
        this.months.filled("2026-11");
      }
      const { rows, accepted, known, refused, problems, periods } = found;
      return { batch: added > 0 ? batch : null, rows, accepted, added, known, refused, problems, periods };
    },
    ledger_progress: () => this.progress,
    ledger_cancel: () => {
      this.cancelled = true;
      return {};
    },
    ledger_batches: () => ({ batches: this.list() }),
    ledger_batch: ({ batch }) => ({
      batch: this.list().find((one) => one.batch === batch) ?? this.fail("notFound"),
      problems: [...PROBLEMS],
    }),
    ledger_undo: ({ batch }) => {
      const found = this.batches.find((one) => one.batch === batch) ?? this.fail("notFound");
      if (this.months.isSigned("2026-11")) this.fail("periodSigned", "2026-11");
      found.undoneAt = this.clock.now();
      this.months.emptied("2026-11");
      return { batches: this.list() };
    },
    import_profiles: () => ({ profiles: this.profiles }),
    import_profile_save: ({ name, sheet, headings }) => {
      this.profiles = [
        ...this.profiles.filter((one) => one.name !== name),
        { name, sheet, headings, editedAt: this.clock.now(), editedBy: NAME },
      ];
      return { profiles: this.profiles };
    },
    import_profile_remove: ({ name }) => {
      this.profiles = this.profiles.filter((one) => one.name !== name);
      return { profiles: this.profiles };
    },
    import_profile_export: ({ name }) => ({ path: `D:\\导出\\${name}.json`, sha256: "d0".repeat(32) }),
    import_profile_read: () => ({ profiles: this.profiles }),
  };

  private list(): LedgerBatch[] {
    const signed = this.months.isSigned("2026-11") ? "2026-11" : null;
    return [...this.batches].reverse().map((batch) => ({ ...batch, signedPeriod: signed }));
  }
}
