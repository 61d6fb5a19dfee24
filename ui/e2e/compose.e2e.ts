import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);

async function compose(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+3");
  await opened.page.locator('[data-test^="order-row-"]').first().waitFor();
  await opened.page.keyboard.press("n");
  await opened.page.locator(test("compose")).waitFor();
  return opened;
}

/** Types a product and takes the first that is found. */
async function add(page: Page, words: string): Promise<void> {
  await page.locator(`${test("compose-add")} input`).fill(words);
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
}

async function pasteInto(page: Page, pasted: string): Promise<void> {
  await page.locator(test("compose")).evaluate((element, content) => {
    const data = new DataTransfer();
    data.setData("text/plain", content);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, pasted);
}

describe("writing an order", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await compose({ look });
    await shot(`compose-empty-${look}`);
    await expectAccessible();
    await pasteInto(
      page,
      "品名\t规格\t数量\t单价\n冠脉球囊扩张导管\tΦ2.5mm×15mm\t6\t\n冠脉造影导管\t6F JL4.0\t80\t999\n吻合器\t60mm\t3\t\n没有的东西\t\t1\t\n冠状动脉药物洗脱支架系统\t\t2\t",
    );
    await expect.poll(() => page.locator(test("paste-found")).getAttribute("data-ready")).toBe("3");
    await shot(`compose-paste-${look}`);
    await expectAccessible();
    await page.locator(test("paste-take")).click();
    await page.locator(test("compose-line-2")).waitFor();
    await expect.poll(() => page.locator('[data-code="priceAbove"]').count()).toBe(1);
    await shot(`compose-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("goes without a mouse: added, counted, checked, sent", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await compose();
    expect(await focused(page)).toBe("compose-add");
    await page.keyboard.type("球囊扩张 PTC-25", { delay: 30 });
    await expect.poll(() => page.locator("[role=option]").count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("quantity-0");
    await page.keyboard.type("6");
    await expect.poll(() => page.locator(test("amount-0")).innerText()).toBe("1,440.00");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("compose-add");
    await page.locator(test("compose-dept")).fill("导管室");
    await page.keyboard.press("Control+Enter");
    await page.locator(test("compose-summary")).getByText("1,440.00").waitFor();
    await shot("compose-confirm");
    await expectAccessible();
    expect(await focused(page)).toBe("compose-send");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(test("compose")).count()).toBe(0);
    await page.getByText("订单已提交，等待平台受理", { exact: true }).waitFor();
    expectClean();
    await close();
  });

  it("shows each obstacle with its reason and clause, and sends nothing that would be refused", async () => {
    const { page, expectClean, close } = await compose();
    await add(page, "DES-300-18");
    await page.locator(test("quantity-0")).fill("2");
    const obstacle = page.locator('[data-code="suspended"]');
    await obstacle.getByText("湘医保发〔2023〕43号").waitFor();
    await add(page, "PTC-25-15");
    await page.locator(test("quantity-1")).fill("1");
    await page.locator(test("price-1")).fill("9999");
    await page.locator('[data-code="priceAbove"]').waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("有平台会拒绝的内容，请先改正", { exact: true }).waitFor();
    expect(await page.locator(test("compose-summary")).count()).toBe(0);
    expect(await focused(page)).toBe("quantity-0");
    await page.locator(test("remove-0")).click();
    await page.locator(test("price-0")).fill("240");
    await expect.poll(() => page.locator(test("compose-weight")).getAttribute("data-refusals")).toBe("0");
    expectClean();
    await close();
  });

  it("keeps what is typed as a draft, which can be opened again and thrown away", async () => {
    const { page, expectClean, close } = await compose();
    await add(page, "吻合器");
    await page.locator(test("quantity-0")).fill("4");
    await page.locator(test("compose-dept")).fill("普外科");
    await expect.poll(() => page.locator(test("kept")).getAttribute("data-state")).toBe("saved");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(test("compose")).count()).toBe(0);
    await page.locator(test("order-drafts")).click();
    await page.getByRole("menuitem", { name: "普外科 · 1 项" }).click();
    await expect.poll(() => page.locator(test("quantity-0")).inputValue()).toBe("4");
    await page.locator(test("compose-remove")).click();
    await expect.poll(() => page.locator(test("compose")).count()).toBe(0);
    await expect.poll(() => page.locator(test("order-drafts")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("orders lines again, cancels and returns them", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open().then(async (opened) => {
      await opened.page.keyboard.press("Alt+3");
      await opened.page.locator('[data-test^="order-row-"]').first().waitFor();
      return opened;
    });
    await page.locator(test("order-state-SUBMITTED")).click();
    await page.locator('[data-test^="order-row-"] [data-state="SUBMITTED"]').first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    await page.locator(test("order-cancel")).waitFor();
    await shot("order-acts");
    await page.keyboard.press("x");
    await page.locator(test("cancel-reason")).fill("手术取消");
    await page.locator(test("cancel-act")).click();
    await page.getByText("撤单已提交，等待平台受理", { exact: true }).waitFor();

    await page.locator(test("order-state-all")).click();
    await page.locator(test("order-state-RECEIVED")).click();
    await page.locator('[data-test^="order-row-"] [data-state="RECEIVED"]').first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("t");
    await page.locator(test("return-quantity-0")).fill("999");
    await page.locator(test("return-reason")).fill("外包装破损");
    await page.locator(test("return-submit")).click();
    await page.getByText("数量超过可处理的余量").waitFor();
    await page.locator(test("return-kind-price")).click();
    await page.locator(test("return-quantity-0")).fill("1");
    await page.locator(test("return-amount-0")).fill("0.5");
    await shot("return");
    await expectAccessible();
    await page.locator(test("return-submit")).click();
    await page.getByText("退货已提交，等待平台受理", { exact: true }).waitFor();

    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("r");
    await page.locator(test("compose-line-0")).waitFor();
    expect(await page.locator(test("quantity-0")).inputValue()).not.toBe("");
    expectClean();
    await close();
  });
});
