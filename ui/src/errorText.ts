import type { ApiError } from "./platform";
import type { Text } from "./text";

/** What the user reads for an error. A text that ends with a colon goes on with the place that the error names. */
export function errorText(
  { code, field = null }: Pick<ApiError, "code"> & { field?: string | null },
  text: Text,
): string {
  const known: Partial<Record<string, string>> = text.errors;
  const words = known[code] ?? text.unknownError(code);
  if (words.endsWith(":")) return `${words} ${field ?? ""}`.trimEnd();
  return words.endsWith("：") ? `${words}${field ?? ""}` : words;
}
