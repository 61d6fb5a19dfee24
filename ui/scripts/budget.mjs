// Fails when what the window loads at its start is over the budget: index.html's own scripts, styles and preloads.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 120 * 1024;
const dist = new URL("../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
if (files.length === 0) throw new Error("dist/index.html names no asset; run `npm run build` first");

let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  start bundle, gzip (limit ${LIMIT / 1024} kB)`);
if (total > LIMIT) process.exit(1);
