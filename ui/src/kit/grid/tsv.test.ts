import { describe, expect, it } from "vitest";
import type { Column, ColumnKind } from "./columns";
import { copyTable } from "./tsv";

const one = (kind: ColumnKind): Column<string>[] => [
  { key: "v", title: "值", kind, width: 5, value: (row) => row },
];
const cell = (kind: ColumnKind, value: string) => {
  const { text, html } = copyTable(one(kind), [value]);
  return { plain: text.slice(text.indexOf("\r\n") + 2), html: /<\/tr><tr>(.*?)<\/tr>/s.exec(html)![1] };
};
const AS_TEXT = `<td style="mso-number-format:'\\@'">`;

describe("copyTable", () => {
  it.each<[ColumnKind, string, string, string]>([
    ["code", "00012345", "00012345", `${AS_TEXT}00012345</td>`],
    ["code", "91310000123456789012", "91310000123456789012", `${AS_TEXT}91310000123456789012</td>`],
    ["money", "1,234.5600", "1234.5600", "<td>1234.5600</td>"],
    ["number", "-7", "-7", "<td>-7</td>"],
    ["text", '=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`, `${AS_TEXT}=HYPERLINK(&quot;x&quot;)</td>`],
    ["text", "-1+1", "'-1+1", `${AS_TEXT}-1+1</td>`],
    ["text", "两行\n和\t制表", '"两行\n和\t制表"', `${AS_TEXT}两行\n和\t制表</td>`],
    ["text", "<b>&", "<b>&", `${AS_TEXT}&lt;b&gt;&amp;</td>`],
    ["text", "", "", `${AS_TEXT}</td>`],
  ])("%s %o", (kind, value, plain, html) => {
    expect(cell(kind, value)).toEqual({ plain, html });
  });

  it("starts with the titles", () => {
    expect(copyTable(one("text"), []).text).toBe("值");
  });
});
