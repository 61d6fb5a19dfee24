import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;
const TABLES = ["indicators", "adjustments", "deadlines", "exemptions", "sources"];

async function policies(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Control+,");
  await opened.page.locator(test("settings-policies")).press("Enter");
  return opened;
}
const rows = (page: Page, table: string) => page.locator(`${test(`policy-${table}`)} tbody tr`);

describe("policy packs", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await policies({ look });
    await page.locator(test("policy-sources")).waitFor();
    await shot(`policies-${look}`);
    await expectAccessible();
    await page.locator(test("policy-deadlines")).scrollIntoViewIfNeeded();
    await shot(`policies-rules-${look}`);
    expectClean();
    await close();
  });

  it("tell each rule with its clause, adjustments by their state, and files that cannot be read", async () => {
    const { page, expectClean, close } = await policies();
    await page.locator(test("policy-in-use")).waitFor();
    for (const table of TABLES) expect(await rows(page, table).count()).toBeGreaterThan(0);
    const settled = rows(page, "indicators").filter({ hasText: "线上结算率" });
    const words = await settled.innerText();
    expect(words).toContain("平台已调整");
    expect(words).toContain("前 7 个整月");
    expect(words).toContain("预警 92 %");
    expect(words).toContain("深医保发〔2022〕19号");
    const states = await rows(page, "adjustments").locator("td:first-child").allInnerTexts();
    expect(states).toEqual(["未到生效时间", "已生效", "本程序不认识，未采用", "已被后来的调整取代"]);
    const unreadable = await page.locator(test("policy-unreadable")).innerText();
    expect(unreadable).toContain("old-rules.toml");
    expect(unreadable).toContain("九成");
    expectClean();
    await close();
  });

  it("are changed and changed back by keys, and exemptions follow", async () => {
    const { page, expectClean, close } = await policies({ query: "scenario=offline" });
    const granted = rows(page, "exemptions").filter({ hasText: "备供企业" });
    await granted.getByText("耗材适用").waitFor();
    await page.locator(test("policy-pack")).selectOption("henan-2025-42");
    await granted.getByText("耗材不适用").waitFor();
    await page.locator(test("policy-use")).press("Enter");
    await page.locator(test("policy-use-confirm")).press("Enter");
    await page.getByText("现用政策包：河南省").first().waitFor();
    await page.locator(test("policy-in-use")).waitFor();
    await page.locator(test("policy-pack")).selectOption("quanzhou-2024");
    await page.locator(test("policy-use")).press("Enter");
    await page.getByText("本机构所属地区的政策包").waitFor();
    await page.locator(test("policy-use-confirm")).press("Enter");
    await page.getByText("现用政策包：泉州市").first().waitFor();
    expectClean();
    await close();
  });

  it("are not changed by who may only read, and say why they cannot be read", async () => {
    const viewer = await policies({ query: "scenario=viewer" });
    await viewer.page.locator(test("policy-pack")).selectOption("henan-2025-42");
    await expect.poll(() => viewer.page.locator(test("policy-use")).isDisabled()).toBe(true);
    await viewer.close();
    const failing = await policies({ query: "failing=policy_packs" });
    await failing.page.getByText("未能读取").waitFor();
    await failing.close();
  });
});
