//! Items into the mirror: translated outside the transaction, applied with the position inside it.

use sunbench_contract::time::Instant;
use sunbench_contract::{Change, Resource};
use sunbench_store::mirror::{Head, Record, apply, rebuild, sync_state};
use sunbench_store::{Store, StoreError};

use crate::client::Items;
use crate::plan::Position;
use crate::state;
use crate::translate::{Quarantined, Translated, translate, unreadable};

/// Translated items.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) records: Vec<Record>,
    pub(crate) bad: Vec<Quarantined>,
}

impl Batch {
    pub(crate) fn of(items: Items) -> Self {
        let mut batch = Self::default();
        batch.add(items);
        batch
    }

    pub(crate) fn add(&mut self, items: Items) {
        self.records.reserve(items.changes.len());
        for change in items.changes {
            match translate(change) {
                Translated::Record(record) => self.records.push(record),
                Translated::Quarantined(bad) => self.bad.push(bad),
            }
        }
        self.bad.extend(items.bad.into_iter().map(unreadable));
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len() + self.bad.len()
    }

    /// How many records and bad records there are.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.records.len(), self.bad.len())
    }

    /// Back to earlier [`Batch::sizes`].
    pub(crate) fn truncate(&mut self, (records, bad): (usize, usize)) {
        self.records.truncate(records);
        self.bad.truncate(bad);
    }
}

/// What became of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) applied: u64,
    pub(crate) unchanged: u64,
    pub(crate) quarantined: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.applied += other.applied;
        self.unchanged += other.unchanged;
        self.quarantined += other.quarantined;
    }
}

/// What becomes of the items that wait for the rest of theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Staging<'a> {
    /// They stay as they are.
    Keep,
    /// These wait as well.
    Add(&'a [Change]),
    /// Only these wait.
    Replace(&'a [Change]),
}

/// Applies a batch and moves the position in one transaction.
pub(crate) fn write(
    store: &Store,
    batch: &Batch,
    position: &Position,
    staging: Staging<'_>,
    now: Instant,
) -> Result<Counts, StoreError> {
    store.write_mirror(|tx| {
        let applied = apply(tx, &batch.records)?;
        for bad in &batch.bad {
            sync_state::quarantine(tx, &row(bad, now))?;
        }
        // Afterwards: a good version may come with the bad one that it follows.
        if sync_state::quarantine_count(tx)? > 0 {
            for (resource, id, ver) in batch.records.iter().map(name_of) {
                sync_state::release(tx, resource, id, ver)?;
            }
        }
        if position.rebuilding {
            for (resource, id, _) in batch.records.iter().map(name_of) {
                rebuild::arrived(tx, resource, id)?;
            }
            for bad in &batch.bad {
                rebuild::arrived(tx, &bad.resource, &bad.id)?;
            }
        }
        if let Staging::Replace(_) = staging {
            sync_state::clear_staged(tx)?;
        }
        if let Staging::Add(items) | Staging::Replace(items) = staging {
            let texts: Vec<(u64, String)> = items
                .iter()
                .map(|item| (item.seq, serde_json::to_string(item).unwrap_or_default()))
                .collect();
            sync_state::stage(tx, texts.iter().map(|(seq, text)| (*seq, text.as_str())))?;
        }
        state::put(tx, state::POSITION, position)?;
        Ok(Counts {
            applied: applied.applied,
            unchanged: applied.unchanged,
            quarantined: batch.bad.len() as u64,
        })
    })
}

fn row(bad: &Quarantined, now: Instant) -> sync_state::Quarantined {
    sync_state::Quarantined {
        resource: bad.resource.clone(),
        id: bad.id.clone(),
        ver: bad.ver,
        field: bad.field.clone(),
        reason: bad.reason.code().to_owned(),
        item: bad.item.clone(),
        seen_at: now.unix(),
    }
}

/// Resource, id and version of a record.
pub(crate) fn name_of(record: &Record) -> (&str, &str, i64) {
    match record {
        Record::Document(row) => (&row.resource, &row.id, row.ver),
        Record::Delete(row) => (&row.resource, &row.id, row.ver),
        _ => head_of(record).map_or(("", "", 0), |(resource, head)| (resource, head.id.as_str(), head.ver)),
    }
}

/// A record's fingerprint; a deletion has none.
pub(crate) fn hash_of(record: &Record) -> Option<[u8; 16]> {
    match record {
        Record::Document(row) => Some(row.hash),
        _ => head_of(record).map(|(_, head)| head.hash),
    }
}

fn head_of(record: &Record) -> Option<(&'static str, &Head)> {
    Some(match record {
        Record::Org(row) => (Resource::Org.name(), &row.head),
        Record::Product(row) => (Resource::Product.name(), &row.head),
        Record::HospItem(row) => (Resource::HospItem.name(), &row.head),
        Record::Agreement(row) => (Resource::Agreement.name(), &row.head),
        Record::Order(row) => (Resource::Order.name(), &row.head),
        Record::OrderLine(row) => (Resource::OrderLine.name(), &row.head),
        Record::Delivery(row, _) => (Resource::Delivery.name(), &row.head),
        Record::Receipt(row, _) => (Resource::Receipt.name(), &row.head),
        Record::Return(row, _) => (Resource::Return.name(), &row.head),
        Record::Invoice(row, _) => (Resource::Invoice.name(), &row.head),
        Record::Settlement(row, _) => (Resource::Settlement.name(), &row.head),
        Record::Notice(row) => (Resource::Notice.name(), &row.head),
        Record::NoticeReply(row) => (Resource::NoticeReply.name(), &row.head),
        Record::CheckIn(row) => (Resource::CheckIn.name(), &row.head),
        Record::Document(_) | Record::Delete(_) => return None,
    })
}

/// Tries the records in quarantine once more, after an update of the program.
pub(crate) fn replay(store: &Store) -> Result<Counts, StoreError> {
    /// A profile with more bad records than that has another problem.
    const MOST: u32 = 20_000;
    let set_aside = store.read(|conn| sync_state::quarantined(conn, MOST))?;
    let mut records = Vec::new();
    for bad in &set_aside {
        if let Ok(change) = serde_json::from_str::<Change>(&bad.item)
            && let Translated::Record(record) = translate(change)
        {
            records.push(record);
        }
    }
    if records.is_empty() {
        return Ok(Counts::default());
    }
    store.write_mirror(|tx| {
        let applied = apply(tx, &records)?;
        for (resource, id, ver) in records.iter().map(name_of) {
            sync_state::release(tx, resource, id, ver)?;
        }
        Ok(Counts { applied: applied.applied, unchanged: applied.unchanged, quarantined: 0 })
    })
}
