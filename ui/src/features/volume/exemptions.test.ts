import { describe, expect, it } from "vitest";
import { exemptionFaults, exemptionRequest, NO_EXEMPTION, type ExemptionFields } from "./exemptions";

const written: ExemptionFields = {
  ...NO_EXEMPTION,
  agreement: "XY1",
  relief: "１２０",
  from: "2026-11-01",
  through: "2026-12-31",
  reason: " 术式改变 ",
  evidence: "药事会纪要〔2026〕11号",
};

describe("an exemption", () => {
  it.each<[string, Partial<ExemptionFields>, string[]]>([
    ["complete", {}, []],
    ["without a reason", { reason: "  " }, ["reason fieldRequired"]],
    ["without evidence", { evidence: "" }, ["evidence fieldRequired"]],
    ["ends before it begins", { through: "2026-10-31" }, ["through fieldInvalid"]],
    ["without a relief", { relief: "" }, ["relief fieldRequired"]],
    ["with a nought", { relief: "0.0" }, ["relief fieldInvalid"]],
    ["with words for a number", { relief: "约一百" }, ["relief fieldInvalid"]],
    ["of another kind needs a product", { kind: "reserve-supplier" }, ["product fieldRequired"]],
    ["of another kind needs no relief", { kind: "cheaper-equal-product", product: "P1", relief: "" }, []],
  ])("%s", (_, rest, expected) => {
    const found = exemptionFaults({ ...written, ...rest });
    expect(found.map(({ field, code }) => `${field} ${code}`)).toEqual(expected);
  });

  it("sends what its kind asks for and nothing else", () => {
    const sent = exemptionRequest({ ...written, product: "P1" });
    expect(sent).toMatchObject({ agreement: "XY1", product: null, relief: "120", reason: "术式改变" });
    const other = exemptionRequest({ ...written, kind: "reserve-supplier", product: "P1" });
    expect(other).toMatchObject({ agreement: null, product: "P1", maker: null, relief: "" });
  });
});
