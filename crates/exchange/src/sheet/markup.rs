//! Web pages whose tables hospital systems call `.xls`, and Excel's XML of 2003.

use html5gum::{Token, Tokenizer};

use super::error::{MOST_COLUMNS, SheetError};
use super::row::CellKind;
use super::{Flow, Row, SheetName};

/// The tables of a page, in the order in which they begin.
pub(super) struct Page {
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    name: String,
    rows: Vec<(u32, Vec<(CellKind, String)>)>,
    /// For how many more rows a cell from above reaches into each column.
    covered: Vec<u32>,
}

/// Whether text is markup rather than delimited text.
pub(super) fn is_markup(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('<') && start.to_lowercase().contains('>')
}

/// Reads every table of a page.
pub(super) fn read(text: &str) -> Result<Page, SheetError> {
    let mut reader = Reader::default();
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attribute = |wanted: &[u8]| {
                    tag.attributes
                        .iter()
                        .find(|(name, _)| name.as_slice() == wanted)
                        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
                };
                reader.start(&local(&tag.name), tag.self_closing, &attribute)?;
            }
            Token::EndTag(tag) => reader.end(&local(&tag.name))?,
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.end_row()?;
    let tables: Vec<Table> = reader.tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    if tables.is_empty() { Err(SheetError::NotATable) } else { Ok(Page { tables }) }
}

/// A tag's name without its prefix: Excel's XML may say `ss:Cell`.
fn local(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).to_lowercase();
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Reader {
    tables: Vec<Table>,
    /// The tables that are open, the innermost last.
    open: Vec<usize>,
    sheet_name: String,
    row: Option<Vec<(CellKind, String)>>,
    number: u32,
    cell: Option<Part>,
    /// Inside a script or a style nothing is text.
    silent: bool,
}

struct Part {
    kind: CellKind,
    text: String,
    across: usize,
    down: u32,
}

