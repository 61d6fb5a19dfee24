import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);
const lines = (page: Page) => page.locator(test("orders-total")).innerText();

async function openOrders(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+3");
  await opened.page.locator(test("orders-filter")).waitFor();
  return opened;
}

describe("orders", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await openOrders({ look });
    await page.locator('[data-test^="order-row-"]').first().waitFor();
    await shot(`orders-${look}`);
    await expectAccessible();
    await page.locator(`${test("orders-grid")} [data-row="3"] [data-column="3"]`).dblclick();
    await page.locator(test("order-life")).waitFor();
    await shot(`orders-detail-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are filtered, opened, read and closed without a mouse", async () => {
    const { page, expectClean, close } = await openOrders();
    await page.locator('[data-test^="order-row-"]').first().waitFor();
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("orders-filter");
    await page.keyboard.type("球囊扩张");
    await expect.poll(() => lines(page)).toContain("80 行");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("orders-grid");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const detail = page.locator(test("order-detail"));
    await detail.getByRole("heading", { name: "冠脉球囊扩张导管" }).waitFor();
    const first = await detail.locator(test("order-line-code")).innerText();
    // The list keeps the keyboard: the detail follows the arrows.
    expect(await focused(page)).toBe("orders-grid");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => detail.locator(test("order-line-code")).innerText()).not.toBe(first);
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("order-detail");
    await page.keyboard.press("Escape");
    await expect.poll(() => detail.count()).toBe(0);
    expect(await focused(page)).toBe("orders-grid");
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    await expect.poll(() => lines(page)).toContain("640 行");
    expectClean();
    await close();
  });

  it("are narrowed by states and dates, with counts, and cleared", async () => {
    const { page, expectClean, close } = await openOrders({ query: "start=2026-11-20T01:12:00Z" });
    const shipped = page.locator(test("order-state-SHIPPED"));
    const count = Number((await shipped.innerText()).replace(/\D/g, ""));
    expect(count).toBeGreaterThan(0);
    await shipped.click();
    await expect.poll(() => lines(page)).toContain(`${count} 行`);
    expect(await shipped.getAttribute("aria-pressed")).toBe("true");
    const states = await page
      .locator('[data-test^="order-row-"] [data-state]')
      .evaluateAll((cells) => [...new Set(cells.map((cell) => cell.getAttribute("data-state")))]);
    expect(states).toEqual(["SHIPPED"]);
    await page.locator(test("orders-from")).fill("2026-11-10");
    await page.keyboard.press("Enter");
    await page.locator(test("orders-to")).fill("2026-11-12");
    await page.keyboard.press("Enter");
    await expect.poll(async () => Number((await lines(page)).split(" ")[0])).toBeLessThan(count);
    await page.locator(test("orders-clear")).click();
    await expect.poll(() => lines(page)).toContain("640 行");
    expectClean();
    await close();
  });

  it("scroll through a hundred thousand", async () => {
    const { page, expectClean, close } = await openOrders({ query: "orders=100000" });
    await expect.poll(() => lines(page), { timeout: 15_000 }).toContain("100,000 行");
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+End");
    await page.locator(`${test("orders-grid")} [data-row="99999"] .order-code`).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(test("order-life")).waitFor();
    await page.keyboard.press("Control+Home");
    await page.locator(`${test("orders-grid")} [data-row="0"] .order-code`).waitFor();
    expectClean();
    await close();
  });

  it("keep place, selection and focus when the data change", async () => {
    const { page, expectClean, close } = await openOrders();
    const grid = page.locator(`${test("orders-grid")} [role=grid]`);
    await page.locator('[data-test^="order-row-"]').first().waitFor();
    await grid.focus();
    for (let press = 0; press < 6; press++) await page.keyboard.press("PageDown");
    await page.keyboard.press("Space");
    const before = await grid.evaluate((element) => ({
      top: element.scrollTop,
      active: element.getAttribute("aria-activedescendant"),
      selected: element.querySelector('[aria-selected="true"]')?.getAttribute("data-test"),
    }));
    expect(before.top).toBeGreaterThan(1_000);
    expect(before.selected).toMatch(/^order-row-/);
    await page.keyboard.press("F5");
    await page.waitForTimeout(1_800);
    const after = await grid.evaluate((element) => ({
      top: element.scrollTop,
      active: element.getAttribute("aria-activedescendant"),
      selected: element.querySelector('[aria-selected="true"]')?.getAttribute("data-test"),
    }));
    expect(after).toEqual(before);
    expect(await focused(page)).toBe("orders-grid");
    expectClean();
    await close();
  });

  it("are found by Ctrl+K", async () => {
    const { page, expectClean, close } = await open();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("吻合器");
    await page.getByRole("option", { name: /一次性使用吻合器/ }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => lines(page)).toContain("80 行");
    await expect.poll(() => page.locator(test("orders-filter")).inputValue()).toBe("一次性使用吻合器");
    expectClean();
    await close();
  });

  it("say why there are none, and what to do", async () => {
    const none = { view: 1, total: 0, amount: "0", pageSize: 100, first: [], states: [] };
    const syncing = {
      phase: "firstSync",
      error: null,
      done: 1_200,
      total: 48_000,
      lastSync: null,
      retryAt: null,
      waiting: 0,
      attention: 0,
      quarantined: 0,
      received: 0,
      applied: 0,
      unchanged: 0,
      clockOffsetS: 0,
    };
    const first = await openOrders({ backend: { orders_open: none, sync_status: syncing } });
    await first.page.getByText("正在从平台取得订单").waitFor();
    await first.page.locator(test("sync-cancel")).waitFor();
    await first.shot("orders-first-sync");
    await first.expectAccessible();
    await first.close();

    const { page, shot, close } = await openOrders();
    await page.locator(test("orders-filter")).fill("没有这种东西");
    await page.getByText("没有符合条件的订单").waitFor();
    await shot("orders-no-match");
    await page.locator(test("orders-clear-empty")).click();
    await expect.poll(() => lines(page)).toContain("640 行");
    await close();

    const failed = await openOrders({ query: "delay=900" });
    await failed.page.locator(test("orders-loading")).waitFor();
    await failed.shot("orders-loading");
    await failed.close();
  });
});
