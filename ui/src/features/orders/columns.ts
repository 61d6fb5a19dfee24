import { h } from "vue";
import type { OrderRow } from "@/bindings/wire";
import { dayAndTime, money, quantity } from "@/frame/format";
import Badge from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import Icon from "@/kit/Icon.vue";
import type { orders } from "./text";
import { stateLook } from "@/frame/orderLook";

/** Columns of the order lines, from left to right. */
export function orderColumns(t: typeof orders): Column<OrderRow>[] {
  const c = t.columns;
  return [
    {
      key: "order",
      title: c.order,
      kind: "code",
      width: 12.4,
      pinned: true,
      value: (row) => row.orderCode,
      render: (row) =>
        h("span", { class: "order-code" }, [
          row.orderCode,
          row.urgent ? h("span", { class: "urgent-mark", title: t.urgentLong }, t.urgent) : null,
        ]),
    },
    {
      key: "line",
      title: c.line,
      kind: "number",
      width: 3,
      worded: true,
      value: (row) => String(row.lineNo),
    },
    { key: "product", title: c.product, width: 12.5, value: (row) => row.product },
    { key: "spec", title: c.spec, width: 9, value: (row) => specAndModel(row) },
    { key: "maker", title: c.maker, width: 8.5, value: (row) => row.maker },
    { key: "supplier", title: c.supplier, width: 8.5, value: (row) => row.supplier },
    {
      key: "quantity",
      title: c.quantity,
      kind: "number",
      width: 4.2,
      worded: true,
      value: (row) => quantity(row.quantity),
    },
    { key: "unit", title: c.unit, width: 3.4, value: (row) => row.unit },
    { key: "price", title: c.price, kind: "money", width: 6.8, value: (row) => money(row.price) },
    { key: "amount", title: c.amount, kind: "money", width: 7.4, value: (row) => money(row.amount) },
    {
      key: "state",
      title: c.state,
      width: 10,
      value: (row) => (row.late ? `${row.stateText} ${t.late}` : row.stateText),
      render: (row) =>
        h("span", { class: "state-cell", "data-state": row.state || "unknown" }, [
          h(Badge, { ...stateLook(row.state), label: row.stateText }),
          row.late ? h("span", { class: "late-mark" }, t.late) : null,
        ]),
    },
    {
      key: "progress",
      title: c.progress,
      kind: "number",
      width: 7,
      value: (row) => `${quantity(row.delivered)} / ${quantity(row.received)}`,
    },
    {
      key: "due",
      title: c.due,
      kind: "date",
      width: 14,
      value: (row) => dueText(row, t),
      render: (row) =>
        row.late
          ? h("span", { class: "late-mark", "data-late": "" }, [h(Icon, { name: "error" }), dueText(row, t)])
          : h("span", dueText(row, t)),
    },
    {
      key: "submitted",
      title: c.submitted,
      kind: "date",
      width: 10,
      value: (row) => dayAndTime(row.submittedAt),
    },
    { key: "dept", title: c.dept, width: 7, value: (row) => row.dept },
    { key: "code", title: c.code, kind: "code", width: 13.5, value: (row) => row.mcsCode ?? "" },
    { key: "kind", title: c.kind, width: 6, optional: true, value: (row) => row.kind },
  ];
}

/** Specification and model, once where they are the same. */
export function specAndModel({ spec, model }: Pick<OrderRow, "spec" | "model">): string {
  return spec === model ? spec : [spec, model].filter((part) => part !== "").join(" ");
}

/** Until when the line must be delivered, with the word where it is late. */
export function dueText({ late, deliveryDueAt }: OrderRow, t: typeof orders): string {
  const due = deliveryDueAt === null ? "" : dayAndTime(deliveryDueAt);
  return late ? `${t.late} ${due}`.trim() : due;
}
