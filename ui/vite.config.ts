import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { CONTENT_SECURITY_POLICY } from "./csp.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  // The gallery is the same window with one more page that shows every part of the kit. It is never shipped.
  const gallery = mode === "gallery";
  return {
    plugins: [vue({ features: { optionsAPI: false } })],
    resolve: { alias: { "@": here("./src") } },
    clearScreen: false,
    server: { port: 1420, strictPort: true },
    preview: { headers: { "Content-Security-Policy": CONTENT_SECURITY_POLICY } },
    build: {
      target: ["chrome109", "safari15"],
      cssTarget: ["chrome109", "safari15"],
      assetsInlineLimit: 0,
      outDir: gallery ? "out/gallery" : "dist",
      emptyOutDir: true,
      rollupOptions: {
        input: gallery ? [here("./index.html"), here("./gallery.html")] : [here("./index.html")],
      },
    },
    test: {
      environment: "happy-dom",
      include: ["src/**/*.test.ts"],
    },
  };
});
