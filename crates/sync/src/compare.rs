//! 对数: compares the last days with the platform, and heals what differs.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use sunbench_contract::{Part, SnapshotQuery};
use sunbench_store::mirror::{DeleteRow, Record, apply, digest, rebuild, tally};
use sunbench_store::{StoreError, StoreResult};

use crate::client::{ClientError, SnapshotEvent};
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::ingest::{self, Batch};
use crate::plan::{Purpose, may_spend};
use crate::pull::blocking;
use crate::report::Phase;
use crate::state;

/// The days that are compared, today included.
const DAYS: u64 = 7;

/// The resources whose records state an amount; what a platform sums for the others is its own affair.
const HAS_AMOUNT: [&str; 5] = ["order", "orderLine", "return", "invoice", "settlement"];

/// What the last comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Comparison {
    /// The Shanghai day on which it was made; empty when there was none yet.
    pub day: String,
    /// Pairs of day and resource that were compared.
    pub compared: u64,
    /// Those that differ.
    pub differences: Vec<Difference>,
}

/// A day on which one resource is not what the platform has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The resource's name on the wire.
    pub resource: String,
    /// The business day.
    pub day: NaiveDate,
    /// Records here.
    pub here: u64,
    /// Records there.
    pub there: u64,
    /// It was healed: what is here is now what is there.
    pub healed: bool,
}

