import { describe, expect, it } from "vitest";
import type { NoticeRow, OutboxItem, OutboxState, TimelineEntry } from "@/bindings/wire";
import { stageOf } from "./stage";

const ISSUED = "2026-11-10T09:00:00+08:00";
const RETURNED = "2026-11-16T09:00:00+08:00";
const item = (state: OutboxState, createdAt = "2026-11-12T09:00:00+08:00", kind = "notice.reply") =>
  ({ key: `${state}-${createdAt}`, kind, state, createdAt }) as OutboxItem;
const returned: TimelineEntry = { kind: "returned", at: RETURNED, by: null, round: 1, text: null };

describe("where an answer stands", () => {
  it.each<[string, boolean, OutboxItem[], TimelineEntry[], string]>([
    ["nothing sent, owed", true, [], [], "write"],
    ["nothing sent, not owed", false, [], [], "nothing"],
    ["only signed for", true, [item("accepted", undefined, "notice.sign")], [], "write"],
    ["queued", true, [item("queued")], [], "under-way"],
    ["sending", true, [item("sending")], [], "under-way"],
    ["out in a bundle", true, [item("exported")], [], "under-way"],
    ["in review", true, [item("awaitingReview")], [], "under-way"],
    ["returned by the second person", true, [item("returned")], [], "write"],
    ["refused", true, [item("refused")], [], "write"],
    ["refused, then answered elsewhere", false, [item("refused")], [], "nothing"],
    ["refused, then sent again", true, [item("refused"), item("queued")], [], "under-way"],
    ["sent again, the refused one withdrawn", true, [item("withdrawn"), item("accepted")], [], "sent"],
    ["taken back", true, [item("withdrawn")], [], "write"],
    ["a colleague was faster", false, [item("needsDecision")], [], "decide"],
    ["taken, the notice not fetched again yet", true, [item("accepted")], [], "sent"],
    ["taken and closed", false, [item("accepted")], [], "sent"],
    ["taken, then returned", true, [item("accepted")], [returned], "write"],
    [
      "answered again after the return",
      true,
      [item("accepted"), item("accepted", "2026-11-17T09:00:00+08:00")],
      [returned],
      "sent",
    ],
  ])("%s", (_, open, submissions, timeline, expected) => {
    const row = { open, issuedAt: ISSUED } as NoticeRow;
    expect(stageOf({ row, timeline, submissions }).kind).toBe(expected);
  });

  it("hands on why an answer was refused", () => {
    const refused = item("refused");
    const row = { open: true, issuedAt: ISSUED } as NoticeRow;
    expect(stageOf({ row, timeline: [], submissions: [refused] })).toEqual({ kind: "write", refused });
  });
});
