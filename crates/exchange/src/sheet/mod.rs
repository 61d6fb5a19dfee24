//! Tables in files that other programs wrote: workbooks, delimited text, web pages called `.xls`.
//!
//! A [`SheetFile`] says what is inside and gives its rows one after the other, so that a million rows need no memory for
//! a million rows. What a file is, its first bytes say; its name is not believed. Nothing in a file is ever run or
//! followed: a formula is only the result that its program stored.

mod compound;
mod delimited;
mod error;
mod excel;
mod markup;
mod number;
mod plain;
mod row;
mod unpacked;

use std::io::Read as _;
use std::path::Path;

pub use error::SheetError;
pub(crate) use plain::Plain;
pub(crate) use row::Cells;
pub use row::{Cell, CellKind, Row};

use error::cannot_read;

/// Whether to go on reading.
pub type Flow = std::ops::ControlFlow<()>;

/// The bytes that a text file may have, and a workbook unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// How a table was written, for people and for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Excel 2007 and later, `.xlsx` and `.xlsm`.
    Xlsx,
    /// Excel 2007 and later, binary, `.xlsb`.
    Xlsb,
    /// Excel 97 to 2003, `.xls`.
    Xls,
    /// OpenDocument, `.ods`.
    Ods,
    /// Delimited text in this encoding.
    Text {
        /// The encoding's name, as `GB18030`.
        encoding: &'static str,
        /// What stands between two fields.
        delimiter: u8,
    },
    /// A web page's tables, or Excel's XML of 2003.
    Markup,
}

/// One table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// The sheet's name; a text file's is empty.
    pub name: String,
    /// Hidden by its author: not read unless it is asked for.
    pub is_hidden: bool,
}

/// A file with tables.
///
/// ```no_run
/// # use sunbench_exchange::sheet::{Flow, SheetFile};
/// let mut file = SheetFile::open("五月入库.xls".as_ref())?;
/// file.each_row(0, &mut |row| {
///     println!("{}: {}", row.number(), row.cell(0).text);
///     Flow::Continue(())
/// })?;
/// # Ok::<(), sunbench_exchange::sheet::SheetError>(())
/// ```
pub struct SheetFile {
    format: Format,
    sheets: Vec<SheetName>,
    content: Content,
}

enum Content {
    Workbook(Box<excel::Workbook>),
    Text(delimited::Text),
    Markup(markup::Page),
}

impl SheetFile {
    /// Opens a file and finds its tables.
    ///
    /// # Errors
    ///
    /// It cannot be read, has a password, is damaged, is larger than anything a procurement office has, or is no table.
    pub fn open(path: &Path) -> Result<Self, SheetError> {
        let mut file = crate::open_regular(path).map_err(|e| cannot_read(&e))?;
        let size = file.metadata().map_err(|e| cannot_read(&e))?.len();
        if size > MOST_BYTES {
            return Err(SheetError::TooLarge);
        }
        let mut start = [0; 512];
        let mut filled = 0;
        while filled < start.len() {
            match file.read(&mut start[filled..]).map_err(|e| cannot_read(&e))? {
                0 => break,
                n => filled += n,
            }
        }
        let start = &start[..filled];
        if start.is_empty() {
            return Err(SheetError::Empty);
        }
        drop(file);
        if start.starts_with(b"PK") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            let (format, sheets, workbook) = excel::open(path, start.starts_with(b"PK"))?;
            return Ok(Self { format, sheets, content: Content::Workbook(Box::new(workbook)) });
        }
        if start.starts_with(b"%PDF") || is_picture(start) {
            return Err(SheetError::NotATable);
        }
        let (text, encoding) = delimited::decode(std::fs::read(path).map_err(|e| cannot_read(&e))?)?;
        if markup::is_markup(&text) {
            let page = markup::read(&text)?;
            return Ok(Self { format: Format::Markup, sheets: page.names(), content: Content::Markup(page) });
        }
        let text = delimited::Text::new(text)?;
        let format = Format::Text { encoding, delimiter: text.delimiter() };
        let sheets = vec![SheetName { name: String::new(), is_hidden: false }];
        Ok(Self { format, sheets, content: Content::Text(text) })
    }

    /// How it was written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Its tables, in their order.
    pub fn sheets(&self) -> &[SheetName] {
        &self.sheets
    }

    /// How many rows a table has at most, where its file tells without being read through.
    pub(crate) fn most_rows(&self) -> usize {
        match &self.content {
            Content::Text(text) => text.most_rows(),
            Content::Workbook(_) | Content::Markup(_) => 0,
        }
    }

    /// Gives the rows of a table, until the end or until `each` breaks. Rows without any content are left out; the
    /// others keep their numbers.
    ///
    /// # Errors
    ///
    /// There is no such table, or it is damaged from some row on: the rows before were given.
    pub fn each_row(&mut self, sheet: usize, each: &mut dyn FnMut(&Row) -> Flow) -> Result<(), SheetError> {
        let name = self.sheets.get(sheet).ok_or(SheetError::Empty)?;
        match &mut self.content {
            Content::Workbook(workbook) => workbook.each_row(&name.name, each),
            Content::Text(text) => text.each_row(each),
            Content::Markup(page) => {
                page.each_row(sheet, each);
                Ok(())
            }
        }
    }
}

fn is_picture(start: &[u8]) -> bool {
    start.starts_with(b"\x89PNG") || start.starts_with(&[0xff, 0xd8, 0xff]) || start.starts_with(b"GIF8")
}
