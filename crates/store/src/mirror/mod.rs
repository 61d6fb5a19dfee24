//! The mirror plane (镜像): what the platform says. Sync writes it with [`apply`]; screens read it.

mod apply;
pub mod billing;
pub mod catalogue;
mod counting;
pub mod digest;
mod dims;
pub mod document;
pub mod goods;
pub mod indicator;
pub mod line;
pub mod notice;
pub mod purchase;
pub mod rebuild;
pub mod receiving;
pub mod recount;
mod rows;
pub mod search;
pub mod slip;
pub mod sync_state;
mod table;
pub mod tally;
pub mod volume;
pub mod work;

pub use apply::{Applied, Record, apply};
pub use rows::*;
pub use table::{DateText, Head, OrderId, OrgId, ProductId, Seconds};

/// The tables of the plane: what they hold comes again from the platform. Every other table is people's work.
pub(crate) const TABLES: &[&str] = &[
    "org",
    "product",
    "hosp_item",
    "agreement",
    "purchase_order",
    "order_line",
    "delivery",
    "delivery_line",
    "receipt",
    "receipt_line",
    "goods_return",
    "return_line",
    "invoice",
    "invoice_line",
    "settlement",
    "settlement_invoice",
    "notice",
    "notice_reply",
    "check_in",
    "document",
    "tombstone",
    "stale",
    "staging",
    "quarantine",
    "sync_state",
    "tally_resource",
    "tally_line",
    "tally_product",
    "tally_supplier",
    "tally_day",
    "tally_month",
    "tally_name",
    "tally_edition",
    "tally_recount",
    "price_step",
    "code_index",
];
/// The index of names, and what SQLite keeps it in.
pub(crate) const NAME_INDEX: &str = "name_index";

/// Every query of the plane.
pub(crate) fn queries() -> Vec<crate::plan::Query> {
    [
        billing::QUERIES,
        catalogue::QUERIES,
        counting::QUERIES,
        digest::QUERIES,
        document::QUERIES,
        goods::QUERIES,
        indicator::QUERIES,
        indicator::BEHIND,
        line::QUERIES,
        notice::QUERIES,
        purchase::QUERIES,
        rebuild::QUERIES,
        receiving::QUERIES,
        recount::QUERIES,
        search::QUERIES,
        slip::QUERIES,
        sync_state::QUERIES,
        tally::QUERIES,
        volume::QUERIES,
        work::QUERIES,
    ]
    .concat()
}
