import { ref, watch } from "vue";
import type { StateCount } from "@/bindings/wire";
import { usePagedList } from "./usePagedList";

/** What is asked of documents that come page after page. */
export interface DocumentsAsked {
  text: string;
  /** Null: whatever their state. */
  state: string | null;
  after: string | null;
}

/**
 * Documents of a kind, page after page, of which one state or all are shown.
 *
 * @example const list = useDocumentList((asked, signal) => call("invoices", asked, { signal }));
 */
export function useDocumentList<
  Row extends { id: string },
  Answer extends { rows: Row[]; next: string | null },
>(
  read: (
    asked: DocumentsAsked,
    signal: AbortSignal,
  ) => Promise<Answer & { rows: Row[]; states: StateCount[] }>,
) {
  const state = ref<string | null>(null);
  const list = usePagedList({
    read: (text, after, signal) => read({ text, state: state.value, after }, signal),
    rows: ({ rows }) => rows,
    key: ({ id }: Row) => id,
  });
  watch(state, () => void list.restart());
  return { ...list, state };
}
