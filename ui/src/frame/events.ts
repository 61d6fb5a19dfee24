import { onBeforeUnmount, onMounted } from "vue";
import { listen } from "@/platform";

/** Hears an event of the backend while the component lives. */
export function useEvent<Payload>(event: string, handler: (payload: Payload) => void): void {
  let stop: (() => void) | undefined;
  let gone = false;
  onMounted(async () => {
    const stopListening = await listen<Payload>(event, handler);
    if (gone) stopListening();
    else stop = stopListening;
  });
  onBeforeUnmount(() => {
    gone = true;
    stop?.();
  });
}

/** Data in the cache changed: read again what is shown. Many changes in a row are one call. */
export function useDataChanged(reload: () => void, pauseMs = 400): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  useEvent("data-changed", () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      reload();
    }, pauseMs);
  });
  onBeforeUnmount(() => clearTimeout(timer));
}
