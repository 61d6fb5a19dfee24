import { h } from "vue";
import Badge from "@/kit/Badge.vue";
import type { Column } from "@/kit/grid/columns";
import { useText } from "@/useText";
import { documentLook } from "./documentLook";

interface StatedRow {
  readonly state: string;
  readonly stateText: string;
  readonly waiting?: boolean;
}

/** The column of a document's state; of one that waits to be sent it says that. Width in rem. */
export function stateColumn<Row extends StatedRow>(title: string, width: number): Column<Row> {
  const text = useText();
  return {
    key: "state",
    title,
    width,
    value: (row) => row.stateText,
    render: (row) =>
      row.waiting
        ? h(Badge, {
            tone: "warning",
            icon: "send",
            label: text.value.frame.toBeSent,
            "data-state": "waiting",
          })
        : h(Badge, {
            ...documentLook(row.state),
            label: row.stateText,
            "data-state": row.state || "unknown",
          }),
  };
}
