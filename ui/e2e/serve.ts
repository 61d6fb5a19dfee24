import { mkdir, rm } from "node:fs/promises";
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
  // A folder of its own: another run on this computer must not take the files away under this one.
  const outDir = `${root}out/gallery-${process.pid}`;
  const common = { root, mode, logLevel: "warn", build: { outDir } } as const;
  await build(common);
  const serving = await preview({ ...common, preview: { port: 0, host: "127.0.0.1" } });
  const [url] = serving.resolvedUrls!.local;
  project.provide("windowUrl", url!);
  project.provide("galleryUrl", url!);
  return async () => {
    await serving.close();
    await rm(outDir, { recursive: true, force: true });
  };
}
