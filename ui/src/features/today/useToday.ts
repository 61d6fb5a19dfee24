import { onActivated, shallowRef } from "vue";
import type { Today } from "@/bindings/wire";
import { useDataChanged } from "@/frame/events";
import { ApiError, call } from "@/platform";

/** What is due today; read again when data change and when the screen is entered. */
export function useToday(arrived: (today: Today) => void) {
  const today = shallowRef<Today | null>(null);
  const error = shallowRef<ApiError | null>(null);
  let asked = 0;

  function take(answer: Today): void {
    today.value = answer;
    error.value = null;
    arrived(answer);
  }

  async function load(): Promise<void> {
    const turn = ++asked;
    try {
      const answer = await call("today", {});
      if (turn === asked) take(answer);
    } catch (reason) {
      if (turn === asked) error.value = ApiError.from(reason);
    }
  }

  async function checkIn(): Promise<void> {
    asked++;
    take(await call("check_in", {}));
  }

  onActivated(load);
  useDataChanged(load);
  return { today, error, load, checkIn };
}
