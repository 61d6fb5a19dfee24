import type { NoticeDetail, OutboxItem } from "@/bindings/wire";

/** Where the answer stands, and the submission that says so. */
export type Stage =
  /** To be written; a refused or returned submission says why it has to be written again. */
  | { kind: "write"; refused: OutboxItem | null }
  | { kind: "under-way"; item: OutboxItem }
  /** A colleague was faster. */
  | { kind: "decide"; item: OutboxItem }
  | { kind: "sent"; item: OutboxItem }
  /** Nothing is owed, and the answer came from elsewhere or never was. */
  | { kind: "nothing" };

const REPLY = "notice.reply";

/** Since when the present round is open: its return, or the issue. */
function roundBegan({ row, timeline }: Pick<NoticeDetail, "row" | "timeline">): string {
  const returns = timeline.filter(({ kind }) => kind === "returned").map(({ at }) => at);
  return returns.reduce((latest, at) => (at > latest ? at : latest), row.issuedAt);
}

/** Reads from a notice what can be done about its answer now. */
export function stageOf(detail: Pick<NoticeDetail, "row" | "timeline" | "submissions">): Stage {
  const replies = detail.submissions.filter(({ kind, state }) => kind === REPLY && state !== "withdrawn");
  const latest = replies[replies.length - 1];
  const { open } = detail.row;
  switch (latest?.state) {
    case "queued":
    case "sending":
    case "exported":
    case "awaitingReview":
      return { kind: "under-way", item: latest };
    case "needsDecision":
      return { kind: "decide", item: latest };
    case "refused":
    case "returned":
      return open ? { kind: "write", refused: latest } : { kind: "nothing" };
    case "accepted":
      // The platform has it, while the notice itself may not have been fetched again yet.
      if (!open || latest.createdAt >= roundBegan(detail)) return { kind: "sent", item: latest };
      return { kind: "write", refused: null };
    default:
      return open ? { kind: "write", refused: null } : { kind: "nothing" };
  }
}
