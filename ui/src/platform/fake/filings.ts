import type { Commands, DocumentStep, ErrorCode, FieldFault, FilingDraft, FilingRow } from "@/bindings/wire";
import type { Clock } from "./clock";
import { sha256, type Outbox } from "./outbox";

type Served =
  | "filings"
  | "filing"
  | "filing_check"
  | "filing_draft_save"
  | "filing_drafts"
  | "filing_draft_remove"
  | "filing_submit";
type Answers = {
  [C in Served]: (request: Commands[C]["request"]) => Commands[C]["answer"] | Promise<Commands[C]["answer"]>;
};
type Fail = (code: ErrorCode, field?: string | null) => never;

interface Seed {
  row: FilingRow;
  draft: FilingDraft;
}

const REQUIRED = [
  "goodsName",
  "unit",
  "company",
  "quantity",
  "price",
  "purchaseDate",
  "reason",
  "responsible",
] as const;

function rowOf(draft: FilingDraft, rest: Partial<FilingRow>): FilingRow {
  return {
    id: draft.id,
    code: "",
    goodsName: draft.goodsName,
    goodsSpec: draft.goodsSpec,
    unit: draft.unit,
    company: draft.company,
    unlisted: draft.product === null,
    quantity: draft.quantity,
    price: draft.price,
    amount: (Number(draft.quantity) * Number(draft.price)).toFixed(2),
    purchaseDate: draft.purchaseDate,
    reason: draft.reason,
    responsible: draft.responsible,
    submittedAt: null,
    operator: "周敏",
    orderLine: null,
    state: "SUBMITTED",
    stateText: "已提交",
    returnReason: "",
    ours: false,
    waiting: false,
    ...rest,
  };
}

function seed(): Seed[] {
  const one = (id: string, draft: Partial<FilingDraft>, rest: Partial<FilingRow>): Seed => {
    const whole: FilingDraft = {
      id,
      filing: id,
      product: null,
      goodsName: "",
      goodsSpec: "",
      unit: "片",
      company: "",
      mcsCode: "",
      quantity: "0",
      price: "0",
      purchaseDate: "2026-11-06",
      reason: "",
      responsible: "李文涛",
      attachments: [],
      ownKey: null,
      ...draft,
    };
    return { row: rowOf(whole, { code: `BA${id}`, ...rest }), draft: whole };
  };
  return [
    one(
      "20261107001",
      {
        goodsName: "定制型颅骨修补钛网",
        goodsSpec: "三维 150×150",
        company: "淮屿澄砚医疗器械有限公司",
        quantity: "1",
        price: "12800",
        reason: "平台无此规格，急诊颅骨修补",
      },
      {
        submittedAt: "2026-11-07T15:00:00+08:00",
        state: "RETURNED",
        stateText: "已退回",
        returnReason: "缺议价记录，请补充三家比价材料。",
        ours: true,
      },
    ),
    one(
      "20261102004",
      {
        product: "P-1",
        goodsName: "一次性使用无菌敷料",
        goodsSpec: "10cm×12cm",
        company: "望溪区本地门店",
        quantity: "20",
        price: "3.65",
        reason: "夜间急诊，平台无货",
        responsible: "周敏",
      },
      { submittedAt: "2026-11-02T10:12:00+08:00", state: "APPROVED", stateText: "已通过" },
    ),
  ];
}

/** 备案 of the invented office, judged as the core judges. */
export function filingAnswers(clock: Clock, outbox: Outbox, fail: Fail, empty: boolean): Answers {
  const seeds = empty ? [] : seed();
  const drafts = new Map<string, FilingDraft>();
  const waits = (id: string) => outbox.of(id).some(({ state }) => state === "queued" || state === "sending");
  const shown = (one: Seed): FilingRow => ({ ...one.row, waiting: waits(one.row.id) });
  const find = (id: string) => seeds.find(({ row }) => row.id === id) ?? fail("notFound");
  function faults(draft: FilingDraft): FieldFault[] {
    const found: FieldFault[] = REQUIRED.filter((field) => draft[field].trim() === "").map((field) => ({
      field,
      code: "fieldRequired",
    }));
    for (const field of ["quantity", "price"] as const)
      if (draft[field].trim() !== "" && !/^\d+(\.\d{1,4})?$/.test(draft[field]))
        found.push({ field, code: "fieldInvalid" });
    if (draft.mcsCode && !/^C\d{19}(\d{7})?$/.test(draft.mcsCode))
      found.push({ field: "mcsCode", code: "fieldInvalid" });
    if (draft.product === null && draft.attachments.length === 0)
      found.push({ field: "attachments", code: "fieldRequired" });
    return found;
  }
  const steps = (row: FilingRow): DocumentStep[] =>
    row.submittedAt === null
      ? []
      : [
          { kind: "submitted", at: row.submittedAt, dateOnly: false, by: row.operator, text: "" },
          ...(row.returnReason
            ? [
                {
                  kind: "returned" as const,
                  at: row.submittedAt,
                  dateOnly: false,
                  by: null,
                  text: row.returnReason,
                },
              ]
            : []),
        ];
  return {
    filings: () => ({
      rows: seeds.map(shown).sort((a, b) => Number(b.ours) - Number(a.ours)),
      pending: outbox.items
        .filter(({ kind, state }) => kind === "filing.create" && (state === "queued" || state === "sending"))
        .map((item) => ({ ...item })),
      drafts: [...drafts.values()].map((draft) => structuredClone(draft)),
    }),
    filing({ filing }) {
      const one = find(filing);
      const row = shown(one);
      const begun = [...drafts.values()].find((draft) => draft.filing === filing);
      return {
        row,
        mcsCode: one.draft.mcsCode,
        product: one.draft.product,
        attachments: one.draft.attachments,
        steps: steps(row),
        correction:
          row.ours && !row.waiting
            ? structuredClone(begun ?? { ...one.draft, id: crypto.randomUUID(), filing })
            : null,
        submissions: outbox.of(filing),
      };
    },
    filing_check(draft) {
      const amount = Number(draft.quantity) * Number(draft.price);
      return {
        amount: Number.isFinite(amount) && amount > 0 ? amount.toFixed(2) : "",
        faults: faults(draft),
      };
    },
    filing_draft_save(draft) {
      drafts.set(draft.id, structuredClone(draft));
      return { editedAt: clock.now() };
    },
    filing_drafts: () => ({ drafts: [...drafts.values()] }),
    filing_draft_remove({ id }) {
      drafts.delete(id);
      return { drafts: [...drafts.values()] };
    },
    async filing_submit({ id }) {
      const draft = drafts.get(id) ?? fail("notFound");
      const [fault] = faults(draft);
      if (fault) fail(fault.code, fault.field);
      drafts.delete(id);
      const digest = await sha256(JSON.stringify(draft));
      return outbox.add("filing.create", draft.filing ?? id, draft.goodsName, digest, (submittedAt) => {
        const of = draft.filing;
        if (of === null) {
          const row = rowOf(draft, { code: `BA${seeds.length + 20261120001}`, submittedAt });
          seeds.unshift({ row, draft });
          return;
        }
        const one = find(of);
        one.draft = draft;
        one.row = rowOf(draft, { id: of, code: one.row.code, submittedAt });
      });
    },
  };
}
