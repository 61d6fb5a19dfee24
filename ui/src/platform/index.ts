/**
 * The window's only way out: commands, events and the frame of the desktop window.
 * In the shell they go to Rust; in a plain browser a stand-in answers. Nothing else imports `@tauri-apps/*`.
 */
import type { Commands } from "./commands";
import { ApiError } from "./error";
import type { Transport, WindowControls } from "./transport";

export type { Commands } from "./commands";
export { ApiError } from "./error";
export type { FileDrag, WindowControls } from "./transport";

/** A panic in a command leaves its promise pending for ever, so every call has an end. */
const DEFAULT_TIMEOUT_MS = 30_000;

let transport: Transport | null = null;

/** Chooses the transport. Called once, before the window is mounted. The shipped window has no stand-in in it. */
export async function connect(): Promise<void> {
  transport =
    "__TAURI_INTERNALS__" in window || import.meta.env.MODE === "production"
      ? (await import("./tauri")).tauriTransport()
      : (await import("./browser")).browserTransport();
}

/** Uses this transport instead; for tests. */
export function connectTo(other: Transport): void {
  transport = other;
}

function connected(): Transport {
  if (transport === null) throw new Error("platform.connect() has not run");
  return transport;
}

export interface CallOptions {
  /** Milliseconds until the call fails with code `timeout`. Long jobs report by events and answer at once. */
  timeoutMs?: number;
  /** Drops the answer and fails with code `cancelled`. The backend may still finish. */
  signal?: AbortSignal;
}

/**
 * Runs a backend command.
 *
 * @throws ApiError and nothing else
 * @example const { values } = await call("preferences", {})
 */
export async function call<C extends keyof Commands>(
  command: C,
  request: Commands[C]["request"],
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: CallOptions = {},
): Promise<Commands[C]["answer"]> {
  if (signal?.aborted) throw new ApiError("cancelled");
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new ApiError("timeout", command)), timeoutMs);
    const cancel = () => reject(new ApiError("cancelled"));
    signal?.addEventListener("abort", cancel);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    };
  });
  try {
    return (await Promise.race([connected().invoke(command, request), ended])) as Commands[C]["answer"];
  } catch (reason) {
    throw ApiError.from(reason);
  } finally {
    stop();
  }
}

/** Listens to a backend event; answers a function that stops listening. */
export function listen<Payload>(event: string, handler: (payload: Payload) => void): Promise<() => void> {
  return connected().listen(event, (payload) => handler(payload as Payload));
}

export function windowControls(): WindowControls {
  return connected().window;
}
