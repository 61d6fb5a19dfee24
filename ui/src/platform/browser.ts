import type { Transport } from "./transport";
import recorded from "./recorded.json";

/** Answers commands in place of the Rust core: one function per command, or the recorded answer itself. */
export type FakeBackend = Record<string, unknown>;

declare global {
  interface Window {
    /** Set by a screen test before the page loads; overrides the recorded answers command by command. */
    __SUNBENCH_BACKEND__?: FakeBackend;
  }
}

const listeners = new Map<string, Set<(payload: unknown) => void>>();
let backend: FakeBackend = {};

/** Registers answers on top of the recorded ones; a later registration wins. */
export function useFakeBackend(answers: FakeBackend): void {
  backend = { ...backend, ...answers };
}

/** Sends an event as the shell would. */
export function emitFakeEvent(event: string, payload: unknown): void {
  for (const handler of listeners.get(event) ?? []) handler(payload);
}

/** A plain browser: the recorded backend, no window controls. */
export function browserTransport(): Transport {
  const nothing = () => undefined;
  return {
    async invoke(command, request) {
      const all: FakeBackend = { ...(recorded as FakeBackend), ...backend, ...window.__SUNBENCH_BACKEND__ };
      if (!(command in all)) throw { code: "unknown_command", field: command, incident: null };
      const answer = all[command];
      return typeof answer === "function" ? await answer(request) : JSON.parse(JSON.stringify(answer));
    },
    async listen(event, handler) {
      const handlers = listeners.get(event) ?? new Set();
      listeners.set(event, handlers.add(handler));
      return () => void handlers.delete(handler);
    },
    window: {
      setTitle: async (title) => void (document.title = title),
      minimize: async () => undefined,
      close: async () => undefined,
      onCloseRequested: async () => nothing,
      onFilesDropped: async () => nothing,
      print: () => window.print(),
    },
  };
}
