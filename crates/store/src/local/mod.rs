//! The local plane (本地): what the hospital's people made. Sync never overwrites it.

pub mod account;
pub mod attachment;
pub mod bundle;
pub mod check_in;
pub mod decision;
pub mod draft;
pub mod import_profile;
pub mod item;
pub mod ledger;
pub mod outbox;
pub mod reply_draft;
pub mod seat;
pub mod statement;

/// Every query of the plane.
pub(crate) fn queries() -> Vec<crate::plan::Query> {
    [
        account::QUERIES,
        attachment::QUERIES,
        bundle::QUERIES,
        check_in::QUERIES,
        decision::QUERIES,
        draft::QUERIES,
        import_profile::QUERIES,
        item::QUERIES,
        ledger::QUERIES,
        outbox::QUERIES,
        reply_draft::QUERIES,
        seat::QUERIES,
        statement::QUERIES,
    ]
    .concat()
}
