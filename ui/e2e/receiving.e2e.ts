import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const GS = "\u001d";
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);

async function openReceiving(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+4");
  await opened.page.locator('[data-test^="deliveries-row-"]').first().waitFor();
  return opened;
}

/** Keys as a scanner sends them: quick, FNC1 as Ctrl+], Enter at the end. */
async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate((typed) => {
    const send = (key: string, ctrlKey = false) => {
      const target = document.activeElement ?? document.body;
      const event = new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true });
      const taken = !target.dispatchEvent(event);
      if (!taken && target instanceof HTMLInputElement && key.length === 1 && !ctrlKey) {
        target.setRangeText(key, target.selectionStart ?? 0, target.selectionEnd ?? 0, "end");
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    for (const letter of typed) {
      if (letter === "\u001d") send("]", true);
      else send(letter);
    }
    send("Enter");
  }, code);
}

/** What the labels of an open delivery say. */
async function linesOf(page: Page, delivery: string) {
  return page.evaluate(async (id) => {
    const rows = document.querySelectorAll(`[data-test="receipt"][data-delivery="${id}"] .line`);
    return [...rows].map((row) => ({
      name: row.getAttribute("data-test")!,
      left: row.getAttribute("data-left")!,
    }));
  }, delivery);
}

describe("receiving", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await openReceiving({ look });
    await shot(`receiving-${look}`);
    await expectAccessible();
    await page.locator(test("deliveries-row-PS-3")).dblclick();
    await page.locator(test("received-0")).waitFor();
    await page.keyboard.press("a");
    await page.locator(test("rejected-0")).fill("1");
    await page.locator(test("warning-0")).first().waitFor();
    await shot(`receiving-receipt-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("takes a whole delivery without a mouse and without a network", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await openReceiving({
      query: "scenario=offline",
    });
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("deliveries-filter");
    await page.keyboard.type("413", { delay: 80 });
    await expect.poll(() => page.locator('[data-test^="deliveries-row-"]').count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("received-0")).waitFor();
    await page.keyboard.press("a");
    expect(await focused(page)).toBe("received-0");
    // From the list, too, Ctrl+Enter submits the open one.
    await page.locator(`${test("deliveries-grid")} [role=grid]`).focus();
    // What was filled is there again after a look at another room.
    await expect.poll(() => page.locator(test("receipt-saved")).getAttribute("data-state")).toBe("saved");
    await page.keyboard.press("Control+Enter");
    await page.locator(test("receipt-summary")).waitFor();
    await shot("receiving-confirm");
    await expectAccessible();
    expect(await focused(page)).toBe("receipt-send");
    await page.keyboard.press("Enter");
    await page.locator(test("receipt-waiting")).waitFor();
    await shot("receiving-waiting");
    expect(await page.locator(test("sync-waiting")).getAttribute("data-count")).toBe("1");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(test("receipt")).count()).toBe(0);
    expect(await focused(page)).toBe("deliveries-grid");
    expectClean();
    await close();
  });

  it("finds the line by its label wherever the keyboard is, and counts", async () => {
    const { page, shot, expectClean, close } = await openReceiving();
    // Nothing is open: the label opens its delivery.
    const code = "01069012345000111728102110L260911A";
    await scan(page, code);
    await page
      .locator(test("scan-news"))
      .and(page.locator('[data-tone="success"], [data-tone="warning"]'))
      .waitFor();
    await page.locator(test("receipt")).waitFor();
    const delivery = (await page.locator(test("receipt")).getAttribute("data-delivery"))!;
    expect((await linesOf(page, delivery)).length).toBeGreaterThan(0);
    await shot("receiving-scanned");
    // With the keyboard in a quantity: what was typed there stays, and the label is counted.
    const quantity = page.locator(test("rejected-0"));
    await quantity.fill("0");
    const before = await page.locator(test("received-0")).inputValue();
    await scan(page, code);
    await expect.poll(() => page.locator(test("received-0")).inputValue()).toBe(String(Number(before) + 1));
    expect(await quantity.inputValue()).toBe("0");
    // A piece with a serial number counts once.
    const piece = `01069012345000111728102110L260911A${GS}21S0001`;
    await scan(page, piece);
    await expect.poll(() => page.locator(test("received-1")).inputValue()).toBe("1");
    await scan(page, piece);
    await expect.poll(() => page.locator(test("scan-news")).getAttribute("data-tone")).toBe("warning");
    expect(await page.locator(test("received-1")).inputValue()).toBe("1");
    // What is no label, and what nobody sent, is said.
    await scan(page, "不是一个标签呀呀");
    await expect.poll(() => page.locator(test("scan-news")).getAttribute("data-tone")).toBe("danger");
    await scan(page, "0106999999999991");
    await expect.poll(() => page.locator(test("scan-news")).innerText()).toContain("没有这个产品");
    expectClean();
    await close();
  });

  it("refuses too much and a rejection without its reason, and keeps what was typed", async () => {
    const { page, expectClean, close } = await openReceiving();
    await page.locator(test("deliveries-row-PS-1")).dblclick();
    await page.locator(test("received-0")).fill("999");
    await page.locator(test("fault-0")).getByText("超过应收数量").waitFor();
    await page.keyboard.press("Control+Enter");
    expect(await focused(page)).toBe("received-0");
    expect(await page.locator(test("receipt-summary")).count()).toBe(0);
    await page.locator(test("received-0")).fill("1");
    await page.locator(test("rejected-0")).fill("1");
    await page.locator(test("fault-0")).getByText("请写明拒收原因").waitFor();
    await page.locator(test("reason-0")).fill("外包装破损");
    await expect.poll(() => page.locator(test("fault-0")).count()).toBe(0);
    await expect.poll(() => page.locator(test("receipt-saved")).getAttribute("data-state")).toBe("saved");
    await page.keyboard.press("Alt+3");
    await page.keyboard.press("Alt+4");
    expect(await page.locator(test("reason-0")).inputValue()).toBe("外包装破损");
    await page.keyboard.press("Control+Enter");
    await page.locator(test("receipt-send")).click();
    await page.locator('[data-test^="receipt-R-PS-1-"][data-state="ACCEPTED"]').waitFor({ timeout: 15_000 });
    expectClean();
    await close();
  });

  it("confirms a pre-acceptance, or refuses it with its reason", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await openReceiving();
    await page.locator(test("deliveries-row-PS-4")).dblclick();
    await page.locator(test("receipt-refuse-R-4")).click();
    await page.locator(test("refuse-act")).click();
    await page.getByText("有必填项未填").waitFor();
    await shot("receiving-refuse");
    await expectAccessible();
    await page.locator(test("refuse-reason")).fill("手术改期，未使用");
    await page.locator(test("refuse-act")).click();
    await page.locator(`${test("receipt-R-4")}[data-state="REJECTED"]`).waitFor({ timeout: 15_000 });
    expectClean();
    await close();
  });

  it("is reached from today and from the search", async () => {
    const { page, expectClean, close } = await open();
    await page.locator(test("task-PS-1")).click();
    await page.locator(`${test("receipt")}[data-delivery="PS-1"]`).waitFor();
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("PS2026112000420", { delay: 80 });
    await page.getByRole("option", { name: /PS2026112000420/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`${test("receipt")}[data-delivery="PS-8"]`).waitFor();
    expectClean();
    await close();
  });

  it("says why nothing is there, and that a role may only look", async () => {
    const none = await open({ query: "scenario=empty" });
    await none.page.keyboard.press("Alt+4");
    await none.page.getByText("没有待收货的配送单").waitFor();
    await none.shot("receiving-empty");
    await none.expectAccessible();
    await none.close();
    const viewer = await openReceiving({ query: "scenario=viewer" });
    await viewer.page.locator(test("deliveries-row-PS-1")).dblclick();
    await viewer.page.locator(test("received-0")).waitFor();
    expect(await viewer.page.locator(test("received-0")).isDisabled()).toBe(true);
    expect(await viewer.page.locator(test("receipt-submit")).isDisabled()).toBe(true);
    await viewer.close();
  });
});
