import { describe, expect, it } from "vitest";
import { useNewPassphrase } from "./newPassphrase";

describe("a new passphrase", () => {
  it.each([
    ["1234567", "1234567", false],
    ["12345678", "12345678", true],
    ["12345678", "12345679", false],
    // Eight characters, sixteen code units.
    ["𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", true],
    // Four characters are four, whatever their code units.
    ["𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷", false],
  ])("%s, then %s: %s", (next, again, taken) => {
    const entry = useNewPassphrase();
    Object.assign(entry, { next, again });
    expect([entry.short, entry.differs]).toEqual([null, null]);
    expect(entry.check()).toBe(taken);
    expect(entry.short === null && entry.differs === null).toBe(taken);
    entry.clear();
    expect([entry.next, entry.again, entry.short]).toEqual(["", "", null]);
  });
});
