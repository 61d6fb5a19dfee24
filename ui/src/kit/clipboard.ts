import type { CopiedTable } from "./grid/tsv";
import { toast } from "./toasts";

/**
 * Copies a table in both its forms. The old command instead of `navigator.clipboard`, because it needs no
 * permission, and WebKit lets it carry both types.
 */
export function copyToClipboard({ text, html }: CopiedTable): boolean {
  const fill = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/plain", text);
    event.clipboardData?.setData("text/html", html);
  };
  // WebKit only copies when something is selected.
  const anchor = document.createElement("span");
  anchor.textContent = "\u00a0";
  anchor.className = "visually-hidden";
  anchor.setAttribute("aria-hidden", "true");
  document.body.append(anchor);
  const selection = document.getSelection();
  const before = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
  selection?.selectAllChildren(anchor);
  document.addEventListener("copy", fill, true);
  try {
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", fill, true);
    selection?.removeAllRanges();
    if (before) selection?.addRange(before);
    anchor.remove();
  }
}

/** Copies a text and says so. */
export function copyText(text: string, done: string): void {
  const escaped = text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]!);
  if (copyToClipboard({ text, html: `<pre>${escaped}</pre>` })) toast("success", done);
}
