import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";

/** How a state looks: a shape and a colour that repeats it. */
export interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

const LOOKS: Record<string, StateLook> = {
  DRAFT: { tone: "neutral", icon: "edit" },
  SUBMITTED: { tone: "info", icon: "clock" },
  ACCEPTED: { tone: "info", icon: "package" },
  REFUSED: { tone: "danger", icon: "error" },
  SHIPPED: { tone: "warning", icon: "truck" },
  SHIP_REFUSED: { tone: "danger", icon: "error" },
  RECEIVING: { tone: "warning", icon: "download" },
  RECEIVED: { tone: "success", icon: "check" },
  CANCELLED: { tone: "neutral", icon: "close" },
};

/** The look of a canonical order state; a state that this version does not know is neutral. */
export function stateLook(code: string): StateLook {
  return LOOKS[code] ?? { tone: "neutral", icon: "info" };
}
