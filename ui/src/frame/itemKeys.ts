import { onActivated, onBeforeUnmount, onDeactivated, onMounted, type Ref } from "vue";

const NEXT = new Set(["ArrowDown", "j", "J"]);
const PREVIOUS = new Set(["ArrowUp", "k", "K"]);
const ENTRY = "input, textarea, select, [contenteditable], [role=grid], [role=separator], [role=tablist]";

/** Index to go to from `at` among `count`; -1 stands before the first. Stops at the ends. */
export function stepTo(at: number, step: -1 | 1, count: number): number {
  if (at < 0) return step === 1 ? 0 : count - 1;
  return Math.min(Math.max(at + step, 0), count - 1);
}

/**
 * Arrows and J/K walk through everything marked `data-item` in the screen, Home and End go to the ends; Enter is the
 * item's own. Rests while something is being typed, and while the screen is not in sight.
 */
export function useItemKeys(root: Ref<HTMLElement | null>): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(ENTRY) || document.querySelector("[data-dismissable-layer]")) return;
    const step = NEXT.has(event.key) ? 1 : PREVIOUS.has(event.key) ? -1 : null;
    if (step === null) return;
    const items = [...(root.value?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];
    if (items.length === 0) return;
    const at = items.findIndex((item) => item === document.activeElement);
    event.preventDefault();
    items[stepTo(at, step, items.length)]?.focus();
  };
  const start = () => window.addEventListener("keydown", onKey);
  const stop = () => window.removeEventListener("keydown", onKey);
  onMounted(start);
  onActivated(start);
  onDeactivated(stop);
  onBeforeUnmount(stop);
}
