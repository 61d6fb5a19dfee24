//! Policy packs and indicators: worked examples as data, files that are refused, rules of past days.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod as_of;
mod examples;
mod ledger;
mod packs;
