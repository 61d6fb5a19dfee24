import { copyToClipboard } from "@/kit/clipboard";
import { toast } from "@/kit/toasts";

/** Copies a text and says so. */
export function copyText(text: string, done: string): void {
  const escaped = text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]!);
  if (copyToClipboard({ text, html: `<pre>${escaped}</pre>` })) toast("success", done);
}
