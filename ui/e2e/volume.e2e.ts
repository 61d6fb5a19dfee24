import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);

async function room(part: string, opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+6");
  await opened.page.locator(test("volume")).waitFor();
  await opened.page.getByRole("tab", { name: part }).click();
  return opened;
}

describe("demand reports", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("报量", { look });
    await page.locator(test("demand-row-BL20260")).waitFor();
    await page.locator(test("demand-count-BL20260")).fill("40");
    await page.locator(test("demand-submit")).click();
    await shot(`demand-${look}`);
    await expectAccessible();
    await page.locator(test("demand-departments-BL20261")).click();
    await page.locator(test("dept-0")).waitFor();
    await shot(`demand-departments-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("answer every variety, explain cuts, and are submitted offline by keys alone", async () => {
    const { page, shot, expectClean, close } = await room("报量", { query: "scenario=offline" });
    const standing = page.locator(test("demand-standing"));
    await page.locator(test("demand-count-BL20260")).waitFor();
    expect(await standing.getAttribute("data-open")).toBe("5");
    // The batch is looked over: the first blank row gets the keyboard.
    await page.locator(test("demand-submit")).focus();
    await page.keyboard.press("Enter");
    const first = await focused(page);
    expect(first).toMatch(/^demand-count-/);
    await page.locator(test("demand-fault")).first().waitFor();
    await page.keyboard.type("300");
    await page.keyboard.press("Enter");
    expect(await focused(page)).not.toBe(first);
    await page.locator(test("demand-prefill")).click();
    await page.getByText("已填入 4 项").first().waitFor();
    expect(await page.locator(test("demand-count-BL20263")).inputValue()).toBe("1490");
    await page.getByText("按近 12 个月收货减退货填入").first().waitFor();
    // A nought is an answer, and a cut that is explained.
    await page.locator(test("demand-count-BL20264")).fill("0");
    expect(await standing.getAttribute("data-open")).toBe("1");
    await page.keyboard.press("Control+Enter");
    expect(await focused(page)).toBe("demand-explanation-BL20264");
    await page.keyboard.type("改用其他术式");
    await shot("demand-complete");
    await page.keyboard.press("Control+Enter");
    await page.locator(test("demand-confirm")).waitFor();
    await shot("demand-confirm");
    await page.locator(test("demand-confirm")).click();
    await page.getByText("6 项报量已放入待发箱").first().waitFor();
    await page.getByText("本批已全部报送").waitFor();
    await page.keyboard.press("Alt+0");
    await page.getByText("冠脉切割球囊").first().waitFor();
    expectClean();
    await close();
  });

  it("take a column from Excel, keep it, and add up departments", async () => {
    const { page, expectClean, close } = await room("报量");
    await page.locator(test("demand-count-BL20260")).waitFor();
    const inputs = page.locator("input[data-field=demand]");
    const firstId = await inputs.first().getAttribute("data-test");
    await inputs.first().evaluate((input) => {
      const data = new DataTransfer();
      data.setData("text/plain", "11\r\n22\r\n33\r\n");
      input.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await expect.poll(() => inputs.nth(2).inputValue()).toBe("33");
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Alt+6");
    await expect.poll(() => page.locator(test(firstId!)).inputValue()).toBe("11");
    await page.locator(test("demand-departments-BL20261")).click();
    await page.locator(test("dept-0")).fill("心血管内科");
    await page.locator(test("dept-count-0")).fill("500");
    await page.locator(test("dept-1")).fill("导管室");
    await page.locator(test("dept-count-1")).fill("320.5");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(test("demand-count-BL20261")).inputValue()).toBe("820.5");
    await page.locator(test("demand-departments-BL20261")).getByText("2 个科室").waitFor();
    expectClean();
    await close();
  });
});

describe("agreements and contracts", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("协议", { look });
    await page.locator(test("agreements-row-XY20260")).waitFor();
    await shot(`agreements-${look}`);
    await expectAccessible();
    await page.locator(`${test("agreements-grid")} [role=grid]`).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("agreement-state")).waitFor();
    await shot(`agreement-${look}`);
    await expectAccessible();
    await page.getByRole("tab", { name: "合同" }).click();
    await page.locator(test("contracts-row-0031")).dblclick();
    await page.locator(test("contract-sign")).waitFor();
    await shot(`contracts-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are signed together by keys, disputed with a reason, and wait offline", async () => {
    const { page, shot, expectClean, close } = await room("协议", { query: "scenario=offline" });
    await page.locator(test("agreements-row-XY20261")).dblclick();
    await page.locator(test("agreement-dispute")).click();
    await page.locator(test("agreement-reason-act")).click();
    await page.getByText("有必填项未填").waitFor();
    await page.locator(test("agreement-reason")).fill("约定量高于报量");
    await page.keyboard.press("Control+Enter");
    await page.getByText("异议已放入待发箱").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator(`${test("agreements-grid")} [role=grid]`).focus();
    await page.keyboard.press("s");
    await page.locator(test("agreements-sign-confirm")).waitFor();
    await shot("agreements-sign");
    await page.locator(test("agreements-sign-confirm")).press("Enter");
    await page.getByText("1 份协议已放入待发箱").first().waitFor();
    await expect.poll(() => page.locator(`${test("agreements-grid")} [data-state=waiting]`).count()).toBe(2);
    expectClean();
    await close();
  });
});
