import { onActivated, shallowRef, watch, type Ref } from "vue";
import type { NoticeDetail } from "@/bindings/wire";
import { useDataChanged } from "@/frame/events";
import { ApiError, call } from "@/platform";
import { replyDraft } from "./replyDraft";

/** The opened notice; read again when data change. Its draft never gives way to what is read. */
export function useNotice(id: Ref<string | null>) {
  const detail = shallowRef<NoticeDetail | null>(null);
  const error = shallowRef<ApiError | null>(null);
  let asked = 0;

  async function load(): Promise<void> {
    const turn = ++asked;
    const wanted = id.value;
    if (wanted === null) return;
    try {
      const answer = await call("notice_detail", { id: wanted });
      if (turn !== asked) return;
      replyDraft(answer.row.id, answer.row.round).offer(answer.draft);
      detail.value = answer;
      error.value = null;
    } catch (reason) {
      if (turn === asked) error.value = ApiError.from(reason);
    }
  }

  watch(
    id,
    () => {
      detail.value = null;
      error.value = null;
      void load();
    },
    { immediate: true },
  );
  onActivated(load);
  useDataChanged(load);
  return { detail, error, load };
}
