import { isNumeric, type Column } from "./columns";

/** What goes to the clipboard: a plain table, and one which tells Excel and WPS the types. */
export interface CopiedTable {
  text: string;
  html: string;
}

/**
 * The rows as a table with a title line. In the HTML form codes and texts are marked as text, so leading zeros and
 * long numbers survive; in both forms a text that would start a formula is disarmed.
 */
export function copyTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): CopiedTable {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const text = [
    titles.map(plainCell).join("\t"),
    ...cells.map((line) =>
      line
        .map((value, at) => (isNumeric(columns[at]!.kind) ? numberText(value) : plainCell(value)))
        .join("\t"),
    ),
  ].join("\r\n");
  const html = [
    '<meta charset="utf-8"><table>',
    `<tr>${titles.map((title) => `<th>${escapeHtml(title)}</th>`).join("")}</tr>`,
    ...cells.map(
      (line) => `<tr>${line.map((value, at) => htmlCell(value, isNumeric(columns[at]!.kind))).join("")}</tr>`,
    ),
    "</table>",
  ].join("");
  return { text, html };
}

/** Numbers without the grouping that they are shown with. */
function numberText(value: string): string {
  return value.replace(/[,，\s¥￥]/g, "");
}

function plainCell(value: string): string {
  const safe = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[\t\r\n"]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function htmlCell(value: string, numeric: boolean): string {
  return numeric
    ? `<td>${escapeHtml(numberText(value))}</td>`
    : `<td style="mso-number-format:'\\@'">${escapeHtml(value)}</td>`;
}

function escapeHtml(value: string): string {
  return value.replace(
    /[&<>"]/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!,
  );
}
