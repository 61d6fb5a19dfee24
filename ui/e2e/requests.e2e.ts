import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { open, useBrowser, type Look, type Opening } from "./browser";

useBrowser();

const test = (name: string) => `[data-test="${name}"]`;

async function orders(opening: Opening = {}) {
  const opened = await open(opening);
  await opened.page.keyboard.press("Alt+3");
  await opened.page.locator('[data-test^="order-row-"]').first().waitFor();
  return opened;
}

async function requests(opening: Opening = {}) {
  const opened = await orders(opening);
  await opened.page.keyboard.press("q");
  await opened.page.locator(test("requests")).waitFor();
  await opened.page.locator('[data-state="open"]').first().waitFor();
  return opened;
}

async function pasteInto(page: Page, part: string, pasted: string): Promise<void> {
  await page.locator(test(part)).evaluate((element, content) => {
    const data = new DataTransfer();
    data.setData("text/plain", content);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, pasted);
}

describe("what departments ask for", () => {
  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("is accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await requests({ look });
    await shot(`requests-${look}`);
    await expectAccessible();
    await pasteInto(
      page,
      "requests",
      "科室\t品名\t规格\t数量\t需要日期\n骨科\t椎弓根螺钉\t6.5mm×45mm\t12\t2026/11/27\n手术室\t没有的东西\t\t2\t\n",
    );
    await expect.poll(() => page.locator(test("requests-paste-found")).getAttribute("data-ready")).toBe("2");
    await shot(`requests-paste-${look}`);
    await expectAccessible();
    await page.locator(test("requests-paste-take")).click();
    await expect.poll(() => page.locator(test("requests-paste-take")).count()).toBe(0);
    expectClean();
    await close();
  });

  it("is entered by keyboard and gathered into drafts, with what is left over and why", async () => {
    const { page, shot, expectClean, close } = await requests();
    const before = await page.locator('tr[data-state="open"]').count();
    await page.locator(test("request-dept")).fill("眼科");
    await page.locator(`${test("request-product")} input`).fill("球囊扩张 PTC-25");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(test("request-quantity")).fill("３");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator('tr[data-state="open"]').count()).toBe(before + 1);
    await page.locator(test("requests-gather")).click();
    await page.locator(test("requests-left")).getByText("未对应挂网产品").waitFor();
    await expect.poll(() => page.locator('tr[data-state="drafted"]').count()).toBe(before);
    await shot("requests-gathered");
    await page.locator('[data-test^="request-draft-"]').first().click();
    await page.locator(test("sources-0")).getByText("3 条科室申请").waitFor();
    await shot("requests-draft");
    expectClean();
    await close();
  });
});

describe("templates", () => {
  it("are begun with, saved, renamed and deleted", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await orders();
    await page.keyboard.press("m");
    await page.locator(test("templates")).waitFor();
    await shot("templates");
    await expectAccessible();
    await page.locator(test("template-start-T-1")).click();
    await page.locator(test("compose-line-1")).waitFor();
    expect(await page.locator(test("quantity-0")).inputValue()).toBe("10");
    await page.locator(test("compose-template")).click();
    await page.locator(test("template-save-name")).fill("导管室每周常规");
    await page.locator(test("template-save")).click();
    await page.getByText("已有同名模板").first().waitFor();
    await page.locator(test("template-save-name")).fill("导管室加急");
    await page.keyboard.press("Enter");
    await page.getByText("已存为模板").first().waitFor();
    await page.locator(test("compose-back")).click();
    await page.locator('[data-test^="order-row-"]').first().waitFor();
    await page.keyboard.press("m");
    await expect.poll(() => page.locator('[data-test^="template-start-"]').count()).toBe(2);
    await page.getByRole("button", { name: "改名 导管室加急" }).click();
    await page.locator(test("template-name")).fill("导管室备用");
    await page.locator(test("template-rename-save")).click();
    await page.getByText("导管室备用").waitFor();
    await page.getByRole("button", { name: "删除模板 导管室备用" }).click();
    await expect.poll(() => page.locator('[data-test^="template-start-"]').count()).toBe(1);
    expectClean();
    await close();
  });
});

describe("a sudden need", () => {
  it("is reported with its figures, and not without a reason", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await orders();
    await page.keyboard.press("m");
    await page.locator(test("template-start-T-1")).click();
    await page.locator(test("quantity-0")).fill("90");
    await page.locator(test("compose-surge")).click();
    await page.locator(test("surge-rows")).getByText("15.0 倍").waitFor();
    await shot("surge");
    await expectAccessible();
    await page.locator(test("surge-print")).click();
    await expect.poll(() => page.locator(`${test("surge-reason")}:invalid`).count()).toBe(1);
    expectClean();
    await close();
  });
});

