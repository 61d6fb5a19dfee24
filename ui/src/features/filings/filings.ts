import type { FilingCheck, FilingDraft, FilingRow } from "@/bindings/wire";
import { draftOf, KeptDraft } from "@/frame/keptDraft";
import { money, quantity } from "@/frame/format";
import { stateColumn } from "@/frame/stateColumn";
import type { Column } from "@/kit/grid/columns";
import { call } from "@/platform";
import type { filings } from "./text";

export function filingColumns(t: typeof filings): Column<FilingRow>[] {
  const c = t.columns;
  return [
    stateColumn(c.state, 7),
    {
      key: "sort",
      title: c.sort,
      width: 7,
      worded: true,
      value: (row) => (row.unlisted ? t.sorts.unlisted : t.sorts.listed),
    },
    { key: "goods", title: c.goods, width: 14, value: (row) => row.goodsName },
    { key: "spec", title: c.spec, width: 9, value: (row) => row.goodsSpec },
    { key: "company", title: c.company, width: 13, value: (row) => row.company },
    {
      key: "quantity",
      title: c.quantity,
      kind: "number",
      width: 6,
      value: (row) => `${quantity(row.quantity)} ${row.unit}`,
    },
    { key: "amount", title: c.amount, kind: "money", width: 8, value: (row) => money(row.amount) },
    { key: "date", title: c.date, kind: "date", width: 7.5, value: (row) => row.purchaseDate },
    { key: "responsible", title: c.responsible, width: 6, value: (row) => row.responsible },
    { key: "code", title: c.code, kind: "code", width: 12, value: (row) => row.code },
  ];
}

/** A filing begun now. */
export function newFiling(responsible: string, today: string): FilingDraft {
  return {
    id: crypto.randomUUID(),
    filing: null,
    product: null,
    goodsName: "",
    goodsSpec: "",
    unit: "",
    company: "",
    mcsCode: "",
    quantity: "",
    price: "",
    purchaseDate: today,
    reason: "",
    responsible,
    attachments: [],
    ownKey: null,
  };
}

/** The draft that is written, saved by the backend as it is typed. */
export function filingDraft(begun: FilingDraft): KeptDraft<FilingDraft> {
  return draftOf(
    `filing.${begun.id}`,
    () => new KeptDraft(begun, (fields) => call("filing_draft_save", { ...fields })),
  );
}

/** The first fault of a field, or of something within it. */
export function faultAt(check: FilingCheck | null, field: string) {
  return (
    check?.faults.find(
      ({ field: name }) => name === field || name.startsWith(`${field}[`) || name.startsWith(`${field}.`),
    ) ?? null
  );
}
