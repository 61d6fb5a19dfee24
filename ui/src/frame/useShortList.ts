import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { RowsSource } from "@/kit/grid/rowsSource";
import { ApiError } from "@/platform";

/** A list that the backend answers whole: a hospital has hundreds of its rows, not millions. */
export interface ShortListReader<Answer, Row> {
  read(signal: AbortSignal): Promise<Answer>;
  rows(answer: Answer): readonly Row[];
  key(row: Row): string;
  /** What a typed word may occur in. */
  words(row: Row): readonly string[];
  /** Whether the chosen conditions let the row through; reads refs. */
  fits?(row: Row): boolean;
}

const plain = (words: string) => words.normalize("NFKC").toLowerCase();

/** Whether each typed word occurs in one of the texts, whatever the width and the case. */
export function mentions(typed: string, texts: readonly string[]): boolean {
  const within = plain(texts.join("\n"));
  return plain(typed)
    .split(/\s+/)
    .every((word) => within.includes(word));
}

/** A short list: what came, what of it the conditions leave, and how the grid reads that. */
export function useShortList<Answer, Row>(reader: ShortListReader<Answer, Row>) {
  const answer = shallowRef<Answer | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const typed = ref("");
  let running: AbortController | undefined;

  async function load(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    try {
      const came = await reader.read(controller.signal);
      if (controller.signal.aborted) return;
      answer.value = came;
      error.value = null;
    } catch (reason) {
      if (!controller.signal.aborted) error.value = ApiError.from(reason);
    }
  }

  const all = computed(() => (answer.value === null ? [] : reader.rows(answer.value)));
  const rows = computed(() =>
    all.value.filter((row) => (reader.fits?.(row) ?? true) && mentions(typed.value, reader.words(row))),
  );
  const source = shallowRef<RowsSource<Row> | null>(null);
  watch([answer, rows], ([came, left]) => {
    if (came === null) return;
    if (source.value) source.value.replace(left);
    else source.value = new RowsSource(left, (row) => reader.key(row));
  });
  onScopeDispose(() => running?.abort());

  return {
    answer,
    error,
    typed,
    all,
    rows,
    source,
    count: computed(() => rows.value.length),
    total: computed(() => all.value.length),
    key: (row: Row) => reader.key(row),
    load,
  };
}
