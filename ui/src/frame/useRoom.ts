import { onActivated, onBeforeUnmount, onDeactivated, onMounted, watch } from "vue";
import { useDataChanged } from "./events";
import { onEscape } from "./keys";

/** The first sync brings changes without end; a list follows at a pace that a weak PC keeps up with. */
const REFRESH_PAUSE_MS = 1_000;

/** A room is kept while others are shown: then it neither listens to keys nor reads. */
export function useRoom(room: {
  /** Reads again what is shown: the data changed. */
  refresh(): void;
  /** Something is open that Escape closes. */
  isOpen?(): boolean;
  close?(): void;
}): void {
  const isOpen = () => room.isOpen?.() ?? false;
  let active = false;
  let stale = false;
  let release: (() => void) | undefined;
  function bindEscape(open: boolean): void {
    release?.();
    release = open ? onEscape(() => room.close?.()) : undefined;
  }

  useDataChanged(() => {
    stale = !active;
    if (active) room.refresh();
  }, REFRESH_PAUSE_MS);
  watch(isOpen, (open) => bindEscape(open && active));
  const enter = () => {
    active = true;
    bindEscape(isOpen());
    if (stale) room.refresh();
    stale = false;
  };
  const leave = () => {
    active = false;
    bindEscape(false);
  };
  // A tab of a room comes and goes while the room stays.
  onMounted(enter);
  onActivated(enter);
  onDeactivated(leave);
  onBeforeUnmount(leave);
}
