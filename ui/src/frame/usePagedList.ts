import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { RowsSource } from "@/kit/grid/rowsSource";
import { ApiError } from "@/platform";

/** How long typing rests before the list is read anew, ms. */
const TYPING_PAUSE_MS = 250;

/** A list that the backend answers page after page, each naming the place of the next. */
export interface PagedReader<Answer, Row> {
  read(text: string, after: string | null, signal: AbortSignal): Promise<Answer & { next: string | null }>;
  rows(answer: Answer): readonly Row[];
  key(row: Row): string;
}

/** A list read page after page: what came so far, what the first page says of the whole, and more on demand. */
export function usePagedList<Answer, Row>(reader: PagedReader<Answer, Row>) {
  const first = shallowRef<Answer | null>(null);
  const rows = shallowRef<readonly Row[]>([]);
  const next = ref<string | null>(null);
  const typed = ref("");
  const error = shallowRef<ApiError | null>(null);
  const busy = ref(false);
  const source = shallowRef<RowsSource<Row> | null>(null);
  let pages = 1;
  let running: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  /** Reads so many pages anew; what is shown stays until they are here. */
  async function load(count = pages): Promise<void> {
    clearTimeout(pause);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    busy.value = true;
    try {
      const came: Row[] = [];
      let begin: Answer | null = null;
      let after: string | null = null;
      for (let page = 0; page < count; page++) {
        const answer: Answer & { next: string | null } = await reader.read(
          typed.value.trim(),
          after,
          controller.signal,
        );
        if (controller.signal.aborted) return;
        begin ??= answer;
        came.push(...reader.rows(answer));
        after = answer.next;
        if (after === null) break;
      }
      pages = count;
      first.value = begin;
      rows.value = came;
      next.value = after;
      error.value = null;
      if (source.value) source.value.replace(came);
      else source.value = new RowsSource(came, reader.key);
    } catch (reason) {
      if (!controller.signal.aborted) error.value = ApiError.from(reason);
    } finally {
      if (running === controller) busy.value = false;
    }
  }

  watch(typed, () => {
    clearTimeout(pause);
    pause = setTimeout(() => void load(1), TYPING_PAUSE_MS);
  });
  onScopeDispose(() => {
    clearTimeout(pause);
    running?.abort();
  });
  const more = () => load(pages + 1);
  return {
    first: computed(() => first.value),
    rows: computed(() => rows.value),
    source,
    typed,
    error,
    count: computed(() => rows.value.length),
    total: computed(() => null),
    paging: { hasMore: computed(() => next.value !== null), busy: computed(() => busy.value), more },
    load: () => load(),
    /** The list from its beginning, as after another condition was chosen. */
    restart: () => load(1),
  };
}
