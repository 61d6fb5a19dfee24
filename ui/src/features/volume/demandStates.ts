import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

const LOOKS: Record<string, Look> = {
  DRAFT: { tone: "info", icon: "edit" },
  SUBMITTED: { tone: "info", icon: "clock" },
  RETURNED: { tone: "danger", icon: "undo" },
  APPROVED: { tone: "success", icon: "check" },
  SIGNED: { tone: "success", icon: "check" },
};

/** How the state of a demand report looks; a state that this version does not know is neutral. */
export function demandLook(state: string): Look {
  return LOOKS[state] ?? { tone: "neutral", icon: "info" };
}
