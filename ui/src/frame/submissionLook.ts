import type { OutboxItem, OutboxState } from "@/bindings/wire";
import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";

/** How the state of a submission looks. */
export const OUTBOX_LOOK: Record<OutboxState, { tone: Tone; icon: IconName }> = {
  queued: { tone: "info", icon: "clock" },
  sending: { tone: "info", icon: "send" },
  exported: { tone: "info", icon: "send" },
  accepted: { tone: "success", icon: "check" },
  refused: { tone: "danger", icon: "error" },
  needsDecision: { tone: "warning", icon: "alert" },
  withdrawn: { tone: "neutral", icon: "undo" },
  awaitingReview: { tone: "warning", icon: "user" },
  returned: { tone: "danger", icon: "undo" },
};

/** Why a person has to see to it; what only waits for the network says nothing. */
export function refusalOf({ state, errorText }: Pick<OutboxItem, "state" | "errorText">): string | null {
  return state === "refused" || state === "needsDecision" ? errorText : null;
}
