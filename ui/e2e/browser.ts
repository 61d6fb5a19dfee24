import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";

/** The screen that most users have. */
const SCREEN = { width: 1366, height: 768 };

const OFFICE_DAY = "2026-11-20T09:12:00+08:00";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type Look = "light" | "dark" | "contrast" | "forced";

export interface Opening {
  /** A page of the gallery instead of the window. */
  gallery?: "controls" | "displays" | "grid";
  look?: Look;
  /** Added to the address, for instance `rows=50`. */
  query?: string;
  /** Answers of the backend by command; JSON only. */
  backend?: Record<string, unknown>;
  size?: { width: number; height: number };
}

let browser: Browser;

/** Call once at the top of a test file: one browser for all its tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
    if (!existsSync(executablePath))
      throw new Error(`${executablePath} is missing: install chromium or set CHROMIUM`);
    browser = await chromium.launch({ executablePath, args: FLAGS, headless: true });
  });
  afterAll(() => browser?.close());
}

/** Opens the window in a fresh profile. Every policy violation and page error makes `expectClean` fail. */
export async function open({ gallery, look = "light", query = "", backend, size = SCREEN }: Opening = {}) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: look === "dark" ? "dark" : "light",
    forcedColors: look === "forced" ? "active" : "none",
    contrast: look === "contrast" ? "more" : "no-preference",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  // The invented office's day; dates in pictures and tests stay the same. Time runs on from there.
  await context.clock.setSystemTime(new Date(OFFICE_DAY));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  await page.exposeFunction("reportViolation", (text: string) => problems.push(`policy: ${text}`));
  await page.addInitScript((answers) => {
    // As the shell does (freezePrototype): what assigns to an inherited name fails there, so it has to fail here.
    Object.freeze(Object.prototype);
    if (answers) window.__SUNBENCH_BACKEND__ = answers;
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { reportViolation(text: string): void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  }, backend ?? null);

  const address = gallery
    ? `${inject("galleryUrl")}gallery.html?${query}#${gallery}`
    : `${inject("windowUrl")}?${query}`;
  await page.goto(address);
  await page.locator("main").waitFor();
  return {
    page,
    close: () => context.close(),
    /** Saves a picture as out/shots/NAME.png. */
    shot: (name: string) =>
      page.screenshot({ path: fileURLToPath(new URL(`../out/shots/${name}.png`, import.meta.url)) }),
    /** Fails on errors, warnings and violations of the content policy so far. */
    expectClean: () => expect(problems).toEqual([]),
    expectAccessible: () => expectAccessible(page),
  };
}

/** Fails with every WCAG 2.2 A and AA finding of axe on the page as it is now. */
async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      // Popups stand outside the landmarks, next to what opened them in reading order.
      rules: { region: { enabled: false } },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} — ${failureSummary ?? ""}`),
    );
  });
  expect(findings).toEqual([]);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
