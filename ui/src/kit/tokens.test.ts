import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/kit/tokens.css", "utf8");

function theme(name: string): Record<string, string> {
  const block = new RegExp(`data-theme="${name}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1];
  if (!block) throw new Error(`tokens.css has no theme ${name}`);
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, key, value]) => [key!, value!]),
  );
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const GROUNDS = ["app", "surface", "raised", "sunken", "hover"];
const on = (grounds: string[], ...inks: string[]) =>
  grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const));
const TEXT = [
  ...on([...GROUNDS, "selected"], "text", "text-2"),
  ...on(GROUNDS, "text-3", "accent-text", "danger-text", "warning-text", "success-text"),
  ...on(["selected"], "danger-text", "warning-text", "success-text", "accent-text"),
  ["accent-text", "accent-soft"],
  ["danger-text", "danger-soft"],
  ["warning-text", "warning-soft"],
  ["success-text", "success-soft"],
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-danger", "danger"],
  ["on-danger", "danger-hover"],
  ["rail-text", "rail"],
  ["rail-text-active", "rail-hover"],
  ["rail-text-active", "rail-active"],
  ["on-rail-count", "rail-count"],
] as const;
const SHAPES = [
  ...on(GROUNDS, "control-line", "focus"),
  ...on(["surface", "sunken"], "accent", "danger-mark", "warning-mark", "success-mark"),
  ["rail-mark", "rail"],
] as const;

describe.each(["light", "dark", "contrast"])("%s", (name) => {
  const tokens = theme(name);
  const ratio = (ink: string, ground: string) => {
    if (!tokens[ink] || !tokens[ground]) throw new Error(`no token ${ink} or ${ground}`);
    return contrast(tokens[ink], tokens[ground]);
  };
  it.each(TEXT)("text %s on %s has 4.5:1", (ink, ground) =>
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5),
  );
  it.each(SHAPES)("shape %s on %s has 3:1", (ink, ground) =>
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(3),
  );
});
