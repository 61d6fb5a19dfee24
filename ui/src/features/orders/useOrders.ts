import { computed } from "vue";
import type { OrderRow, OrdersView } from "@/bindings/wire";
import { useView } from "@/frame/useView";
import { call } from "@/platform";
import { NO_FILTER, request, type OrderFilter } from "./filters";

/** The list of order lines: its filter, the view that is open for it, and its totals. */
export function useOrders() {
  const { view, ...list } = useView<OrderFilter, OrderRow, OrdersView>(NO_FILTER, {
    open: (filter, signal) => call("orders_open", request(filter), signal ? { signal } : {}),
    page: async (of, page, signal) => (await call("orders_page", { view: of, page }, { signal })).rows,
    rowKey: ({ id }) => id,
  });
  return {
    ...list,
    total: computed(() => view.value?.total ?? 0),
    amount: computed(() => view.value?.amount ?? null),
    states: computed(() => view.value?.states ?? []),
  };
}
