import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleRow } from "../src/gallery/rows";
import { open, useBrowser, type Look } from "./browser";

useBrowser();

const MILLION = 1_000_000;

/** Rows in sight whose data have arrived, as index and order number, from top to bottom. */
function visibleRows(page: Page): Promise<{ index: number; number: string; top: number }[]> {
  return page.evaluate(() => {
    const grid = document.querySelector<HTMLElement>("[role=grid]")!;
    const { top, bottom } = grid.getBoundingClientRect();
    const headerHeight = grid.querySelector<HTMLElement>(".header")!.offsetHeight;
    const footer = grid.querySelector<HTMLElement>(".totals")?.offsetHeight ?? 0;
    return [...grid.querySelectorAll<HTMLElement>("[data-row]")]
      .map((row) => ({
        index: Number(row.dataset["row"]),
        number: row.querySelector(".cell.code .value")?.textContent ?? "",
        top: row.getBoundingClientRect().top,
        bottom: row.getBoundingClientRect().bottom,
      }))
      .filter((row) => row.bottom > top + headerHeight + 1 && row.top < bottom - footer - 1)
      .sort((a, b) => a.top - b.top);
  });
}

/** Waits until every row in sight is there, and checks each against the data. */
async function expectRightRows(page: Page): Promise<number[]> {
  await expect.poll(async () => (await visibleRows(page)).every(({ number }) => number !== "")).toBe(true);
  const rows = await visibleRows(page);
  expect(rows.length).toBeGreaterThan(10);
  for (const [at, { index, number }] of rows.entries()) {
    expect(number).toBe(sampleRow(index).number);
    expect(index).toBe(rows[0]!.index + at);
  }
  return rows.map(({ index }) => index);
}

async function openGrid(look: Look = "light", query = "") {
  const opened = await open({ gallery: "grid", look, query });
  const grid = opened.page.getByRole("grid", { name: "订单" });
  await grid.waitFor();
  await expectRightRows(opened.page);
  return { ...opened, grid };
}

