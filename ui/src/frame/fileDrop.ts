import { onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { windowControls } from "@/platform";

/** Files that were let go over the window, until the room that takes them has done so. */
export const droppedFiles = shallowRef<readonly string[] | null>(null);

/** Hands the dropped files over, once. */
export function takeDropped(): readonly string[] | null {
  const paths = droppedFiles.value;
  droppedFiles.value = null;
  return paths;
}

/** Whether files hang over the window; `dropped` hears them fall. */
export function useFileDrag(dropped: (paths: readonly string[]) => void) {
  const over = ref(false);
  let stop: (() => void) | undefined;
  let gone = false;
  onMounted(async () => {
    const stopListening = await windowControls().onFileDrag((drag) => {
      over.value = drag.kind === "over";
      if (drag.kind === "dropped" && drag.paths.length > 0) dropped(drag.paths);
    });
    if (gone) stopListening();
    else stop = stopListening;
  });
  onBeforeUnmount(() => {
    gone = true;
    stop?.();
  });
  return over;
}
