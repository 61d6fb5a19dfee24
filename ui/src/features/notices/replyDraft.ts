import type { Attachment, Draft, DraftSaved, DraftSaveReq } from "@/bindings/wire";
import { draftOf, KeptDraft } from "@/frame/keptDraft";
import { call } from "@/platform";

/** What an answer consists of. */
export interface ReplyFields {
  readonly cause: string;
  readonly measures: string;
  /** yyyy-MM-dd, or empty. */
  readonly finishBy: string;
  readonly responsible: string;
  readonly attachments: readonly Attachment[];
}

const EMPTY: ReplyFields = { cause: "", measures: "", finishBy: "", responsible: "", attachments: [] };

type Save = (request: DraftSaveReq) => Promise<DraftSaved>;

/** The answer being written for one round of a notice. */
export class ReplyDraft extends KeptDraft<ReplyFields> {
  constructor(
    readonly notice: string,
    readonly round: number,
    save: Save,
  ) {
    super(EMPTY, ({ cause, measures, finishBy, responsible, attachments }) =>
      save({
        notice,
        round,
        cause,
        measures,
        finishBy: finishBy === "" ? null : finishBy,
        responsible,
        attachments: [...attachments],
      }),
    );
  }

  /** Takes what the backend holds of this round, unless something newer was typed here. */
  offer(stored: Draft | null): void {
    if (stored === null || stored.round !== this.round) return;
    const { cause, measures, finishBy, responsible, attachments, editedAt } = stored;
    this.take({ cause, measures, finishBy: finishBy ?? "", responsible, attachments }, editedAt);
  }
}

/** The draft of a round of a notice; the same one whenever it is asked for. */
export function replyDraft(notice: string, round: number): ReplyDraft {
  return draftOf(
    `notice/${notice}/${round}`,
    () => new ReplyDraft(notice, round, (request) => call("notice_draft_save", request)),
  );
}

/** Fields that must not be empty, in the order of the form. */
export const REQUIRED = ["cause", "measures", "responsible"] as const;

export function missingFields(fields: ReplyFields): (typeof REQUIRED)[number][] {
  return REQUIRED.filter((name) => fields[name].trim() === "");
}
