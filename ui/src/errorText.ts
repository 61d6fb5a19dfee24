import type { ApiError } from "./platform";
import type { Text } from "./text";

/** What the user reads for an error. */
export function errorText(error: ApiError, text: Text): string {
  return text.errors[error.code] ?? text.unknownError(error.code);
}
