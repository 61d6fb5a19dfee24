//! Why a file gives no rows.

/// Why a file, or the rest of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The file is not there, or the system does not let us read it.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// The file, or every table in it, is empty.
    #[error("there is nothing in the file")]
    Empty,
    /// It is no workbook, text or web page with a table.
    #[error("not a table: neither a workbook nor text")]
    NotATable,
    /// A password is on the workbook.
    #[error("the workbook has a password: save it without one")]
    Password,
    /// It breaks off or contradicts itself. With the last row that could be read, where there was one.
    #[error("damaged after row {after_row}: {reason}")]
    Damaged {
        /// The last row that was read, 0 for none.
        after_row: u32,
        /// What the library that reads the format says.
        reason: String,
    },
    /// Larger than a workbook of this world; or made to fill the memory.
    #[error("larger than a table may be")]
    TooLarge,
    /// A row has more than [`MOST_COLUMNS`] columns.
    #[error("row {row} has more than {MOST_COLUMNS} columns")]
    TooWide {
        /// The row's number, from 1.
        row: u32,
    },
    /// Text in no encoding that we know: neither UTF-8, UTF-16 nor GB18030.
    #[error("row {row} is neither UTF-8 nor GB18030 text")]
    Encoding {
        /// The first such row, from 1.
        row: u32,
    },
    /// A quotation mark opens a field and none closes it.
    #[error("the quotation mark in row {row} is never closed")]
    OpenQuote {
        /// The row in which the field begins, from 1.
        row: u32,
    },
}

/// More columns than any ledger has.
pub(super) const MOST_COLUMNS: usize = 512;

pub(super) fn cannot_read(error: &std::io::Error) -> SheetError {
    SheetError::Unreadable(error.to_string())
}