describe("a grid of a million rows", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, grid, shot, expectClean, expectAccessible, close } = await openGrid(look);
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await shot(`grid-${look}`);
    expect(await grid.getAttribute("aria-rowcount")).toBe(String(MILLION + 2));
    await expectAccessible();
    expectClean();
    await close();
  });

  it.each([0.1, 0.25, 0.5, 0.773, 0.99, 1])(
    "shows the right rows after the thumb is dropped at %d",
    async (share) => {
      const { page, grid, expectClean, close } = await openGrid();
      await grid.evaluate((element, at) => {
        element.scrollTop = at * (element.scrollHeight - element.clientHeight);
      }, share);
      await page.waitForTimeout(300);
      const rows = await expectRightRows(page);
      if (share === 0.5) expect(Math.abs(rows[0]! - MILLION / 2)).toBeLessThan(100);
      if (share === 1) expect(rows[rows.length - 1]).toBe(MILLION - 1);
      expectClean();
      await close();
    },
  );

  it("moves by whole rows under the wheel, far down as well as at the top", async () => {
    const { page, grid, close } = await openGrid();
    await page.mouse.move(600, 400);
    for (const start of [0, 0.5]) {
      await grid.evaluate((element, at) => {
        element.scrollTop = at * (element.scrollHeight - element.clientHeight);
      }, start);
      await page.waitForTimeout(300);
      const [before] = await visibleRows(page);
      for (let turn = 0; turn < 5; turn++) {
        await page.mouse.wheel(0, 112);
        await page.waitForTimeout(60);
      }
      await page.waitForTimeout(400);
      const [after] = await visibleRows(page);
      // 5 turns of 4 rows of 28 px.
      expect(Math.abs(after!.index - before!.index - 20)).toBeLessThanOrEqual(1);
      await expectRightRows(page);
    }
    await close();
  });

  it("draws no more rows than fit, and keeps elements while scrolling", async () => {
    const { page, grid, close } = await openGrid();
    await page.mouse.move(600, 400);
    let most = 0;
    for (let turn = 0; turn < 30; turn++) {
      await page.mouse.wheel(0, 400);
      most = Math.max(most, await grid.locator("[data-row]").count());
    }
    expect(most).toBeLessThan(50);
    await expectRightRows(page);
    await close();
  });

  it("goes everywhere by keyboard with one tab stop", async () => {
    const { page, grid, shot, expectClean, close } = await openGrid();
    await page.keyboard.press("Tab");
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
    const active = () =>
      grid.evaluate((element) => {
        const cell = document.getElementById(element.getAttribute("aria-activedescendant") ?? "");
        const row = cell?.closest<HTMLElement>("[role=row]");
        return `${Number(row?.getAttribute("aria-rowindex")) - 2}:${cell?.getAttribute("aria-colindex")}`;
      });
    await page.keyboard.press("Control+End");
    await expect.poll(active).toBe(`${MILLION - 1}:10`);
    await expectRightRows(page);
    await page.keyboard.press("Control+Home");
    await expect.poll(active).toBe("0:1");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    const [row] = (await active()).split(":").map(Number);
    expect(row).toBeGreaterThan(30);
    await expectRightRows(page);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("output.opened").textContent()).toBe(sampleRow(row!).number);
    await page.keyboard.press("Control+ArrowUp");
    await page.keyboard.press("ArrowUp");
    await expect.poll(active).toBe("-1:2");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("[aria-sort=descending]").count()).toBe(1);
    await expect.poll(async () => (await visibleRows(page))[0]?.number).toBe(sampleRow(MILLION - 1).number);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Alt+ArrowDown");
    await page.getByRole("menuitem", { name: "隐藏此列" }).waitFor();
    await shot("grid-menu");
    await page.keyboard.press("Escape");
    await expect.poll(() => grid.evaluate((element) => element === document.activeElement)).toBe(true);
    expectClean();
    await close();
  });

  it("finds what is typed", async () => {
    const { page, grid, close } = await openGrid();
    await grid.focus();
    await page.keyboard.type("4321");
    await expect.poll(async () => (await visibleRows(page)).some(({ index }) => index === 4321)).toBe(true);
    await close();
  });

  it("copies the selected rows with their codes as text", async () => {
    const { page, grid, close } = await openGrid();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await grid.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await expect.poll(() => grid.locator("[aria-selected=true]").count()).toBe(3);
    await page.keyboard.press("Control+c");
    await page.getByText("已复制 3 行", { exact: false }).first().waitFor();
    const copied = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const read = async (type: string) => (await item!.getType(type)).text();
      return { plain: await read("text/plain"), html: await read("text/html") };
    });
    const lines = copied.plain.split(/\r?\n/);
    expect(lines).toHaveLength(4);
    expect(lines[0]!.split("\t").slice(0, 3)).toEqual(["订单编号", "状态", "品名"]);
    for (const at of [0, 1, 2]) {
      const { number, name, code, day } = sampleRow(at);
      const cells = lines[at + 1]!.split("\t");
      expect([cells[0], ...cells.slice(2, 4), cells[8]]).toEqual([number, name, code, day]);
    }
    expect(copied.html).toContain(sampleRow(2).code);
    await close();
  });

  it("selects all but some, and keeps the columns as arranged", async () => {
    const { page, grid, shot, expectAccessible, expectClean, close } = await openGrid();
    await grid.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Space");
    const unselected = grid.locator('[data-row][aria-selected="false"]');
    await expect.poll(() => unselected.count()).toBe(1);
    await grid.getByRole("columnheader", { name: "单价（元）" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "选择列" }).click();
    await page.getByRole("dialog", { name: "选择列" }).waitFor();
    await page.getByRole("checkbox", { name: "序号" }).check();
    await page.getByRole("checkbox", { name: "配送企业" }).uncheck();
    await shot("grid-columns");
    await expectAccessible();
    await page.getByRole("button", { name: "完成" }).click();
    const titles = () => grid.locator("[data-key] .title").allTextContents();
    const arranged = await titles();
    expect(arranged).toContain("序号");
    expect(arranged).not.toContain("配送企业");
    // The layout is saved shortly after the last change, and read when the grid opens again.
    await page.waitForTimeout(600);
    await page.getByRole("button", { name: "重开" }).click();
    await expect.poll(titles).toEqual(arranged);
    expectClean();
    await close();
  });

  it("moves and widens columns by mouse", async () => {
    const { page, grid, close } = await openGrid();
    const titles = () => grid.locator("[data-key] .title").allTextContents();
    const name = grid.locator('[data-key="name"]');
    const target = (await grid.locator('[data-key="supplier"]').boundingBox())!;
    const from = (await name.boundingBox())!;
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(target.x + 40, target.y + 10, { steps: 5 });
    await page.mouse.up();
    await expect
      .poll(titles)
      .toEqual([
        "订单编号",
        "状态",
        "产品编码",
        "配送企业",
        "品名",
        "数量",
        "单价（元）",
        "金额（元）",
        "下单日期",
      ]);
    const before = (await name.boundingBox())!;
    await page.mouse.move(before.x + before.width - 2, before.y + 10);
    await page.mouse.down();
    await page.mouse.move(before.x + before.width + 54, before.y + 10, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.round((await name.boundingBox())!.width - before.width)).toBe(56);
    await close();
  });

  it("says what to do when there are no rows", async () => {
    const { page, shot, close } = await open({ gallery: "grid", query: "rows=0" });
    await shot("grid-empty");
    expect(await page.getByText("没有符合条件的订单").isVisible()).toBe(true);
    await close();
  });
});
