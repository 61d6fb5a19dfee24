import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const LOOKS = ["light", "dark", "contrast", "forced"] satisfies Look[];
const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);
const tabTo = async (page: Page, name: string) => {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${name}`);
};

/** By keys: the room, then so many parts to the right. */
async function part(steps: number, opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+6");
  await opened.page.locator(test("volume")).waitFor();
  for (let step = 0; step < steps; step++) await opened.page.keyboard.press("]");
  return opened;
}

describe("continuity of supply", () => {
  it.each(LOOKS)("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await part(2, { look });
    await page.locator(test("stock-P-C0")).fill("12");
    await page.locator(test("stock-P-C1")).fill("一箱");
    await page.locator(test("stock-P-C2")).fill("40");
    await page.locator(`${test("stock-gap-P-C0")} button`).waitFor();
    await shot(`continuity-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("counts by keys without a network, keeps the count, and says what follows", async () => {
    const { page, expectClean, close } = await part(2, { query: "scenario=offline" });
    await page.locator(test("continuity-begins")).getByText("还有 11 天").waitFor();
    const standing = page.locator(test("continuity-standing"));
    expect(await standing.getAttribute("data-counted")).toBe("0");
    await tabTo(page, "stock-P-C0");
    // 135 used in 90 days: 17 are needed in 11.
    await page.keyboard.type("12");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("stock-P-C1");
    await page.keyboard.type("１００");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.type("0");
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await expect.poll(() => standing.getAttribute("data-counted")).toBe("3");
    expect(await page.locator(test("stock-gap-P-C0")).innerText()).toContain("5");
    // What is left of 100 after 6 loses 112 yuan a piece.
    expect(await standing.innerText()).toContain("10,528.00");
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Alt+6");
    await expect.poll(() => page.locator(test("stock-P-C1")).inputValue()).toBe("１００");
    // From the gap to an order of that product.
    await page.locator(`${test("stock-gap-P-C0")} button`).press("Enter");
    await page.locator(test("compose")).waitFor();
    expectClean();
    await close();
  });

  it("takes a column from Excel and points at what is no quantity", async () => {
    const { page, expectClean, close } = await part(2);
    await page.locator(test("stock-P-C0")).evaluate((input) => {
      const data = new DataTransfer();
      data.setData("text/plain", "12\r\n若干\r\n40\r\n");
      input.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await page.getByText("不是数量，未保存").waitFor();
    await expect.poll(() => page.locator(test("continuity-standing")).getAttribute("data-counted")).toBe("2");
    expectClean();
    await close();
  });

  it("says what to do where there is no batch, and where it cannot be read", async () => {
    const empty = await part(2, { query: "scenario=empty" });
    await empty.page.getByText("没有要接续的批次").waitFor();
    expect(await empty.page.locator(test("continuity")).count()).toBe(0);
    empty.expectClean();
    await empty.close();
    const failing = await part(2, { query: "failing=continuity" });
    await failing.page.getByText("未能读取").waitFor();
    await failing.expectAccessible();
    await failing.close();
  });
});

describe("a change of prices", () => {
  it.each(LOOKS)("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await part(2, { look });
    await page.locator(test("continuity-batch")).selectOption("list:JG202611");
    await page.locator(test("stock-P-L0")).fill("80");
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await shot(`price-transition-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("tells until when the old stock may be used and what is lost, apart from any batch", async () => {
    const { page, expectClean, close } = await part(2, { query: "scenario=offline" });
    await page.locator(test("continuity-batch")).selectOption("list:JG202611");
    await page.locator(test("continuity-begins")).getByText("旧价库存用至 2026-11-30，还有 10 天").waitFor();
    await tabTo(page, "stock-P-L0");
    await page.keyboard.type("80");
    const standing = page.locator(test("continuity-standing"));
    await expect.poll(() => standing.getAttribute("data-counted")).toBe("1");
    // 17 of 80 are used by then; each of the 63 left loses 72 yuan.
    expect(await standing.innerText()).toContain("4,536.00");
    await page.locator(test("continuity-batch")).selectOption("list:JG202607");
    await page.getByText("本院近一年没有采购其中的产品").waitFor();
    await page.locator(test("continuity-batch")).selectOption({ index: 0 });
    await expect.poll(() => page.locator(test("stock-P-C0")).inputValue()).toBe("");
    expectClean();
    await close();
  });
});

describe("exemptions", () => {
  it.each(LOOKS)("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await part(4, { look });
    await page.locator(test("exemptions-row-1")).dblclick();
    await page.locator(test("exemption-granted")).waitFor();
    await shot(`exemptions-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.locator(test("exemption-kind")).selectOption("cheaper-equal-product");
    await page.locator(test("exemption-not-granted")).waitFor();
    await page.locator(test("exemption-save")).click();
    await shot(`exemption-form-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are recorded with reason and evidence and taken back, by keys alone", async () => {
    const { page, expectClean, close } = await part(4, { query: "scenario=offline" });
    await page.locator(test("exemptions-row-1")).waitFor();
    await page.keyboard.press("n");
    await expect.poll(() => focused(page)).toBe("exemption-kind");
    await tabTo(page, "exemption-agreement");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "exemption-relief");
    await page.keyboard.type("60");
    await tabTo(page, "exemption-from");
    await page.keyboard.type("2026-12-01");
    await tabTo(page, "exemption-through");
    await page.keyboard.type("2026-11-01");
    await tabTo(page, "exemption-reason");
    await page.keyboard.type("术式改变");
    // Ends before it begins, and nothing stands for it yet.
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => focused(page)).toBe("exemption-through");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("2027-05-31");
    await tabTo(page, "exemption-evidence");
    await page.keyboard.type("药事会纪要〔2026〕11号");
    await page.keyboard.press("Control+Enter");
    await page.getByText("豁免已记录").first().waitFor();
    await page.locator(test("exemptions-row-3")).waitFor();
    await page.locator(`${test("exemptions-grid")} [role=grid]`).focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    await page.locator(test("exemption-remove")).press("Enter");
    await page.locator(test("exemption-remove-confirm")).press("Enter");
    await page.getByText("豁免已撤销").first().waitFor();
    await expect.poll(() => page.locator(test("exemptions-row-3")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("say what to do where there are none", async () => {
    const { page, expectClean, close } = await part(4, { query: "scenario=empty" });
    await page.getByText("没有豁免记录").waitFor();
    await page.locator(test("exemption-add-empty")).press("Enter");
    await page.locator(test("exemption-form")).waitFor();
    expectClean();
    await close();
  });
});
