import { ref, shallowRef } from "vue";
import { errorText } from "./errorText";
import { toast } from "./kit/toasts";
import { ApiError } from "./platform";
import { useText } from "./useText";

/**
 * Something that a person does: whether it is under way, and why it failed. Pressed again meanwhile, nothing happens.
 * What the user has cancelled is no failure.
 *
 * @example const { busy, failure, attempt } = useAttempt(); const save = () => attempt(() => call("save", request));
 */
export function useAttempt({ toasted = false } = {}) {
  const text = useText();
  const busy = ref(false);
  const failure = shallowRef<ApiError | null>(null);

  /** Answers whether it was done; with `toasted` a failure is said in passing too. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    failure.value = null;
    try {
      await work();
      return true;
    } catch (reason) {
      const error = ApiError.from(reason);
      if (error.code === "cancelled") return false;
      failure.value = error;
      if (toasted) toast("danger", errorText(error, text.value));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, failure, attempt };
}
