//! Ids, codes, exact money and quantity, business documents and their states.
//!
//! Pure: no I/O, and no clock is read; the instant and the calendar are arguments.

pub mod codes;
mod decimal;
mod ids;
pub mod matching;
pub mod policy;
pub mod purchase;
pub mod state;
pub mod text;

pub use decimal::{Amount, DecimalError, Price, Quantity, SCALE};
pub use ids::{ClientKey, NoticeId};
