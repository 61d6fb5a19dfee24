//! The mirror plane (镜像): what the platform says. Sync writes it with [`apply`]; screens read it.

mod apply;
pub mod digest;
mod dims;
pub mod line;
pub mod notice;
pub mod rebuild;
mod rows;
pub mod search;
pub mod sync_state;
mod table;
pub mod tally;
pub mod work;

pub use apply::{Applied, Record, apply};
pub use rows::*;
pub use table::{DateText, Head, OrderId, OrgId, ProductId, Seconds};

/// Every query of the plane.
pub(crate) fn queries() -> Vec<crate::plan::Query> {
    [
        digest::QUERIES,
        line::QUERIES,
        notice::QUERIES,
        rebuild::QUERIES,
        search::QUERIES,
        sync_state::QUERIES,
        tally::QUERIES,
        work::QUERIES,
    ]
    .concat()
}
