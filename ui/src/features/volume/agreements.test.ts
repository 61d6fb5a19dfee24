import { describe, expect, it } from "vitest";
import type { AgreementBatch, AgreementProgress, AgreementRow } from "@/bindings/wire";
import { batchRows, progressText } from "./agreements";

const row = (id: string) => ({ id, variety: "支架" }) as AgreementRow;
const progress = (agreements: string[], value: string | null) =>
  ({ agreements, value, level: "normal" }) as AgreementProgress;

describe("agreements", () => {
  const batches = [
    { batch: "一批", rows: [row("1"), row("2")] },
    { batch: "二批", rows: [row("3")] },
  ] as AgreementBatch[];

  it("have the progress that merges them with others of their variety", () => {
    const merged = progress(["1", "2"], "0.5");
    const measured = {
      asOf: "",
      ruleVersion: "",
      batches: [{ batch: "一批", value: null, schedule: null, behind: 0, agreements: [merged] }],
    };
    expect(batchRows(batches, measured).map((one) => [one.batch, one.id, one.progress])).toEqual([
      ["一批", "1", merged],
      ["一批", "2", merged],
      ["二批", "3", null],
    ]);
  });

  it("are listed without it where it cannot be measured", () =>
    expect(batchRows(batches, null).every((one) => one.progress === null)).toBe(true));

  it.each([
    [null, ""],
    [progress([], null), ""],
    [progress([], "0.4692"), "46.9 %"],
  ])("%j reads %j", (measured, words) => expect(progressText({ progress: measured })).toBe(words));
});
