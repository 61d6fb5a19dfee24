import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const LOOKS = ["light", "dark", "contrast", "forced"] satisfies Look[];

async function part(name: "退货" | "发票" | "结算付款", opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+4");
  await opened.page.getByRole("tab", { name }).click();
  return opened;
}
const first = (page: Page, list: string) => page.locator(`[data-test^="${list}-row-"]`).first();

describe("returns, invoices and settlements", () => {
  it.each(LOOKS)("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await part("退货", { look });
    await first(page, "returns").dblclick();
    await page.locator(test("return-state")).waitFor();
    await shot(`returns-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("]");
    await first(page, "invoices").dblclick();
    await page.locator(test("invoice-state")).waitFor();
    await shot(`invoices-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("]");
    await first(page, "settlements").dblclick();
    await page.locator(test("settlement-state")).waitFor();
    await shot(`settlements-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.locator(test("settlement-sum")).waitFor();
    await shot(`settlement-create-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("verify an invoice, and send one back with its reason", async () => {
    const { page, expectClean, close } = await part("发票");
    await page.locator(test("invoices-state-WAITING")).click();
    await page.locator(test("invoices-row-I-0")).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    await page.locator(test("invoice-verify")).waitFor();
    await page.keyboard.press("v");
    await page.locator(`${test("invoice-state")}[data-state="VERIFIED"]`).waitFor({ timeout: 15_000 });
    // One that bills more than came cannot be verified.
    await page.locator(test("invoices-row-I-6")).dblclick();
    await page.locator('[data-code="overBilled"]').waitFor();
    expect(await page.locator(test("invoice-verify")).isDisabled()).toBe(true);
    await page.locator(test("invoice-refuse")).click();
    await page.locator(test("reason-act")).click();
    await page.getByText("有必填项未填").first().waitFor();
    await page.locator(test("reason")).fill("数量与收货不符");
    await page.locator(test("reason-act")).click();
    await page.locator(`${test("invoice-state")}[data-state="REFUSED"]`).waitFor({ timeout: 15_000 });
    expectClean();
    await close();
  });

  it("settle a distributor's month, confirm and dispute", async () => {
    const { page, expectClean, close } = await part("结算付款");
    await page.locator(test("payments-due")).getByText("已过应付日").waitFor();
    await page.keyboard.press("n");
    await page.locator(test("settlement-sum")).waitFor();
    await page.locator('[data-test^="candidate-invoice-"]').first().click();
    await page.locator(test("settlement-kind-fund")).click();
    await page.locator(test("settlement-create")).click();
    await page.getByText("结算单已提交，等待平台受理", { exact: true }).waitFor();
    await page.locator(test("settlements-state-RECONCILING")).click();
    await first(page, "settlements").dblclick();
    await page.locator(test("settlement-confirm")).waitFor();
    await page.keyboard.press("v");
    await page.locator(`${test("settlement-state")}[data-state="APPROVED"]`).waitFor({ timeout: 15_000 });
    expectClean();
    await close();
  });
});

describe("the catalogue", () => {
  it.each(LOOKS)("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ look });
    await page.keyboard.press("Alt+8");
    await first(page, "products").waitFor();
    await shot(`catalogue-${look}`);
    await expectAccessible();
    await page.locator(test("products-row-P-0")).dblclick();
    await page.locator(test("product-prices")).waitFor();
    await shot(`catalogue-product-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it.each(LOOKS)("links the hospital's items, accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ look });
    await page.keyboard.press("Alt+8");
    await page.getByRole("tab", { name: "院内对应" }).click();
    const left = page.locator(test("items-unlinked"));
    await expect.poll(() => left.getAttribute("data-count")).toBe("4");
    await first(page, "items").dblclick();
    await page.locator('[data-test^="suggestion-"]').first().check();
    await page.locator(test("item-factor-num")).fill("10");
    await shot(`items-${look}`);
    await expectAccessible();
    await page.locator(test("item-link")).click();
    await expect.poll(() => left.getAttribute("data-count")).toBe("3");
    await page.locator(test("item-unlink")).click();
    await expect.poll(() => left.getAttribute("data-count")).toBe("4");
    expectClean();
    await close();
  });

  it("is searched, narrowed, and leads to an order", async () => {
    const { page, expectClean, close } = await open();
    await page.keyboard.press("Alt+8");
    await first(page, "products").waitFor();
    await page.locator(test("products-scope-suspended")).click();
    await expect.poll(() => page.locator('[data-test^="products-row-"]').count()).toBe(1);
    await page.locator(test("products-scope-all")).click();
    await page.locator(test("products-filter")).fill("PTC-25");
    await expect.poll(() => page.locator('[data-test^="products-row-"]').count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("product-order")).waitFor();
    await page.keyboard.press("o");
    await page.locator(test("compose-line-0")).waitFor();
    expect(await page.locator(test("compose-line-0")).getAttribute("data-product")).toBe("P-1");
    expectClean();
    await close();
  });
});
