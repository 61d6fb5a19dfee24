import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";

export interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

const OURS: Look = { tone: "warning", icon: "edit" };
const AWAITED: Look = { tone: "info", icon: "clock" };
const GOOD: Look = { tone: "success", icon: "check" };
const BACK: Look = { tone: "danger", icon: "undo" };
const BAD: Look = { tone: "danger", icon: "error" };
const OVER: Look = { tone: "neutral", icon: "close" };

const LOOKS: Record<string, Look> = {
  DRAFT: OURS,
  PENDING: OURS,
  SUBMITTED: AWAITED,
  WAITING: AWAITED,
  REPORTED: AWAITED,
  INVITED: AWAITED,
  ANSWERED: { tone: "warning", icon: "alert" },
  VERIFIED: { tone: "warning", icon: "check" },
  APPROVED: GOOD,
  SIGNED: GOOD,
  RUNNING: GOOD,
  AGREED: GOOD,
  LINKED: GOOD,
  RESOLVED: GOOD,
  CONFIRMED: GOOD,
  RETURNED: BACK,
  REFUSED: BAD,
  DISPUTED: BAD,
  FAILED: OVER,
  EXPIRED: OVER,
  UNFOUNDED: OVER,
};

/** How a document's canonical state looks; one that this version does not know is neutral. */
export function documentLook(state: string): Look {
  return LOOKS[state] ?? { tone: "neutral", icon: "info" };
}