impl SyncEngine {
    /// The daily comparison, when it is due. What was read whole today needs none.
    pub(crate) async fn compare_if_due(&self, run: &mut Run) -> Result<(), SyncError> {
        if !run.position.is_complete() {
            return Ok(());
        }
        let today = self.today();
        let last = blocking(&self.store, |store| {
            store.read(|conn| state::get::<Comparison>(conn, state::COMPARISON))
        })
        .await?;
        if last.day == today {
            return Ok(());
        }
        if !run.was_complete || run.rebuilt {
            return self.keep(Comparison { day: today, ..Comparison::default() }).await;
        }
        if !run.can_compare || !may_spend(Purpose::Compare, self.quota_left(run)) {
            return Ok(());
        }
        match self.compare(run).await {
            // Records and submissions have gone through: a comparison that fails is made another time.
            Err(SyncError::Client(error)) => {
                tracing::warn!(%error, "the daily comparison could not be made");
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    /// Compares, heals what differs, and keeps what was found.
    pub(crate) async fn compare(&self, run: &mut Run) -> Result<Comparison, SyncError> {
        let today = self.today();
        let last_day: NaiveDate = today.parse().map_err(|_| SyncError::Died)?;
        let days: Vec<_> = (0..DAYS).filter_map(|back| last_day.checked_sub_days(Days::new(back))).collect();
        let mut found = Comparison { day: today, ..Comparison::default() };
        for (n, day) in days.iter().enumerate() {
            self.tell(Phase::Comparing, n as u64, Some(DAYS));
            for &resource in digest::BY_DAY {
                found.compared += 1;
                if let Some(difference) = self.difference(run, resource, *day).await? {
                    found.differences.push(difference);
                }
            }
        }
        if !found.differences.is_empty() {
            self.heal(run, &mut found.differences).await?;
        }
        self.keep(found.clone()).await?;
        Ok(found)
    }

    async fn keep(&self, comparison: Comparison) -> Result<(), SyncError> {
        blocking(&self.store, move |store| {
            store.write_mirror(|tx| state::put(tx, state::COMPARISON, &comparison))
        })
        .await
    }

    async fn difference(
        &self,
        run: &mut Run,
        resource: &'static str,
        day: NaiveDate,
    ) -> Result<Option<Difference>, SyncError> {
        let there = run.retry.run(|| self.client.digest(resource, day)).await?;
        let number = days_since_1970(day);
        let here = blocking(&self.store, move |store| store.read(|conn| digest::day(conn, resource, number)))
            .await?;
        Ok(here
            .filter(|here| {
                here.count != there.count
                    || (HAS_AMOUNT.contains(&resource) && here.sum != there.sum)
                    || format!("{:032x}", here.hash) != there.hash.to_ascii_lowercase()
            })
            .map(|here| Difference {
                resource: resource.to_owned(),
                day,
                here: here.count,
                there: there.count,
                healed: false,
            }))
    }

    /// Takes what the platform has now for what differs. What merely changed a moment ago comes through the feed.
    async fn heal(&self, run: &mut Run, differences: &mut [Difference]) -> Result<(), SyncError> {
        self.follow(run, None).await?;
        let days: Vec<(String, NaiveDate)> =
            differences.iter().map(|d| (d.resource.clone(), d.day)).collect();
        let here = blocking(&self.store, move |store| {
            store.read(|conn| {
                days.iter().try_fold(Vec::new(), |mut all, (resource, day)| {
                    all.extend(records_of(conn, resource, *day)?);
                    Ok::<_, StoreError>(all)
                })
            })
        })
        .await?;
        let wanted = Wanted::new(differences, &here);
        let there = self.read_again(run, &wanted).await?;
        let now = self.clock.now();
        blocking(&self.store, move |store| replace(store, &here, &there, now)).await?;
        for difference in differences {
            let Some(&resource) = digest::BY_DAY.iter().find(|name| **name == difference.resource) else {
                continue;
            };
            difference.healed = self.difference(run, resource, difference.day).await?.is_none();
        }
        Ok(())
    }

    /// The records of the last 90 days that are wanted.
    async fn read_again(&self, run: &mut Run, wanted: &Wanted) -> Result<Batch, SyncError> {
        let mut all = Batch::default();
        let mut after = None;
        loop {
            let query =
                SnapshotQuery { part: Part::Recent, after: after.clone(), limit: Some(1_000), before: None };
            let mut stream = run.retry.run(|| self.client.snapshot(&query)).await?;
            // Only a mark proves that what came before it is whole; the rest of a cut stream comes again.
            let mut unproven = Vec::new();
            let error = loop {
                run.retry.check()?;
                match stream.next().await {
                    Some(Ok(SnapshotEvent::Items(mut items))) => {
                        items.bad.clear();
                        let mut batch = Batch::of(items);
                        batch.records.retain(|record| wanted.has(record));
                        batch.bad.clear();
                        unproven.append(&mut batch.records);
                    }
                    Some(Ok(SnapshotEvent::Mark(mark))) => {
                        all.records.append(&mut unproven);
                        after = Some(mark);
                    }
                    Some(Ok(SnapshotEvent::Head(_))) => {}
                    Some(Ok(SnapshotEvent::End(_))) => {
                        all.records.append(&mut unproven);
                        return Ok(all);
                    }
                    Some(Err(error)) => break error,
                    None => break ClientError::Cut("the snapshot has no end".to_owned()),
                }
            };
            run.retry.wait(error).await?;
        }
    }
}

/// What has to be read again: the days that differ, and the records that are on them here.
struct Wanted {
    days: HashSet<(String, i64)>,
    ids: HashSet<(String, String)>,
}

impl Wanted {
    fn new(differences: &[Difference], here: &[Held]) -> Self {
        Self {
            days: differences.iter().map(|d| (d.resource.clone(), days_since_1970(d.day))).collect(),
            ids: here.iter().map(|held| (held.row.resource.clone(), held.row.id.clone())).collect(),
        }
    }
    fn has(&self, record: &Record) -> bool {
        let (resource, id, _) = ingest::name_of(record);
        // Looked up by owned keys: healing is rare, and a second of it does no harm.
        self.ids.contains(&(resource.to_owned(), id.to_owned()))
            || day_of(record).is_some_and(|day| self.days.contains(&(resource.to_owned(), day)))
    }
}

/// A record as it is here.
struct Held {
    row: DeleteRow,
    hash: [u8; 16],
}

fn records_of(conn: &rusqlite::Connection, resource: &str, day: NaiveDate) -> StoreResult<Vec<Held>> {
    let found = digest::records_of(conn, resource, days_since_1970(day))?;
    Ok(found
        .into_iter()
        .map(|(id, ver, hash)| Held { row: DeleteRow { resource: resource.to_owned(), id, ver }, hash })
        .collect())
}

/// Forgets what is not the same there, and takes what is there.
fn replace(
    store: &sunbench_store::Store,
    here: &[Held],
    there: &Batch,
    now: sunbench_contract::time::Instant,
) -> StoreResult<()> {
    let fingerprints: HashMap<(&str, &str), [u8; 16]> = there
        .records
        .iter()
        .filter_map(|record| {
            let (resource, id, _) = ingest::name_of(record);
            Some(((resource, id), ingest::hash_of(record)?))
        })
        .collect();
    let stale: Vec<DeleteRow> = here
        .iter()
        .filter(|held| {
            fingerprints.get(&(held.row.resource.as_str(), held.row.id.as_str())) != Some(&held.hash)
        })
        .map(|held| held.row.clone())
        .collect();
    tracing::info!(stale = stale.len(), %now, "healing a difference with the platform");
    store.write_mirror(|tx| {
        rebuild::forget(tx, &stale)?;
        apply(tx, &there.records)?;
        Ok(())
    })
}

/// The Shanghai business day of a record that has one, in days since 1970.
fn day_of(record: &Record) -> Option<i64> {
    let at = match record {
        Record::Order(row) => row.submit_at,
        Record::OrderLine(row) => row.submit_at,
        Record::Delivery(row, _) => row.shipped_at,
        Record::Receipt(row, _) => row.received_at,
        Record::Return(row, _) => row.returned_at,
        Record::Settlement(row, _) => row.created_at,
        Record::Invoice(row, _) => return row.invoiced_on.parse().ok().map(days_since_1970),
        _ => return None,
    };
    Some(tally::shanghai_day(at))
}

fn days_since_1970(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}
