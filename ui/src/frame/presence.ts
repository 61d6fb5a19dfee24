import { call } from "@/platform";
import { profileOpen } from "./session";

/** The core counts idle minutes: it is told of keys and pointers at most this often, ms. */
const EVERY_MS = 10_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** Tells the core that somebody is at the window; answers a function that stops. */
export function tellPresence(): () => void {
  let told = Number.NEGATIVE_INFINITY;
  const onSign = () => {
    const now = performance.now();
    if (!profileOpen.value || now - told < EVERY_MS) return;
    told = now;
    void call("activity", {}).catch(() => undefined);
  };
  for (const sign of SIGNS) window.addEventListener(sign, onSign, { passive: true, capture: true });
  return () => {
    for (const sign of SIGNS) window.removeEventListener(sign, onSign, { capture: true });
  };
}
