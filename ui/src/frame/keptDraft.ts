import { computed, onBeforeUnmount, onMounted, shallowRef, type Ref } from "vue";
import { toast } from "@/kit/toasts";
import { ApiError, windowControls } from "@/platform";
import { useText } from "@/useText";

export type DraftState =
  | { kind: "idle" }
  | { kind: "dirty" }
  | { kind: "saving" }
  | { kind: "saved"; at: string }
  | { kind: "failed"; error: ApiError };

/** Typing rests so long before a draft is saved, ms. */
export const PAUSE_MS = 600;
/** Whoever types without a rest has it saved after this all the same, ms. */
export const LATEST_MS = 2_000;
/** A draft that could not be saved is tried again after this, ms. */
export const RETRY_MS = 3_000;

/**
 * Something that a person writes, kept safe: every change is saved after a pause or after two seconds of typing, one save at a time, and tried again
 * until it succeeds. What was typed here wins over what is read again.
 *
 * @example const draft = new KeptDraft(EMPTY, (fields) => call("order_draft_save", fields)); draft.change({ dept });
 */
export class KeptDraft<Fields extends object> {
  private readonly current: Ref<Fields>;
  private readonly standing = shallowRef<DraftState>({ kind: "idle" });
  private changes = 0;
  private kept = 0;
  /** Changes when it began anew. */
  private begun = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;

  readonly fields: Readonly<Ref<Fields>>;
  readonly state: Readonly<Ref<DraftState>> = computed(() => this.standing.value);

  constructor(
    empty: Fields,
    private readonly save: (fields: Fields) => Promise<{ editedAt: string }>,
  ) {
    this.current = shallowRef(empty);
    this.fields = computed(() => this.current.value);
  }

  /** Something typed here is not on disk yet. */
  get unsaved(): boolean {
    return this.changes > this.kept;
  }

  /** Something was typed here since it began. */
  get touched(): boolean {
    return this.changes > this.begun;
  }

  /** Takes what the backend holds, unless something newer was typed here; an answer may be older than the last save. */
  take(stored: Fields, editedAt: string): void {
    if (this.unsaved || this.running !== null) return;
    const last = this.standing.value;
    if (this.touched && last.kind === "saved" && toTheSecond(editedAt) < toTheSecond(last.at)) return;
    this.current.value = stored;
    if (this.standing.value.kind === "idle") this.standing.value = { kind: "saved", at: editedAt };
  }

  change(part: Partial<Fields>): void {
    this.current.value = { ...this.current.value, ...part };
    this.changes++;
    if (this.standing.value.kind !== "failed") this.standing.value = { kind: "dirty" };
    this.schedule(PAUSE_MS);
    this.latest ??= setTimeout(() => void this.flush(), LATEST_MS);
  }

  /** Fills in what nobody has written yet; saved with the next change. */
  suggest(part: Partial<Fields>): void {
    if (!this.touched) this.current.value = { ...this.current.value, ...part };
  }

  /** It was sent or thrown away: what comes next begins with this. */
  restart(empty: Fields): void {
    this.rest();
    this.kept = this.changes;
    this.begun = this.changes;
    this.current.value = empty;
    this.standing.value = { kind: "idle" };
  }

  /** Saves now; resolves when nothing is left to save, or with the failure in `state`. */
  async flush(): Promise<boolean> {
    this.rest();
    while (this.unsaved) {
      this.running ??= this.saveOnce();
      await this.running;
      if (this.standing.value.kind === "failed") return false;
    }
    return true;
  }

  private rest(): void {
    clearTimeout(this.timer);
    clearTimeout(this.latest);
    this.latest = undefined;
  }

  private schedule(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), pause);
  }

  private async saveOnce(): Promise<void> {
    const upTo = this.changes;
    this.standing.value = { kind: "saving" };
    try {
      const { editedAt } = await this.save(this.current.value);
      this.kept = Math.max(this.kept, upTo);
      this.standing.value = this.unsaved ? { kind: "dirty" } : { kind: "saved", at: editedAt };
    } catch (reason) {
      this.standing.value = { kind: "failed", error: ApiError.from(reason) };
      this.schedule(RETRY_MS);
    } finally {
      this.running = null;
    }
  }
}

const toTheSecond = (instant: string) => instant.slice(0, 19);

/** What the window has to save before it goes. */
interface Flushed {
  flush(): Promise<boolean>;
}

/** Drafts opened in this run of the window. They outlive their screen, so a failed save is never the last word. */
const drafts = new Map<string, Flushed>();

/** The draft of this name; the same one whenever it is asked for. */
export function draftOf<Draft extends Flushed>(name: string, begin: () => Draft): Draft {
  const draft = (drafts.get(name) as Draft | undefined) ?? begin();
  drafts.set(name, draft);
  return draft;
}

/** Saves everything that was typed; tells whether all of it is safe. */
export async function flushDrafts(): Promise<boolean> {
  const safe = await Promise.all([...drafts.values()].map((draft) => draft.flush()));
  return safe.every(Boolean);
}

/** The window closes only over saved drafts; asked twice, it closes all the same. For the frame. */
export function useDraftGuard(): void {
  const text = useText();
  let warned = false;
  let stopAsking: (() => void) | undefined;
  async function mayClose(): Promise<boolean> {
    if ((await flushDrafts()) || warned) return true;
    warned = true;
    toast("danger", text.value.frame.closeBlocked);
    return false;
  }
  const hidden = () => {
    if (document.visibilityState === "hidden") void flushDrafts();
  };
  onMounted(async () => {
    document.addEventListener("visibilitychange", hidden);
    stopAsking = await windowControls().onCloseRequested(mayClose);
  });
  onBeforeUnmount(() => {
    document.removeEventListener("visibilitychange", hidden);
    stopAsking?.();
    void flushDrafts();
  });
}
