import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from "vue";

/** A key press as a name: `Ctrl+K`, `Alt+ArrowLeft`, `F5`. Command counts as Ctrl. */
export function keyName(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  return [...parts, key].join("+");
}

/** Whether a dialog has the keyboard: then the frame's keys rest. */
function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"]') !== null;
}

/** Binds keys of the whole window while the component lives. What a control has handled itself is left alone. */
export function useKeys(bindings: Readonly<Record<string, () => void>>): void {
  const onKey = (event: KeyboardEvent) => {
    const run = event.defaultPrevented || event.isComposing ? undefined : bindings[keyName(event)];
    if (!run) return;
    // Also over a dialog: the browser's own F5 would reload.
    event.preventDefault();
    if (!dialogOpen()) run();
  };
  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => window.removeEventListener("keydown", onKey));
}

/** Where letters are text: not in radio buttons and check boxes. */
const ENTRY = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

/**
 * Binds keys of one room: they rest while something is typed, while a dialog or a menu is open, and while the room is
 * not in sight.
 */
export function useRoomKeys(bindings: Readonly<Record<string, () => void>>): void {
  const onKey = (event: KeyboardEvent) => {
    const run = event.defaultPrevented || event.isComposing ? undefined : bindings[keyName(event)];
    const target = event.target instanceof Element ? event.target : null;
    if (!run || target?.closest(ENTRY) || document.querySelector("[data-dismissable-layer]")) return;
    event.preventDefault();
    run();
  };
  const start = () => window.addEventListener("keydown", onKey);
  const stop = () => window.removeEventListener("keydown", onKey);
  onMounted(start);
  onActivated(start);
  onDeactivated(stop);
  onBeforeUnmount(stop);
}

const closers: (() => void)[] = [];

/** Esc closes what was opened last: a screen's detail, a panel. Dialogs, menus and lists close themselves. */
export function useEscapeKey(): void {
  const onKey = (event: KeyboardEvent) => {
    const close = closers[closers.length - 1];
    const layered = document.querySelector("[data-dismissable-layer]") !== null;
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || layered || !close) return;
    event.preventDefault();
    close();
  };
  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => window.removeEventListener("keydown", onKey));
}

/** Registers what Esc closes; answers a function that takes it back. */
export function onEscape(close: () => void): () => void {
  closers.push(close);
  return () => void closers.splice(closers.lastIndexOf(close), 1);
}
