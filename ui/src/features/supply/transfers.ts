import { h } from "vue";
import type { Attachment, Transfer, TransferSaveReq } from "@/bindings/wire";
import { typedDecimal } from "@/frame/decimal";
import { quantity } from "@/frame/format";
import Badge from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import type { transfers } from "./transferText";

/** A transfer as it is typed; blank fields are none. */
export interface TransferFields {
  id: string;
  way: string;
  other: string;
  product: string;
  name: string;
  spec: string;
  unit: string;
  quantity: string;
  lot: string;
  expiresOn: string;
  reason: string;
  movedOn: string;
  handledBy: string;
  attachments: Attachment[];
}

export function noTransfer(today: string, handledBy: string): TransferFields {
  return {
    id: "",
    way: "incoming",
    other: "",
    product: "",
    name: "",
    spec: "",
    unit: "",
    quantity: "",
    lot: "",
    expiresOn: "",
    reason: "",
    movedOn: today,
    handledBy,
    attachments: [],
  };
}

/** What was recorded, to be corrected. */
export function fieldsOf(kept: Transfer): TransferFields {
  const { id, other, name, spec, unit, quantity, lot, reason, movedOn, handledBy, attachments } = kept;
  return {
    id,
    way: kept.incoming ? "incoming" : "outgoing",
    other,
    product: kept.product ?? "",
    name,
    spec,
    unit,
    quantity,
    lot,
    expiresOn: kept.expiresOn ?? "",
    reason,
    movedOn,
    handledBy,
    attachments,
  };
}

export function transferRequest(fields: TransferFields): TransferSaveReq {
  const { id, way, product, expiresOn, quantity: typed, ...rest } = fields;
  return {
    ...rest,
    id: id || null,
    incoming: way === "incoming",
    product: product || null,
    expiresOn: expiresOn || null,
    quantity: typedDecimal(typed) ?? typed,
  };
}

export function transferColumns(t: typeof transfers): Column<Transfer>[] {
  const { columns: c } = t;
  return [
    {
      key: "way",
      title: c.way,
      width: 5,
      value: ({ incoming }) => (incoming ? t.incoming : t.outgoing),
      render: ({ incoming }) =>
        h(Badge, {
          tone: incoming ? "success" : "info",
          icon: incoming ? "arrow-left" : "arrow-right",
          label: incoming ? t.incoming : t.outgoing,
        }),
    },
    { key: "movedOn", title: c.movedOn, kind: "date", width: 7.5, value: (row) => row.movedOn },
    { key: "goods", title: c.goods, width: 16, value: (row) => row.name },
    { key: "spec", title: c.spec, width: 10, value: (row) => row.spec },
    { key: "quantity", title: c.quantity, kind: "number", width: 6, value: (row) => quantity(row.quantity) },
    { key: "unit", title: c.unit, width: 4, value: (row) => row.unit },
    { key: "lot", title: c.lot, width: 8, value: (row) => row.lot },
    { key: "other", title: c.other, width: 13, value: (row) => row.other },
    { key: "handledBy", title: c.handledBy, width: 6, value: (row) => row.handledBy },
    { key: "reason", title: c.reason, width: 18, value: (row) => row.reason },
  ];
}
