import { beforeEach, describe, expect, it, vi } from "vitest";
import { draftOf, flushDrafts, KeptDraft, LATEST_MS, PAUSE_MS } from "./keptDraft";

interface Note {
  readonly words: string;
}
const at = (second: number) => ({ editedAt: `2026-11-20T14:03:${String(second).padStart(2, "0")}+08:00` });

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe("a kept draft", () => {
  it("is not replaced by an answer that is older than its last save", async () => {
    const draft = new KeptDraft<Note>({ words: "" }, async () => at(10));
    draft.change({ words: "mine" });
    await draft.flush();
    draft.take({ words: "read before" }, at(9).editedAt);
    expect(draft.fields.value.words).toBe("mine");
    draft.take({ words: "written since" }, at(11).editedAt);
    expect(draft.fields.value.words).toBe("written since");
  });

  it("begins anew when it was sent, and takes what comes then", async () => {
    const saved: string[] = [];
    const draft = new KeptDraft<Note>({ words: "" }, async ({ words }) => {
      saved.push(words);
      return at(10);
    });
    draft.change({ words: "sent" });
    await draft.flush();
    draft.restart({ words: "" });
    expect([draft.touched, draft.unsaved, draft.state.value.kind]).toEqual([false, false, "idle"]);
    draft.take({ words: "given back" }, at(5).editedAt);
    expect(draft.fields.value.words).toBe("given back");
    await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
    expect(saved).toEqual(["sent"]);
  });

  it("is saved while someone types without a rest", async () => {
    const saved: string[] = [];
    const draft = new KeptDraft<Note>({ words: "" }, async ({ words }) => {
      saved.push(words);
      return at(saved.length);
    });
    const STROKE_MS = PAUSE_MS / 4;
    for (let typed = 0; typed < 10 * LATEST_MS; typed += STROKE_MS) {
      draft.change({ words: `${draft.fields.value.words}字` });
      await vi.advanceTimersByTimeAsync(STROKE_MS);
      const behind = draft.fields.value.words.length - (saved[saved.length - 1] ?? "").length;
      expect(behind * STROKE_MS).toBeLessThanOrEqual(LATEST_MS + STROKE_MS);
    }
    // Once every two seconds, not at every stroke.
    expect(saved.length).toBeLessThanOrEqual(10);
  });

  it("is the same one by its name, and all are saved together", async () => {
    const saved: string[] = [];
    const begin = (name: string) => () =>
      new KeptDraft<Note>({ words: "" }, async ({ words }) => {
        saved.push(`${name} ${words}`);
        return at(1);
      });
    draftOf("one", begin("one")).change({ words: "a" });
    draftOf("other", begin("other")).change({ words: "b" });
    draftOf("one", begin("never")).change({ words: "c" });
    expect(await flushDrafts()).toBe(true);
    expect(saved.sort()).toEqual(["one c", "other b"]);
  });
});
