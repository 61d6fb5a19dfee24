import { describe, expect, it } from "vitest";
import { ApiError } from "@/platform";
import { useReading } from "./useReading";

describe("a reading", () => {
  it("ends with the answer to what was asked last", async () => {
    let question = "products";
    const open: ((answer: string) => void)[] = [];
    const asked: string[] = [];
    const { answer, busy, load } = useReading(async () => {
      asked.push(question);
      const of = question;
      return `${await new Promise<string>((resolve) => open.push(resolve))} ${of}`;
    });
    const first = load();
    question = "suppliers";
    await load();
    question = "months";
    await load();
    open[0]!("the");
    await expect.poll(() => open.length).toBe(2);
    open[1]!("the");
    await first;
    expect([asked, answer.value, busy.value]).toEqual([["products", "months"], "the months", false]);
  });

  it("tells why it failed, and reads again", async () => {
    let fails = true;
    const { answer, error, load } = useReading(async () => {
      if (fails) throw new ApiError("indicatorsCounting", "6 %");
      return 1;
    });
    await load();
    expect([answer.value, error.value?.code]).toEqual([null, "indicatorsCounting"]);
    fails = false;
    await load();
    expect([answer.value, error.value]).toEqual([1, null]);
  });
});
