// What a program is made of, from `cargo metadata` and Cargo.lock, as CycloneDX 1.5 on stdout. Called by sbom.sh with the
// package's name; the metadata come on stdin, resolved for one target and without what only tests and builds need.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [name] = process.argv.slice(2);
const metadata = JSON.parse(readFileSync(0, "utf8"));
const packages = new Map(metadata.packages.map((one) => [one.id, one]));
const nodes = new Map(metadata.resolve.nodes.map((one) => [one.id, one]));
const root = metadata.packages.find((one) => one.name === name && one.source === null);
if (!root) throw new Error(`no package ${name} in the workspace`);

// The lock file knows the digest of every package as it was published.
const digests = new Map();
for (const block of readFileSync("Cargo.lock", "utf8").split("[[package]]")) {
  const field = (key) => block.match(new RegExp(`^${key} = "(.*)"$`, "m"))?.[1];
  if (field("checksum")) digests.set(`${field("name")} ${field("version")}`, field("checksum"));
}

/** Normal dependencies only: what is linked into the program. */
const linked = (id) =>
  nodes.get(id).deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null)).map(({ pkg }) => pkg);

const found = new Set();
const open = [root.id];
while (open.length > 0) {
  const id = open.pop();
  if (found.has(id)) continue;
  found.add(id);
  open.push(...linked(id));
}

const address = ({ name, version }) => `pkg:cargo/${name}@${version}`;
function component(one) {
  const digest = digests.get(`${one.name} ${one.version}`);
  return {
    type: one.id === root.id ? "application" : "library",
    "bom-ref": address(one),
    name: one.name,
    version: one.version,
    ...(one.description ? { description: one.description.trim() } : {}),
    ...(one.license ? { licenses: [{ expression: one.license.replaceAll("/", " OR ") }] } : {}),
    ...(digest ? { hashes: [{ alg: "SHA-256", content: digest }] } : {}),
    purl: address(one),
    ...(one.repository ? { externalReferences: [{ type: "vcs", url: one.repository }] } : {}),
  };
}

/** 思源宋体: what printed documents are set in (scripts/fonts.sh), embedded wherever sunbench-exchange is linked. */
const file = "assets/fonts/NotoSerifSC-subset.otf.zst";
const font = {
  type: "data",
  "bom-ref": file,
  name: "Noto Serif SC (subset)",
  licenses: [{ license: { id: "OFL-1.1" } }],
  hashes: [{ alg: "SHA-256", content: createHash("sha256").update(readFileSync(file)).digest("hex") }],
};

const all = [...found].map((id) => packages.get(id)).sort((a, b) => (address(a) < address(b) ? -1 : 1));
const bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  version: 1,
  metadata: { component: component(root) },
  components: [
    ...all.filter((one) => one.id !== root.id).map(component),
    ...(all.some((one) => one.name === "sunbench-exchange") ? [font] : []),
  ],
  dependencies: all.map((one) => ({
    ref: address(one),
    dependsOn: [...new Set(linked(one.id).map((id) => address(packages.get(id))))].sort(),
  })),
};
console.log(JSON.stringify(bom, null, 2));
