import { typedDecimal } from "@/frame/decimal";

/** What a pasted row says. */
export interface PastedRow {
  /** Its place among the pasted rows, from 1, the headings counted. */
  readonly row: number;
  readonly code: string;
  readonly name: string;
  readonly spec: string;
  /** As it stands there. */
  readonly quantity: string;
  readonly price: string;
  readonly supplier: string;
}

export type PastedField = Exclude<keyof PastedRow, "row">;

/** The words that a column's heading may be, by what it means. */
export type Headings = Readonly<Record<PastedField, readonly string[]>>;

const NATIONAL_CODE = /^C\d{19}(\d{7})?$/;

/** A heading without its unit and blanks: `单价（元）` is `单价`. */
const bare = (heading: string) =>
  heading
    .normalize("NFKC")
    .replaceAll(/\(.*?\)|[\s*:：/]/g, "")
    .toLowerCase();

/** The cells of what a spreadsheet copies; a quoted cell may hold tabs, line ends and doubled quotes. */
export function cellsOf(pasted: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of pasted
    .replaceAll("\r\n", "\n")
    .matchAll(/(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/g)) {
    row.push((quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
    if (end === "\t") continue;
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.some((cell) => cell !== ""));
}

/** Which column means what by its heading. */
export function fieldColumns<Name extends string>(
  cells: readonly string[],
  headings: Readonly<Record<Name, readonly string[]>>,
): Map<Name, number> {
  const found = new Map<Name, number>();
  cells.forEach((cell, at) => {
    for (const field of Object.keys(headings) as Name[])
      if (!found.has(field) && headings[field].some((word) => bare(word) === bare(cell)))
        found.set(field, at);
  });
  return found;
}

/** Null where the row holds no headings. */
function columnsOf(cells: readonly string[], headings: Headings): Map<PastedField, number> | null {
  const found = fieldColumns(cells, headings);
  return found.has("quantity") && (found.has("code") || found.has("name")) ? found : null;
}

/** Without headings: a national code is one, the first number is the quantity, the next the price, texts name the goods. */
function guessed(cells: readonly string[]): Omit<PastedRow, "row"> {
  const filled = cells.filter((cell) => cell !== "");
  const code = filled.find((cell) => NATIONAL_CODE.test(cell.toUpperCase())) ?? "";
  const numbers = filled.filter((cell) => cell !== code && typedDecimal(cell) !== null);
  const words = filled.filter((cell) => cell !== code && typedDecimal(cell) === null);
  return {
    code,
    name: words[0] ?? "",
    spec: words[1] ?? "",
    quantity: numbers[0] ?? "",
    price: numbers[1] ?? "",
    supplier: "",
  };
}

/** The rows of what was copied from a spreadsheet; rows that name no goods are left out. */
export function pastedRows(pasted: string, headings: Headings): PastedRow[] {
  const rows = cellsOf(pasted);
  const columns = rows[0] ? columnsOf(rows[0], headings) : null;
  return rows
    .map((cells, at) => ({ cells, row: at + 1 }))
    .slice(columns ? 1 : 0)
    .map(({ cells, row }) => {
      if (!columns) return { row, ...guessed(cells) };
      const of = (field: PastedField) => cells[columns.get(field) ?? -1] ?? "";
      return {
        row,
        code: of("code"),
        name: of("name"),
        spec: of("spec"),
        quantity: of("quantity"),
        price: of("price"),
        supplier: of("supplier"),
      };
    })
    .filter(({ code, name }) => code !== "" || name !== "");
}

/** Whether a paste is a table rather than a word for a field. */
export function isTable(pasted: string): boolean {
  return /[\t\n]/.test(pasted.trim());
}
