import { expect, it } from "vitest";
import { errorText } from "./errorText";
import { zh } from "./text";
import { en } from "./text.en";

it("says where an error is, and how far a recount has come", () => {
  for (const text of [zh, en]) {
    expect(errorText({ code: "indicatorsCounting", field: "6 %" }, text)).toMatch(/[:：]\s?6 %$/);
    expect(errorText({ code: "viewGone", field: null }, text)).not.toMatch(/[:：]$/);
    expect(errorText({ code: "unheardOf", field: null }, text)).toContain("unheardOf");
  }
});
