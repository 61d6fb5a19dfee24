import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import type { OrdersView, StateCount } from "@/bindings/wire";
import { ApiError } from "@/platform";
import { NO_FILTER, request, type OrderFilter } from "./filters";
import { OrderSource } from "./orderView";

/** How long typing rests before the list is opened anew, ms. */
const TYPING_PAUSE_MS = 250;

/** The list of order lines: its filter, the view that is open for it, and its totals. */
export function useOrders() {
  const filter = shallowRef<OrderFilter>(NO_FILTER);
  const source = shallowRef<OrderSource | null>(null);
  const total = ref(0);
  const amount = ref<string | null>(null);
  const states = shallowRef<readonly StateCount[]>([]);
  const error = shallowRef<ApiError | null>(null);
  const opening = ref(false);

  function show(view: OrdersView): void {
    total.value = view.total;
    amount.value = view.amount;
    states.value = view.states;
  }

  let running: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    clearTimeout(pause);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    opening.value = true;
    try {
      const opened: OrderSource = await OrderSource.open(
        request(filter.value),
        // A view that was replaced for an earlier filter must not show its totals.
        (view) => {
          if (running === controller) show(view);
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
    const typing = next.text !== before.text;
    pause = setTimeout(() => void open(), typing ? TYPING_PAUSE_MS : 0);
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
    total: computed(() => total.value),
    amount,
    states,
    error,
    opening,
    open,
    refresh,
    change: (part: Partial<OrderFilter>) => (filter.value = { ...filter.value, ...part }),
    clear: () => (filter.value = NO_FILTER),
  };
}
