import type { Task, TaskKind } from "@/bindings/wire";
import type { Place } from "@/frame/navigation";

/** Where a task is done; null where it is only told. */
export function placeOf(kind: TaskKind, { id, orderLine }: Task): Place | null {
  if (kind === "delivery") return { room: "receiving", args: { delivery: id } };
  return orderLine === null ? null : { room: "orders", args: { line: orderLine } };
}

/** Where all tasks of a kind are. */
export function roomOf(kind: TaskKind): Place["room"] {
  return kind === "delivery" || kind === "receipt" ? "receiving" : "orders";
}
