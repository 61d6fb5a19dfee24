import { documentLook, type Look } from "@/frame/documentLook";

const LOOKS: Record<string, Look> = {
  VERIFIED: { tone: "success", icon: "check" },
  PAID: { tone: "success", icon: "check-circle" },
  RECONCILING: { tone: "warning", icon: "scale" },
};

/** How the state of an invoice or a settlement looks. */
export function billLook(state: string): Look {
  return LOOKS[state] ?? documentLook(state);
}
