import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Opening } from "./browser";
import { PLACES } from "./walk";

useBrowser();

/** The hardest: the longer language in the largest text. `LOOKS=light,dark` walks in other looks, for their pictures. */
const WAYS: Record<string, Opening> = {
  english: { backend: { preferences: { values: { locale: "en", textSize: "larger" } } } },
  light: {},
  dark: { look: "dark" },
  contrast: { look: "contrast" },
};
const LOOKS = process.env["LOOKS"]?.split(",") ?? ["english"];

/**
 * Texts that nobody can read: hidden by a box that cannot be scrolled, outside of the window, or laid over the edge of
 * what they stand in. What an ellipsis cuts short is whole in its tooltip.
 */
function lostTexts(): string[] {
  const faults = new Set<string>();
  const nameOf = (element: Element) =>
    `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} in ${
      element.closest("[data-test]")?.getAttribute("data-test") ?? "?"
    }`;
  const EDGED = "button, td, th, [role=tab], label, dd, dt, h1, h2, h3, p, li, .badge";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent!.trim();
    const parent = node.parentElement!;
    if (words === "" || parent.closest("script, style, option, svg, [role=row], .visually-hidden")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width < 2 || getComputedStyle(parent).visibility === "hidden") continue;
    const say = (what: string) => faults.add(`${what}: “${words.slice(0, 40)}” (${nameOf(parent)})`);
    let shown = false;
    for (let box: Element | null = parent; box && box !== document.body; box = box.parentElement) {
      const { overflow, display, textOverflow, webkitLineClamp } = getComputedStyle(box);
      if (/auto|scroll/.test(overflow) || textOverflow === "ellipsis" || webkitLineClamp !== "none") {
        shown = true;
        break;
      }
      if (display === "inline" || display === "contents") continue;
      const edge = box.getBoundingClientRect();
      const across = Math.round(Math.max(text.right - edge.right, edge.left - text.left));
      const down = Math.round(Math.max(text.bottom - edge.bottom, edge.top - text.top));
      if (/hidden|clip/.test(overflow) && (across > 1 || down > 3)) {
        say(`hidden by ${Math.max(across, down)}px`);
        break;
      }
      if (box.matches(EDGED) && (across > 1 || down > 4)) say(`over the edge by ${Math.max(across, down)}px`);
    }
    if (!shown && (text.right > innerWidth + 1 || text.bottom > innerHeight + 1)) say("outside the window");
    const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top / 4))).size;
    if (lines > 1 && parent.closest("[role=tab], .badge")) say(`in ${lines} lines`);
  }
  for (const box of document.querySelectorAll("*")) {
    const over = box.scrollWidth - box.clientWidth;
    const scrolls = /auto|scroll/.test(getComputedStyle(box).overflowX);
    if (scrolls && over > 1 && !box.matches("[role=grid], [role=grid] *, textarea, input, pre"))
      faults.add(`scrolls sideways by ${over}px: ${nameOf(box)}`);
  }
  return [...faults];
}

/** Waits until the room has something to read and nothing more comes. */
async function settled(page: Page): Promise<void> {
  for (let before = "", now = ""; now === "" || now !== before;) {
    await page.waitForTimeout(120);
    before = now;
    now = await page.evaluate(() => document.querySelector("main")!.innerText && document.body.innerText);
  }
}

describe.each(LOOKS)("in %s", (look) => {
  it.each(PLACES)("every text can be read: $name", async ({ name, room, scenario = "working", go }) => {
    const { page, shot, expectClean, close } = await open({ ...WAYS[look], query: `scenario=${scenario}` });
    page.setDefaultTimeout(8_000);
    await page.keyboard.press(room);
    await settled(page);
    await go?.(page);
    await settled(page);
    await shot(`walk-${look}-${name}`);
    expect(await page.evaluate(lostTexts)).toEqual([]);
    expectClean();
    await close();
  });
});

it("tells the whole of a text that is cut short, as long as it is", async () => {
  const { page, close } = await open();
  await page.keyboard.press("Alt+3");
  await page.locator('[data-test^="order-row-"]').first().waitFor();
  const cell = page.locator('[data-test="orders-grid"] [role=gridcell] .value');
  const cut = await cell.evaluateAll((all) => all.findIndex((one) => one.scrollWidth > one.clientWidth));
  expect(cut).toBeGreaterThan(0);
  await cell.nth(cut).hover();
  expect(await cell.nth(cut).getAttribute("title")).toBe(await cell.nth(cut).innerText());
  await cell.nth(cut).evaluate((one: HTMLElement) => (one.textContent = "短"));
  await cell.nth(cut + 1).hover();
  await cell.nth(cut).hover();
  expect(await cell.nth(cut).getAttribute("title")).toBe(null);
  await close();
});
