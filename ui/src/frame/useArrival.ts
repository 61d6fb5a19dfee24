import { watch } from "vue";
import { useNavigation, type RoomId } from "./navigation";

/**
 * What others send the user to a room with: each argument of the place is handed to its taker.
 *
 * @example useArrival("supply", { issue: opened.show, report: begin });
 */
export function useArrival(room: RoomId, takers: Readonly<Record<string, (value: string) => unknown>>): void {
  const { place } = useNavigation();
  watch(
    place,
    ({ room: there, args }) => {
      if (there !== room) return;
      for (const [name, take] of Object.entries(takers)) if (args[name] !== undefined) take(args[name]);
    },
    { immediate: true },
  );
}
