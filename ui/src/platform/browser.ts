import { fakeBackend } from "./fake/backend";
import { isScenario, type Scenario } from "./fake/scenarios";
import type { FileDrag, Transport } from "./transport";

/** Answers commands in place of the Rust core: one function per command, or the answer itself. */
export type FakeBackend = Record<string, unknown>;

declare global {
  interface Window {
    /** Set by a screen test before the page loads; stands above the invented office, command by command. */
    __SUNBENCH_BACKEND__?: FakeBackend;
  }
}

export interface BrowserOptions {
  /** Where the invented office begins. */
  scenario?: Scenario;
  /** Its clock's first moment, RFC 3339. */
  start?: string;
  /** How many order lines it has. */
  orders?: number;
  /** Milliseconds before an answer, as on a slow PC. */
  delayMs?: number;
  /** Commands that fail. */
  failing?: readonly string[];
}

const listeners = new Map<string, Set<(payload: unknown) => void>>();
let backend: FakeBackend = {};

/** Registers answers above those of the invented office; a later registration wins. */
export function useFakeBackend(answers: FakeBackend): void {
  backend = { ...backend, ...answers };
}

/** Sends an event as the shell would. */
export function emitFakeEvent(event: string, payload: unknown): void {
  for (const handler of listeners.get(event) ?? []) handler(payload);
}

/** What the page's address asks for: `?scenario=offline&start=2026-11-20T09:12:00Z&orders=100000&delay=300&failing=today`. */
function asked(): BrowserOptions {
  const query = new URLSearchParams(location.search);
  const scenario = query.get("scenario");
  const start = query.get("start");
  const orders = query.get("orders");
  return {
    ...(isScenario(scenario) ? { scenario } : {}),
    ...(start === null ? {} : { start }),
    ...(orders === null ? {} : { orders: Number(orders) }),
    delayMs: Number(query.get("delay") ?? 0),
    failing: query.getAll("failing"),
  };
}

/** A browser tells no paths: the invented backend takes a file's name for one. */
function browserDrags(handler: (drag: FileDrag) => void): () => void {
  const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") === true;
  const over = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    handler({ kind: "over" });
  };
  const away = (event: DragEvent) => {
    if (event.relatedTarget === null) handler({ kind: "away" });
  };
  const drop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    handler({ kind: "dropped", paths: [...(event.dataTransfer?.files ?? [])].map(({ name }) => name) });
  };
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("dragenter", over, { signal });
  window.addEventListener("dragover", over, { signal });
  window.addEventListener("dragleave", away, { signal });
  window.addEventListener("drop", drop, { signal });
  return () => stop.abort();
}

/** A plain browser or a test: an invented office in memory, no window controls. Never in the shipped window. */
export function browserTransport(options: BrowserOptions = {}): Transport {
  const { scenario = "working", start, orders, delayMs = 0, failing = [] } = { ...asked(), ...options };
  const office = fakeBackend(scenario, emitFakeEvent, { start, orders });
  const nothing = () => undefined;
  backend = {};
  return {
    async invoke(command, request) {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const all: FakeBackend = { ...office, ...backend, ...window.__SUNBENCH_BACKEND__ };
      if (failing.includes(command)) throw { code: "internal", field: null, incident: "7F3A09C1D2E4" };
      if (!(command in all)) throw { code: "internal", field: command, incident: null };
      const answer = all[command];
      const value: unknown = typeof answer === "function" ? await answer(request) : answer;
      // As IPC does: nothing shared, and nothing that JSON cannot say.
      return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
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
      onFileDrag: async (handler) => browserDrags(handler),
      print: () => window.print(),
      // The invented office lives in this page's memory.
      forget: nothing,
    },
  };
}
