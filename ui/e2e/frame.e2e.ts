import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const heading = "header h1";

describe("the frame", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ look });
    await page.locator('[data-test="room-today"][aria-current="page"]').waitFor();
    await page.locator("main h2").first().waitFor();
    await shot(`frame-today-${look}`);
    await expectAccessible();
    await page.keyboard.press("Control+,");
    await page.locator('[data-test="settings-display"]').click();
    await page.getByRole("heading", { name: "显示" }).waitFor();
    await shot(`frame-settings-${look}`);
    await expectAccessible();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "前往 督办" }).waitFor();
    await shot(`frame-search-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("is walked through without a mouse", async () => {
    const { page, expectClean, close } = await open();
    const room = () => page.locator(heading).textContent();
    await page.keyboard.press("Alt+2");
    await expect.poll(room).toBe("督办");
    // The keyboard comes along: not back in the rail, where Enter would leave the room again.
    await page.locator("[data-test=room-notices]").focus();
    await page.keyboard.press("Alt+3");
    await expect.poll(room).toBe("订单");
    await page.locator("[data-test=orders-grid]").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(room).toBe("督办");
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(room).toBe("订单");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "搜索" }).waitFor();
    await page.keyboard.type("今日");
    await expect.poll(() => page.getByRole("option").count()).toBe(1);
    await page.keyboard.press("Enter");
    await expect.poll(room).toBe("今日");
    await expect.poll(() => page.title()).toBe("今日 – 阳采工作台");
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expectClean();
    await close();
  });

  it("takes theme, text size and language at once, and keeps them", async () => {
    const { page, expectClean, close } = await open({
      backend: { preferences: { values: { theme: "dark" } } },
    });
    const root = page.locator("html");
    await expect.poll(() => root.getAttribute("data-theme")).toBe("dark");
    await page.keyboard.press("Control+,");
    await page.locator('[data-test="settings-display"]').click();
    await page.getByText("浅色").click();
    await expect.poll(() => root.getAttribute("data-theme")).toBe("light");
    await page.getByText("特大").click();
    await expect.poll(() => root.evaluate((html) => getComputedStyle(html).fontSize)).toBe("18.5px");
    await page.getByText("English").click();
    await expect.poll(() => page.locator(heading).textContent()).toBe("Settings");
    expect(await root.getAttribute("lang")).toBe("en");
    expectClean();
    await close();
  });

  it("fits the screen at the largest text without scrolling sideways", async () => {
    const { page, shot, close } = await open({
      backend: { preferences: { values: { textSize: "larger", locale: "en" } } },
    });
    await page.keyboard.press("Control+,");
    await page.locator('[data-test="settings-display"]').click();
    await page.getByRole("heading", { name: "Display" }).waitFor();
    await shot("frame-larger-en");
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await close();
  });
});