impl Reader {
    fn start(
        &mut self,
        name: &str,
        is_closed: bool,
        attribute: &dyn Fn(&[u8]) -> Option<String>,
    ) -> Result<(), SheetError> {
        match name {
            "worksheet" => self.sheet_name = attribute(b"ss:name").unwrap_or_default(),
            "table" => {
                self.end_row()?;
                self.open.push(self.tables.len());
                self.tables.push(Table { name: std::mem::take(&mut self.sheet_name), ..Table::default() });
                self.number = 0;
            }
            "tr" | "row" => {
                self.end_row()?;
                let index = attribute(b"ss:index").and_then(|text| text.parse::<u32>().ok());
                self.number = index.unwrap_or(self.number + 1).max(self.number + 1);
                self.row = Some(Vec::new());
            }
            "td" | "th" | "cell" => {
                self.end_cell()?;
                if self.row.is_none() {
                    self.number += 1;
                    self.row = Some(Vec::new());
                }
                let number =
                    |wanted: &[u8]| attribute(wanted).and_then(|text| text.trim().parse::<u32>().ok());
                if let Some(column) = number(b"ss:index") {
                    self.skip_to(column.saturating_sub(1) as usize)?;
                }
                let across = number(b"colspan").unwrap_or(1).max(1) + number(b"ss:mergeacross").unwrap_or(0);
                let down = number(b"rowspan").unwrap_or(1).max(1) + number(b"ss:mergedown").unwrap_or(0);
                self.cell = Some(Part {
                    kind: CellKind::Text,
                    text: String::new(),
                    across: across as usize,
                    down: down.min(100_000) - 1,
                });
                if is_closed {
                    self.end_cell()?;
                }
            }
            "data" => {
                if let Some(cell) = &mut self.cell {
                    cell.kind = match attribute(b"ss:type").as_deref() {
                        Some("Number") => CellKind::Number,
                        Some("DateTime") => CellKind::Date,
                        Some("Error") => CellKind::Error,
                        _ => CellKind::Text,
                    };
                }
            }
            "br" | "p" | "div" => self.text(" "),
            "script" | "style" => self.silent = !is_closed,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), SheetError> {
        match name {
            "td" | "th" | "cell" => self.end_cell()?,
            "tr" | "row" => self.end_row()?,
            "table" => {
                self.end_row()?;
                self.open.pop();
            }
            "script" | "style" => self.silent = false,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell
            && !self.silent
        {
            cell.text.push_str(text);
        }
    }

    /// Fills the columns before `column`, and those that a cell from above covers.
    fn skip_to(&mut self, column: usize) -> Result<(), SheetError> {
        let Some(row) = &mut self.row else { return Ok(()) };
        if column > MOST_COLUMNS {
            return Err(SheetError::TooWide { row: self.number });
        }
        while row.len() < column {
            row.push((CellKind::Empty, String::new()));
        }
        if let Some(table) = self.open.last().map(|open| &mut self.tables[*open]) {
            while table.covered.get(row.len()).is_some_and(|rows| *rows > 0) {
                table.covered[row.len()] -= 1;
                row.push((CellKind::Empty, String::new()));
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        self.skip_to(0)?;
        let Some(row) = &mut self.row else { return Ok(()) };
        if row.len() + cell.across > MOST_COLUMNS {
            return Err(SheetError::TooWide { row: self.number });
        }
        let first = row.len();
        row.push((cell.kind, cell.text));
        row.resize(first + cell.across, (CellKind::Empty, String::new()));
        let last = row.len();
        if cell.down > 0
            && let Some(table) = self.open.last().map(|open| &mut self.tables[*open])
        {
            if table.covered.len() < last {
                table.covered.resize(last, 0);
            }
            table.covered[first..last].fill(cell.down);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetError> {
        self.end_cell()?;
        let Some(row) = self.row.take() else { return Ok(()) };
        let Some(&open) = self.open.last() else { return Ok(()) };
        if row.iter().any(|(kind, text)| *kind != CellKind::Empty && !text.trim().is_empty()) {
            self.tables[open].rows.push((self.number, row));
        }
        Ok(())
    }
}

impl Page {
    pub(super) fn names(&self) -> Vec<SheetName> {
        self.tables.iter().map(|table| SheetName { name: table.name.clone(), is_hidden: false }).collect()
    }

    pub(super) fn each_row(&self, table: usize, each: &mut dyn FnMut(&Row) -> Flow) {
        let mut row = Row::default();
        for (number, cells) in &self.tables[table].rows {
            row.begin(*number);
            for (kind, text) in cells {
                row.push(*kind, text);
            }
            if each(&row).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut rows = Vec::new();
        read(text).unwrap().each_row(0, &mut |row| {
            rows.push((row.number(), row.cells().map(|cell| cell.text.to_owned()).collect()));
            Flow::Continue(())
        });
        rows
    }

    #[test]
    fn a_page_called_xls() {
        let page = "<html><head><style>td{x}</style></head><body><table border=1>
            <tr><td colspan=3>五月入库</td></tr>
            <tr><th rowspan='2'>编号<th>数量<th>名称</tr>
            <tr><td>12<td>导管 &lt;大&gt;</td></tr>
            <tr><td></td></tr>
            <TR><TD>003</TD><TD>１５</TD><TD>支架<br>小<script>alert(1)</script></TD></TR></table></body></html>";
        let expected = [
            (1, vec!["五月入库", "", ""]),
            (2, vec!["编号", "数量", "名称"]),
            (3, vec!["", "12", "导管 <大>"]),
            (5, vec!["003", "１５", "支架 小"]),
        ];
        let rows = rows(page);
        assert_eq!(rows.len(), expected.len(), "{rows:?}");
        for ((number, cells), (at, wanted)) in rows.into_iter().zip(expected) {
            assert_eq!((number, cells), (at, wanted.into_iter().map(str::to_owned).collect()));
        }
    }

    #[test]
    fn excels_xml() {
        let book = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
            <Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="入库"><Table>
            <Row><Cell><Data ss:Type="String">单号</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">数量</Data></Cell></Row>
            <Row ss:Index="4"><Cell/><Cell><Data ss:Type="Number">2</Data></Cell></Row></Table></Worksheet></Workbook>"#;
        let page = read(book).unwrap();
        assert_eq!(page.names()[0].name, "入库");
        assert_eq!(
            rows(book),
            [
                (1, vec!["单号".to_owned(), String::new(), "数量".to_owned()]),
                (4, vec![String::new(), "2".to_owned()])
            ]
        );
    }

    #[test]
    fn too_wide_is_refused() {
        let page = format!("<table><tr>{}</tr></table>", "<td>x".repeat(600));
        assert_eq!(read(&page).err(), Some(SheetError::TooWide { row: 1 }));
        assert_eq!(
            read("<table><tr><td colspan=4000000000>x</table>").err(),
            Some(SheetError::TooWide { row: 1 })
        );
    }
}
