import type { Page } from "playwright-core";

const test = (name: string) => `[data-test="${name}"]`;
const row = (list: string) => `[data-test^="${list}-row-"]`;

/** A place in the window and how to come to it, in any language. */
export interface Place {
  name: string;
  /** The room's key; settings have `Control+,`. */
  room: string;
  /** Begins elsewhere. */
  scenario?: string;
  go?: (page: Page) => Promise<unknown>;
}

const tab = (n: number) => (page: Page) => page.getByRole("tab").nth(n).click();
const section = (name: string) => (page: Page) => page.locator(test(`settings-${name}`)).click();
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
/** Opens the first line of a list. */
const openFirst = async (page: Page, list: string) => {
  await page.locator(row(list)).first().waitFor();
  await page.locator(`${test(`${list}-grid`)} [role=grid]`).focus();
  await press(page, "Control+Home", "Enter");
};
const menu = (n: number) => async (page: Page) => {
  await page.locator('[data-test^="item-"][role="row"]').first().waitFor();
  await page.locator(test("reconcile-more")).click();
  await page.getByRole("menuitem").nth(n).click();
};
const worklist = async (page: Page) => {
  await page.locator('[data-test^="item-"][role="row"]').first().waitFor();
  await page.locator(`${test("reconcile-grid")} [role=grid]`).focus();
};
const compose = async (page: Page) => {
  await page.locator('[data-test^="order-row-"]').first().waitFor();
  await press(page, "n");
  await page.locator(test("compose")).waitFor();
};
const lines = async (page: Page) => {
  await compose(page);
  for (const words of ["PTC-25", "吻合"]) {
    await page.locator(`${test("compose-add")} input`).fill(words);
    await page.locator("[role=option]").first().waitFor();
    await press(page, "ArrowDown", "Enter");
  }
  await page.locator(test("compose-line-1")).waitFor();
  await page.locator(test("quantity-1")).fill("2");
};

