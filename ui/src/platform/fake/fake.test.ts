import { beforeEach, describe, expect, it, vi } from "vitest";
import { fakeBackend } from "./backend";
import { deadlineOf } from "./calendar";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const DRAFT = {
  notice: "N-1041",
  round: 1,
  cause: "原因",
  measures: "措施",
  finishBy: "2026-11-27",
  responsible: "周敏",
  attachments: [],
};

describe("the invented office", () => {
  it("queues a reply while the cable is pulled, and sends it when it is back", async () => {
    const heard: string[] = [];
    const office = fakeBackend("offline", (event) => void heard.push(event));
    office.notice_draft_save(DRAFT);
    const sent = await office.notice_reply({ notice: "N-1041", round: 1 });
    await vi.advanceTimersByTimeAsync(5_000);
    const state = async () =>
      (await office.outbox_list({ before: null })).items.find(({ key }) => key === sent.key);
    expect((await state())?.state).toBe("queued");
    expect((await office.today({})).checkIn.state).toBe("waiting");
    heard.length = 0;
    office.demo_online({ online: true });
    await vi.advanceTimersByTimeAsync(5_000);
    const settled = await state();
    expect(settled).toMatchObject({ state: "accepted", digest: sent.digest });
    expect(sent.digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await office.today({})).checkIn.state).toBe("done");
    const detail = await office.notice_detail({ id: "N-1041" });
    expect(detail.row.state).toBe("REPLIED");
    expect(detail.replies.map(({ clientKey }) => clientKey)).toContain(sent.key);
    expect(heard).toContain("data-changed");
  });

  it.each([
    ["2025-09-28", 5, "2025-10-11"],
    ["2026-11-13", 5, "2026-11-20"],
    ["2026-09-30", 5, "2026-10-13"],
  ])("counts from %s %d working days to %s", (issued, days, due) => {
    const deadline = deadlineOf(issued, days, "2026-11-20");
    expect(deadline.dueDate).toBe(due);
    expect(deadline.counted).toHaveLength(days);
  });
});