describe("transfers between hospitals", () => {
  async function transfers(opening: Opening = {}) {
    const opened = await open(opening);
    await opened.page.keyboard.press("Alt+7");
    await opened.page.getByRole("tab", { name: "院间调剂" }).click();
    await opened.page.locator(test("transfers-row-X-1")).waitFor();
    return opened;
  }

  it.each(["light", "dark", "contrast", "forced"] satisfies Look[])("are accessible in %s", async (look) => {
    const { page, shot, expectClean, expectAccessible, close } = await transfers({ look });
    await page.locator(test("transfers-row-X-1")).click();
    await page.keyboard.press("Enter");
    await page.locator(test("transfer")).waitFor();
    await shot(`transfers-${look}`);
    await expectAccessible();
    await page.keyboard.press("n");
    await page.locator(test("transfer-form")).waitFor();
    await shot(`transfer-form-${look}`);
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are recorded, corrected and deleted", async () => {
    const { page, expectClean, close } = await transfers();
    await page.keyboard.press("n");
    for (const [field, value] of [
      ["other", "望溪区人民医院"],
      ["name", "一次性使用输液器"],
      ["quantity", "200"],
      ["unit", "套"],
      ["lot", "20260801"],
      ["reason", "配送延误，急诊存量不足一日"],
    ] as const)
      await page.locator(test(`transfer-${field}`)).fill(value);
    await page.keyboard.press("Control+Enter");
    await page.getByText("已登记院间调剂", { exact: true }).waitFor();
    await page.locator(test("transfer")).getByText("20260801").waitFor();
    await page.locator(test("transfer-correct")).click();
    await page.locator(test("transfer-quantity")).fill("150");
    await page.locator(test("transfer-save")).click();
    await page.locator(test("transfer")).getByText("150 套").waitFor();
    await page.locator(test("transfer-remove")).click();
    await page.locator(test("transfer-remove-confirm")).click();
    await expect.poll(() => page.locator('[data-test^="transfers-row-"]').count()).toBe(2);
    expectClean();
    await close();
  });
});

describe("lines that the platform refused", () => {
  const item = {
    key: "0199a0c1-9c22-7b10-9a01-5f20a1c0b999",
    kind: "order.submit",
    subject: "0199a0c9",
    subjectTitle: "导管室",
    state: "needsDecision",
    attempts: 1,
    errorCode: "partial",
    errorText: "",
    createdAt: "2026-11-20T08:41:12+08:00",
    sentAt: "2026-11-20T08:41:13+08:00",
    settledAt: "2026-11-20T08:41:14+08:00",
    acceptedAt: null,
    digest: "9ad04be7c2".repeat(6),
    actor: "zhoumin",
    actorName: "周敏",
    onBehalfOf: null,
    reviewer: null,
    reviewedAt: null,
    reviewReason: null,
    own: true,
    refused: [
      {
        line: 2,
        what: "冠脉造影导管 6F JL4.0",
        quantity: "80",
        unit: "根",
        code: "notListed",
        reason: "产品已暂停挂网",
      },
    ],
    isPartial: true,
    files: [],
    other: null,
  };

  const review = { toReview: 0, awaiting: 0, returned: 0 };
  const line = { product: "P-2", supplier: "S-0", quantity: "80", price: "1.00" };
  const lines = [{ ...line, agreement: null, filing: null, ownKey: null, requests: [] }];
  const draft = { id: "0199a0c9-2", kind: "普通", dept: "导管室", remarks: "", lines };

  it("stand above an order that came back whole", async () => {
    const whole = {
      ...item,
      subject: draft.id,
      state: "refused",
      isPartial: false,
      errorText: "产品已暂停挂网",
    };
    const { page, shot, expectClean, expectAccessible, close } = await orders({
      backend: {
        outbox_list: { items: [whole], waiting: 0, attention: 1, review, before: null },
        order_drafts: { drafts: [draft] },
      },
    });
    await page.locator(test("order-drafts")).click();
    await page.locator("[role=menuitem]").first().click();
    await page.locator(test("refused-line-2")).getByText("冠脉造影导管").waitFor();
    await page.locator(test("compose-line-0")).waitFor();
    await shot("compose-refused-lines");
    await expectAccessible();
    expectClean();
    await close();
  });

  it("are told one by one and go into a new draft by one key", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open({
      backend: {
        outbox_list: { items: [item], waiting: 0, attention: 1, review, before: null },
        order_refused_take: draft,
        order_drafts: { drafts: [draft] },
      },
    });
    await page.keyboard.press("Alt+0");
    await page.locator(test(`outbox-item-${item.key}`)).click();
    await page.locator(test("refused-line-2")).getByText("产品已暂停挂网").waitFor();
    await shot("outbox-refused");
    await expectAccessible();
    await page.keyboard.press("b");
    await page.locator(test("compose-line-0")).waitFor();
    expect(await page.locator(test("quantity-0")).inputValue()).toBe("80");
    await shot("outbox-refused-draft");
    expectClean();
    await close();
  });
});

describe("photos of goods", () => {
  it("are chosen with the receipt", async () => {
    const { page, shot, expectClean, expectAccessible, close } = await open();
    await page.keyboard.press("Alt+4");
    await page.locator('[data-test^="delivery-row-"], [data-test^="deliveries-row-"]').first().click();
    await page.keyboard.press("Enter");
    await page.locator(test("receipt-files")).waitFor();
    await page.locator(test("receipt-files")).scrollIntoViewIfNeeded();
    await shot("receipt-files");
    await expectAccessible();
    expectClean();
    await close();
  });
});
