import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { ApiError } from "@/platform";
import { ViewSource, type View, type ViewReader } from "./viewSource";

/** How long typing rests before the list is opened anew, ms. */
const TYPING_PAUSE_MS = 250;

/** How a filtered list is read: the same as `ViewReader`, told the filter. */
export interface FilteredReader<Filter, Row, Opened extends View<Row>> {
  open(filter: Filter, signal?: AbortSignal): Promise<Opened>;
  page: ViewReader<Row, Opened>["page"];
  rowKey: ViewReader<Row, Opened>["rowKey"];
  /** Hears what the list now shows. */
  shown?(view: Opened): void;
}

/** A filtered list: its filter, the view that is open for it, and what the backend says of the whole. */
export function useView<Filter extends { readonly text: string }, Row, Opened extends View<Row>>(
  none: Filter,
  reader: FilteredReader<Filter, Row, Opened>,
) {
  const filter = shallowRef<Filter>(none);
  const source = shallowRef<ViewSource<Row, Opened> | null>(null);
  const view = shallowRef<Opened | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const opening = ref(false);
  let running: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    clearTimeout(pause);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    opening.value = true;
    const asked = filter.value;
    try {
      const opened = await ViewSource.open<Row, Opened>(
        {
          open: (signal) => reader.open(asked, signal),
          page: reader.page,
          rowKey: reader.rowKey,
          // A view that was replaced for an earlier filter must not show its totals.
          replaced(next) {
            if (running !== controller) return;
            view.value = next;
            reader.shown?.(next);
          },
        },
        controller.signal,
      );
      if (controller.signal.aborted) return;
      source.value = opened;
      error.value = null;
    } catch (reason) {
      if (controller.signal.aborted) return;
      error.value = ApiError.from(reason);
    }
    opening.value = false;
  }

  watch(filter, (next, before) => {
    clearTimeout(pause);
    pause = setTimeout(() => void open(), next.text === before.text ? 0 : TYPING_PAUSE_MS);
  });

  /** The data changed: the same list, with what is new in it. */
  async function refresh(): Promise<void> {
    if (source.value === null || error.value !== null) return open();
    try {
      await source.value.reopen();
    } catch (reason) {
      error.value = ApiError.from(reason);
    }
  }

  onScopeDispose(() => {
    clearTimeout(pause);
    running?.abort();
  });

  return {
    filter,
    source,
    /** What the backend said when the list was opened last. */
    view: computed(() => view.value),
    error,
    opening,
    open,
    refresh,
    change: (part: Partial<Filter>) => (filter.value = { ...filter.value, ...part }),
    clear: () => (filter.value = none),
  };
}
