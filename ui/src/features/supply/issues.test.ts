import { describe, expect, it } from "vitest";
import type { OrderRow } from "@/bindings/wire";
import { supply } from "./text";
import { described, issueRequest, kindOf, NO_ISSUE, pickedLine, runningClock, samePair } from "./issues";
import { inviteFault, NO_INVITATION } from "./negotiations";

const row = (part: Partial<OrderRow> = {}): OrderRow => ({
  id: "7",
  orderCode: "DD1",
  lineNo: 2,
  productId: "P1",
  product: "支架",
  spec: "Φ2.75",
  model: "",
  mcsCode: null,
  maker: "岚禾",
  supplierId: "S1",
  supplier: "岚泰",
  unit: "套",
  quantity: "6.0000",
  price: "1",
  amount: "6",
  kind: "普通",
  state: "ACCEPTED",
  stateText: "待配送",
  late: false,
  urgent: false,
  submittedAt: "2026-11-18T09:00:00+08:00",
  deliveryDueAt: null,
  delivered: "0",
  received: "0",
  returned: "0",
  dept: "",
  ...part,
});

describe("evidence", () => {
  it.each([
    [{ state: "REFUSED" }, "refusal"],
    [{ state: "SHIP_REFUSED", late: true }, "refusal"],
    [{ late: true }, "late"],
    [{}, "short"],
  ])("of a line %j speaks of %s", (part, kind) => expect(kindOf(row(part))).toBe(kind));

  it("is of one product and one distributor", () => {
    expect(samePair(row(), row({ id: "8", lineNo: 3 }))).toBe(true);
    for (const other of [{ productId: "P2" }, { supplierId: "S2" }])
      expect(samePair(row(), row(other))).toBe(false);
  });

  it("is put into words once, below what was written", () => {
    const line = pickedLine(row());
    const once = described("急用。", [line], supply);
    expect(once).toBe("急用。\n订单 DD1 第 2 行，2026-11-18 提交，订购 6 套，已送 0 套。");
    expect(described(once, [line], supply)).toBe(once);
  });

  it("is sent by the lines' ids; no office is none", () =>
    expect(issueRequest({ ...NO_ISSUE, lines: [pickedLine(row())], description: " 缺货 " })).toEqual({
      kind: "short",
      description: "缺货",
      orderLines: ["7"],
      office: null,
      attachments: [],
    }));
});

describe("the clock of a supply problem", () => {
  const clock = {
    dueDate: "2026-11-20",
    remainingWorkingDays: 0,
    urgency: "today",
    provisional: false,
  } as const;
  it("is the company's answer, then the goods, then none", () => {
    expect(runningClock({ replyClock: clock, promiseClock: clock })?.what).toBe("replyClock");
    expect(runningClock({ replyClock: null, promiseClock: clock })?.what).toBe("promiseClock");
    expect(runningClock({ replyClock: null, promiseClock: null })).toBeNull();
  });
});

describe("an invitation", () => {
  const begun = { ...NO_INVITATION, product: "P1", listedPrice: "186.0000" };
  it.each([
    [NO_INVITATION, "product"],
    [begun, "targetPrice"],
    [{ ...begun, target: "186" }, "targetPrice"],
    [{ ...begun, target: "0" }, "targetPrice"],
    [{ ...begun, target: "约100" }, "targetPrice"],
    [{ ...begun, target: "185.9999" }, null],
  ])("%j: %s", (fields, fault) => expect(inviteFault(fields)).toBe(fault));
});
