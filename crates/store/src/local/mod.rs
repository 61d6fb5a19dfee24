//! The local plane (本地): what the hospital's people made. Sync never overwrites it.

pub mod account;
pub mod attachment;
pub mod bundle;
pub mod campus;
pub mod check_in;
pub mod decision;
pub mod draft;
pub mod duty;
pub mod exemption;
pub mod import_profile;
pub mod item;
pub mod ledger;
pub mod outbox;
pub mod reply_draft;
pub mod request;
pub mod review;
pub mod seat;
pub mod statement;
pub mod template;
pub mod transfer;

/// Every query of the plane.
pub(crate) fn queries() -> Vec<crate::plan::Query> {
    [
        account::QUERIES,
        attachment::QUERIES,
        bundle::QUERIES,
        campus::QUERIES,
        check_in::QUERIES,
        decision::QUERIES,
        draft::QUERIES,
        duty::QUERIES,
        exemption::QUERIES,
        import_profile::QUERIES,
        item::QUERIES,
        ledger::QUERIES,
        outbox::QUERIES,
        reply_draft::QUERIES,
        request::QUERIES,
        review::QUERIES,
        seat::QUERIES,
        statement::QUERIES,
        template::QUERIES,
        transfer::QUERIES,
    ]
    .concat()
}
