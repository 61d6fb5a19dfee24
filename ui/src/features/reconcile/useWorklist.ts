import { computed } from "vue";
import type { ReconcileRow, ReconcileView } from "@/bindings/wire";
import { useView } from "@/frame/useView";
import { call } from "@/platform";
import { NO_FILTER, request, type WorkFilter } from "./filters";

/** A month is matched before its list opens. */
const COMPUTE_TIMEOUT_MS = 10 * 60_000;

/** A month's worklist: its filter, the view that is open for it, and the month's summary. */
export function useWorklist() {
  const none: WorkFilter = { ...NO_FILTER, period: "" };
  const { view, filter, change, ...list } = useView<WorkFilter, ReconcileRow, ReconcileView>(none, {
    open: (asked, signal) =>
      call("reconcile_open", request(asked), {
        timeoutMs: COMPUTE_TIMEOUT_MS,
        ...(signal ? { signal } : {}),
      }),
    page: async (of, page, signal) => (await call("reconcile_page", { view: of, page }, { signal })).rows,
    rowKey: ({ item }) => item,
  });
  return {
    ...list,
    filter,
    change,
    /** Other months, other scopes: the rest of the filter goes. */
    show: (period: string) => change({ ...NO_FILTER, period }),
    clear: () => {
      const { scope, order } = filter.value;
      change({ ...NO_FILTER, scope, order });
    },
    /** Of the month in sight only. */
    summary: computed(() => (view.value?.summary.period === filter.value.period ? view.value.summary : null)),
    total: computed(() => view.value?.total ?? 0),
    amount: computed(() => view.value?.amount ?? null),
  };
}
