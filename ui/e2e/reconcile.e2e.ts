import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("[data-test]")?.getAttribute("data-test") ?? null);
const count = (page: Page) => page.locator(test("reconcile-total")).getAttribute("data-count");

async function room(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+5");
  await opened.page.locator(test("reconcile")).waitFor();
  return opened;
}
const list = (page: Page) => page.locator('[data-test^="item-"][role="row"]');
/** Opens the first item of a kind, without a mouse. */
async function openKind(page: Page, kind: string): Promise<void> {
  await page.locator(test(`kind-${kind}`)).focus();
  await page.keyboard.press("Space");
  // The first row of the narrowed list, not one further down of the list before.
  await page.locator(`[data-test^="item-"][role="row"]`).first().locator(`[data-kind="${kind}"]`).waitFor();
  await page.locator(`${test("reconcile-grid")} [role=grid]`).focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Enter");
  await page.locator(test("compared")).waitFor();
}

describe("reconciliation", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room({ look });
    await list(page).first().waitFor();
    await shot(`reconcile-${look}`);
    await expectAccessible();
    await openKind(page, "priceDiffers");
    await shot(`reconcile-detail-${look}`);
    await expectAccessible();
    await page.keyboard.press("i");
    await page.locator(test("import-path-choose")).waitFor();
    await shot(`reconcile-import-empty-${look}`);
    await expectAccessible();
    await page.locator(test("import-path-choose")).click();
    await page.locator(test("mapping")).waitFor();
    await shot(`reconcile-import-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("imports a ledger by keyboard, with a column's meaning changed, and takes it back as a whole", async () => {
    const { page, shot, expectClean, close } = await room();
    await list(page).first().waitFor();
    await page.keyboard.press("i");
    await page.locator(test("import-path-choose")).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("mapping")).waitFor();
    expect(await page.locator(`${test("count-refused")} dd`).innerText()).toBe("1");
    await page.getByText("“约10”不是数字").waitFor();
    await page.locator(test("mean-12")).selectOption("delivery");
    await expect.poll(() => page.locator(test("mean-12")).getAttribute("data-field")).toBe("delivery");
    await page.locator(test("import-month")).selectOption("2026-11");
    await page.locator(test("import-save-as")).fill("中心库");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(test("period")).inputValue()).toBe("2026-11");
    await list(page).first().waitFor();
    expect(await count(page)).toBe("28");

    await page.keyboard.press("i");
    await page.locator(test("import-path-choose")).click();
    await page.getByText("同一个文件已在第 1 批导入过").waitFor();
    expect(await page.locator(test("import-take")).isDisabled()).toBe(true);
    expect(await page.locator(test("import-profile")).inputValue()).toBe("中心库");
    await page.keyboard.press("Escape");

    await page.locator(test("reconcile-more")).click();
    await page.getByRole("menuitem", { name: "导入记录" }).click();
    await page.locator(test("batch-problems-1")).click();
    await page.locator(test("problems")).waitFor();
    await shot("reconcile-batches");
    await page.locator(test("batch-undo-1")).click();
    await page.locator(test("batch-undo-confirm")).click();
    await page.getByText("已撤销这批导入").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator(test("reconcile-import-first")).waitFor();
    await shot("reconcile-empty-month");
    expectClean();
    await close();
  });

  it("shows how far a long import is, and cancels it without keeping anything", async () => {
    const { page, shot, expectClean, close } = await room();
    await page.keyboard.press("i");
    const drop = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "大台账.xlsx"));
      return data;
    });
    await page.dispatchEvent("body", "dragenter", { dataTransfer: drop });
    await page.locator(test("drop-overlay")).waitFor();
    await shot("reconcile-drop");
    await page.dispatchEvent("body", "drop", { dataTransfer: drop });
    await page.locator(test("mapping")).waitFor();
    expect(await page.locator(test("drop-overlay")).count()).toBe(0);
    await page.locator(test("import-take")).click();
    await page.getByText("/ 146 行").first().waitFor();
    await shot("reconcile-importing");
    await page.locator(test("import-cancel")).click();
    await page.getByText("没有导入任何内容").first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("]");
    await page.locator(test("reconcile-import-first")).waitFor();
    expectClean();
    await close();
  });

  it("says why a file cannot be read", async () => {
    const { page, shot, expectAccessible, close } = await room();
    await page.keyboard.press("i");
    const drop = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "坏.xlsx"));
      return data;
    });
    await page.dispatchEvent("body", "drop", { dataTransfer: drop });
    await page.locator(test("import-error")).waitFor();
    await shot("reconcile-import-error");
    await expectAccessible();
    await close();
  });

  it("works through differences by keys, and takes each back", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    expect(await count(page)).toBe("28");
    const digest = () => page.locator(test("reconcile-summary")).getAttribute("data-digest");
    const before = await digest();
    await openKind(page, "priceDiffers");
    expect(await focused(page)).toBe("reconcile-grid");
    await page.keyboard.press("a");
    await page.getByText("已认可 1 项").first().waitFor();
    await expect.poll(() => page.locator(test("figure-done")).innerText()).toContain("1");
    expect(await digest()).not.toBe(before);
    await page.keyboard.press("Control+z");
    await expect.poll(digest).toBe(before);

    // A note, and handing over with one.
    await page.keyboard.press("n");
    await page.locator(test("mark-note")).fill("合同价已核对");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => page.locator(test("item-note")).innerText()).toBe("合同价已核对");
    await page.keyboard.press("o");
    await page.locator(test("mark-owner")).selectOption("finance");
    await expectAccessible();
    await page.locator(test("mark-save")).focus();
    await page.keyboard.press("Enter");
    await page.locator(`${test("item-state")}[data-state="waiting"]`).waitFor();
    await page.locator(`${test("item-owner")}[data-owner="finance"]`).waitFor();
    await shot("reconcile-waiting");

    // What was decided last month is offered, not applied.
    await page.locator(test("kind-all")).click();
    await page.locator(test("reconcile-filter")).fill("DD20261001000109");
    await expect.poll(() => count(page)).toBe("1");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("item-as-before")).waitFor();
    await shot("reconcile-remembered");
    await page.locator(test("item-as-before")).click();
    await expect.poll(() => count(page)).toBe("0");
    await page.locator(test("reconcile-clear")).click();
    await page.locator(test("scope-done")).click();
    await expect.poll(() => count(page)).toBe("1");
    expectClean();
    await close();
  });

  it("decides many at once", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    await page.locator(test("kind-lotDiffers")).click();
    await expect.poll(() => count(page)).toBe("3");
    await page.locator(`${test("reconcile-grid")} [role=grid]`).focus();
    await page.keyboard.press("Control+a");
    await page.getByText("所选 3 项").waitFor();
    await shot("reconcile-many");
    await expectAccessible();
    await page.keyboard.press("a");
    await page.getByText("已认可 3 项").first().waitFor();
    expect(await page.locator(test("many-accept")).count()).toBe(0);
    await page.keyboard.press("Control+z");
    await expect.poll(() => count(page)).toBe("3");
    expectClean();
    await close();
  });

  it("offers both where two lines fit equally well, and links the chosen by hand", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    await page.locator(test("scope-proposals")).click();
    await expect.poll(() => count(page)).toBe("4");
    await page.locator(test("reconcile-filter")).fill("DD20261001000124");
    await expect.poll(() => count(page)).toBe("1");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("几行同样吻合").waitFor();
    expect(await page.locator(test("act-accept")).isDisabled()).toBe(true);
    await page.keyboard.press("l");
    await page.locator(test("group-platform-2026-10-24")).focus();
    await page.keyboard.press("1");
    await page.locator(test("group-ledger-2026-10-24b")).focus();
    await page.keyboard.press("1");
    await page.locator(`${test("link-sums")} [data-standing="equal"]`).waitFor();
    await shot("reconcile-link");
    await expectAccessible();
    await page.locator(test("link-act")).focus();
    await page.keyboard.press("Enter");
    await page.getByText("已勾对").last().waitFor();
    await page.locator(test("reconcile-clear")).click();
    await expect.poll(() => count(page)).toBe("3");
    expectClean();
    await close();
  });

  it("links a line that stands alone with one that the search finds", async () => {
    const { page, shot, expectClean, close } = await room();
    await list(page).first().waitFor();
    await openKind(page, "notInLedger");
    await page.keyboard.press("l");
    await page.locator(test("link-search-ledger")).fill("球囊");
    const found = page.locator(`${test("link-ledger")} select`).first();
    await found.waitFor();
    await found.focus();
    await page.keyboard.press("1");
    await shot("reconcile-link-search");
    await page.locator(test("link-act")).click();
    await expect.poll(() => page.locator(`${test("figure-unmatched")} .value`).innerText()).toBe("4");
    expectClean();
    await close();
  });

  it("files a purchase that was never on the platform, prefilled", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    await openKind(page, "notOnPlatform");
    await page.keyboard.press("f");
    await page.locator(test("filing-goods-name")).waitFor();
    expect(await page.locator(test("filing-goods-name")).inputValue()).not.toBe("");
    // A dialog begins with its content, not with the button that closes it.
    expect(await focused(page)).toBe("filing-goods-name");
    await page.locator(test("filing-submit")).click();
    await page.getByText("有必填项未填").waitFor();
    await shot("reconcile-filing");
    await expectAccessible();
    await page.locator(test("filing-reason")).fill("急诊抢救，平台无货");
    await page.locator(test("filing-submit")).click();
    await page.getByText("备案已提交").first().waitFor();
    await page.locator(test("kind-all")).click();
    await page.locator(test("scope-done")).click();
    await page.locator('[data-state="filed"]').first().waitFor();
    expectClean();
    await close();
  });

  it("signs a month off after what is open was seen; then it can only be read, and later data are apart", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    await page.locator(test("reconcile-sign")).click();
    await page.locator(test("sign-open")).waitFor();
    expect(await page.locator(test("sign-act")).isDisabled()).toBe(true);
    await shot("reconcile-sign");
    await expectAccessible();
    await page.locator(test("sign-note")).fill("余项下月跟进");
    await page.locator(test("sign-understood")).check();
    await page.locator(test("sign-act")).click();
    await page.locator(`${test("statement")}[data-signed="true"]`).waitFor();
    await page.locator(test("statement-digest")).waitFor();
    await shot("reconcile-statement");
    await expectAccessible();
    await page.locator(test("statement-pdf")).click();
    await page.getByText("已保存到").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator(test("signed-banner")).waitFor();
    await page.locator(`${test("reconcile-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.getByText("本月已签认，只能查看").waitFor();
    expect(await page.locator('[data-test^="act-"]').count()).toBe(0);
    await page.keyboard.press("a");
    await page.keyboard.press("Control+z");
    expect(await count(page)).toBe("28");

    await page.keyboard.press("[");
    await page.locator(`${test("period-state")}[data-state="adjusted"]`).waitFor();
    await page.locator(test("signed-open")).click();
    await page.locator(test("adjustments")).waitFor();
    await shot("reconcile-adjustments");
    await expectAccessible();
    expectClean();
    await close();
  });

  it("has tolerances, what was learned, and what was decided", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await room();
    await list(page).first().waitFor();
    const sheet = async (name: string) => {
      await page.locator(test("reconcile-more")).click();
      await page.getByRole("menuitem", { name }).click();
      await page.locator('[role="dialog"]').waitFor();
    };
    await sheet("容差");
    await page.locator(test("tolerance-price")).fill("一元");
    await page.locator(test("tolerance-save")).click();
    await page.getByText("请填不小于零的数").waitFor();
    await page.locator(test("tolerance-price")).fill("０．０１");
    await expectAccessible();
    await shot("reconcile-tolerances");
    await page.locator(test("tolerance-save")).click();
    await page.getByText("容差已保存").first().waitFor();
    await sheet("换算与别名");
    await page.getByRole("button", { name: "确认 1 盒 = 12 包" }).click();
    await page.locator(`${test("known")} li`).waitFor();
    await shot("reconcile-learned");
    await expectAccessible();
    await page.keyboard.press("Escape");
    await sheet("处理记录");
    await page.getByText("本月还没有处理过").waitFor();
    expectClean();
    await close();
  });

  it("is read only for whoever may not, and says so", async () => {
    const { page, expectClean, close } = await room({ query: "scenario=viewer" });
    await list(page).first().waitFor();
    expect(await page.locator(test("reconcile-import")).isDisabled()).toBe(true);
    expect(await page.locator(test("reconcile-sign")).isDisabled()).toBe(true);
    await page.keyboard.press("i");
    expect(await page.locator(test("import")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("says what it is waiting for, and what failed", async () => {
    const failed = await open({ query: "failing=reconcile_open" });
    await failed.page.keyboard.press("Alt+5");
    await failed.page.getByText("7F3A09C1D2E4").waitFor();
    await failed.shot("reconcile-failed");
    await failed.expectAccessible();
    await failed.close();
    const offline = await room({ query: "scenario=offline" });
    await offline.page.getByText("数据截至").waitFor();
    expect(await count(offline.page)).toBe("28");
    offline.expectClean();
    await offline.close();
  });

  it("is told in English, in larger text", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      backend: { preferences: { values: { locale: "en", textSize: "large" } } },
    });
    await page.keyboard.press("Alt+5");
    await list(page).first().waitFor();
    await page.locator(`${test("reconcile-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("compared")).waitFor();
    await shot("reconcile-en");
    await expectAccessible();
    expectClean();
    await close();
  });
});
