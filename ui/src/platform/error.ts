/** Error codes that the window itself can raise; all others come from the backend's closed list. */
export type LocalErrorCode = "timeout" | "noBackend" | "cancelled" | "draftUnsaved";

/** The only error that crosses from the backend: a code to act on, the field it concerns, and a log reference. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly code: string,
    readonly field: string | null = null,
    /** Number under which the log holds the details. */
    readonly incident: string | null = null,
  ) {
    super(code);
  }

  /** Makes an `ApiError` of whatever a rejected command carries. */
  static from(reason: unknown): ApiError {
    if (reason instanceof ApiError) return reason;
    if (typeof reason === "object" && reason !== null && "code" in reason) {
      const { code, field, incident } = reason as Record<string, unknown>;
      if (typeof code === "string") return new ApiError(code, textOrNull(field), textOrNull(incident));
    }
    return new ApiError("noBackend" satisfies LocalErrorCode);
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
