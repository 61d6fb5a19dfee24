import { computed, onActivated, ref, shallowRef, watch } from "vue";
import type { AreaDuty, NoticeRow, NoticeScope } from "@/bindings/wire";
import { useDataChanged } from "@/frame/events";
import { useWhose } from "@/frame/useWhose";
import { ApiError, call } from "@/platform";

export type SortBy = "due" | "issued";

/** Sorted by the nearest deadline, or by the latest issue. */
export function sorted(rows: readonly NoticeRow[], by: SortBy): NoticeRow[] {
  return [...rows].sort((a, b) =>
    by === "due"
      ? a.deadline.dueAt.localeCompare(b.deadline.dueAt) || a.id.localeCompare(b.id)
      : b.issuedAt.localeCompare(a.issuedAt) || b.id.localeCompare(a.id),
  );
}

/** The notices, open ones or all, and how to look at them. */
export function useNotices() {
  const scope = ref<NoticeScope>("open");
  const sortBy = ref<SortBy>("due");
  const view = ref<"list" | "calendar">("list");
  const answer = shallowRef<NoticeRow[] | null>(null);
  const duty = shallowRef<AreaDuty | null>(null);
  const whose = useWhose();
  const error = shallowRef<ApiError | null>(null);
  let asked = 0;

  async function load(): Promise<void> {
    const turn = ++asked;
    try {
      const list = await call("notices_list", { scope: scope.value });
      if (turn !== asked) return;
      answer.value = list.rows;
      duty.value = list.duty;
      error.value = null;
    } catch (reason) {
      if (turn === asked) error.value = ApiError.from(reason);
    }
  }

  watch(scope, (chosen) => {
    // What is past is looked for by when it came, what is open by when it is due.
    sortBy.value = chosen === "open" ? "due" : "issued";
    void load();
  });
  onActivated(load);
  useDataChanged(load);
  /** A colleague answers for them today, and only the own work is asked for. */
  const elsewhere = computed(() =>
    whose.value === "mine" && duty.value?.mine === false ? duty.value : null,
  );
  const rows = computed(() => {
    if (answer.value === null) return null;
    return elsewhere.value ? [] : sorted(answer.value, sortBy.value);
  });
  return { scope, sortBy, view, rows, duty, whose, elsewhere, error, load };
}
