import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const openAt = (scenario: string, look: Look = "light") => open({ look, query: `scenario=${scenario}` });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-test") ?? "");

/** Presses Tab until the element has the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 30; press++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${name}`);
}

describe("the first run", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await openAt("firstRun", look);
    await page.locator(test("start-demo")).waitFor();
    await shot(`start-welcome-${look}`);
    await expectAccessible();
    await page.locator(test("start-connect")).click();
    await page.locator(test("recovery-code")).waitFor();
    await shot(`start-recovery-${look}`);
    await expectAccessible();
    await page.locator(test("recovery-confirm")).check();
    await page.locator(test("recovery-continue")).click();
    await page.locator(test("connect-url")).fill("http://example.org");
    await page.locator(test("connect-institution")).fill("H5701");
    await page.locator(test("connect-submit")).click();
    await page.getByText("应为 12 位").waitFor();
    await shot(`start-sign-in-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("starts the demo without a mouse, and only after the recovery code is said to be kept", async () => {
    const { page, expectClean, close } = await openAt("firstRun");
    await page.locator(test("start-demo")).waitFor();
    await tabTo(page, "start-demo");
    await page.keyboard.press("Enter");
    await page.locator(test("recovery-code")).waitFor();
    expect(await page.locator(test("recovery-code")).innerText()).toMatch(/^([0-9A-Z]{5}\s*){8}$/);
    await tabTo(page, "recovery-continue");
    await page.keyboard.press("Enter");
    await page.getByText("请先打印或抄写").waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("recovery-confirm");
    await page.keyboard.press("Space");
    await tabTo(page, "recovery-continue");
    await page.keyboard.press("Enter");
    await page.locator(test("today")).waitFor();
    expectClean();
    await close();
  });

  it("asks for a passphrase where there is no keyring", async () => {
    const { page, shot, expectAccessible, close } = await openAt("firstRunNoKeyring");
    await page.locator(test("start-demo")).click();
    await page.locator(test("passphrase")).fill("short");
    await page.locator(test("passphrase-set")).click();
    await page.getByText("口令至少 8 个字符").waitFor();
    await page.locator(test("passphrase")).fill("long-enough");
    await page.locator(test("passphrase-again")).fill("other-words");
    await page.locator(test("passphrase-set")).click();
    await page.getByText("两次输入的口令不一样").waitFor();
    await shot("start-passphrase");
    await expectAccessible();
    await page.locator(test("passphrase-again")).fill("long-enough");
    await page.locator(test("passphrase-set")).click();
    await page.locator(test("recovery-code")).waitFor();
    expect(await page.locator(test("passphrase")).count()).toBe(0);
    await close();
  });

  it("signs in, and says what is wrong until then", async () => {
    const { page, close } = await openAt("notConnected");
    await page.locator(test("start-connect")).click();
    await page.locator(test("connect-submit")).click();
    await expect.poll(() => page.getByText("请填写").count()).toBe(4);
    await page.locator(test("connect-url")).fill("http://platform.example");
    await page.locator(test("connect-institution")).fill("ｈ570103-00012 ");
    await page.locator(test("connect-user")).fill("zhoumin");
    await page.locator(test("connect-password")).fill("wrong");
    await page.locator(test("connect-submit")).click();
    await page.getByText("不加密的 http 地址只允许用于本机").waitFor();
    expect(await page.locator(test("connect-institution")).inputValue()).toBe("H57010300012");
    await page.locator(test("connect-url")).fill("https://platform.example");
    await page.locator(test("connect-submit")).click();
    await page.getByText("登录未通过").waitFor();
    await page.locator(test("connect-password")).fill("right");
    await page.locator(test("connect-password")).press("Enter");
    await page.locator(test("today")).waitFor();
    expect(await page.locator(test("start")).count()).toBe(0);
    expect(await page.locator(test("start")).count()).toBe(0);
    await close();
  });
});

describe("a locked profile", () => {
  it.each([
    ["byUser", "unlock-submit"],
    ["passphrase", "unlock-passphrase"],
    ["keyringAbsent", "unlock-recovery"],
    ["keyringLocked", "unlock-submit"],
    ["keyMissing", "unlock-recovery"],
    ["keyFile", "unlock-submit"],
    ["databaseMissing", "unlock-submit"],
    ["damaged", "salvage"],
    ["tooNew", "copy-folder"],
    ["inUse", "unlock-submit"],
    ["readOnly", "unlock-submit"],
    ["diskFull", "unlock-submit"],
  ])("%s: says why and offers %s", async (cause, offered) => {
    const { page, shot, expectClean, expectAccessible, close } = await openAt(cause);
    await page.locator(`${test("unlock")}[data-cause="${cause}"]`).waitFor();
    expect(await page.locator(test(offered)).count()).toBe(1);
    expect(await page.locator(test("profile-folder")).innerText()).toContain("Sunbench");
    await shot(`unlock-${cause}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("opens by passphrase or recovery code, and says when either is wrong", async () => {
    const { page, close } = await openAt("passphrase");
    await page.locator(test("unlock-passphrase")).fill("nonsense");
    await page.keyboard.press("Enter");
    await page.getByText("口令或密钥不正确").waitFor();
    await page.locator(test("unlock-by-recovery")).click();
    await page.locator(test("unlock-recovery")).fill("ABCDE");
    await page.keyboard.press("Enter");
    await page.getByText("恢复码不正确").waitFor();
    await page.locator(test("unlock-recovery")).fill("ooog4 or4om 3oe2o 9185g r38e1 w8124 gk2ga wf9yo");
    await page.keyboard.press("Enter");
    await page.locator(test("today")).waitFor();
    expect(await page.locator(test("unlock")).count()).toBe(0);
    await close();
  });

  it("salvages one that is found damaged while it is open", async () => {
    const { page, shot, close } = await openAt("foundDamaged");
    await page.locator(test("damaged-open")).click();
    await shot("damaged-open");
    await page.locator(test("salvage")).click();
    await page.locator(test("salvaged-folder")).waitFor();
    await page.locator(test("salvage-continue")).click();
    await expect.poll(() => page.locator(test("damaged-banner")).count()).toBe(0);
    await close();
  });

  it("salvages a damaged one, says where the old file is, and goes on", async () => {
    const { page, shot, close } = await openAt("damaged");
    await page.locator(test("salvage")).click();
    await page.locator(test("salvaged-folder")).waitFor();
    await shot("unlock-salvaged");
    await page.locator(test("salvage-continue")).click();
    await page.locator(test("today")).waitFor();
    expect(await page.locator(test("start")).count()).toBe(0);
    await close();
  });
});
