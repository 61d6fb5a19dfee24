import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const LOOKS = ["light", "dark", "contrast", "forced"] satisfies Look[];

async function section(name: string, look: Look = "light", query = "") {
  const opened = await open({ look, query });
  await opened.page.keyboard.press("Control+,");
  await opened.page.locator(test(`settings-${name}`)).click();
  await opened.page.locator(".panel h2").first().waitFor();
  return opened;
}

describe("safety", () => {
  it.each(LOOKS)("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await section("people", look);
    await page.locator(test("people")).waitFor();
    await shot(`safety-people-${look}`);
    await expectAccessible();
    for (const name of ["lock", "backup", "bundle"]) {
      await page.locator(test(`settings-${name}`)).click();
      await page.locator(".panel h2").first().waitFor();
      if (name === "backup") await page.locator(test("backups")).waitFor();
      await shot(`safety-${name}-${look}`);
      await expectAccessible();
    }
    await page.locator(test("settings-data")).click();
    await page.locator(test("day-ask")).click();
    await page.locator(test("day-entry")).first().waitFor();
    await page.locator(test("audit-check")).click();
    await page.locator(`${test("audit-chain")}[data-whole="true"]`).waitFor();
    await shot(`safety-day-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("sets an own passphrase, locks by key, and opens with it; nothing of the data is left in between", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await section("people");
    await page.locator(test("own-set")).click();
    await page.locator(test("own-next")).fill("short");
    await page.locator(test("own-submit")).click();
    await page.getByText("口令至少 8 个字符").waitFor();
    await page.locator(test("own-next")).fill("long enough words");
    await page.locator(test("own-again")).fill("long enough words");
    await expectAccessible();
    await page.keyboard.press("Enter");
    await page.locator(`${test("own-state")}[data-set="true"]`).waitFor();
    await page.keyboard.press("Control+l");
    await page.locator(`${test("unlock")}[data-cause="byUser"]`).waitFor();
    await shot("safety-locked");
    await expectAccessible();
    expect(await page.locator("header.bar, [data-test^='room-'], [data-test='people']").count()).toBe(0);
    await page.locator(test("unlock-own")).fill("wrong words");
    await page.keyboard.press("Enter");
    await page.getByText("口令或密钥不正确").waitFor();
    await page.locator(test("unlock-own")).fill("long enough words");
    await page.keyboard.press("Enter");
    await page.locator(test("today")).waitFor();
    expectClean();
    await close();
  });

  it("makes a guesser wait", async () => {
    const { page, shot, close } = await open({ query: "scenario=idle" });
    await page.locator(`${test("unlock")}[data-cause="idle"]`).waitFor();
    for (let guess = 0; guess < 4; guess++) {
      await page.locator(test("unlock-own")).fill(`guess ${guess}`);
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(test("unlock-own")).inputValue()).toBe("");
    }
    await page.getByText(/请等 \d+ 秒再试/).waitFor();
    expect(await page.locator(test("unlock-submit")).isDisabled()).toBe(true);
    await shot("safety-wait");
    await close();
  });

  it("signs out, and asks for the next sign-in", async () => {
    const { page, shot, expectAccessible, close } = await section("people");
    await page.locator(test("sign-out")).click();
    await page.locator(test("sign-out-confirm")).click();
    await page.locator(test("signed-out")).waitFor();
    await shot("safety-signed-out");
    await expectAccessible();
    await page.locator(test("demo-sign-in")).click();
    await page.locator(test("today")).waitFor();
    await close();
  });

  it("backs up to a typed path, and says what went wrong", async () => {
    const { page, shot, expectClean, close } = await section("backup");
    await page.locator(test("backup-file")).fill("Z:\\nowhere.snbk");
    await page.locator(test("backup-write")).click();
    await page.locator(test("backup-error")).getByText("文件夹不存在").waitFor();
    await page.locator(test("backup-now")).click();
    await page.locator(`${test("backup-made")}[data-verified="true"]`).waitFor();
    await shot("safety-backup-made");
    await page.locator(test("backup-keepDaily")).fill("x");
    await page.locator(test("backup-save")).click();
    await page.getByText("请填 1 到 60 的整数").waitFor();
    expectClean();
    await close();
  });

  it.each([
    ["firstRun", "start-demo"],
    ["idle", "unlock-own"],
  ])("restores a backup from the screen %s", async (scenario, waiting) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      query: `scenario=${scenario}`,
    });
    await page.locator(test(waiting)).waitFor();
    await page.locator(test("restore-open")).click();
    await page.locator(test("restore-backup")).first().click();
    await page.locator(test("restore-recovery")).fill("AAAAA");
    await page.locator(test("restore-submit")).click();
    await page.locator(test("restore-error")).getByText("恢复码不正确").waitFor();
    await shot(`safety-restore-${scenario}`);
    await expectAccessible();
    await page.locator(test("restore-recovery")).fill("ooog4 or4om 3oe2o 9185g r38e1 w8124 gk2ga wf9yo");
    await page.keyboard.press("Enter");
    await page.locator(test("restored")).getByText("可能在备份之后已经送出").waitFor();
    await shot(`safety-restored-${scenario}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("carries a bundle out and back", async () => {
    const { page, shot, expectClean, close } = await section("bundle", "light", "scenario=offline");
    await page.locator(test("bundle-export-path")).fill("E:\\out.snbb");
    await page.locator(test("bundle-export")).click();
    await page.locator(test("bundle-done")).getByText("已导出").waitFor();
    await page.locator(test("bundle-import-path")).fill("E:\\note.txt");
    await page.locator(test("bundle-import")).click();
    await page.locator(test("bundle-error")).waitFor();
    await page.locator(test("bundle-import-path")).fill("E:\\back.snbb");
    await page.locator(test("bundle-import")).click();
    await page.locator(test("bundle-done")).getByText("已导入").waitFor();
    await shot("safety-bundle");
    expectClean();
    await close();
  });

  it("lets a role read that may not write, and says why", async () => {
    const { page, shot, expectAccessible, close } = await open({ query: "scenario=viewer" });
    await page.keyboard.press("Alt+2");
    await page.locator('[data-test^="notice-row-"]').first().click();
    await page.locator(test("reply-not-permitted")).getByText("没有“起草反馈”权限").waitFor();
    expect(await page.locator(test("reply-send")).count()).toBe(0);
    await shot("safety-viewer");
    await expectAccessible();
    await close();
  });
});
