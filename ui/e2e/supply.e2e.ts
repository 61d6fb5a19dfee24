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

describe("supply problems", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("供应问题", { look });
    await rows(page, "issues").first().waitFor();
    await shot(`issues-${look}`);
    await expectAccessible();
    await page.locator(`${test("issues-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("issue-escalation")).waitFor();
    await shot(`issue-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.locator(test("issue-description")).waitFor();
    await page.locator('[data-test^="evidence-L-"]').first().check();
    await page.locator(test("issue-describe")).click();
    await page.locator(test("evidence-search")).waitFor();
    await shot(`issue-form-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are told offline by keys alone with order lines as evidence, kept while written, and sent later", async () => {
    const { page, shot, expectClean, close } = await room("供应问题", { query: "scenario=offline" });
    await rows(page, "issues").first().waitFor();
    const before = Number(await count(page, "issues"));
    await page.locator(`${test("issues-grid")} [role=grid]`).focus();
    await page.keyboard.press("n");
    await expect.poll(() => focused(page)).toBe("evidence-search");
    await page.keyboard.press("Control+Enter");
    await page.getByText("请至少选一行订单明细作佐证").waitFor();
    await page.keyboard.type("吻合器");
    await page.locator('[data-test^="evidence-L-"]').first().waitFor();
    await expect.poll(() => page.locator(".lines li").first().innerText()).toContain("吻合器");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await expect.poll(() => page.locator(test("evidence-picked")).getAttribute("data-count")).toBe("1");
    await page.locator(test("issue-description")).focus();
    await page.keyboard.type("手术室库存仅余两把");
    await page.locator(`${test("kept")}[data-state=saved]`).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(test("issue-form")).count()).toBe(0);
    await page.keyboard.press("n");
    await expect.poll(() => page.locator(test("issue-description")).inputValue()).toBe("手术室库存仅余两把");
    expect(await page.locator(test("evidence-picked")).getAttribute("data-count")).toBe("1");
    await page.locator(test("issue-description")).focus();
    await page.keyboard.press("Control+Enter");
    await page.getByText("供应问题已放入待发箱").first().waitFor();
    await page.locator(`${test("issues-pending")} [data-state=queued]`).waitFor();
    await shot("issues-pending");
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-demo")).click();
    await page.locator(test("demo-online")).click();
    await page.keyboard.press("Alt+7");
    await expect.poll(() => count(page, "issues"), { timeout: 10_000 }).toBe(String(before + 1));
    await expect.poll(() => page.locator(test("issues-pending")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("begin with the order line that somebody comes from", async () => {
    const { page, shot, expectClean, close } = await open();
    await page.keyboard.press("Alt+3");
    await page.locator(`[data-test^="order-row-"]`).nth(3).dblclick();
    await page.locator(test("order-report")).click();
    await expect.poll(() => page.locator(test("evidence-picked")).getAttribute("data-count")).toBe("1");
    await expect.poll(() => focused(page)).toBe("issue-description");
    await shot("issue-from-order");
    expectClean();
    await close();
  });

  it("are settled when the goods have come, and lead to their order lines", async () => {
    const { page, expectClean, close } = await room("供应问题");
    await page.locator(test("issues-row-GY98")).dblclick();
    await page.locator(test("issue-close-act")).click();
    await page.locator(test("issue-close-confirm")).click();
    await expect
      .poll(() => page.locator(test("issue-state")).getAttribute("data-state"), { timeout: 10_000 })
      .toBe("RESOLVED");
    await page.locator('[data-test^="issue-evidence-"]').first().click();
    await page.locator(test("order-life")).waitFor();
    expectClean();
    await close();
  });
});

describe("negotiations", () => {
  const product = {
    id: "P-9",
    name: "冠脉造影导管",
    spec: "6F JL4.0",
    price: "186",
    listed: true,
    selected: false,
  };
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("议价", { look });
    await rows(page, "negotiations").first().waitFor();
    await page.locator(`${test("negotiations-grid")} [role=grid]`).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("negotiation-agree")).waitFor();
    await shot(`negotiation-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("invite below the listed price, and are decided with a reason", async () => {
    const { page, shot, expectClean, close } = await room("议价", {
      backend: { catalogue: { rows: [product], total: 1, next: null } },
    });
    await rows(page, "negotiations").first().waitFor();
    await page.keyboard.press("n");
    await page.getByRole("combobox").focus();
    await page.getByRole("option", { name: /冠脉造影导管/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("invite-target");
    await page.keyboard.type("190");
    await page.keyboard.press("Control+Enter");
    await page.getByText("须低于现行挂网价 186.00 元").waitFor();
    await shot("negotiation-invite");
    await page.locator(test("invite-target")).fill("160");
    await page.keyboard.press("Control+Enter");
    await page.getByText("议价邀请已放入待发箱").first().waitFor();
    await expect.poll(() => count(page, "negotiations"), { timeout: 10_000 }).toBe("3");
    await page.locator(test("negotiations-row-YJ31")).dblclick();
    await page.locator(test("negotiation-refuse")).click();
    await page.locator(test("negotiation-decide")).click();
    await page.getByText("有必填项未填").first().waitFor();
    await page.locator(test("negotiation-reason")).fill("仍高于邻近医院");
    await page.locator(test("negotiation-decide")).click();
    await expect
      .poll(() => page.locator(test("negotiation-state")).getAttribute("data-state"), { timeout: 10_000 })
      .toBe("FAILED");
    expectClean();
    await close();
  });
});

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

describe("papers", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await room("证照", { look });
    await page.locator(test("papers-row-registration-P-X2")).dblclick();
    await page.locator(test("paper-stage")).waitFor();
    await shot(`papers-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("stand by their end, and lead to the document by keys", async () => {
    const { page, expectClean, close } = await room("证照", { query: "scenario=offline" });
    const grid = page.locator(`${test("papers-grid")} [role=grid]`);
    await grid.focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    expect(await page.locator(test("paper-stage")).getAttribute("data-stage")).toBe("ended");
    // No room lists delivery relations.
    expect(await page.locator(test("paper-open")).count()).toBe(0);
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "合同" }).waitFor();
    await page.keyboard.press("g");
    await page.locator(test("contract-state")).waitFor();
    expectClean();
    await close();
  });

  it("say that none ends soon, and why they cannot be read", async () => {
    const none = await room("证照", { query: "scenario=empty" });
    expect(await none.page.getByText("没有快到期的证照").innerText()).toBe("没有快到期的证照");
    await none.expectAccessible();
    await none.close();
    const failing = await room("证照", { query: "failing=papers" });
    await failing.page.getByText("未能读取").waitFor();
    await failing.close();
  });
});
