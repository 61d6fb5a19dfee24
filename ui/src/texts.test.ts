import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { zh } from "./text";

/** What may say a text: everything but the tables, tests, the stand-in backend and the gallery. */
const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter(
    (file) => /\.(ts|vue)$/.test(file) && !/^(bindings|gallery|platform\/fake)\/|\.test\.ts$/.test(file),
  )
  .filter((file) => !/(^|\/)([a-z]+T|t)ext(\.en)?\.ts$/.test(file))
  .map((file) => ({ file, source: readFileSync(join("src", file), "utf8") }));

/** What a list says of itself is handed to it whole. */
const LIST_WORDS = new Set(["label", "hint", "empty", "emptyDetail"]);

/** Names in a table that no source of its feature, and none that reads the table, mentions. */
function unsaid(table: string, texts: object): string[] {
  const said = sources
    .filter(({ file, source }) => file.startsWith(`features/${table}/`) || mentions(source, table))
    .map(({ source }) => source);
  const names = (part: object, path: string): string[] =>
    Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
      const here = `${path}.${name}`;
      const missing = !LIST_WORDS.has(name) && !said.some((source) => mentions(source, name));
      const inner = typeof value === "object" && value !== null && !Array.isArray(value);
      if (!inner) return missing ? [here] : [];
      // Names in a part that is looked up by a value (`kinds[row.kind]`) stand for codes, not in sources.
      const lookedUp = said.some((source) => new RegExp(`\\b${name}\\b(?!\\s*[.:\\w])`).test(source));
      return lookedUp ? [] : names(value, here);
    });
  return names(texts, table);
}
const mentions = (source: string, name: string) => new RegExp(`\\b${name}\\b`).test(source);

describe("texts", () => {
  it("are said somewhere", () => {
    const tables = Object.entries(zh).filter(([name, part]) => typeof part === "object" && name !== "errors");
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.flatMap(([name, part]) => unsaid(name, part as object))).toEqual([]);
  });
});
