/**
 * Barcode scanners that stand in for a keyboard: a whole code in quick keys, ended by Enter or Tab. FNC1 comes as the
 * character 29 (GS), as Ctrl+] or as `]d2` and the like, which the core reads.
 */

/** Between two keys of a scanner, ms; a person is slower. Times are the keys' own, so a busy window does not matter. */
const LONGEST_GAP_MS = 60;
/** No label is shorter. */
const SHORTEST = 8;
const GS = "\u001d";

/** What the reader needs of a key press. */
export type ScannerKey = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey" | "timeStamp"
>;

/** The character that a key stands for; an input method hides it, then its place tells. Null where it is none. */
export function characterOf({ key, code, ctrlKey, altKey, metaKey, shiftKey }: ScannerKey): string | null {
  if (key === GS || (ctrlKey && (key === "]" || code === "BracketRight"))) return GS;
  if (ctrlKey || altKey || metaKey) return null;
  if (key.length === 1) return key;
  const place = /^(?:Digit|Numpad)(\d)$|^Key([A-Z])$/.exec(code);
  if (!place || (key !== "Process" && key !== "Unidentified")) return null;
  return place[1] ?? (shiftKey ? place[2]! : place[2]!.toLowerCase());
}

/** Picks codes out of key presses, wherever the keyboard is. */
export class ScannerReader {
  private typed = "";
  private last = 0;

  /** `begun` with the first character of what may be a code; the code when it is complete. */
  press(event: ScannerKey): { begun: boolean; code: string | null } {
    const quick = event.timeStamp - this.last <= LONGEST_GAP_MS;
    if (event.key === "Shift" || event.key === "Control") return { begun: false, code: null };
    this.last = event.timeStamp;
    if (event.key === "Enter" || event.key === "Tab" || event.code === "Enter") {
      const code = quick && this.typed.length >= SHORTEST ? this.typed : null;
      this.typed = "";
      return { begun: false, code };
    }
    const character = characterOf(event);
    if (character === null) {
      this.typed = "";
      return { begun: false, code: null };
    }
    const begun = !quick || this.typed === "";
    this.typed = begun ? character : this.typed + character;
    return { begun, code: null };
  }
}
