/** Exact sums of decimal text: quantities and money have at most four places. */

/** Decimal text in units of 1/10,000. Null where it is no decimal. */
export function units(decimal: string | null): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(decimal ?? "");
  if (!match) return null;
  const [, sign, whole = "0", fraction = ""] = match;
  const value = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, "0"));
  return sign === "-" ? -value : value;
}

/** Units of 1/10,000 as decimal text without idle zeros. */
export function decimal(value: bigint): string {
  const size = value < 0n ? -value : value;
  const fraction = String(size % 10_000n)
    .padStart(4, "0")
    .replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${size / 10_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

/** What a person typed as decimal text: full-width digits and grouping commas are taken. Null where it is none. */
export function typedDecimal(typed: string): string | null {
  const plain = typed.normalize("NFKC").replaceAll(/[,\s]/g, "");
  return /^\d{1,12}(\.\d{1,4})?$/.test(plain) ? plain : null;
}
