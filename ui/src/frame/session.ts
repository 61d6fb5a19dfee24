import { computed, shallowRef } from "vue";
import type { AppState } from "@/bindings/wire";
import { clearToasts } from "@/kit/toasts";
import { call, listen, windowControls } from "@/platform";
import { useNavigation } from "./navigation";

/** Where the program stands; null until it has been asked. */
export const session = shallowRef<AppState | null>(null);

/** A profile is open: commands about data answer. */
export const profileOpen = computed(() => session.value?.profile === "open");

/**
 * Takes the state that a command answered. Once locked, signed out or with another person at work, the window forgets
 * everything.
 */
export function setSession(state: AppState): void {
  const before = session.value;
  session.value = state;
  const locked = before?.profile === "open" && state.profile === "locked";
  const other = before?.connection && state.connection && before.connection.user !== state.connection.user;
  const left = before?.connection?.signedIn === true && state.connection?.signedIn === false;
  if (!locked && !other && !left) return;
  useNavigation().restart();
  clearToasts();
  windowControls().forget();
}

/** Hears when the program locks itself; answers a function that stops it. */
export function followSession(): Promise<() => void> {
  return listen<AppState>("app-state", setSession);
}

/** Asks where the program stands. */
export async function loadSession(): Promise<AppState> {
  const state = await call("app_state", {});
  setSession(state);
  return state;
}
