import type { DeliveryLine, ReceiptDraftLine, ScannedLabel, ShelfLife } from "@/bindings/wire";
import { decimal, typedDecimal, units } from "@/frame/decimal";
import { addDays } from "@/kit/dateEntry";

/** One entry of a receipt: so many of a line, of one lot. A line may have several. */
export type Entry = ReceiptDraftLine;

/** Goods are near their expiry within half a year, as the core counts it. */
const NEAR_DAYS = 183;
const NOUGHT = 0n;

/** The entries with another one in a place. */
export function replaced(entries: readonly Entry[], at: number, entry: Entry): Entry[] {
  return entries.map((before, other) => (other === at ? entry : before));
}

function inserted(entries: readonly Entry[], at: number, entry: Entry): Entry[] {
  return [...entries.slice(0, at), entry, ...entries.slice(at)];
}

/** An untouched entry: lot and expiry as the distributor states them, no quantity. */
export function blankEntry({ id, lot, expiresOn }: DeliveryLine): Entry {
  return { line: id, received: "", rejected: "", rejectReason: "", lot, expiresOn, udi: "" };
}

export function isBlank({ received, rejected }: Entry): boolean {
  return received.trim() === "" && rejected.trim() === "";
}

/** In the delivery's order, what is drafted of each line, and a blank entry of each that still has something to receive. */
export function entriesOf(lines: readonly DeliveryLine[], drafted: readonly Entry[]): Entry[] {
  return lines.flatMap((line) => {
    const own = drafted.filter((entry) => entry.line === line.id);
    if (own.length > 0) return own;
    return units(line.left) === NOUGHT ? [] : [blankEntry(line)];
  });
}

/** What was typed as a quantity; blank is nought, null is none. */
function quantityOf(typed: string): bigint | null {
  return typed.trim() === "" ? NOUGHT : units(typedDecimal(typed));
}

/** Why an entry cannot be sent; `over` is about the line with all its entries. */
export type EntryFault = "received" | "rejected" | "over" | "reason";

function taken(entry: Entry): bigint {
  return (quantityOf(entry.received) ?? NOUGHT) + (quantityOf(entry.rejected) ?? NOUGHT);
}

/** What is left of a line after the entries; less than nought where they are too many. */
export function leftAfter(line: DeliveryLine, entries: readonly Entry[]): string {
  const sum = entries
    .filter((entry) => entry.line === line.id)
    .reduce((before, entry) => before + taken(entry), NOUGHT);
  return decimal((units(line.left) ?? NOUGHT) - sum);
}

/** The first thing wrong with an entry, or null. */
export function faultOf(line: DeliveryLine, entry: Entry, entries: readonly Entry[]): EntryFault | null {
  const rejected = quantityOf(entry.rejected);
  if (quantityOf(entry.received) === null) return "received";
  if (rejected === null) return "rejected";
  if (leftAfter(line, entries).startsWith("-") && !isBlank(entry)) return "over";
  return rejected > NOUGHT && entry.rejectReason.trim() === "" ? "reason" : null;
}

/** What the person is told of an entry, and decides: it may be sent all the same. */
export type EntryWarning = "expired" | "near" | "otherLot";

export function shelfOf(expiresOn: string | null, today: string): ShelfLife {
  if (expiresOn === null || expiresOn === "") return "good";
  if (expiresOn < today) return "expired";
  return expiresOn <= addDays(today, NEAR_DAYS) ? "near" : "good";
}

export function warningsOf(line: DeliveryLine, entry: Entry, today: string): EntryWarning[] {
  const shelf = shelfOf(entry.expiresOn, today);
  const warnings: EntryWarning[] = shelf === "good" ? [] : [shelf];
  if (line.lot !== "" && entry.lot.trim() !== "" && entry.lot.trim() !== line.lot) warnings.push("otherLot");
  return warnings;
}

/** What a scan did: counted one more, was that piece already, or found the line full. */
export interface Scanned {
  readonly entries: readonly Entry[];
  /** The entry that it is about. */
  readonly at: number;
  readonly outcome: "counted" | "again" | "full";
}

const ONE = 10_000n;

/** Counts a scanned label to a line: one piece more of its lot. A piece with a serial number counts once. */
export function scanInto(entries: readonly Entry[], line: DeliveryLine, label: ScannedLabel): Scanned {
  const own = entries.map((entry, at) => ({ entry, at })).filter(({ entry }) => entry.line === line.id);
  const same = own.find(({ entry }) => entry.udi === label.udi);
  if (same && label.serial !== null) return { entries, at: same.at, outcome: "again" };
  const last = own[own.length - 1]?.at ?? entries.length - 1;
  if ((units(leftAfter(line, entries)) ?? NOUGHT) < ONE) {
    return { entries, at: same?.at ?? last, outcome: "full" };
  }
  const told: Pick<Entry, "lot" | "expiresOn" | "udi"> = {
    lot: label.lot ?? line.lot,
    expiresOn: label.expiresOn ?? line.expiresOn,
    udi: label.udi,
  };
  const ofLot = own.find(
    ({ entry }) => label.serial === null && entry.udi === "" && entry.lot === told.lot && !isBlank(entry),
  );
  const open = same ?? ofLot ?? own.find(({ entry }) => isBlank(entry));
  if (open) {
    const received = decimal((quantityOf(open.entry.received) ?? NOUGHT) + ONE);
    const counted = { ...open.entry, ...told, received };
    return { entries: replaced(entries, open.at, counted), at: open.at, outcome: "counted" };
  }
  const entry = { ...blankEntry(line), ...told, received: "1" };
  return { entries: inserted(entries, last + 1, entry), at: last + 1, outcome: "counted" };
}

/** Everything that is left of the lines, as the distributor states it; what is already entered stays. */
export function filled(lines: readonly DeliveryLine[], entries: readonly Entry[]): Entry[] {
  const result = [...entries];
  for (const line of lines) {
    const at = result.findIndex((entry) => entry.line === line.id && isBlank(entry));
    const left = leftAfter(line, result);
    if (at >= 0 && (units(left) ?? NOUGHT) > NOUGHT) result[at] = { ...result[at]!, received: left };
  }
  return result;
}

/** A second lot of the same line, after the entry. */
export function splitAfter(entries: readonly Entry[], at: number, line: DeliveryLine): Entry[] {
  return inserted(entries, at + 1, { ...blankEntry(line), lot: "", expiresOn: null });
}

/** Takes an entry out; the last one of a line is only cleared. */
export function without(entries: readonly Entry[], at: number, line: DeliveryLine): Entry[] {
  const alone = entries.filter((entry) => entry.line === line.id).length === 1;
  return alone ? replaced(entries, at, blankEntry(line)) : entries.filter((_, other) => other !== at);
}
