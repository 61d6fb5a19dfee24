/** A column of fields in a table: Enter and the arrows go down and up, a column pasted from Excel fills downwards. */

/** Moves the keyboard to the field above or below; true where the key was one of those. */
export function stepInColumn(event: KeyboardEvent, table: HTMLElement | null, field: string): boolean {
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.isComposing || event.ctrlKey || event.altKey) return false;
  event.preventDefault();
  const cells = [...(table?.querySelectorAll<HTMLInputElement>(`input[data-field=${field}]`) ?? [])];
  const next = cells[cells.indexOf(event.target as HTMLInputElement) + step];
  next?.focus();
  next?.select();
  return true;
}

/** The first cell of each pasted line, as Excel puts a column into the clipboard. */
export function pastedColumn(pasted: string): string[] {
  return pasted
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => (line.split("\t")[0] ?? "").trim());
}

/** What was pasted where it is a column of several lines; one line is the field's own. */
export function takeColumn(event: ClipboardEvent): string[] | null {
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\n\t]/.test(pasted.trimEnd())) return null;
  event.preventDefault();
  return pastedColumn(pasted);
}
