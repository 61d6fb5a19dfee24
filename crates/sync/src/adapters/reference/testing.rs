//! For tests outside this crate: the readers of what a platform sends, without a network.

use sunbench_contract::Change;
use sunbench_contract::time::Instant;
use sunbench_store::{Store, StoreError};

use super::lines::SnapshotReader;
use super::{http, page};
use crate::client::{ClientError, Items, Page, SnapshotEvent};
use crate::ingest::{self, Batch};
use crate::plan::Position;

/// Reads one page of the feed.
pub fn page(body: &[u8]) -> Result<Page, ClientError> {
    page::parse(body)
}

/// Reads a snapshot that arrives in these pieces.
pub fn snapshot<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<SnapshotEvent>, ClientError> {
    let mut reader = SnapshotReader::default();
    let mut events = Vec::new();
    for piece in pieces {
        events.extend(reader.push(piece)?);
    }
    Ok(events)
}

/// Reads a platform's address as people type it.
pub fn address(text: &str) -> Result<String, ClientError> {
    http::base_url(text).map(String::from)
}

/// Writes items into the mirror, with `tail` staged as the beginning of a document: how many were applied, were known
/// already, and were set aside.
pub fn write(
    store: &Store,
    items: Items,
    tail: Option<&[Change]>,
    now: Instant,
) -> Result<(u64, u64, u64), StoreError> {
    let staging = tail.map_or(ingest::Staging::Keep, ingest::Staging::Replace);
    let counts = ingest::write(store, &Batch::of(items), &Position::default(), staging, now)?;
    Ok((counts.applied, counts.unchanged, counts.quarantined))
}
