import type { ApiError } from "./platform";
import type { Text } from "./text";

/** What the user reads for an error. */
export function errorText({ code }: Pick<ApiError, "code">, text: Text): string {
  const known: Partial<Record<string, string>> = text.errors;
  return known[code] ?? text.unknownError(code);
}
