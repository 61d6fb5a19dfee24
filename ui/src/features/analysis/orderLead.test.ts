import { describe, expect, it } from "vitest";
import { orderArgs } from "./orderLead";

describe("from an action to an order", () => {
  const goods = { productId: "P1", supplier: "云岭岚泰医药有限公司" };

  it("leads with product, distributor and quantity", () =>
    expect(orderArgs({ kind: "order", amount: "292", unit: "支" }, goods)).toEqual({
      product: "P1",
      supplier: "云岭岚泰医药有限公司",
      quantity: "292",
      unit: "支",
    }));

  it.each([
    ["an action of another kind", "improve", goods],
    ["an agreement that is not here", "order", null],
    ["an agreement without a product", "order", { productId: "", supplier: "" }],
  ])("leads nowhere for %s", (_, kind, of) =>
    expect(orderArgs({ kind, amount: "1", unit: "支" }, of)).toBeNull(),
  );
});
