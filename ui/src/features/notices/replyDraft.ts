import { computed, shallowRef, type Ref } from "vue";
import type { Attachment, Draft, DraftSaved, DraftSaveReq } from "@/bindings/wire";
import { ApiError, call } from "@/platform";

/** What an answer consists of. */
export interface ReplyFields {
  readonly cause: string;
  readonly measures: string;
  /** yyyy-MM-dd, or empty. */
  readonly finishBy: string;
  readonly responsible: string;
  readonly attachments: readonly Attachment[];
}

export type DraftState =
  | { kind: "idle" }
  | { kind: "dirty" }
  | { kind: "saving" }
  | { kind: "saved"; at: string }
  | { kind: "failed"; error: ApiError };

/** Typing rests so long before the draft is saved, ms. */
export const PAUSE_MS = 600;
/** A draft that could not be saved is tried again after this, ms. */
export const RETRY_MS = 3_000;

const EMPTY: ReplyFields = { cause: "", measures: "", finishBy: "", responsible: "", attachments: [] };

type Save = (request: DraftSaveReq) => Promise<DraftSaved>;

/**
 * The answer being written for one round of a notice, kept safe: every change is saved after a pause, one save at a
 * time, and tried again until it succeeds. What was typed here wins over what is read again.
 */
export class ReplyDraft {
  private readonly current = shallowRef<ReplyFields>(EMPTY);
  private readonly standing = shallowRef<DraftState>({ kind: "idle" });
  private changes = 0;
  private kept = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;

  constructor(
    readonly notice: string,
    readonly round: number,
    private readonly save: Save,
  ) {}

  readonly fields: Readonly<Ref<ReplyFields>> = computed(() => this.current.value);
  readonly state: Readonly<Ref<DraftState>> = computed(() => this.standing.value);

  /** Something typed here is not on disk yet. */
  get unsaved(): boolean {
    return this.changes > this.kept;
  }

  /** Takes what the backend holds, unless something newer was typed here. */
  offer(stored: Draft | null): void {
    if (this.unsaved || this.running !== null || stored === null || stored.round !== this.round) return;
    const { cause, measures, finishBy, responsible, attachments } = stored;
    this.current.value = { cause, measures, finishBy: finishBy ?? "", responsible, attachments };
    if (this.standing.value.kind === "idle") this.standing.value = { kind: "saved", at: stored.editedAt };
  }

  change(part: Partial<ReplyFields>): void {
    this.current.value = { ...this.current.value, ...part };
    this.changes++;
    if (this.standing.value.kind !== "failed") this.standing.value = { kind: "dirty" };
    this.schedule(PAUSE_MS);
  }

  /** Fills in what nobody has written yet; saved with the next change. */
  suggest(part: Partial<ReplyFields>): void {
    if (this.changes === 0) this.current.value = { ...this.current.value, ...part };
  }

  /** Saves now; resolves when nothing is left to save, or with the failure in `state`. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    while (this.unsaved) {
      this.running ??= this.saveOnce();
      await this.running;
      if (this.standing.value.kind === "failed") return false;
    }
    return true;
  }

  private schedule(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), pause);
  }

  private async saveOnce(): Promise<void> {
    const upTo = this.changes;
    const { cause, measures, finishBy, responsible, attachments } = this.current.value;
    const { notice, round } = this;
    this.standing.value = { kind: "saving" };
    try {
      const { editedAt } = await this.save({
        notice,
        round,
        cause,
        measures,
        finishBy: finishBy === "" ? null : finishBy,
        responsible,
        attachments: [...attachments],
      });
      this.kept = upTo;
      this.standing.value = this.unsaved ? { kind: "dirty" } : { kind: "saved", at: editedAt };
    } catch (reason) {
      this.standing.value = { kind: "failed", error: ApiError.from(reason) };
      this.schedule(RETRY_MS);
    } finally {
      this.running = null;
    }
  }
}

/** Drafts opened in this run of the window. They outlive their screen, so a failed save is never the last word. */
const drafts = new Map<string, ReplyDraft>();

/** The draft of a round of a notice; the same one whenever it is asked for. */
export function replyDraft(notice: string, round: number): ReplyDraft {
  const name = `${notice}/${round}`;
  const draft =
    drafts.get(name) ?? new ReplyDraft(notice, round, (request) => call("notice_draft_save", request));
  drafts.set(name, draft);
  return draft;
}

/** Saves everything that was typed; tells whether all of it is safe. */
export async function flushDrafts(): Promise<boolean> {
  const safe = await Promise.all([...drafts.values()].map((draft) => draft.flush()));
  return safe.every(Boolean);
}

/** Fields that must not be empty, in the order of the form. */
export const REQUIRED = ["cause", "measures", "responsible"] as const;

export function missingFields(fields: ReplyFields): (typeof REQUIRED)[number][] {
  return REQUIRED.filter((name) => fields[name].trim() === "");
}
