import { onBeforeUnmount, reactive, watch } from "vue";
import type { CatalogueRow } from "@/bindings/wire";
import { call } from "@/platform";

/** What the catalogue has for each of the words, one after the other; none yet while they are looked up. */
export function useLookedUp(words: () => readonly string[]): ReadonlyMap<string, readonly CatalogueRow[]> {
  const found = reactive(new Map<string, readonly CatalogueRow[]>());
  let running: AbortController | undefined;
  watch(
    words,
    async (asked) => {
      running?.abort();
      const { signal } = (running = new AbortController());
      for (const text of asked.filter((one) => !found.has(one))) {
        const answer = await call("catalogue", { text, scope: "all", after: null }, { signal }).catch(
          () => null,
        );
        if (signal.aborted) return;
        found.set(text, answer?.rows ?? []);
      }
    },
    { immediate: true },
  );
  onBeforeUnmount(() => running?.abort());
  return found;
}
