import { beforeEach, describe, expect, it, vi } from "vitest";
import { connectTo, type Commands } from "@/platform";
import { parseForm, useFormDraft } from "./formDraft";
import { PAUSE_MS } from "./keptDraft";

const EMPTY = { kind: "short", lines: [] as string[], remarks: "" };

describe("a kept form", () => {
  it.each([
    [undefined, null],
    ["{", null],
    ["7", null],
    ['{"kind":"late","lines":["a"],"remarks":"x"}', { kind: "late", lines: ["a"], remarks: "x" }],
    ['{"kind":3,"lines":{},"other":1}', EMPTY],
    ['{"remarks":"x"}', { ...EMPTY, remarks: "x" }],
  ])("takes %s as %j", (stored, fields) => expect(parseForm(stored, EMPTY)).toEqual(fields));
});

describe("what is typed into a form", () => {
  let kept: Record<string, string>;
  let full: boolean;
  beforeEach(() => {
    vi.useFakeTimers();
    kept = { "form.late": '{"kind":"late","lines":[],"remarks":"前日"}' };
    full = false;
    connectTo({
      async invoke(command, request) {
        if (command === "preference_set") {
          if (full) throw { code: "diskFull", field: null, incident: null };
          const { key, value } = request as Commands["preference_set"]["request"];
          if (value === null) delete kept[key];
          else kept[key] = value;
        }
        return { values: { ...kept } };
      },
      listen: async () => () => undefined,
      window: {} as never,
    });
    return () => vi.useRealTimers();
  });

  it("is kept after a pause, there again for the next form, and gone once sent", async () => {
    const { fields, draft, ready } = useFormDraft("issue/1", EMPTY);
    await ready;
    fields.remarks = "缺货";
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(JSON.parse(kept["form.issue-1"]!)).toEqual({ ...EMPTY, remarks: "缺货" });
    expect(useFormDraft("issue/1", EMPTY).fields.remarks).toBe("缺货");
    await draft.clear();
    expect(kept["form.issue-1"]).toBeUndefined();
    expect(fields.remarks).toBe("");
  });

  it("is read from the profile, unless something newer was typed", async () => {
    const { fields, ready } = useFormDraft("late", EMPTY);
    fields.remarks = "今日";
    await ready;
    expect(fields).toEqual({ ...EMPTY, remarks: "今日" });
  });

  it("says that it could not be kept, and tries again", async () => {
    const { fields, draft, ready } = useFormDraft("full", EMPTY);
    await ready;
    full = true;
    fields.remarks = "满";
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(draft.state.value.kind).toBe("failed");
    full = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(draft.state.value.kind).toBe("saved");
    expect(kept["form.full"]).toContain("满");
  });
});
