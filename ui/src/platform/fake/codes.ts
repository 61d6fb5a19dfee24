import type { CodeCheckAnswer } from "@/bindings/wire";

/** A rough reading: enough to try the forms. The core knows the codes in full. */
export function codeAnswer(kind: string, value: string): CodeCheckAnswer {
  const normalized = value.normalize("NFKC").toUpperCase().replaceAll(/[\s-]/g, "");
  if (kind !== "institution") {
    const valid = normalized.length >= 8;
    return { kind, valid, normalized, parts: [], reason: valid ? null : "位数不足" };
  }
  const valid = /^H\d{11}$/.test(normalized);
  const reason =
    normalized.length === 12 ? "应以字母 H 开头，其余为数字" : `应为 12 位，现为 ${normalized.length} 位`;
  return {
    kind,
    valid,
    normalized,
    parts: valid
      ? [
          { name: "division", value: normalized.slice(1, 7) },
          { name: "serial", value: normalized.slice(7) },
        ]
      : [],
    reason: valid ? null : reason,
  };
}
