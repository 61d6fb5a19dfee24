import { h } from "vue";
import type { NegotiationRow } from "@/bindings/wire";
import { typedDecimal, units } from "@/frame/decimal";
import { dayAndTime, money } from "@/frame/format";
import { stateColumn } from "@/frame/stateColumn";
import Countdown from "@/kit/Countdown.vue";
import type { Column } from "@/kit/grid/columns";
import type { supply } from "./text";

export function negotiationColumns(t: typeof supply): Column<NegotiationRow>[] {
  const { columns: c } = t.negotiations;
  const priced = (price: string | null) => (price === null ? "" : money(price));
  return [
    stateColumn(c.state, 8),
    {
      key: "clock",
      title: c.clock,
      width: 9.5,
      worded: true,
      value: (row) => (row.ours ? t.negotiations.decideNow : (row.clock?.dueDate ?? "")),
      render: (row) =>
        row.clock
          ? h(Countdown, { remaining: { unit: "workingDays", days: row.clock.remainingWorkingDays } })
          : row.ours
            ? h("strong", t.negotiations.decideNow)
            : "",
    },
    { key: "product", title: c.product, width: 14, value: (row) => row.product },
    { key: "spec", title: c.spec, width: 9, value: (row) => row.spec },
    { key: "maker", title: c.maker, width: 14, value: (row) => row.maker },
    { key: "price", title: c.price, kind: "money", width: 7, value: (row) => money(row.price) },
    { key: "target", title: c.target, kind: "money", width: 8, value: (row) => money(row.targetPrice) },
    { key: "answer", title: c.answer, kind: "money", width: 8, value: (row) => priced(row.answerPrice) },
    { key: "invited", title: c.invited, kind: "date", width: 10, value: (row) => dayAndTime(row.invitedAt) },
  ];
}

/** Somebody is awaited: the company, or the hospital. */
export function isOpen(row: NegotiationRow): boolean {
  return row.ours || row.clock !== null;
}

export interface InviteFields {
  /** 挂网产品; empty while none is chosen. */
  product: string;
  name: string;
  listedPrice: string;
  target: string;
  remarks: string;
}

export const NO_INVITATION: InviteFields = {
  product: "",
  name: "",
  listedPrice: "",
  target: "",
  remarks: "",
};

/** The field that stands in the way, or null; the core judges again. */
export function inviteFault(fields: InviteFields): "product" | "targetPrice" | null {
  if (fields.product === "") return "product";
  const target = units(typedDecimal(fields.target));
  const listed = units(fields.listedPrice);
  if (target === null || target <= 0n || (listed !== null && target >= listed)) return "targetPrice";
  return null;
}
