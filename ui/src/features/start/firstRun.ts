import { computed, ref } from "vue";
import { loadSession, session, setSession } from "@/frame/session";
import { ApiError, call } from "@/platform";
import { useAttempt } from "@/useAttempt";

export type Way = "connect" | "demo";
export type Step = "welcome" | "passphrase" | "recovery" | "signIn";

/** The demo hospital is made before it answers. */
const DEMO_TIMEOUT_MS = 120_000;

/** The first run: choose a way, make the profile, keep the recovery code, then sign in or start the demo. */
export function useFirstRun() {
  const step = ref<Step>("welcome");
  const way = ref<Way | null>(null);
  const recoveryCode = ref("");
  const { busy, failure: error, attempt } = useAttempt();

  async function create(passphrase: string | null): Promise<void> {
    recoveryCode.value = (await call("profile_create", { passphrase })).recoveryCode;
    step.value = "recovery";
  }

  async function follow(): Promise<void> {
    if (way.value === "connect") {
      step.value = "signIn";
      return;
    }
    setSession(await call("demo_start", {}, { timeoutMs: DEMO_TIMEOUT_MS }));
  }

  return {
    step: computed(() => step.value),
    way: computed(() => way.value),
    recoveryCode: computed(() => recoveryCode.value),
    busy: computed(() => busy.value),
    error: computed(() => error.value),
    /** The key goes into the system's keyring; where there is none, a passphrase is asked for. */
    choose: (chosen: Way) =>
      attempt(async () => {
        way.value = chosen;
        if (session.value?.profile !== "none") return follow();
        try {
          await create(null);
        } catch (reason) {
          const { code } = ApiError.from(reason);
          if (code !== "keyringAbsent" && code !== "keyringLocked") throw reason;
          step.value = "passphrase";
        }
      }),
    setPassphrase: (passphrase: string) => attempt(() => create(passphrase)),
    /** The recovery code is kept; it is forgotten here. */
    keptCode: () =>
      attempt(async () => {
        await loadSession();
        // Only now: were the demo to fail, the welcome screen offers it again.
        step.value = "welcome";
        recoveryCode.value = "";
        await follow();
      }),
    back: () => {
      step.value = "welcome";
      error.value = null;
    },
  };
}
