import type { Task, TaskKind } from "@/bindings/wire";
import type { Place } from "@/frame/navigation";

/** The rooms of the purchase cycle's tasks, and the name under which they take one. */
const LEADS: Partial<Record<TaskKind, readonly [Place["room"], string]>> = {
  delivery: ["receiving", "delivery"],
  supplyIssue: ["supply", "issue"],
  negotiation: ["supply", "negotiation"],
  evaluation: ["supply", "evaluation"],
  agreement: ["volume", "agreement"],
  demand: ["volume", "report"],
  contract: ["volume", "contract"],
  filing: ["catalogue", "filing"],
  invoice: ["receiving", "invoice"],
  settlement: ["receiving", "settlement"],
  payment: ["receiving", "settlement"],
  paper: ["supply", "paper"],
};

/** Where a task is done; null where it is only told. */
export function placeOf(kind: TaskKind, { id, orderLine, delivery }: Task): Place | null {
  const lead = LEADS[kind];
  if (lead) return { room: lead[0], args: { [lead[1]]: id } };
  if (delivery !== null) return { room: "receiving", args: { delivery } };
  return orderLine === null ? null : { room: "orders", args: { line: orderLine } };
}

/** Where all tasks of a kind are; null where no room lists them. */
export function roomOf(kind: TaskKind): Place["room"] | null {
  if (kind === "receipt") return "receiving";
  if (kind === "deliveryClock") return "orders";
  return LEADS[kind]?.[0] ?? null;
}
