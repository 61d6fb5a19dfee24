import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const LOOKS = ["light", "dark", "contrast", "forced"] satisfies Look[];

describe("the office's own rules", () => {
  it.each(LOOKS)("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      look,
      query: "scenario=office",
    });
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-office")).click();
    await page.locator(test("review-rules")).waitFor();
    await page.locator(test("roster")).waitFor();
    await page.locator(test("campus-0")).waitFor();
    await shot(`office-review-${look}`);
    await expectAccessible();
    await page.locator(test("roster")).scrollIntoViewIfNeeded();
    await page.locator(test("campus-save")).scrollIntoViewIfNeeded();
    await shot(`office-roster-${look}`);
    expectClean();
    await close();
  });

  it("ask for a second person, and say so where there is none", async () => {
    const { page, shot, expectAccessible, expectClean, close } = await open({ query: "scenario=alone" });
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-office")).click();
    await page.locator(test("review-alone")).getByText("双人复核需要两个人").waitFor();
    expect(await page.locator(test("review-notice.reply")).isDisabled()).toBe(true);
    await shot("office-alone");
    await expectAccessible();
    await page.locator(test("review-people")).click();
    await page.locator(test("people")).waitFor();
    expectClean();
    await close();
  });

  it("set a deputy, an absence and a campus", async () => {
    const { page, expectClean, close } = await open();
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-office")).click();
    await page.locator(test("review-order.submit")).check();
    await page.getByText("从现在起，提交订单需要复核", { exact: true }).waitFor();
    await page.locator(test("duty-notices-a")).selectOption("zhoumin");
    await page.locator(test("duty-notices-b")).selectOption("liuyang");
    await page.locator(test("duty-notices-now")).getByText("周敏").waitFor();
    await page.locator(test("absence-from")).fill("2026-11-20");
    await page.locator(test("absence-through")).fill("2026-11-24");
    await page.locator(test("absence-through")).press("Tab");
    await page.locator(test("absence-add")).click();
    await page.locator(test("duty-notices-now")).getByText("代办中").waitFor();
    await page.locator(test("absence-remove-zhoumin")).click();
    await expect.poll(() => page.locator(test("absences")).count()).toBe(0);
    await page.locator(test("campus-add")).click();
    await page.locator(test("campus-name-0")).fill("东院区");
    await page.locator(test("campus-departments-0")).fill("骨科\n导管室");
    await page.locator(test("campus-save")).click();
    await page.getByText("已保存院区", { exact: true }).waitFor();
    expectClean();
    await close();
  });
});

describe("a second person", () => {
  it.each(LOOKS)("sees all that would be sent, in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      look,
      query: "scenario=office",
    });
    await page.locator(test("today-review")).waitFor();
    await shot(`office-today-${look}`);
    await expectAccessible();
    await page.locator(test("today-review-open")).click();
    await page
      .locator(test("review-content"))
      .getByText("冠脉球囊扩张导管", { exact: false })
      .first()
      .waitFor();
    await shot(`office-to-review-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("approves, or returns with a reason; nobody approves his own", async () => {
    const { page, expectClean, close } = await open({ query: "scenario=office" });
    await page.locator(test("today-review-open")).click();
    const item = page.locator('[data-test^="outbox-item-"]');
    await page.locator(test("review-return")).click();
    expect(await page.locator(test("review-return-confirm")).isDisabled()).toBe(true);
    await page.locator(test("review-reason")).fill("数量偏多");
    await page.locator(test("review-return-confirm")).click();
    await page.locator(test("outbox-returned")).getByText("数量偏多").waitFor();
    await page.locator('[data-test^="outbox-item-"][data-state="awaitingReview"]').first().click();
    await page.locator(test("review-bar")).getByText("不能复核自己提交的内容").waitFor();
    expect(await page.locator(test("review-approve")).count()).toBe(0);
    await page.locator(test("outbox-withdraw")).click();
    await page.locator(test("outbox-withdraw-confirm")).click();
    await expect.poll(() => item.and(page.locator('[data-state="awaitingReview"]')).count()).toBe(0);
    expectClean();
    await close();
  });

  it("approves, and it goes out", async () => {
    const { page, expectClean, close } = await open({ query: "scenario=office" });
    await page.locator(test("today-review-open")).click();
    await page.locator(test("review-approve")).click();
    await page.locator(test("outbox-reviewer")).getByText("周敏").waitFor();
    const approved = page.locator('[data-test="outbox-item-0199a0c1-1c22-7b10-9a01-5f20a1c0b101"]');
    await expect.poll(() => approved.getAttribute("data-state")).toBe("accepted");
    expectClean();
    await close();
  });
});

describe("a deputy", () => {
  it("sees what he covers as his own, marked with the colleague's name; the rest is one press away", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ query: "scenario=office" });
    await page.locator(test("today-whose")).waitFor();
    await page.getByText("代 刘洋").first().waitFor();
    expect(await page.locator(test("today-total-payment")).count()).toBe(1);
    await page.keyboard.press("Alt+2");
    await page.locator(test("covers-notices")).waitFor();
    await shot("office-notices");
    await expectAccessible();
    expectClean();
    await close();
  });
});

describe("campuses", () => {
  it("narrow the orders and the deliveries; without campuses there is nothing to choose", async () => {
    const { page, shot, expectAccessible, expectClean, close } = await open({ query: "scenario=office" });
    await page.keyboard.press("Alt+3");
    const count = page.locator(test("orders-total"));
    await page.locator(test("orders-campus")).waitFor();
    const all = await count.innerText();
    await page.locator(test("orders-campus")).selectOption("c-2");
    await expect.poll(() => count.innerText()).not.toBe(all);
    await shot("office-campus");
    await expectAccessible();
    await page.keyboard.press("Alt+4");
    await page.locator(test("deliveries-campus")).waitFor();
    expectClean();
    await close();
    const plain = await open();
    await plain.page.keyboard.press("Alt+3");
    await plain.page.locator(test("orders-total")).waitFor();
    expect(await plain.page.locator(test("orders-campus")).count()).toBe(0);
    await plain.close();
  });
});
