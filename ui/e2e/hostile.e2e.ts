import { describe, expect, it } from "vitest";
import { open, useBrowser } from "./browser";

useBrowser();

const TITLES = [
  '<img src=x onerror="window.__hit = 1">',
  "<script>window.__hit = 2</script>",
  '<svg onload="window.__hit = 3"></svg>',
  '"><a href="javascript:window.__hit = 4">点此</a>',
  "{{ constructor.constructor('window.__hit = 5')() }}",
  '=HYPERLINK("http://evil.example","点此")',
];

const row = (title: string, at: number) => ({
  id: `H-${at}`,
  code: `DB${at}`,
  title,
  issuer: title,
  level: "warning",
  issuedAt: "2026-11-18T09:00:00+08:00",
  deadline: {
    dueDate: "2026-11-25",
    dueAt: "2026-11-26T00:00:00+08:00",
    provisional: false,
    earliestDate: null,
    latestDate: null,
    remainingWorkingDays: 3,
    urgency: "later",
    counted: [],
    days: [],
    calendarVersion: "1",
    stated: false,
    unknown: false,
  },
  state: "ISSUED",
  stateText: title,
  open: true,
  round: 1,
  replyWaiting: false,
  hasDraft: false,
});

describe("hostile titles", () => {
  it("are text: nothing runs, nothing is loaded, nothing becomes a link", async () => {
    const backend = { notices_list: { rows: TITLES.map(row) } };
    const { page, shot, expectClean, close } = await open({ query: "scenario=working", backend });
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(new URL(page.url()).origin)) foreign.push(request.url());
    });
    page.on("dialog", (dialog) => foreign.push(dialog.message()));
    await page.keyboard.press("Alt+2");
    await page.locator('[data-test="notice-row-H-0"]').waitFor();
    for (const [at, title] of TITLES.entries())
      expect(await page.locator(`[data-test="notice-row-H-${at}"]`).innerText()).toContain(title);
    const found = await page.evaluate(() => ({
      hit: (window as unknown as { __hit?: number }).__hit ?? 0,
      made: document.querySelectorAll("main img[src='x'], main script, main a[href^='javascript']").length,
    }));
    expect(found).toEqual({ hit: 0, made: 0 });
    expect(foreign).toEqual([]);
    await shot("hostile-titles");
    expectClean();
    await close();
  });
});
