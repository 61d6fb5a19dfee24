import { h } from "vue";
import type { DeliveryRow } from "@/bindings/wire";
import { dayAndTime } from "@/frame/format";
import Badge, { type Tone } from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import Icon from "@/kit/Icon.vue";
import type { IconName } from "@/kit/icons";
import type { receiving } from "./text";

/** How a delivery's state looks; a state that this version does not know is neutral. */
export function deliveryLook(state: string): { tone: Tone; icon: IconName } {
  const looks: Record<string, { tone: Tone; icon: IconName }> = {
    WAITING: { tone: "neutral", icon: "truck" },
    CONFIRMED: { tone: "info", icon: "package" },
    ACCEPTING: { tone: "warning", icon: "download" },
    STORED: { tone: "success", icon: "check" },
    VOID: { tone: "neutral", icon: "close" },
  };
  return looks[state] ?? { tone: "neutral", icon: "info" };
}

/** What the clock of a delivery says: until when, or that it is past. `left` words what is left of it now. */
export function clockText(row: DeliveryRow, t: typeof receiving, left: (dueAt: string) => string): string {
  if (row.arrivedAt !== null) return row.late ? t.late : t.arrivedAt(dayAndTime(row.arrivedAt).slice(5));
  return row.dueAt === null ? "" : left(row.dueAt);
}

/** The deliveries' columns in their first order. */
export function deliveryColumns(t: typeof receiving, left: (dueAt: string) => string): Column<DeliveryRow>[] {
  const c = t.columns;
  const mark = (icon: IconName, label: string) =>
    h("span", { class: "mark", role: "img", title: label, "aria-label": label }, [h(Icon, { name: icon })]);
  const marks = (row: DeliveryRow) => [
    row.hasDraft ? mark("edit", t.hasDraft) : null,
    row.receiptWaiting ? mark("send", t.waiting) : null,
  ];
  return [
    {
      key: "state",
      title: c.state,
      width: 11.5,
      value: (row) =>
        [row.stateText, row.hasDraft ? t.hasDraft : "", row.receiptWaiting ? t.waiting : ""]
          .filter(Boolean)
          .join(" "),
      render: (row) =>
        h("span", { class: "marks", "data-state": row.state }, [
          h(Badge, { ...deliveryLook(row.state), label: row.stateText }),
          ...marks(row),
        ]),
    },
    {
      key: "clock",
      title: c.clock,
      width: 13,
      value: (row) =>
        [row.clockHours === null ? "" : t.hours(row.clockHours), clockText(row, t, left)]
          .filter(Boolean)
          .join(" · "),
      render: (row) => {
        const pressing = row.late || row.urgency === "overdue" || row.urgency === "today";
        return h("span", { class: ["marks", pressing ? "pressing" : row.urgency === "soon" ? "soon" : ""] }, [
          pressing || row.urgency === "soon" ? h(Icon, { name: pressing ? "error" : "alert" }) : null,
          row.clockHours === null ? null : h("span", { class: "hours" }, t.hours(row.clockHours)),
          h("span", clockText(row, t, left)),
        ]);
      },
    },
    {
      key: "supplier",
      title: c.supplier,
      width: 15,
      value: (row) => row.supplier,
    },
    {
      key: "code",
      title: c.code,
      kind: "code",
      width: 11,
      value: (row) => row.code,
    },
    { key: "lines", title: c.lines, kind: "number", width: 3.6, value: (row) => String(row.lines) },
    {
      key: "order",
      title: c.order,
      kind: "code",
      width: 14.5,
      value: (row) => row.orderCode,
      render: (row) =>
        h("span", { class: "marks" }, [
          row.urgent ? h("span", { class: "urgent-mark" }, t.urgent) : null,
          h("span", row.orderCode),
        ]),
    },
    { key: "dept", title: c.dept, width: 6.5, value: (row) => row.dept },
    { key: "shipped", title: c.shipped, kind: "date", width: 10, value: (row) => dayAndTime(row.shippedAt) },
    {
      key: "arrived",
      title: c.arrived,
      kind: "date",
      width: 10,
      value: (row) => (row.arrivedAt === null ? "" : dayAndTime(row.arrivedAt)),
    },
    {
      key: "express",
      title: c.express,
      width: 12,
      value: (row) => [row.carrier, row.expressNo].filter(Boolean).join(" "),
    },
  ];
}
