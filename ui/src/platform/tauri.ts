import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import { getCurrentWindow } from "@tauri-apps/api/window";
import type { Transport } from "./transport";

/** The desktop shell. */
export function tauriTransport(): Transport {
  const current = getCurrentWindow();
  return {
    invoke: (command, request) => invoke(command, { req: request }),
    listen: (event, handler) => listen(event, ({ payload }) => handler(payload)),
    window: {
      setTitle: (title) => current.setTitle(title),
      minimize: () => current.minimize(),
      close: () => current.close(),
      onCloseRequested: (mayClose) =>
        current.onCloseRequested(async (event) => {
          if (!(await mayClose())) event.preventDefault();
        }),
      onFileDrag: (handler) =>
        getCurrentWebview().onDragDropEvent(({ payload }) => {
          if (payload.type === "drop") handler({ kind: "dropped", paths: payload.paths });
          // What is dragged within the window, for instance a column, has no files.
          else if (payload.type === "enter" && payload.paths.length > 0) handler({ kind: "over" });
          else if (payload.type === "leave") handler({ kind: "away" });
        }),
      print: () => window.print(),
      forget: () => window.location.reload(),
    },
  };
}
