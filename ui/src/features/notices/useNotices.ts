import { computed, onActivated, ref, shallowRef, watch } from "vue";
import type { NoticeRow, NoticeScope } from "@/bindings/wire";
import { useDataChanged } from "@/frame/events";
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
  const error = shallowRef<ApiError | null>(null);
  let asked = 0;

  async function load(): Promise<void> {
    const turn = ++asked;
    try {
      const { rows } = await call("notices_list", { scope: scope.value });
      if (turn !== asked) return;
      answer.value = rows;
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
  const rows = computed(() => (answer.value === null ? null : sorted(answer.value, sortBy.value)));
  return { scope, sortBy, view, rows, error, load };
}
