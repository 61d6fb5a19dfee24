import { h } from "vue";
import type { ReconcileRow } from "@/bindings/wire";
import { money } from "@/frame/format";
import Badge from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import Icon from "@/kit/Icon.vue";
import { itemName, passName, shownQuantity, SORT_ICON, STATE_LOOK } from "./itemView";
import type { reconcile } from "./text";

/** The worklist's columns in their first order. */
export function itemColumns(t: typeof reconcile): Column<ReconcileRow>[] {
  const c = t.columns;
  return [
    {
      key: "kind",
      title: c.kind,
      width: 10,
      worded: true,
      pinned: true,
      value: (row) => itemName(row, t),
      render: (row) =>
        h("span", { class: "item-kind", "data-sort": row.sort, "data-kind": row.kind ?? "" }, [
          h(Icon, { name: SORT_ICON[row.sort] }),
          itemName(row, t),
        ]),
    },
    {
      key: "state",
      title: c.state,
      width: 7,
      value: (row) => (row.sort === "pair" ? "" : t.states[row.state]),
      render: (row) =>
        row.sort === "pair"
          ? null
          : h("span", { "data-state": row.state }, [
              h(Badge, { ...STATE_LOOK[row.state], label: t.states[row.state] }),
            ]),
    },
    { key: "name", title: c.name, width: 13, value: (row) => [row.name, row.spec].filter(Boolean).join(" ") },
    { key: "amount", title: c.amount, kind: "money", width: 8, value: (row) => money(row.amount) },
    {
      key: "platformQuantity",
      title: c.platformQuantity,
      kind: "number",
      width: 6,
      worded: true,
      value: (row) => shownQuantity(row.platformQuantity, t.none),
    },
    {
      key: "ledgerQuantity",
      title: c.ledgerQuantity,
      kind: "number",
      width: 6,
      value: (row) => shownQuantity(row.ledgerQuantity, t.none),
    },
    { key: "unit", title: c.unit, width: 3.6, value: (row) => row.unit },
    { key: "order", title: c.order, kind: "code", width: 11, value: (row) => row.order },
    { key: "supplier", title: c.supplier, width: 11, value: (row) => row.supplier },
    { key: "lot", title: c.lot, kind: "code", width: 7.5, value: (row) => row.lot },
    { key: "age", title: c.age, kind: "number", width: 4, value: (row) => String(row.ageDays) },
    {
      key: "owner",
      title: c.owner,
      width: 7,
      value: (row) => (row.owner === null ? "" : t.owners[row.owner]),
    },
    {
      key: "reason",
      title: c.reason,
      width: 16,
      value: (row) => [passName(row.pass, t), row.reason].filter(Boolean).join(" · "),
    },
    { key: "note", title: c.note, width: 12, value: (row) => row.note },
    { key: "date", title: c.date, kind: "date", width: 7, value: (row) => row.date ?? "" },
    { key: "code", title: c.code, kind: "code", width: 13.5, optional: true, value: (row) => row.code },
  ];
}
