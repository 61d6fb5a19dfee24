import { describe, expect, it } from "vitest";
import type { OrderRow } from "@/bindings/wire";
import { actsOf, meantFor, type LineAct } from "./lineActs";

const row = (part: Partial<OrderRow>) =>
  ({ state: "SUBMITTED", received: "0", returned: "0", ...part }) as OrderRow;

describe("an order line", () => {
  it.each<[Partial<OrderRow>, LineAct[]]>([
    [{}, ["again", "cancel"]],
    [{ state: "ACCEPTED" }, ["again", "cancel"]],
    [{ state: "SHIPPED" }, ["again"]],
    [{ state: "RECEIVED", received: "6" }, ["again", "return"]],
    [{ state: "RECEIVING", received: "2.5", returned: "2.4999" }, ["again", "return"]],
    [{ state: "RECEIVED", received: "6", returned: "6.0000" }, ["again"]],
    [{ state: "CANCELLED" }, ["again"]],
  ])("%o may be %o", (part, acts) => expect(actsOf([row(part)])).toEqual(acts));

  it("of several, only those are meant that may", () => {
    const rows = [row({}), row({ state: "RECEIVED", received: "1" })];
    expect(actsOf(rows)).toEqual(["again", "cancel", "return"]);
    expect(meantFor("cancel", rows)).toEqual([rows[0]]);
  });
});
