import { onScopeDispose, ref, shallowRef } from "vue";
import { ApiError } from "@/platform";

/** Arrows run through a list faster than details are read, ms. */
const FOLLOW_PAUSE_MS = 120;

/** What is shown beside a list: one thing by its id. With `goneCloses` a thing that is gone is no error. */
export function useDetail<Answer>(
  read: (id: string, signal: AbortSignal) => Promise<Answer>,
  { goneCloses = false } = {},
) {
  const id = ref<string | null>(null);
  const detail = shallowRef<Answer | null>(null);
  const error = shallowRef<ApiError | null>(null);
  let running: AbortController | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    clearTimeout(pause);
    running?.abort();
    if (id.value === null) return;
    const controller = new AbortController();
    running = controller;
    try {
      const answer = await read(id.value, controller.signal);
      if (controller.signal.aborted) return;
      detail.value = answer;
      error.value = null;
    } catch (reason) {
      if (controller.signal.aborted) return;
      const failure = ApiError.from(reason);
      if (goneCloses && failure.code === "notFound") return close();
      detail.value = null;
      error.value = failure;
    }
  }

  /** Shows a thing. */
  function show(next: string): Promise<void> {
    if (id.value !== next) error.value = null;
    id.value = next;
    return load();
  }

  /** Shows it when the keyboard rests on it. */
  function follow(next: string): void {
    if (id.value === null || id.value === next) return;
    id.value = next;
    clearTimeout(pause);
    pause = setTimeout(() => void load(), FOLLOW_PAUSE_MS);
  }

  function close(): void {
    clearTimeout(pause);
    running?.abort();
    id.value = null;
    detail.value = null;
    error.value = null;
  }

  onScopeDispose(close);
  return { id, detail, error, show, follow, close, reload: load };
}
