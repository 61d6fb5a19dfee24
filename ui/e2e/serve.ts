import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The window as it is shipped. */
    windowUrl: string;
    /** The window and the kit's gallery. */
    galleryUrl: string;
  }
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds both pages and serves them under the desktop's content policy while the tests run. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(new URL("../out/shots/", import.meta.url), { recursive: true });
  const serving = async (mode: string) => {
    await build({ root, mode, logLevel: "warn" });
    return preview({ root, mode, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
  };
  const shipped = await serving("production");
  const gallery = await serving("gallery");
  project.provide("windowUrl", shipped.resolvedUrls!.local[0]!);
  project.provide("galleryUrl", gallery.resolvedUrls!.local[0]!);
  return async () => {
    await Promise.all([shipped.close(), gallery.close()]);
  };
}
