import { computed, shallowRef } from "vue";
import type { AppState } from "@/bindings/wire";
import { call } from "@/platform";

/** Where the program stands; null until it has been asked. */
export const session = shallowRef<AppState | null>(null);

/** A profile is open: commands about data answer. */
export const profileOpen = computed(() => session.value?.profile === "open");

/** Takes the state that a command answered. */
export function setSession(state: AppState): void {
  session.value = state;
}

/** Asks where the program stands. */
export async function loadSession(): Promise<AppState> {
  const state = await call("app_state", {});
  setSession(state);
  return state;
}
