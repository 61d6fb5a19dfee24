import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const openAt = (scenario: string, look: Look = "light") => open({ look, query: `scenario=${scenario}` });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-test") ?? "");
const LOOKS: Look[] = ["light", "dark", "contrast", "forced"];

async function openNotice(page: Page, id: string): Promise<void> {
  await page.keyboard.press("Alt+2");
  await page.locator(test("notices-count")).waitFor();
  const row = page.locator(test(`notice-row-${id}`));
  if ((await row.count()) === 0) await page.locator(test("notices-scope-all")).click();
  await row.click();
  await page.locator(test("notice-title")).waitFor();
}

describe("today", () => {
  it.each(LOOKS)("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await openAt("working", look);
    await page.locator(test("today-notice-N-1041")).waitFor();
    await shot(`today-${look}`);
    await expectAccessible();
    await page.locator(test("attendance-open")).click();
    await page.locator(test("attendance-2026-11-11")).waitFor();
    await shot(`attendance-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it.each([
    ["working", "done", "已打卡 08:02"],
    ["offline", "waiting", "已记录，待发送"],
    ["notCheckedIn", "missing", "未打卡"],
    ["holiday", "notNeeded", "今日无需打卡"],
  ])("%s: the check-in is %s", async (scenario, state, words) => {
    const { page, shot, close } = await openAt(scenario);
    const checkIn = page.locator(test("checkin-state"));
    await checkIn.waitFor();
    expect(await checkIn.getAttribute("data-state")).toBe(state);
    expect((await checkIn.innerText()).trim()).toBe(words);
    await shot(`today-${scenario}`);
    await close();
  });

  it("checks in by a press, and only then", async () => {
    const { page, close } = await openAt("notCheckedIn");
    await page.locator(test("checkin-act")).click();
    await expect.poll(() => page.locator(test("checkin-state")).getAttribute("data-state")).toBe("done");
    await close();
  });

  it("says when nothing is due", async () => {
    const { page, shot, expectAccessible, close } = await openAt("empty");
    await page.getByText("没有待反馈的督办").waitFor();
    await shot("today-empty");
    await expectAccessible();
    await close();
  });

  it("says when it cannot be read, with the log entry and a way to try again", async () => {
    const { page, shot, expectAccessible, close } = await open({ query: "failing=today" });
    await page.getByText("记录编号 7F3A09C1D2E4").waitFor();
    expect(await page.getByRole("button", { name: "重试" }).count()).toBe(1);
    await shot("today-failing");
    await expectAccessible();
    await close();
  });

  it("is walked through by arrows and letters; Enter opens", async () => {
    const { page, close } = await openAt("working");
    await page.locator(test("today-notice-N-1041")).waitFor();
    const seen: string[] = [];
    for (let press = 0; press < 4; press++) {
      await page.keyboard.press(press % 2 === 0 ? "j" : "ArrowDown");
      seen.push(await focused(page));
    }
    expect(new Set(seen).size).toBe(4);
    await page.keyboard.press("k");
    expect(await focused(page)).toBe(seen[2]);
    await page.locator(test("today-notice-N-1044")).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("notice-title")).waitFor();
    await page.keyboard.press("Alt+ArrowLeft");
    await page.locator(test("today")).waitFor();
    await page.locator(test("task-C-2")).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("header h1").textContent()).toBe("订单");
    await close();
  });
});

describe("notices", () => {
  it.each(LOOKS)("list, calendar and detail are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await openAt("working", look);
    await page.locator(test("today")).waitFor();
    await page.keyboard.press("Alt+2");
    await page.locator(test("notice-row-N-1041")).waitFor();
    await shot(`notices-list-${look}`);
    await expectAccessible();
    await page.locator(test("notices-view-calendar")).click();
    await page.locator(test("calendar-notice-N-1041")).waitFor();
    await shot(`notices-calendar-${look}`);
    await expectAccessible();
    await page.locator(test("calendar-notice-N-1041")).click();
    await page.locator(test("reply-cause")).waitFor();
    await shot(`notice-detail-${look}`);
    await expectAccessible();
    await page.locator(test("reply-send")).click();
    await page.getByText("请填写").first().waitFor();
    await shot(`notice-missing-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it.each([
    ["N-1041", "今天到期", "11月20日（周五）24:00"],
    ["N-1044", "剩 1 个工作日", "11月23日（周一）24:00"],
    ["N-1029", "剩 3 个工作日", "11月25日（周三）24:00"],
    ["N-1038", "已逾期 2 个工作日", "11月18日（周三）24:00"],
    ["N-1047", "剩 32 个工作日暂定", "1月6日（周三）24:00"],
  ])("%s: %s, %s", async (id, remaining, due) => {
    const { page, shot, close } = await openAt("working");
    await openNotice(page, id);
    expect((await page.locator(test("notice-remaining")).innerText()).replaceAll(/\s*\n\s*/g, "")).toBe(
      remaining,
    );
    expect(await page.locator(test("notice-due")).innerText()).toBe(due);
    await shot(`notice-${id}`);
    await close();
  });

  it("is scrolled to its end by the wheel, and so is the answer", async () => {
    const { page, close } = await openAt("working");
    await openNotice(page, "N-1038");
    // What sends it stays at the very bottom, with nothing of the form below.
    const below = await page.evaluate(() => {
      const bottom = (part: string) => document.querySelector(part)!.getBoundingClientRect().bottom;
      return bottom(".reply") - bottom(".reply .foot");
    });
    expect(Math.abs(below)).toBeLessThan(2);
    for (const [pane, last] of [
      [test("notice"), "h3"],
      [".reply", test("reply-attach")],
    ] as const) {
      await page.locator(pane).hover();
      await page.mouse.wheel(0, 4000);
      const end = page.locator(pane).locator(last).last();
      await expect
        .poll(() => end.evaluate((part) => part.getBoundingClientRect().bottom < window.innerHeight))
        .toBe(true);
    }
    await close();
  });

  it("shows the days that were counted, holidays with their names, make-up days marked", async () => {
    const { page, shot, expectAccessible, close } = await openAt("working");
    await openNotice(page, "N-0921");
    for (const day of ["2025-09-29", "2025-09-30", "2025-10-09", "2025-10-10", "2025-10-11"])
      expect(await page.locator(test(`notice-counted-${day}`)).count()).toBe(1);
    expect(await page.locator(test("notice-day-2025-10-01")).innerText()).toContain("国庆节");
    expect(await page.locator(test("notice-counted-2025-10-11")).innerText()).toContain("班");
    await page.locator(test("notice-counting")).scrollIntoViewIfNeeded();
    await shot("notice-counted-days");
    await expectAccessible();
    await close();
  });

  it("takes an answer from the first key to the proof without a mouse", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await openAt("working");
    await page.locator(test("today")).waitFor();
    await page.keyboard.press("Alt+2");
    await page.locator(test("notice-row-N-1044")).waitFor();
    while ((await focused(page)) !== "notice-row-N-1044") await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("reply-cause")).waitFor();
    const tabTo = async (name: string) => {
      for (let press = 0; press < 60 && (await focused(page)) !== name; press++)
        await page.keyboard.press("Tab");
      expect(await focused(page)).toBe(name);
    };
    await tabTo("reply-cause");
    await page.keyboard.type("库房值班人员没有平台验收权限。");
    await tabTo("reply-measures");
    await page.keyboard.type("已逐条验收；开通权限。");
    await tabTo("reply-finish-by");
    await page.keyboard.type("+5");
    await tabTo("reply-responsible");
    expect(await page.locator(test("reply-responsible")).inputValue()).toBe("周敏");
    await expect
      .poll(() => page.locator(test("reply-saved")).innerText())
      .toMatch(/草稿已保存 \d\d:\d\d:\d\d/);
    await page.locator(test("reply-attach")).setInputFiles({
      name: "整改说明.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.alloc(300_000, 7),
    });
    await page.getByText("293 KB").waitFor();
    await shot("notice-draft");
    await tabTo("reply-send");
    await page.keyboard.press("Enter");
    await page.locator(test("reply-confirm")).waitFor();
    expect(await page.locator(test("reply-summary")).innerText()).toContain("2026-11-25");
    await shot("notice-confirm");
    await expectAccessible();
    await page.keyboard.press("Tab");
    for (let press = 0; press < 6 && (await focused(page)) !== "reply-confirm"; press++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const state = page.locator(test("reply-state"));
    await expect.poll(() => state.getAttribute("data-state"), { timeout: 10_000 }).toBe("accepted");
    expect(await page.locator(test("proof-digest")).innerText()).toMatch(/^[0-9a-f]{64}$/);
    expect(await page.locator(test("proof-key")).innerText()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await page.locator(test("proof-time")).innerText()).toMatch(/^2026-11-20 09:1\d:\d\d$/);
    await shot("notice-proof");
    await expectAccessible();
    // On paper: the proof alone. The browser's own dialog would wait for somebody.
    await page.evaluate(() => (window.print = () => undefined));
    await page.locator(test("proof-print")).click();
    await page.locator(".print-page").waitFor({ state: "attached" });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".print-page").innerText()).toContain("库房值班人员没有平台验收权限");
    expect(await page.locator("#app").isVisible()).toBe(false);
    await shot("notice-proof-paper");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
    await page.locator(".print-page").waitFor({ state: "detached" });
    expectClean();
    await close();
  });

  it("queues an answer without a network, lets it be taken back, and keeps the text", async () => {
    const { page, shot, close } = await openAt("offline");
    await page.locator(test("today")).waitFor();
    expect(await page.locator(test("offline-banner")).count()).toBe(1);
    await openNotice(page, "N-1041");
    await page.locator(test("reply-cause")).fill("原因甲");
    await page.locator(test("reply-measures")).fill("措施乙");
    await page.locator(test("reply-send")).click();
    await page.getByText("现在没有网络").waitFor();
    await page.locator(test("reply-confirm")).click();
    const state = page.locator(test("reply-state"));
    await expect.poll(() => state.getAttribute("data-state")).toBe("queued");
    expect(await state.innerText()).toContain("已排队等待网络");
    await shot("notice-queued");
    await expect.poll(() => page.locator(test("sync-waiting")).getAttribute("data-count")).toBe("1");
    await page.locator(test("reply-withdraw")).click();
    await page.locator(test("reply-cause")).waitFor();
    expect(await page.locator(test("reply-cause")).inputValue()).toBe("原因甲");
    await close();
  });

  it("shows a return, a refusal and a colleague's answer, each with its way on", async () => {
    const { page, shot, expectAccessible, close } = await openAt("working");
    await openNotice(page, "N-1029");
    expect(await page.locator(test("notice-returned")).innerText()).toContain("逐笔处理结果");
    await page.locator(test("reply-copy-earlier")).click();
    expect(await page.locator(test("reply-measures")).inputValue()).toContain("已对所列采购逐笔核实");
    await shot("notice-returned");
    await page.keyboard.press("Escape");
    await openNotice(page, "N-1038");
    expect(await page.locator(test("reply-state")).innerText()).toContain("完成时限不能早于提交日期");
    expect(await page.locator(test("reply-cause")).inputValue()).toContain("外市仓库");
    await shot("notice-refused");
    await expectAccessible();
    await page.keyboard.press("Escape");
    await openNotice(page, "N-1036");
    expect(await page.locator(test("decision-theirs")).innerText()).toContain("李文涛");
    await shot("notice-decision");
    await expectAccessible();
    await page.locator(test("decision-keep-ours")).click();
    await expect.poll(() => page.locator(test("reply-state")).getAttribute("data-state")).toBe("none");
    await close();
  });

  it("refuses a file that is too large, naming it, and keeps the rest", async () => {
    const { page, shot, close } = await openAt("working");
    await openNotice(page, "N-1041");
    await page.locator(test("reply-attach")).setInputFiles([
      { name: "大文件.zip", mimeType: "application/zip", buffer: Buffer.alloc(21 * 1024 * 1024) },
      { name: "照片.png", mimeType: "image/png", buffer: Buffer.alloc(1_000, 1) },
    ]);
    await page.getByText("“大文件.zip”有 21.0 MB").waitFor();
    expect(await page.locator(test("reply-file")).count()).toBe(1);
    await shot("notice-too-large");
    await page.locator(test("reply-file-remove")).click();
    expect(await page.locator(test("reply-file")).count()).toBe(0);
    await close();
  });
});
