//! 指标: the hospital measured by the rules of a day, ahead of the platform; forecasts; what is behind a number.

mod analysis;
pub mod back_test;
mod board;
mod exemptions;
mod lines;
mod measurements;
mod packs;
mod records;
mod self_check;
mod shown;
mod statistics;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use chrono::NaiveDate;
use sunbench_contract::Resource;
use sunbench_domain::policy::{Adjustment, Measure, Reading, RuleBook, Rules, Scope, Tallies as _, foresee};
use sunbench_store::mirror::{document, indicator, recount, sync_state};

use crate::app::{App, AppEvent};
use crate::connection::TELL_EVERY;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{IndicatorList, IndicatorsReq};
pub use measurements::Measurements;
use measurements::{Basis, Measurement};

const RULES: u32 = 5_000;
/// Adjustments are announced; what they will do is foreseen so many days before.
const ANNOUNCED_DAYS: u64 = 60;

/// Order lines and deliveries that are counted anew in one transaction: a person's own writing waits for no more.
const RECOUNT_PORTION: u32 = 5_000;

/// A hospital measured.
pub(crate) struct Measured {
    pub(crate) as_of: NaiveDate,
    pub(crate) rules: Rules,
    pub(crate) readings: Vec<Reading>,
    pub(crate) unknown_units: i128,
}

impl Context<'_> {
    fn book(&self, pack: Option<&str>) -> ApiResult<RuleBook> {
        let packs = self.packs().packs;
        let id = self.pack_id(&packs, pack)?;
        let found = self.store.read(|conn| document::list(conn, Resource::Rule.name(), RULES))?;
        let adjustments =
            found.iter().filter_map(|rule| serde_json::from_str::<Adjustment>(&rule.data).ok()).collect();
        Ok(RuleBook::new(packs, &id, adjustments).ok_or(ErrorCode::FieldInvalid)?)
    }

    fn rules(&self, as_of: NaiveDate) -> ApiResult<Rules> {
        let book = self.book(None)?;
        Ok(if as_of < self.today() { book.at_end_of(as_of) } else { book.as_of(self.now.at()) })
    }

    fn as_of(&self, text: Option<&str>) -> ApiResult<NaiveDate> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(self.today()) };
        let date = text.parse().ok().filter(|date| *date <= self.today());
        date.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "asOf"))
    }

    /// Where the tallies are of an earlier version: counts the next portion anew, and says how far it is. Who asks again goes on.
    fn count_anew(&self) -> ApiResult<()> {
        if self.store.read(indicator::is_current)? {
            return Ok(());
        }
        let reached = self.store.write_mirror(|tx| recount::step(tx, RECOUNT_PORTION))?;
        if reached.is_finished {
            return Ok(());
        }
        let percent = (reached.done * 100).checked_div(reached.total).unwrap_or_default();
        Err(ApiError::field(ErrorCode::IndicatorsCounting, &format!("{percent} %")))
    }

    /// Everything measured. The first time after an update that counts otherwise, the tallies are made anew.
    pub(crate) fn measured(&self, as_of: Option<&str>, pack: Option<&str>) -> ApiResult<Measured> {
        let as_of = self.as_of(as_of)?;
        let book = self.book(pack)?;
        self.count_anew()?;
        let found = self.store.read(|conn| {
            let basis = Basis {
                changes: sync_state::changes(conn)?,
                as_of,
                today: self.today(),
                in_effect: book.in_effect(as_of, self.now.at()),
                records: records::read(conn, self.calendar, as_of)?,
                book,
            };
            if let Some(kept) = self.measurements.measured.find(|kept| kept.basis == basis) {
                return Ok(kept);
            }
            let tallies = indicator::StoredTallies::new(conn);
            let (book, records, days) = (&basis.book, &basis.records, (as_of, self.now.at()));
            let (rules, readings) = foresee(book, records, &tallies, self.calendar, days, ANNOUNCED_DAYS)?;
            let unknown =
                tallies.sum(Measure::UnknownUnit, Scope::Hospital, self.calendar.first_day(), as_of)?;
            let found = Measurement { basis, rules, readings, unknown_units: unknown.n };
            Ok(self.measurements.measured.keep(found))
        })?;
        Ok(Measured {
            as_of,
            rules: found.rules.clone(),
            readings: found.readings.clone(),
            unknown_units: found.unknown_units,
        })
    }

    /// Every indicator of the pack: the worst first, then what keeps its limits and is forecast not to, then the rest; each by its
    /// date.
    pub fn indicators(&self, req: &IndicatorsReq) -> ApiResult<IndicatorList> {
        let mut measured = self.measured(req.as_of.as_deref(), req.pack.as_deref())?;
        measured.readings.sort_by_key(shown::urgency);
        Ok(measured.list())
    }
}

impl App {
    /// Measures after the profile was opened and after a sync, so that the rooms open at once. After a version that counts
    /// otherwise that counts anew to the end.
    pub(crate) fn measure_ahead(self: &Arc<Self>) {
        let app = Arc::clone(self);
        app.ahead.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            app.measured_ahead().await;
            app.ahead.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Somebody was told how far counting is: it goes on to the end.
    pub(crate) fn count_on(self: &Arc<Self>) {
        if self.ahead.load(Ordering::Relaxed) == 0 {
            self.measure_ahead();
        }
    }

    async fn measured_ahead(self: &Arc<Self>) {
        let mut told = None;
        let measure = || {
            self.run(|context, _| {
                context.measured(None, None)?;
                context.sum_ahead()
            })
        };
        while let Err(error) = measure().await {
            if error.code != ErrorCode::IndicatorsCounting {
                // Who opens a room is told what is wrong.
                return tracing::debug!(code = ?error.code, "not measured ahead");
            }
            // Open rooms say how far it is, and then what came out.
            if told.is_none_or(|at: Instant| at.elapsed() >= TELL_EVERY) {
                self.tell(AppEvent::DataChanged);
                told = Some(Instant::now());
            }
        }
        if told.is_some() {
            self.tell(AppEvent::DataChanged);
        }
    }
}

impl Measured {
    pub(crate) fn list(&self) -> IndicatorList {
        IndicatorList {
            as_of: self.as_of.to_string(),
            pack: self.rules.pack.id.clone(),
            pack_name: self.rules.pack.name.clone(),
            rule_version: self.rules.version.clone(),
            rows: self.readings.iter().map(|reading| shown::row(&self.rules, reading)).collect(),
            not_applied: small(self.rules.not_applied.len() as u64),
            unknown_units: small(u64::try_from(self.unknown_units).unwrap_or_default()),
        }
    }
}
