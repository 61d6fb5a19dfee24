import { computed, shallowRef } from "vue";
import type { Text } from "@/text";

export type RoomId = keyof Text["frame"]["roomNames"];

/** Where the user is: a room, and in it whatever the room says, for instance the opened notice. */
export interface Place {
  readonly room: RoomId;
  readonly args: Readonly<Record<string, string>>;
}

interface Trail {
  readonly places: readonly Place[];
  readonly at: number;
}

/** Places remembered for going back. */
const LONGEST = 50;

export function samePlace(a: Place, b: Place): boolean {
  const keys = Object.keys({ ...a.args, ...b.args });
  return a.room === b.room && keys.every((key) => a.args[key] === b.args[key]);
}

/** Going somewhere forgets what lay ahead; going where one is does nothing. */
export function visited({ places, at }: Trail, place: Place): Trail {
  const here = places[at];
  if (here && samePlace(here, place)) return { places, at };
  const kept = [...places.slice(0, at + 1), place].slice(-LONGEST);
  return { places: kept, at: kept.length - 1 };
}

export function stepped({ places, at }: Trail, step: -1 | 1): Trail {
  return { places, at: Math.min(Math.max(at + step, 0), places.length - 1) };
}

const START: Trail = { places: [{ room: "today", args: {} }], at: 0 };
const trail = shallowRef<Trail>(START);

/** The way through the window. `go` takes arguments for the room; the room reads them in `place`. */
export function useNavigation() {
  return {
    place: computed(() => trail.value.places[trail.value.at]!),
    canGoBack: computed(() => trail.value.at > 0),
    canGoForward: computed(() => trail.value.at < trail.value.places.length - 1),
    go: (room: RoomId, args: Place["args"] = {}) => (trail.value = visited(trail.value, { room, args })),
    back: () => (trail.value = stepped(trail.value, -1)),
    forward: () => (trail.value = stepped(trail.value, 1)),
    /** As if the window had just opened; for tests and signing out. */
    restart: () => (trail.value = START),
  };
}