/** Every room, its parts and what opens in them. */
export const PLACES: readonly Place[] = [
  { name: "today", room: "Alt+1" },
  { name: "today-office", room: "Alt+1", scenario: "office" },
  { name: "today-attendance", room: "Alt+1", go: (page) => page.locator(test("attendance-open")).click() },
  { name: "notices", room: "Alt+2" },
  {
    name: "notices-calendar",
    room: "Alt+2",
    go: (page) => page.locator(test("notices-view-calendar")).click(),
  },
  {
    name: "notice",
    room: "Alt+2",
    go: async (page) => {
      await page.locator('[data-test^="notice-row-"]').first().click();
      await page.locator(test("reply-cause")).waitFor();
    },
  },
  { name: "orders", room: "Alt+3" },
  {
    name: "order",
    room: "Alt+3",
    go: async (page) => {
      await page.locator('[data-test^="order-row-"]').first().dblclick();
      await page.locator(test("order-life")).waitFor();
    },
  },
  {
    name: "order-cancel",
    room: "Alt+3",
    go: async (page) => {
      await page.locator(test("order-state-SUBMITTED")).click();
      await page.locator('[data-test^="order-row-"] [data-state="SUBMITTED"]').first().waitFor();
      await press(page, "/", "ArrowDown", "Control+Home", "Enter", "x");
      await page.locator(test("cancel-reason")).waitFor();
    },
  },
  {
    name: "order-return",
    room: "Alt+3",
    go: async (page) => {
      await page.locator(test("order-state-RECEIVED")).click();
      await page.locator('[data-test^="order-row-"] [data-state="RECEIVED"]').first().waitFor();
      await press(page, "/", "ArrowDown", "Control+Home", "t");
      await page.locator(test("return-quantity-0")).waitFor();
    },
  },
  { name: "compose-empty", room: "Alt+3", go: compose },
  { name: "compose", room: "Alt+3", go: lines },
  {
    name: "compose-paste",
    room: "Alt+3",
    go: async (page) => {
      await compose(page);
      await page.locator(test("compose-paste")).click();
      await page.locator(test("paste-area")).waitFor();
    },
  },
  {
    name: "compose-surge",
    room: "Alt+3",
    go: async (page) => {
      await page.locator('[data-test^="order-row-"]').first().waitFor();
      await press(page, "m");
      await page.locator(test("template-start-T-1")).click();
      await page.locator(test("quantity-0")).fill("90");
      await page.locator(test("compose-surge")).click();
      await page.locator(test("surge-rows")).waitFor();
    },
  },
  {
    name: "templates",
    room: "Alt+3",
    go: async (page) => {
      await page.locator('[data-test^="order-row-"]').first().waitFor();
      await press(page, "m");
      await page.locator(test("templates")).waitFor();
    },
  },
  {
    name: "requests",
    room: "Alt+3",
    go: async (page) => {
      await page.locator('[data-test^="order-row-"]').first().waitFor();
      await press(page, "q");
      await page.locator(test("requests")).waitFor();
    },
  },
  {
    name: "requests-paste",
    room: "Alt+3",
    go: async (page) => {
      await page.locator('[data-test^="order-row-"]').first().waitFor();
      await press(page, "q");
      await page.locator(test("requests-paste")).click();
    },
  },
  { name: "receiving", room: "Alt+4" },
  {
    name: "receipt",
    room: "Alt+4",
    go: async (page) => {
      await page.locator(test("deliveries-row-PS-3")).dblclick();
      await page.locator(test("received-0")).waitFor();
      await press(page, "a");
      await page.locator(test("rejected-0")).fill("1");
    },
  },
  {
    name: "receipt-history",
    room: "Alt+4",
    go: (page) => page.locator(test("deliveries-row-PS-4")).dblclick(),
  },
  ...(["returns", "invoices", "settlements"] as const).map((list, n) => ({
    name: list,
    room: "Alt+4",
    go: async (page: Page) => {
      await tab(n + 1)(page);
      await openFirst(page, list);
    },
  })),
  {
    name: "settlement-new",
    room: "Alt+4",
    go: async (page) => {
      await tab(3)(page);
      await page.locator(row("settlements")).first().waitFor();
      await press(page, "n");
      await page.locator(test("settlement-sum")).waitFor();
    },
  },
  { name: "reconcile", room: "Alt+5", go: worklist },
  {
    name: "reconcile-item",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await press(page, "Control+Home", "Enter");
      await page.locator(test("compared")).waitFor();
    },
  },
  {
    name: "reconcile-link",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await page.locator(test("kind-notInLedger")).click();
      await page.locator('[data-kind="notInLedger"]').first().waitFor();
      await worklist(page);
      await press(page, "Control+Home", "Enter", "l");
      await page.locator(test("link-ledger")).waitFor();
    },
  },
  {
    name: "reconcile-file",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await page.locator(test("kind-notOnPlatform")).click();
      await page.locator('[data-kind="notOnPlatform"]').first().waitFor();
      await worklist(page);
      await press(page, "Control+Home", "Enter", "f");
      await page.locator(test("filing-goods-name")).waitFor();
    },
  },
  {
    name: "reconcile-import",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await press(page, "i");
      await page.locator(test("import-path-choose")).click();
      await page.locator(test("mapping")).waitFor();
    },
  },
  {
    name: "reconcile-sign",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await page.locator(test("reconcile-sign")).click();
      await page.locator(test("sign-open")).waitFor();
    },
  },
  {
    name: "reconcile-statement",
    room: "Alt+5",
    go: async (page) => {
      await worklist(page);
      await press(page, "[");
      await page.locator(`${test("period-state")}[data-state="adjusted"]`).waitFor();
      await page.locator(test("signed-open")).click();
      await page.locator(test("adjustments")).waitFor();
    },
  },
  ...[0, 1, 2, 3, 4].map((n) => ({ name: `reconcile-menu-${n}`, room: "Alt+5", go: menu(n) })),
  { name: "demand", room: "Alt+6" },
  {
    name: "agreements",
    room: "Alt+6",
    go: async (page) => {
      await tab(1)(page);
      await openFirst(page, "agreements");
    },
  },
  {
    name: "contracts",
    room: "Alt+6",
    go: async (page) => {
      await tab(3)(page);
      await openFirst(page, "contracts");
    },
  },
  { name: "continuity", room: "Alt+6", go: tab(2) },
  {
    name: "exemptions",
    room: "Alt+6",
    go: async (page) => {
      await tab(4)(page);
      await openFirst(page, "exemptions");
    },
  },
  {
    name: "exemption-form",
    room: "Alt+6",
    go: async (page) => {
      await tab(4)(page);
      await page.locator(row("exemptions")).first().waitFor();
      await press(page, "n");
    },
  },
  { name: "issues", room: "Alt+7" },
  {
    name: "issue-form",
    room: "Alt+7",
    go: async (page) => {
      await page.locator(row("issues")).first().waitFor();
      await press(page, "n");
      await page.locator(test("issue-description")).waitFor();
    },
  },
  ...["issues", "negotiations", "evaluations", "papers", "transfers"].map((list, n) => ({
    name: `${list}-open`,
    room: "Alt+7",
    go: async (page: Page) => {
      await tab(n)(page);
      await openFirst(page, list);
    },
  })),
  {
    name: "negotiation-invite",
    room: "Alt+7",
    go: async (page) => {
      await tab(1)(page);
      await page.locator(row("negotiations")).first().waitFor();
      await press(page, "n");
    },
  },
  {
    name: "transfer-form",
    room: "Alt+7",
    go: async (page) => {
      await tab(4)(page);
      await page.locator(row("transfers")).first().waitFor();
      await press(page, "n");
    },
  },
  { name: "catalogue", room: "Alt+8" },
  ...["products", "items", "filings"].map((list, n) => ({
    name: `${list}-open`,
    room: "Alt+8",
    go: async (page: Page) => {
      await tab(n)(page);
      await page.locator(row(list)).nth(1).dblclick();
    },
  })),
  {
    name: "filing-form",
    room: "Alt+8",
    go: async (page) => {
      await tab(2)(page);
      await page.locator(row("filings")).first().waitFor();
      await press(page, "n");
    },
  },
  ...["indicators", "statistics", "self-check", "board"].map((name, n) => ({
    name,
    room: "Alt+9",
    go: tab(n),
  })),
  { name: "indicator", room: "Alt+9", go: (page) => openFirst(page, "indicators") },
  { name: "outbox", room: "Alt+0" },
  {
    name: "outbox-item",
    room: "Alt+0",
    go: async (page) => {
      await page.locator('[data-state="needsDecision"]').first().click();
      await page.locator(test("outbox-detail")).waitFor();
    },
  },
  {
    name: "outbox-review",
    room: "Alt+0",
    scenario: "office",
    go: async (page) => {
      await page.locator('[data-state="awaitingReview"]').first().click();
      await page.locator(test("outbox-review")).waitFor();
    },
  },
  ...[
    "connection",
    "people",
    "office",
    "lock",
    "backup",
    "bundle",
    "display",
    "policies",
    "data",
    "demo",
    "about",
  ].map((name) => ({
    name: `settings-${name}`,
    room: "Control+,",
    go: section(name),
    ...(name === "office" ? { scenario: "office" } : {}),
  })),
  { name: "search", room: "Control+k", go: (page) => page.keyboard.type("球囊") },
];
