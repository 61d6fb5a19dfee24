import { parseDay } from "@/kit/dateEntry";
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

/** A day as offices write it, with its year; blank where it is none: nobody knows of which day a sheet says "tomorrow". */
export function dayOf(written: string): string {
  const entry = written.normalize("NFKC").trim();
  return /^\d{4}/.test(entry) ? (parseDay(entry, "") ?? "") : "";
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
