import { cellsOf, fieldColumns } from "../compose/paste";

/** What a pasted row asks for, as it stands there. */
export interface PastedRequest {
  readonly row: number;
  readonly dept: string;
  readonly code: string;
  readonly name: string;
  readonly spec: string;
  readonly quantity: string;
  readonly unit: string;
  readonly neededBy: string;
  readonly note: string;
}
type Field = Exclude<keyof PastedRequest, "row">;

/** A day as offices write it: 2026/11/27, 2026.11.27, 2026年11月27日; blank where it is none. */
export function dayOf(written: string): string {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(written.normalize("NFKC").trim());
  if (!found) return "";
  const [, year, month, day] = found;
  return `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`;
}

/** The rows of what was copied, by their headings; without any, nothing can be told apart. Rows without goods are left out. */
export function pastedRequests(
  pasted: string,
  headings: Readonly<Record<Field, readonly string[]>>,
): PastedRequest[] {
  const [first, ...rest] = cellsOf(pasted);
  const columns = fieldColumns(first ?? [], headings);
  if (!columns.has("quantity") || !(columns.has("code") || columns.has("name"))) return [];
  return rest
    .map((cells, at) => {
      const of = (field: Field) => cells[columns.get(field) ?? -1] ?? "";
      return {
        row: at + 2,
        dept: of("dept"),
        code: of("code"),
        name: of("name"),
        spec: of("spec"),
        quantity: of("quantity"),
        unit: of("unit"),
        neededBy: dayOf(of("neededBy")),
        note: of("note"),
      };
    })
    .filter(({ code, name }) => code !== "" || name !== "");
}
