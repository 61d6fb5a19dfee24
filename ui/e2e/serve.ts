import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The window. */
    windowUrl: string;
    /** The kit's gallery. */
    galleryUrl: string;
  }
}

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Builds the window with its stand-in backend and the gallery, and serves both under the desktop's content policy while
 * the tests run.
 */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(new URL("../out/shots/", import.meta.url), { recursive: true });
  const mode = "gallery";
  await build({ root, mode, logLevel: "warn" });
  const serving = await preview({ root, mode, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
  const [url] = serving.resolvedUrls!.local;
  project.provide("windowUrl", url!);
  project.provide("galleryUrl", url!);
  return () => serving.close();
}
