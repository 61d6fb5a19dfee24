import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { describe, expect, it } from "vitest";

/** Rules of this folder that no linter knows. */
const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(ts|vue|css)$/.test(file) && !file.startsWith("bindings"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), source: readFileSync(join("src", file), "utf8") }));
const shipped = files.filter(({ file }) => !/\.test\.ts$|^gallery\/|^platform\/fake\//.test(file));
const offenders = (list: typeof files, broken: (file: { file: string; source: string }) => boolean) =>
  list.filter(broken).map(({ file }) => file);

describe("the window's sources", () => {
  it("are there", () => expect(files.length).toBeGreaterThan(40));

  it("reach the shell only through platform", () => {
    expect(
      offenders(
        files,
        ({ file, source }) => !file.startsWith("platform/") && /["']@tauri-apps\//.test(source),
      ),
    ).toEqual([]);
  });

  it("look one way: kit knows no frame, the frame no feature, and a feature others only to compose them", () => {
    /** A room that shows another feature's part, or leads into it. */
    const composed: Record<string, readonly string[]> = {
      catalogue: ["filings"],
      orders: ["returns"],
      receiving: ["returns", "billing"],
      safety: ["start"],
      settings: ["office", "safety", "start"],
      start: ["safety"],
      today: ["notices"],
      volume: ["analysis"],
    };
    const imports = (file: string, source: string) =>
      [...source.matchAll(/(?:from |import\()"(@|\.\.?)\/([^"]*)"/g)].map(([, from, path]) =>
        from === "@" ? path! : normalize(join(dirname(file), from!, path!)),
      );
    const mayImport = (file: string, imported: string): boolean => {
      const [layer, feature] = file.split("/") as [string, string];
      const [to, other] = imported.split("/") as [string, string];
      if (layer === "kit") return to !== "frame" && to !== "features";
      if (layer === "frame" || to !== "features") return to !== "features";
      return other === feature || (composed[feature]?.includes(other) ?? false);
    };
    const wrong = shipped
      .filter(({ file }) => /^(kit|frame|features\/\w+)\//.test(file))
      .flatMap(({ file, source }) =>
        imports(file, source)
          .filter((imported) => !mayImport(file, imported))
          .map((imported) => `${file} imports ${imported}`),
      );
    expect(wrong).toEqual([]);
  });

  it("have no file over 600 lines", () => {
    expect(offenders(files, ({ source }) => source.split("\n").length > 600)).toEqual([]);
  });

  it("say nothing in Chinese outside the text tables", () => {
    const tables = /(^|\/)([a-z]+T|t)ext(\.en)?\.ts$/;
    const allowed = new Set(["kit/dateEntry.ts", "kit/grid/tsv.ts", "features/settings/DisplaySettings.vue"]);
    const withoutComments = (source: string) =>
      source.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$/gm, "");
    expect(
      offenders(
        shipped,
        ({ file, source }) =>
          !tables.test(file) && !allowed.has(file) && /[\u4e00-\u9fff]/.test(withoutComments(source)),
      ),
    ).toEqual([]);
  });

  it("have no style attribute, v-html or remote address: the content policy forbids them", () => {
    expect(
      offenders(
        shipped,
        ({ file, source }) => file.endsWith(".vue") && /\sstyle="|v-html|https?:\/\//.test(source),
      ),
    ).toEqual([]);
  });

  it("animate nothing longer than 150 ms", () => {
    const times = files.flatMap(({ source }) =>
      [...source.matchAll(/(?:transition|animation|--quick)[^;{]*?([\d.]+)(ms|s)\b/g)].map(
        ([, amount, unit]) => Number(amount) * (unit === "s" ? 1_000 : 1),
      ),
    );
    expect(times.length).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(150);
  });
});
