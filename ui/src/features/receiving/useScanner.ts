import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from "vue";
import { ScannerReader } from "./scanner";

type Entry = HTMLInputElement | HTMLTextAreaElement;

function isEntry(target: EventTarget | null): target is Entry {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/**
 * Hears scanned codes while the screen is in sight, wherever the keyboard is: a field that the code was typed into gets
 * back what it held.
 */
export function useScanner(scanned: (code: string) => void): void {
  const reader = new ScannerReader();
  let field: { entry: Entry; before: string } | null = null;

  function giveBack(): void {
    if (field === null || field.entry.value === field.before) return;
    field.entry.value = field.before;
    field.entry.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function onKey(event: KeyboardEvent): void {
    const { begun, code } = reader.press(event);
    if (begun) field = isEntry(event.target) ? { entry: event.target, before: event.target.value } : null;
    if (code === null || document.querySelector('[role="dialog"][data-state="open"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    giveBack();
    scanned(code);
  }

  // Before anything else hears the Enter: it would press the button that has the keyboard.
  const start = () => window.addEventListener("keydown", onKey, { capture: true });
  const stop = () => window.removeEventListener("keydown", onKey, { capture: true });
  onMounted(start);
  onActivated(start);
  onDeactivated(stop);
  onBeforeUnmount(stop);
}
