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
      onFilesDropped: (handler) =>
        getCurrentWebview().onDragDropEvent(({ payload }) => {
          if (payload.type === "drop") handler(payload.paths);
        }),
      print: () => window.print(),
      forget: () => window.location.reload(),
    },
  };
}
