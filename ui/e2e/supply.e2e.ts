import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);
const rows = (page: Page, list: string) => page.locator(`[data-test^="${list}-row-"]`);
const count = (page: Page, list: string) => page.locator(test(`${list}-total`)).getAttribute("data-count");

async function room(part: string, opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+7");
  await opened.page.locator(test("supply")).waitFor();
  await opened.page.getByRole("tab", { name: part }).click();
  return opened;
}

describe("evaluations", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("满意度评价", { look });
    await rows(page, "evaluations").first().waitFor();
    await shot(`evaluations-${look}`);
    await expectAccessible();
    await page.locator(`${test("evaluations-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("evaluation-submit")).waitFor();
    await shot(`evaluation-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are made one after the other by keys alone; a low score needs its reason; offline they wait", async () => {
    const { page, shot, expectClean, close } = await room("满意度评价", { query: "scenario=offline" });
    await rows(page, "evaluations").first().waitFor();
    expect(await count(page, "evaluations")).toBe("6");
    await page.locator(`${test("evaluations-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "澜川恒澈医疗供应链有限公司" }).waitFor();
    expect(await page.locator(test("evaluation-state")).getAttribute("data-state")).toBe("overdue");
    await page.keyboard.press("Control+Enter");
    await page.getByText("请为每一项打分").waitFor();
    await page.keyboard.press("2");
    await page.keyboard.press("4");
    await page.keyboard.press("5");
    expect(await focused(page)).toBe("evaluation-remarks");
    await page.keyboard.press("Control+Enter");
    await shot("evaluation-fault");
    await page.getByText("有必填项未填").first().waitFor();
    await page.keyboard.type("11月3日晚到两天");
    // What was typed is there again after going elsewhere.
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("evaluations-grid");
    await page.keyboard.press("Enter");
    expect(await page.locator(test("evaluation-remarks")).inputValue()).toBe("11月3日晚到两天");
    await page.keyboard.press("Control+Enter");
    await page.getByText("评价已放入待发箱").first().waitFor();
    await expect.poll(() => count(page, "evaluations")).toBe("5");
    // The next one stands there already.
    await page.getByRole("heading", { name: "云岭岚泰医药有限公司" }).waitFor();
    await page.locator(test("evaluations-scope-made")).click();
    await page.locator(`[data-state="waiting"]`).first().waitFor();
    await page.keyboard.press("Alt+0");
    await page.getByText("澜川恒澈医疗供应链有限公司 2026Q3").waitFor();
    expectClean();
    await close();
  });

  it("say that there are none, and why they cannot be read", async () => {
    const none = await room("满意度评价", { query: "scenario=empty" });
    expect(await none.page.getByText("没有需要评价的企业").innerText()).toBe("没有需要评价的企业");
    await none.shot("evaluations-empty");
    await none.expectAccessible();
    await none.close();
    const failing = await room("满意度评价", { query: "failing=evaluations" });
    await failing.page.getByText("未能读取").waitFor();
    await failing.expectAccessible();
    await failing.close();
  });
});
