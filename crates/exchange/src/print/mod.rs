//! 打印件: documents that are printed, signed and stamped, as A4 PDF.
//!
//! A document's model goes in, bytes come out; the same model gives the same bytes wherever the fonts are the same. There is
//! no markup: every text is data and is printed as it stands. What would be invisible on paper, such as a
//! zero-width space or a change of direction, and what no font has, is printed by its code: 〔U+200B〕.
//!
//! ```
//! use sunbench_exchange::print::{self, Fonts};
//! use sunbench_exchange::statement::Statement;
//!
//! let statement = Statement { title: "对账单".to_owned(), ..Statement::default() };
//! let pdf = print::statement(&statement, Fonts::embedded())?;
//! assert!(pdf.starts_with(b"%PDF"));
//! # Ok::<(), print::PrintError>(())
//! ```

mod figures;
mod font;
mod letter;
mod paper;
mod reply;
mod self_check;
mod slip;
mod statement;
mod surge;
mod table;
mod text;
mod transfer;

pub use font::Fonts;
pub use letter::{SupplyLetter, SupplyProblem, supply_letter};
pub use reply::{NoticeReply, notice_reply};
pub use self_check::{SelfCheckPages, SelfCheckPaperRow, self_check};
pub use slip::{AcceptanceSlip, SlipLine, acceptance_slip};
pub use statement::statement;
pub use surge::{SurgeLetter, SurgeLine, surge_letter};
pub use transfer::{TransferSlip, transfer_slip};

/// Why a document was not printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The PDF cannot be made.
    #[error("the pages cannot be written: {0}")]
    Write(String),
}
