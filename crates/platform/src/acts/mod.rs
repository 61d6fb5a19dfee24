//! What others than the hospital do on a platform: the companies, and the bureau.
//!
//! Most of them do what is expected; a few in a hundred refuse, come late or in parts. Which ones follows from the
//! document's id, so that a training day can be repeated.

pub(crate) mod billing;
pub(crate) mod bureau;
pub(crate) mod company;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sunbench_contract::Resource;
use sunbench_contract::time::Instant;

use crate::error::Error;
use crate::object::{Publisher, Stored, find};

/// Who acts, and with what.
pub(crate) struct Act<'a, 'p> {
    connection: &'a Connection,
    publisher: &'a mut Publisher<'p>,
    now: Instant,
}

impl Act<'_, '_> {
    fn find<T: DeserializeOwned>(&self, resource: Resource, id: &str) -> Result<Option<Stored<T>>, Error> {
        find(self.connection, resource, id)
    }
}

/// The next step of whoever a document waits for outside the hospital. Whether there was one.
pub(crate) fn step(
    connection: &Connection,
    publisher: &mut Publisher<'_>,
    now: Instant,
    resource: Resource,
    id: &str,
) -> Result<bool, Error> {
    let mut act = Act { connection, publisher, now };
    match resource {
        Resource::OrderLine => company::order_line(&mut act, id),
        Resource::Delivery => company::arrival(&mut act, id),
        Resource::Return => Ok(company::goods_return(&mut act, id)? || billing::red_letter(&mut act, id)?),
        Resource::Negotiation => company::negotiation(&mut act, id),
        Resource::SupplyIssue => Ok(company::issue(&mut act, id)? || bureau::issue(&mut act, id)?),
        Resource::Receipt => billing::invoice(&mut act, id),
        Resource::Invoice => billing::present(&mut act, id),
        Resource::Settlement => Ok(billing::settlement(&mut act, id)? || bureau::payment(&mut act, id)?),
        Resource::Filing => bureau::filing(&mut act, id),
        Resource::DemandReport => bureau::demand_report(&mut act, id),
        Resource::Agreement => bureau::agreement(&mut act, id),
        Resource::Contract => bureau::contract(&mut act, id),
        _ => Ok(false),
    }
}

/// A document's lot, 0 to 99; `round` draws another one.
fn lot(id: &str, round: &str) -> u8 {
    let hash: [u8; 32] = Sha256::digest(format!("{id} {round}").as_bytes()).into();
    hash[0] % 100
}
