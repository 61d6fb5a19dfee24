//! The demo province's main hospital in a profile of its own.

use std::error::Error;

use chrono::NaiveDate;
use serde_json::value::RawValue;
use sunbench_contract::{Change, Op, Resource};
use sunbench_domain::policy::{Adjustment, Packs, RuleBook};
use sunbench_platform::record::{DemoSpec, Record};
use sunbench_store::mirror::Record as Row;
use sunbench_store::vault::PassphraseCost;
use sunbench_store::{KeySource, Passphrase, Store, mirror};
use sunbench_sync::translate::{Translated, translate};
use sunbench_workdays::Calendar;

/// A Friday.
pub(crate) const TODAY: &str = "2026-11-20";
/// Rows of one transaction.
const PAGE: usize = 20_000;

/// A profile with everything that the platform would have sent.
pub(crate) struct Province {
    pub(crate) store: Store,
    /// The national rules with the province's adjustments.
    pub(crate) book: RuleBook,
    /// Order lines.
    pub(crate) lines: usize,
    _folder: tempfile::TempDir,
}

impl Province {
    /// Generates it; `seen` is told of every record of the hospital.
    pub(crate) fn new(seed: u64, scale: u32, seen: &mut dyn FnMut(&Record)) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let key = KeySource::Passphrase(Passphrase::new("developers", PassphraseCost::Scripted));
        let at = chrono::DateTime::parse_from_rfc3339("2026-11-20T08:00:00+08:00")?;
        let (store, _) = Store::create(folder.path(), &key, at)?;
        let today: NaiveDate = TODAY.parse()?;
        let spec = DemoSpec { seed, scale, today };
        let (mut seq, mut lines, mut hospital) = (0, 0, None);
        let (mut rows, mut adjustments, mut failed) = (Vec::new(), Vec::<Adjustment>::new(), None);
        sunbench_platform::demo::generate(&spec, Calendar::built_in(), &mut |record| {
            // The main hospital's records come before those of the others.
            if record.institution.is_some() && hospital.is_none() {
                hospital.clone_from(&record.institution);
            }
            if failed.is_some() || record.institution.is_some() && record.institution != hospital {
                return;
            }
            seq += 1;
            lines += usize::from(record.resource == Resource::OrderLine);
            seen(&record);
            if record.resource == Resource::Rule {
                adjustments.extend(serde_json::from_str::<Adjustment>(&record.data).ok());
            }
            rows.extend(row(seq, &record));
            if rows.len() >= PAGE {
                failed = store.write_mirror(|tx| mirror::apply(tx, &rows)).err();
                rows.clear();
            }
        });
        if let Some(error) = failed {
            return Err(error.into());
        }
        store.write_mirror(|tx| mirror::apply(tx, &rows))?;
        let book =
            RuleBook::new(Packs::built_in(), "national-base", adjustments).ok_or("no national pack")?;
        Ok(Self { store, book, lines, _folder: folder })
    }
}

fn row(seq: u64, record: &Record) -> Option<Row> {
    let change = Change {
        seq,
        resource: record.resource.name().to_owned(),
        op: Op::Upsert,
        id: record.id.clone(),
        ver: 1,
        upd_time: record.upd_time,
        more: false,
        data: RawValue::from_string(record.data.clone()).ok(),
        hash: None,
    };
    match translate(change) {
        Translated::Record(row) => Some(row),
        Translated::Quarantined(_) => None,
    }
}
