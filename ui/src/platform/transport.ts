/** What the window needs of the program around it; `tauri.ts` and `browser.ts` are the two makers. */
export interface Transport {
  invoke(command: string, request: unknown): Promise<unknown>;
  /** Answers a function that stops listening. */
  listen(event: string, handler: (payload: unknown) => void): Promise<() => void>;
  readonly window: WindowControls;
}

/** Files over the window, taken away again, or let go. */
export type FileDrag = { kind: "over" } | { kind: "away" } | { kind: "dropped"; paths: string[] };

export interface WindowControls {
  setTitle(title: string): Promise<void>;
  minimize(): Promise<void>;
  close(): Promise<void>;
  /** Asks `mayClose` before the window closes; answers a function that stops asking. */
  onCloseRequested(mayClose: () => Promise<boolean>): Promise<() => void>;
  /** Files dragged in from the desktop, as paths that the backend opens; answers a function that stops listening. */
  onFileDrag(handler: (drag: FileDrag) => void): Promise<() => void>;
  print(): void;
  /** Loads the window anew: nothing of what its memory held remains. */
  forget(): void;
}
