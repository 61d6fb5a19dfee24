import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;

const STATUS = {
  phase: "upToDate",
  error: null,
  done: 0,
  total: 0,
  lastSync: "2026-11-20T09:12:00+08:00",
  retryAt: null,
  waiting: 3,
  attention: 1,
  quarantined: 0,
  received: 0,
  applied: 0,
  unchanged: 0,
  clockOffsetS: 0,
};

describe("settings", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ look });
    await page.keyboard.press("Control+,");
    for (const section of ["connection", "display", "lock", "data", "demo", "about"]) {
      await page.locator(test(`settings-${section}`)).click();
      await page.locator(".panel h2").first().waitFor();
      if (section === "data") {
        await page.locator(test("verify-run")).click();
        await page.locator('[data-whole="true"]').waitFor();
        await page
          .locator(`${test("quarantine")} tbody tr`)
          .first()
          .waitFor();
        await page
          .locator(`${test("audit")} tbody tr`)
          .first()
          .waitFor();
      }
      await shot(`settings-${section}-${look}`);
      await expectAccessible();
    }
    expectClean();
    await close();
  });

  it("pull the demo hospital's cable: the banner says so, and plugging it in takes the banner away", async () => {
    const { page, shot, expectClean, close } = await open();
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-demo")).click();
    await page.locator(test("demo-online")).click();
    const banner = page.locator(test("offline-banner"));
    await banner.getByText("网络不通：可以继续工作，0 件待发，恢复后自动发送").waitFor();
    expect(await page.locator(test("sync-phase")).getAttribute("data-phase")).toBe("offline");
    await shot("demo-offline");
    await page.locator(test("demo-online")).click();
    await expect.poll(() => banner.count()).toBe(0);
    expect(await page.locator(test("demo-console")).innerText()).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expectClean();
    await close();
  });

  it("show a new recovery code until it is kept", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open();
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-lock")).click();
    await page.locator(test("recovery-renew")).click();
    await page.locator(test("recovery-renew-confirm")).click();
    const code = page.locator(test("recovery-code"));
    await code.waitFor();
    await shot("settings-recovery");
    await expectAccessible();
    await page.keyboard.press("Escape");
    await page.mouse.click(20, 400);
    await page.locator(test("recovery-continue")).click();
    expect(await code.isVisible()).toBe(true);
    await page.locator(test("recovery-confirm")).check();
    await page.locator(test("recovery-continue")).click();
    await expect.poll(() => code.count()).toBe(0);
    expectClean();
    await close();
  });

  it("keep what was chosen in the profile", async () => {
    const { page, close } = await open({
      backend: { preferences: { values: { theme: "dark", locale: "en" } } },
    });
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.keyboard.press("Control+,");
    await page.locator(test("settings-display")).click();
    await page.locator(test("settings-theme-light")).click();
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("light");
    await page.locator(test("settings-text-size-large")).click();
    await page.locator(test("settings-language-zh-CN")).click();
    await page.getByRole("heading", { name: "设置", exact: true }).waitFor();
    await close();
  });
});

describe("what keeps sync from running", () => {
  it.each([
    ["maintenance", "maintenance-banner", "平台维护中：可以继续工作，3 件待发"],
    ["signInNeeded", "sign-in-banner", "登录已过期：可以继续工作，3 件待发"],
    ["failed", "failed-banner", "平台的应答无法识别"],
    ["paused", "paused-banner", "同步已停止"],
    ["offline", "offline-banner", "网络不通：可以继续工作，3 件待发，恢复后自动发送"],
  ])("%s is said with what to do", async (phase, banner, words) => {
    const error = phase === "failed" ? "platformAnswer" : null;
    const { page, shot, expectAccessible, expectClean, close } = await open({
      backend: { sync_status: { ...STATUS, phase, error } },
    });
    await page.locator(test(banner)).getByText(words).waitFor();
    expect(await page.locator(`${test(banner)} button`).count()).toBe(1);
    expect(await page.locator(test("sync-waiting")).getAttribute("data-count")).toBe("3");
    expect(await page.locator(test("sync-attention")).getAttribute("data-count")).toBe("1");
    await shot(`sync-${phase}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("an expired sign-in leads to the sign-in: the form, or one press for the demo", async () => {
    const expired = { ...STATUS, phase: "signInNeeded" };
    const demo = await open({ backend: { sync_status: expired } });
    await demo.page.locator(test("sign-in-again")).click();
    await demo.page.locator(test("demo-sign-in")).waitFor();
    expect(await demo.page.locator(test("connect-password")).count()).toBe(0);
    await demo.close();

    const connection = {
      platform: "云岭省医药集中采购平台",
      url: "https://platform.example",
      institution: "H57010300012",
      institutionName: "望溪区人民医院",
      user: "zhoumin",
      userName: "周敏",
      roles: ["buyer"],
      demo: false,
      signedIn: true,
    };
    const app_state = {
      version: "0.1.0",
      profile: "open",
      cause: null,
      hasPassphrase: false,
      connection,
      demo: null,
      folder: "/profile",
      people: [],
      retryAfterS: 0,
    };
    const { page, shot, expectAccessible, close } = await open({
      backend: { sync_status: expired, app_state },
    });
    await page.locator(test("sign-in-again")).click();
    await expect.poll(() => page.locator(test("connect-user")).inputValue()).toBe("zhoumin");
    expect(await page.locator(test("connect-password")).inputValue()).toBe("");
    await shot("settings-sign-in");
    await expectAccessible();
    await close();
  });
});

describe("the outbox", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ look });
    await page.locator(test("sync-attention")).click();
    await page.locator('[data-test^="outbox-item-"]').first().waitFor();
    await shot(`outbox-${look}`);
    await expectAccessible();
    await page.locator('[data-state="needsDecision"]').click();
    await page.locator(test("outbox-open-notice")).waitFor();
    await shot(`outbox-detail-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("takes a refused submission back, by keyboard", async () => {
    const { page, expectClean, close } = await open();
    await page.keyboard.press("Alt+0");
    const refused = page.locator('[data-test^="outbox-item-"][data-state="refused"]').first();
    await refused.focus();
    const name = await refused.getAttribute("data-test");
    await page.keyboard.press("Enter");
    await page.locator(test("outbox-withdraw")).focus();
    await page.keyboard.press("Enter");
    await page.locator(test("outbox-withdraw-confirm")).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(test(name!)).getAttribute("data-state")).toBe("withdrawn");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(test("outbox-detail")).count()).toBe(0);
    expectClean();
    await close();
  });
});
