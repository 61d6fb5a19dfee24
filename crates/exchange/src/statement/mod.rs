//! 对账单: what reconciliation found, in words and on paper.

pub mod words;
