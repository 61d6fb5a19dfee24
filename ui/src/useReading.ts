import { ref, shallowRef } from "vue";
import { ApiError } from "@/platform";

/** Something read from the backend: what came, whether it is under way, and why it failed. */
export function useReading<Answer>(read: () => Promise<Answer>) {
  const answer = shallowRef<Answer | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const busy = ref(false);
  let again = false;
  async function load(): Promise<void> {
    // What is asked meanwhile may be about something else than what is under way.
    again = busy.value;
    if (busy.value) return;
    busy.value = true;
    do {
      again = false;
      error.value = null;
      try {
        answer.value = await read();
      } catch (reason) {
        error.value = ApiError.from(reason);
      }
    } while (again);
    busy.value = false;
  }
  return { answer, error, busy, load };
}
