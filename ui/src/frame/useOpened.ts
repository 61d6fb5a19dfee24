import { computed, onMounted, ref, type Ref } from "vue";
import { useDetail } from "./useDetail";
import { useRoom } from "./useRoom";

/** The one of a list that is open beside it, as `ListScreen` opens and closes it. */
export interface Opened {
  /** By the key of its row; null while none is open. */
  readonly id: Readonly<Ref<string | null>>;
  /** Opens one. */
  show(id: string): unknown;
  /** The keyboard rests on one: shown, where one is open. */
  follow(id: string): void;
  close(): void;
}

/** Reads the list when it comes in sight and when the data changed; Escape closes what is open. */
function useOpenedList(opened: Opened, refresh: () => void): void {
  useRoom({ refresh, isOpen: () => opened.id.value !== null, close: () => opened.close() });
  onMounted(refresh);
}

/**
 * A list's documents, one of them open beside it and read by its id. `load` reads the list, `refresh` both.
 *
 * @example const opened = useOpened(list.load, (id, signal) => call("invoice", { id }, { signal }));
 */
export function useOpened<Answer>(
  load: () => unknown,
  read: (id: string, signal: AbortSignal) => Promise<Answer>,
) {
  const opened = useDetail(read);
  function refresh(): void {
    void load();
    if (opened.id.value !== null) void opened.reload();
  }
  useOpenedList(opened, refresh);
  return { ...opened, refresh };
}

/** A short list whose rows say everything: the one that is open is a row of it. */
export function useOpenedRow<Row>(list: {
  readonly all: Readonly<Ref<readonly Row[]>>;
  key(row: Row): string;
  load(): Promise<void>;
}) {
  const chosen = ref<string | null>(null);
  const row = computed(() => list.all.value.find((one) => list.key(one) === chosen.value) ?? null);
  const opened = {
    row,
    id: computed(() => (row.value === null ? null : chosen.value)),
    show(id: string): void {
      chosen.value = id;
    },
    follow(id: string): void {
      if (chosen.value !== null) chosen.value = id;
    },
    close(): void {
      chosen.value = null;
    },
  };
  useOpenedList(opened, () => void list.load());
  return opened;
}
