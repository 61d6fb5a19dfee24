import { describe, expect, it } from "vitest";
import type { DeliveryLine, ScannedLabel } from "@/bindings/wire";
import {
  blankEntry,
  entriesOf,
  faultOf,
  filled,
  leftAfter,
  scanInto,
  shelfOf,
  splitAfter,
  warningsOf,
  without,
  type Entry,
} from "./receipt";

const line = (part: Partial<DeliveryLine> = {}): DeliveryLine => ({
  id: "1",
  orderLine: null,
  lineNo: 1,
  product: "冠脉球囊扩张导管",
  spec: "",
  model: "",
  unit: "根",
  mcsCode: null,
  delivered: "6",
  received: "0",
  rejected: "0",
  waiting: "0",
  left: "6",
  lot: "L1",
  madeOn: null,
  expiresOn: "2028-08-11",
  shelf: "good",
  udi: "",
  ...part,
});
const entry = (part: Partial<Entry> = {}): Entry => ({ ...blankEntry(line()), ...part });
const label = (part: Partial<ScannedLabel> = {}): ScannedLabel => ({
  udi: "01069012345678921028",
  di: "06901234567892",
  lot: "L1",
  expiresOn: "2028-08-11",
  serial: null,
  shelf: "good",
  ...part,
});

describe("a receipt's entries", () => {
  it("are one blank entry for each line with something left, and what was drafted of the others", () => {
    const lines = [line(), line({ id: "2", left: "0" }), line({ id: "3" })];
    const drafted = [entry({ line: "3", received: "2" }), entry({ line: "3", received: "1", lot: "L2" })];
    expect(entriesOf(lines, drafted).map((one) => `${one.line}:${one.received}`)).toEqual([
      "1:",
      "3:2",
      "3:1",
    ]);
  });

  it.each<[Partial<Entry>, ReturnType<typeof faultOf>]>([
    [{}, null],
    [{ received: "6" }, null],
    [{ received: "６" }, null],
    [{ received: "5.5", rejected: "0.5", rejectReason: "破损" }, null],
    [{ received: "7" }, "over"],
    [{ received: "6", rejected: "0.0001", rejectReason: "破损" }, "over"],
    [{ received: "两" }, "received"],
    [{ received: "-1" }, "received"],
    [{ rejected: "x" }, "rejected"],
    [{ received: "1", rejected: "1" }, "reason"],
    [{ received: "1", rejected: "1", rejectReason: " " }, "reason"],
  ])("%o has fault %o", (part, fault) => {
    const one = entry(part);
    expect(faultOf(line(), one, [one])).toBe(fault);
  });

  it("of one line count together", () => {
    const entries = [entry({ received: "4" }), entry({ received: "3", lot: "L2" })];
    expect(leftAfter(line(), entries)).toBe("-1");
    expect(faultOf(line(), entries[0]!, entries)).toBe("over");
  });

  it("are filled with what is left, and what was typed stays", () => {
    const lines = [line(), line({ id: "2", left: "2.5" }), line({ id: "3" })];
    const entries = entriesOf(lines, [entry({ line: "3", received: "1" })]);
    expect(filled(lines, entries).map(({ received }) => received)).toEqual(["6", "2.5", "1"]);
  });

  it("are split by lot and taken out again; the last of a line is cleared", () => {
    const two = splitAfter([entry({ received: "4" })], 0, line());
    expect(two.map(({ lot }) => lot)).toEqual(["L1", ""]);
    const one = without(two, 1, line());
    expect(one).toEqual([entry({ received: "4" })]);
    expect(without(one, 0, line())).toEqual([entry()]);
  });
});

describe("warnings", () => {
  it.each([
    [null, "good"],
    ["", "good"],
    ["2026-11-19", "expired"],
    ["2026-11-20", "near"],
    ["2027-05-22", "near"],
    ["2027-05-23", "good"],
  ])("goods until %s are %s", (day, shelf) => expect(shelfOf(day, "2026-11-20")).toBe(shelf));

  it("tell of another lot than the delivery note states", () => {
    expect(warningsOf(line(), entry({ lot: "L9", expiresOn: "2026-01-01" }), "2026-11-20")).toEqual([
      "expired",
      "otherLot",
    ]);
    expect(warningsOf(line({ lot: "" }), entry({ lot: "L9" }), "2026-11-20")).toEqual([]);
  });
});

describe("a scan", () => {
  it("fills lot, expiry and code, and counts one", () => {
    const { entries, at, outcome } = scanInto(
      [entry()],
      line(),
      label({ lot: "L7", expiresOn: "2029-01-31" }),
    );
    expect({ at, outcome }).toEqual({ at: 0, outcome: "counted" });
    expect(entries).toEqual([
      entry({ received: "1", lot: "L7", expiresOn: "2029-01-31", udi: "01069012345678921028" }),
    ]);
  });

  it("of the same lot again counts on; of another lot makes an entry of its own", () => {
    const once = scanInto([entry()], line(), label());
    const twice = scanInto(once.entries, line(), label());
    const other = scanInto(twice.entries, line(), label({ udi: "other", lot: "L2" }));
    expect(other.entries.map(({ lot, received }) => `${lot}:${received}`)).toEqual(["L1:2", "L2:1"]);
    expect(other.at).toBe(1);
  });

  it("of a piece with a serial number counts once, and a second piece stands by itself", () => {
    const piece = label({ udi: "A", serial: "S1" });
    const once = scanInto([entry()], line(), piece);
    expect(scanInto(once.entries, line(), piece).outcome).toBe("again");
    const second = scanInto(once.entries, line(), label({ udi: "B", serial: "S2" }));
    expect(second.entries.map(({ udi, received }) => `${udi}:${received}`)).toEqual(["A:1", "B:1"]);
  });

  it("never counts more than is left", () => {
    const full = [entry({ received: "6" })];
    expect(scanInto(full, line(), label())).toMatchObject({ entries: full, outcome: "full" });
    let entries: readonly Entry[] = [entry()];
    for (let scan = 0; scan < 10; scan++) {
      entries = scanInto(entries, line(), label({ udi: `U${scan}`, serial: `${scan}` })).entries;
    }
    expect(leftAfter(line(), entries)).toBe("0");
    expect(entries).toHaveLength(6);
  });
});
