import { describe, expect, it } from "vitest";
import { characterOf, ScannerReader, type ScannerKey } from "./scanner";

const GS = "\u001d";
const key = (part: Partial<ScannerKey>): ScannerKey => ({
  key: "",
  code: "",
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...part,
});

/** What a reader makes of keys pressed every so many ms, Enter at the end. */
function read(keys: readonly Partial<ScannerKey>[], gap: number): string | null {
  const reader = new ScannerReader();
  let code: string | null = null;
  [...keys, { key: "Enter" }].forEach((part, at) => {
    code = reader.press(key({ ...part, timeStamp: 1_000 + at * gap })).code;
  });
  return code;
}
const keysOf = (text: string) => [...text].map((letter) => ({ key: letter }));

describe("a scanner's keys", () => {
  it.each<[Partial<ScannerKey>, string | null]>([
    [{ key: "7" }, "7"],
    [{ key: "]", ctrlKey: true }, GS],
    [{ key: GS, ctrlKey: true }, GS],
    [{ key: "Process", code: "KeyL" }, "l"],
    [{ key: "Process", code: "KeyL", shiftKey: true }, "L"],
    [{ key: "Unidentified", code: "Digit4" }, "4"],
    [{ key: "c", ctrlKey: true }, null],
    [{ key: "ArrowDown", code: "ArrowDown" }, null],
  ])("%o are %o", (part, expected) => expect(characterOf(key(part))).toBe(expected));

  it.each([
    ["0106901234567892", 10, "0106901234567892"],
    ["0106901234567892", 60, "0106901234567892"],
    // A person types slower, and no label is so short.
    ["0106901234567892", 61, null],
    ["1234567", 10, null],
  ])("%s every %d ms is %o", (text, gap, expected) => expect(read(keysOf(text), gap)).toBe(expected));

  it("keep FNC1, whichever way it comes", () => {
    const lot = [...keysOf("010690123456789210L1"), { key: "]", ctrlKey: true }, ...keysOf("21S7")];
    expect(read(lot, 5)).toBe(`010690123456789210L1${GS}21S7`);
  });

  it("pass over Shift and Control by themselves", () => {
    const shifted = [...keysOf("01069012"), { key: "Shift" }, { key: "L", shiftKey: true }];
    expect(read(shifted, 5)).toBe("01069012L");
  });

  it("tell where a code begins, and forget what a person typed before", () => {
    const reader = new ScannerReader();
    const press = (letter: string, timeStamp: number) => reader.press(key({ key: letter, timeStamp }));
    expect(press("3", 1_000).begun).toBe(true);
    [..."01069012"].forEach((letter, at) => {
      expect(press(letter, 2_000 + at * 8).begun, `letter ${at}`).toBe(at === 0);
    });
    expect(press("Enter", 2_070).code).toBe("01069012");
    expect(press("Enter", 2_080).code).toBe(null);
  });
});
