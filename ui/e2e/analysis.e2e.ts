import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;

async function room(part: string, opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+9");
  await opened.page.locator(test("analysis")).waitFor();
  await opened.page.getByRole("tab", { name: part }).click();
  return opened;
}

describe("the analysis", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("指标预警", { look });
    await page.locator('[data-test^="indicators-row-"]').first().waitFor();
    await page.locator(`${test("indicators-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.locator('[data-test^="indicator-line-"]').first().waitFor();
    await shot(`indicators-${look}`);
    await expectAccessible();
    await page.getByRole("tab", { name: "统计分析" }).click();
    await page.locator(".chart .bar").first().waitFor();
    await shot(`statistics-${look}`);
    await expectAccessible();
    await page.getByRole("tab", { name: "季度自查" }).click();
    await page.getByText("进度滞后").first().waitFor();
    await shot(`self-check-${look}`);
    await expectAccessible();
    await page.getByRole("tab", { name: "监管大屏" }).click();
    await page.locator(test("board")).waitFor();
    await shot(`board-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("drills from a warning to its lines, page by page, and on to the order", async () => {
    const { page, expectClean, close } = await room("指标预警");
    await page.locator('[data-test^="indicators-row-progress-lag"]').dblclick();
    await page.getByText("再订购并验收 42 根").first().waitFor();
    expect(await page.locator(test("indicator-numerator")).innerText()).toBe("61");
    const lines = page.locator('[data-test^="indicator-line-"]');
    await expect.poll(() => lines.count()).toBe(5);
    await page.locator(test("indicator-more")).click();
    await expect.poll(() => lines.count()).toBe(8);
    expect(await page.locator(test("indicator-more")).count()).toBe(0);
    await lines.first().click();
    await page.locator(test("order-life")).waitFor();
    expectClean();
    await close();
  });

  it("shows dashes where there is no value, and every indicator on demand", async () => {
    const { page, expectClean, close } = await room("指标预警");
    await page.locator(test("indicators-scope-all")).click();
    await expect.poll(() => page.locator(test("indicators-total")).getAttribute("data-count")).toBe("7");
    expect(await page.locator('[data-test^="indicators-row-substitute-growth"]').innerText()).toContain("—");
    expectClean();
    await close();
  });

  it("splits the purchases another way, and the board fills the screen", async () => {
    const { page, shot, expectClean, close } = await room("统计分析");
    await page.locator(test("statistics-by-month")).click();
    await page.locator('[data-test^="statistics-row-2026-"]').first().waitFor();
    await shot("statistics-month");
    await page.getByRole("tab", { name: "监管大屏" }).click();
    await page.locator(test("board-online")).waitFor();
    expect(await page.locator(test("board-online")).innerText()).toContain("2,345.7");
    await page.locator(test("board-full")).focus();
    await page.keyboard.press("f");
    await page.locator(`${test("board")}.full`).waitFor();
    await shot("board-full");
    await page.keyboard.press("f");
    await expect.poll(() => page.locator(`${test("board")}.full`).count()).toBe(0);
    expectClean();
    await close();
  });
});
