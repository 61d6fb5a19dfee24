import type { Page } from "playwright-core";
import type { CatalogueRow } from "@/bindings/wire";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);

const PRODUCT: CatalogueRow = {
  id: "P-9",
  name: "一次性使用无菌敷料",
  spec: "10cm×12cm",
  unit: "片",
  price: "3.65",
  mcsCode: "C0801010010000900111",
  listed: true,
  selected: false,
  model: "",
  category: "敷料",
  maker: "云岭棉织卫材有限公司",
  purchaseType: "挂网",
  codeMark: "good",
  registration: "岭械注准20222140123",
  registrationEndsOn: null,
  orderedLines: 0,
  items: [],
};

async function room(opening: Opening = {}) {
  const backend = { catalogue: { rows: [PRODUCT], total: 1, next: null }, ...opening.backend };
  const opened = await open({ ...opening, backend });
  await opened.page.keyboard.press("Alt+8");
  await opened.page.getByRole("tab", { name: "备案补录" }).click();
  await opened.page.locator(test("filing-create")).waitFor();
  return opened;
}

describe("filings", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room({ look });
    await page.locator(test("filings-row-20261107001")).dblclick();
    await page.locator(test("filing-returned")).waitFor();
    await shot(`filings-${look}`);
    await expectAccessible();
    await page.locator(test("filing-correct")).click();
    await page.locator(test("filing-submit")).click();
    await page.getByText("未入库产品须附议价材料").waitFor();
    await shot(`filing-form-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are written offline with a listed product, kept as a draft, and submitted", async () => {
    const { page, shot, expectClean, close } = await room({ query: "scenario=offline" });
    await page.locator(`${test("filings-grid")} [role=grid]`).focus();
    await page.keyboard.press("n");
    await page.locator(test("filing-form")).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("请选出对应的挂网产品").waitFor();
    await shot("filing-faults");
    await page.getByRole("combobox").focus();
    await page.getByRole("option", { name: /无菌敷料/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(test("filing-goodsName")).inputValue()).toBe("一次性使用无菌敷料");
    await page.locator(test("filing-company")).fill("望溪区本地门店");
    await page.locator(test("filing-quantity")).fill("２０");
    await page.locator(test("filing-price")).fill("3.65");
    await page.getByText("金额 73.00 元").waitFor();
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(test("filing-drafts")).getByRole("button").click();
    expect(await page.locator(test("filing-quantity")).inputValue()).toBe("２０");
    await page.locator(test("filing-reason")).fill("夜间急诊，平台无货");
    await page.keyboard.press("Control+Enter");
    await page.getByText("备案已放入待发箱").first().waitFor();
    await page.locator(`${test("filings-pending")} [data-state=queued]`).waitFor();
    expect(await page.locator(test("filing-drafts")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("that came back are corrected with their documents and submitted again", async () => {
    const { page, expectClean, close } = await room();
    await page.locator(test("filings-row-20261107001")).dblclick();
    await page.locator(test("filing-correct")).click();
    await page.locator(test("filing-attach")).setInputFiles({
      name: "比价记录.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-1.4"),
    });
    await page.locator(test("filing-file")).waitFor();
    await page.locator(test("filing-submit")).click();
    await page.getByText("备案已放入待发箱").first().waitFor();
    await expect
      .poll(() => page.locator(test("filing-state")).getAttribute("data-state"), { timeout: 10_000 })
      .toBe("SUBMITTED");
    expect(await focused(page)).not.toBe("filing-form");
    expectClean();
    await close();
  });
});
