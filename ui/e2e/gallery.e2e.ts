import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const LOOKS: Look[] = ["light", "dark", "contrast", "forced"];

describe.each(LOOKS)("the kit in %s", (look) => {
  it.each(["controls", "displays"] as const)("%s are accessible and keep the policy", async (gallery) => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      gallery,
      look,
      size: { width: 1366, height: 1000 },
    });
    await page.locator("section").first().waitFor();
    await page.waitForTimeout(300);
    await shot(`${gallery}-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("popups are accessible and keep the policy", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open({ gallery: "controls", look });
    await page.getByRole("button", { name: "更多" }).click();
    await page.getByRole("menuitem", { name: "复制" }).waitFor();
    await shot(`menu-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");

    await page.getByRole("combobox", { name: "配送企业" }).click();
    await page.getByRole("option", { name: /上海医药/ }).waitFor();
    await shot(`combobox-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: /选择日期/ }).click();
    await page.getByText("2026年11月", { exact: true }).waitFor();
    await shot(`calendar-${look}`);
    await expectAccessible();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "出错提示" }).click();
    await page.getByRole("button", { name: "打开对话框" }).click();
    await page.getByRole("dialog").waitFor();
    await shot(`dialog-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });
});

describe("the kit by keyboard", () => {
  it("a select is changed by its arrows", async () => {
    const { page, close } = await open({ gallery: "controls" });
    const select = page.getByRole("combobox", { name: "原因" });
    await select.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => select.inputValue()).toBe("stock");
    await close();
  });

  it("a combobox is searched and chosen", async () => {
    const { page, close } = await open({ gallery: "controls" });
    const box = page.getByRole("combobox", { name: "配送企业" });
    await box.focus();
    await page.keyboard.type("华润");
    await page.getByRole("option", { name: /华润河南/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => box.inputValue()).toBe("华润河南医药有限公司");
    await close();
  });

  it("a date is typed in short form, refused with a reason, and picked", async () => {
    const { page, close } = await open({ gallery: "controls" });
    const field = page.getByRole("textbox", { name: /完成时限/ });
    await field.fill("12-3");
    await page.keyboard.press("Enter");
    await expect.poll(() => field.inputValue()).toBe("2026-12-03");
    await field.fill("2-30");
    await page.keyboard.press("Tab");
    await page.getByText("不是日期").waitFor();
    await field.fill("11-1");
    await page.keyboard.press("Enter");
    await page.getByText("不能早于 2026-11-20").waitFor();
    await field.focus();
    await page.keyboard.press("Alt+ArrowDown");
    await page.getByText("2026年12月", { exact: true }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect.poll(() => field.inputValue()).toBe("2026-12-04");
    await close();
  });

  it("a dialog keeps the focus and gives it back", async () => {
    const { page, close } = await open({ gallery: "controls" });
    const opener = page.getByRole("button", { name: "打开对话框" });
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "报送整改回复" });
    await dialog.waitFor();
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press("Tab");
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await close();
  });

  it("a divider is moved by arrows", async () => {
    const { page, close } = await open({ gallery: "displays" });
    const divider = page.getByRole("separator");
    await divider.focus();
    await page.keyboard.press("Shift+ArrowRight");
    expect(await divider.getAttribute("aria-valuenow")).toBe("25");
    await page.keyboard.press("Home");
    expect(await divider.getAttribute("aria-valuenow")).toBe("14");
    await close();
  });
});
