import type { Act } from "@/bindings/wire";
import { useText } from "@/useText";
import { session } from "./session";

/** Whether the person at work may; the core and the platform judge again. */
export function may(act: Act): boolean {
  const connection = session.value?.connection;
  return !connection || connection.may.includes(act);
}

/** Why the person at work may not; `undefined` when it is allowed. */
export function whyNot(act: Act): string | undefined {
  const { safety } = useText().value;
  return may(act) ? undefined : safety.notPermitted(safety.acts[act]);
}
