import { h } from "vue";
import type { ExemptionReq, ExemptionRow } from "@/bindings/wire";
import { typedDecimal } from "@/frame/decimal";
import { dayAndTime, quantity } from "@/frame/format";
import Badge from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import type { volume } from "./text";

/** What a person records; a verified supply problem exempts by itself. */
export const KINDS = ["clinical-need", "reserve-supplier", "cheaper-equal-product"] as const;
export type ExemptionKind = (typeof KINDS)[number];

/** What is being written. */
export interface ExemptionFields {
  kind: string;
  agreement: string;
  product: string;
  /** The product's name, to be there again with the draft. */
  name: string;
  relief: string;
  from: string;
  through: string;
  reason: string;
  evidence: string;
}

export const NO_EXEMPTION: ExemptionFields = {
  kind: "clinical-need",
  agreement: "",
  product: "",
  name: "",
  relief: "",
  from: "",
  through: "",
  reason: "",
  evidence: "",
};

export interface ExemptionFault {
  field: "agreement" | "product" | "relief" | "from" | "through" | "reason" | "evidence";
  code: "fieldRequired" | "fieldInvalid";
}

/** What stands in the way, field by field; the core judges again. */
export function exemptionFaults(fields: ExemptionFields): ExemptionFault[] {
  const faults: ExemptionFault[] = [];
  const need = (field: ExemptionFault["field"]) => {
    if (fields[field].trim() === "") faults.push({ field, code: "fieldRequired" });
  };
  if (fields.kind === "clinical-need") {
    need("agreement");
    const relief = typedDecimal(fields.relief);
    if (fields.relief.trim() === "") need("relief");
    else if (relief === null || /^0(\.0+)?$/.test(relief))
      faults.push({ field: "relief", code: "fieldInvalid" });
  } else need("product");
  need("from");
  need("through");
  if (fields.from !== "" && fields.through !== "" && fields.through < fields.from)
    faults.push({ field: "through", code: "fieldInvalid" });
  need("reason");
  need("evidence");
  return faults;
}

/** Only what the kind asks for is sent. */
export function exemptionRequest(fields: ExemptionFields): ExemptionReq {
  const clinical = fields.kind === "clinical-need";
  return {
    kind: fields.kind,
    agreement: clinical ? fields.agreement : null,
    product: clinical ? null : fields.product,
    // The product's manufacturer is the reserve supplier.
    maker: null,
    relief: clinical ? (typedDecimal(fields.relief) ?? fields.relief) : "",
    from: fields.from,
    through: fields.through,
    reason: fields.reason.trim(),
    evidence: fields.evidence.trim(),
  };
}

export function exemptionColumns(t: typeof volume): Column<ExemptionRow>[] {
  const { columns: c, kinds, granted, notGranted } = t.exemptions;
  return [
    {
      key: "granted",
      title: c.granted,
      width: 7,
      worded: true,
      value: (row) => (row.isGranted ? granted : notGranted),
      render: (row) =>
        row.isGranted
          ? h(Badge, { tone: "success", label: granted, "data-granted": "true" })
          : h(Badge, { tone: "neutral", label: notGranted, "data-granted": "false" }),
    },
    { key: "kind", title: c.kind, width: 8.5, worded: true, value: (row) => kinds[row.kind] ?? row.kind },
    { key: "subject", title: c.subject, width: 24, value: (row) => row.subject },
    { key: "relief", title: c.relief, kind: "number", width: 6, value: (row) => reliefText(row) },
    { key: "from", title: c.from, kind: "date", width: 7.5, value: (row) => row.from },
    { key: "through", title: c.through, kind: "date", width: 7.5, value: (row) => row.through },
    { key: "reason", title: c.reason, width: 14, value: (row) => row.reason },
    { key: "evidence", title: c.evidence, width: 12, value: (row) => row.evidence },
    { key: "recordedBy", title: c.recordedBy, width: 7, optional: true, value: (row) => row.recordedBy },
    {
      key: "recordedAt",
      title: c.recordedAt,
      kind: "date",
      width: 10,
      optional: true,
      value: (row) => dayAndTime(row.recordedAt),
    },
  ];
}

/** Only a changed clinical need relieves a quantity. */
export function reliefText({ kind, relief }: Pick<ExemptionRow, "kind" | "relief">): string {
  return kind === "clinical-need" ? quantity(relief) : "";
}
