//! 对账: a month of the platform against the hospital's ledger. What is found is computed on demand from the mirror, the
//! imported lines and the decisions; only the decisions and the signed statements are kept.

mod act;
mod decided;
mod detail;
mod filing;
mod input;
mod known;
mod line;
mod model;
mod period;
mod script;
mod sign;
#[cfg(test)]
mod tests;
mod words;
mod worklist;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sunbench_contract::time::Instant;
use sunbench_domain::Amount;
use sunbench_domain::matching::DifferenceKind as Kind;
use sunbench_store::local::decision::{self, Summary};
use sunbench_store::local::{ledger, outbox, statement};
use sunbench_store::{Connection, StoreResult};

use crate::app::{App, AppEvent};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::{small, state_of};
use crate::wire::{
    ItemSort, ItemState, KindCount, Nothing, PeriodState, ReconcileDone, ReconcilePeriod, ReconcilePeriods,
    ReconcileSummary,
};
use decided::Action;
use input::{Filing, Input};
use model::{Computed, Model};
use period::Period;
pub(crate) use script::DIFFERENCES;
pub use script::PeriodDocument;

/// The months that were computed last, and the open lists. Forgotten at a lock.
#[derive(Default)]
pub(crate) struct Reconciled {
    months: Mutex<BTreeMap<Period, Arc<Computed>>>,
    lists: worklist::Lists,
}

/// Months that stay computed at once.
const KEPT_MONTHS: usize = 4;
/// Signed months of which the list of months says at once that something came later.
const LOOKED_AFTER: usize = 3;

impl Reconciled {
    /// Forgets everything: the profile was locked.
    pub(crate) fn clear(&self) {
        self.months.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.lists.clear();
    }

    fn get(&self, period: Period, input: &str) -> Option<Arc<Computed>> {
        let months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        months.get(&period).filter(|computed| computed.input == input).cloned()
    }

    fn put(&self, period: Period, computed: Computed) -> Arc<Computed> {
        let computed = Arc::new(computed);
        let mut months = self.months.lock().unwrap_or_else(PoisonError::into_inner);
        months.insert(period, Arc::clone(&computed));
        while months.len() > KEPT_MONTHS {
            months.pop_first();
        }
        computed
    }
}

impl Context<'_> {
    /// A month as it stands: matched now, or as it was signed.
    fn computed(&self, reconciled: &Reconciled, period: Period) -> ApiResult<Arc<Computed>> {
        let signature = self
            .store
            .read(statement::signatures)?
            .into_iter()
            .find(|signature| signature.period == period.text());
        match signature {
            Some(signature) => self.as_signed(reconciled, period, &signature.digest),
            None => self.matched_now(reconciled, period),
        }
    }

    fn matched_now(&self, reconciled: &Reconciled, period: Period) -> ApiResult<Arc<Computed>> {
        let today = Period::of(self.today());
        let input = self.store.read(|conn| Input::load(conn, period, today))?;
        let digest = input.digest();
        match reconciled.get(period, &digest) {
            Some(computed) => Ok(computed),
            None => Ok(reconciled.put(period, Computed::new(input, digest))),
        }
    }

    fn as_signed(&self, reconciled: &Reconciled, period: Period, digest: &str) -> ApiResult<Arc<Computed>> {
        let name = format!("signed {digest}");
        if let Some(computed) = reconciled.get(period, &name) {
            return Ok(computed);
        }
        let kept = self.store.read(|conn| statement::get(conn, &period.text()))?;
        let kept = kept.ok_or(ErrorCode::NotFound)?;
        let model: Model = serde_json::from_str(&kept.body).map_err(|error| ApiError::internal(&error))?;
        let filings = self.store.read(|conn| filings(conn, &model))?;
        Ok(reconciled.put(period, Computed::signed(name, model, filings)))
    }

    /// The summary of a month, kept for the list of months.
    fn summary(
        &self,
        reconciled: &Reconciled,
        period: Period,
        computed: &Computed,
    ) -> ApiResult<ReconcileSummary> {
        let (last, signature, lines) = self.store.read(|conn| {
            let signature = statement::signatures(conn)?.into_iter().find(|s| s.period == period.text());
            Ok((decision::last(conn, &period.text())?, signature, ledger::months(conn)?))
        })?;
        let is_signed = signature.is_some();
        let adjustments = if is_signed { self.adjustments(reconciled, period)?.len() } else { 0 };
        let has_ledger = lines.iter().any(|(month, _)| *month == period.month());
        let state = match (is_signed, adjustments) {
            (true, 0) => PeriodState::Signed,
            (true, _) => PeriodState::Adjusted,
            (false, _) if has_ledger => PeriodState::Open,
            (false, _) => PeriodState::Empty,
        };
        let undo = last
            .filter(|_| !is_signed)
            .and_then(|last| serde_json::from_str::<Action>(&last.body).ok())
            .map(|action| action.text_zh());
        let found = &computed.model.found;
        let stats = &found.stats;
        let todo = |state: ItemState| matches!(state, ItemState::Open | ItemState::Waiting);
        let differences = || computed.items.iter().filter(|item| item.sort == ItemSort::Difference);
        let open = differences().filter(|item| todo(item.state));
        let summary = ReconcileSummary {
            period: period.text(),
            state,
            platform_lines: stats.left_rows,
            ledger_lines: stats.right_rows,
            platform_amount: stats.left_amount.to_string(),
            ledger_amount: stats.right_amount.to_string(),
            difference_amount: (stats.right_amount - stats.left_amount).to_string(),
            pairs: small(found.pairs.len() as u64),
            clean_pairs: stats.clean_pairs,
            proposals: small(found.proposals.len() as u64),
            open: small(open.clone().count() as u64),
            open_amount: open.map(|item| item.amount).fold(Amount::ZERO, absolute_sum).to_string(),
            done: small(differences().filter(|item| !todo(item.state)).count() as u64),
            unmatched_platform: small(found.unmatched_left.len() as u64),
            unmatched_ledger: small(found.unmatched_right.len() as u64),
            kinds: kinds(computed),
            damaged: small(stats.damaged_right.len() as u64),
            settled_elsewhere: computed.model.settled_elsewhere,
            adjustments: small(adjustments as u64),
            digest: computed.model.digest.clone(),
            computed_at: self.now.to_string(),
            undo,
        };
        self.keep(period, &summary)?;
        Ok(summary)
    }

    /// Kept only where something has changed: looking at a month writes nothing else.
    fn keep(&self, period: Period, summary: &ReconcileSummary) -> ApiResult<()> {
        let without_time = ReconcileSummary { computed_at: String::new(), ..summary.clone() };
        let json = |summary: &ReconcileSummary| {
            serde_json::to_string(summary).map_err(|error| ApiError::internal(&error))
        };
        let digest = sunbench_contract::sign::hex(&line::fingerprint([json(&without_time)?.as_str()]));
        if self.store.read(|conn| decision::summary_digest(conn, &period.text()))?.as_ref() == Some(&digest) {
            return Ok(());
        }
        let kept =
            Summary { period: period.text(), digest, body: json(summary)?, computed_at: self.now.unix() };
        Ok(self.store.write_local(|tx| decision::put_summary(tx, &kept))?)
    }

    /// Every month with ledger lines, the signed ones, and the present one; the newest first.
    fn reconcile_periods(&self, reconciled: &Reconciled) -> ApiResult<ReconcilePeriods> {
        let (months, summaries, signatures) = self.store.read(|conn| {
            Ok((ledger::months(conn)?, decision::summaries(conn)?, statement::signatures(conn)?))
        })?;
        let today = Period::of(self.today());
        let mut lines: BTreeMap<String, u32> = BTreeMap::from([(today.text(), 0)]);
        lines.extend(signatures.iter().map(|signature| (signature.period.clone(), 0)));
        lines.extend(months.into_iter().map(|(month, count)| (crate::ledger::period_text(month), count)));
        // Whether something came after a signature is looked up for the months in which that still happens.
        let mut adjusted = Vec::new();
        for signature in signatures.iter().rev().take(LOOKED_AFTER) {
            if !self.adjustments(reconciled, Period::parse(&signature.period)?)?.is_empty() {
                adjusted.push(signature.period.as_str());
            }
        }
        let periods = lines.into_iter().rev().map(|(period, ledger_lines)| {
            let kept = summaries.iter().find(|kept| kept.period == period);
            let summary: Option<ReconcileSummary> =
                kept.and_then(|kept| serde_json::from_str(&kept.body).ok());
            let signature = signatures.iter().find(|signature| signature.period == period);
            let state = match (signature, &summary) {
                (Some(_), _) if adjusted.contains(&period.as_str()) => PeriodState::Adjusted,
                (Some(_), Some(summary)) if summary.adjustments > 0 => PeriodState::Adjusted,
                (Some(_), _) => PeriodState::Signed,
                (None, _) if ledger_lines > 0 => PeriodState::Open,
                (None, _) => PeriodState::Empty,
            };
            ReconcilePeriod {
                state,
                ledger_lines,
                summary,
                signed_at: signature.map(|signature| text(signature.signed_at)),
                signed_by: signature.map(|signature| signature.signed_name.clone()),
                period,
            }
        });
        Ok(ReconcilePeriods { periods: periods.collect() })
    }

    /// A month that may still be changed.
    fn open_month(&self, period: &str) -> ApiResult<Period> {
        let period = Period::parse(period)?;
        self.not_signed(period)?;
        Ok(period)
    }

    fn not_signed(&self, period: Period) -> ApiResult<()> {
        let signed = self.store.read(statement::signatures)?;
        if signed.iter().any(|signature| signature.period == period.text()) {
            return Err(ApiError::field(ErrorCode::PeriodSigned, &period.text()));
        }
        Ok(())
    }

    /// What an action leads to.
    fn done(&self, reconciled: &Reconciled, period: Period, changed: usize) -> ApiResult<ReconcileDone> {
        let computed = self.computed(reconciled, period)?;
        Ok(ReconcileDone {
            summary: self.summary(reconciled, period, &computed)?,
            changed: small(changed as u64),
        })
    }
}

fn absolute_sum(sum: Amount, amount: Amount) -> Amount {
    let amount = if amount.is_negative() { -amount } else { amount };
    sum.checked_add(amount).unwrap_or(sum)
}

fn kinds(computed: &Computed) -> Vec<KindCount> {
    let mut counts: BTreeMap<Kind, (u32, u32, Amount, Amount)> = BTreeMap::new();
    for item in computed.items.iter().filter(|item| item.sort == ItemSort::Difference) {
        let kind = computed.model.found.differences[item.at].kind;
        let (open, done, amount, open_amount) = counts.entry(kind).or_default();
        if matches!(item.state, ItemState::Open | ItemState::Waiting) {
            *open += 1;
            *open_amount = absolute_sum(*open_amount, item.amount);
        } else {
            *done += 1;
        }
        *amount = absolute_sum(*amount, item.amount);
    }
    let shown = counts.into_iter().map(|(kind, (open, done, amount, open_amount))| KindCount {
        kind: words::kind(kind),
        text: kind.text_zh().to_owned(),
        open,
        done,
        amount: amount.to_string(),
        open_amount: open_amount.to_string(),
    });
    shown.collect()
}

/// What has become of the filings that a model's marks name.
fn filings(conn: &Connection, model: &Model) -> StoreResult<BTreeMap<String, Filing>> {
    let mut found = BTreeMap::new();
    for key in model.marks.values().filter_map(|mark| mark.submission.as_ref()) {
        if let Some(item) = outbox::get(conn, key)? {
            let state = state_of(item.state, false);
            found.insert(key.clone(), Filing { state, error_text: item.error_text });
        }
    }
    Ok(found)
}

/// An instant of the database as a wall clock in Shanghai.
fn wall_clock(seconds: i64) -> chrono::NaiveDateTime {
    Instant::from_unix(seconds).map(|at| at.at().naive_local()).unwrap_or_default()
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($req:ty) -> $answer:ty;)*) => {
        impl App {$(
            $(#[$doc])*
            pub async fn $name(self: &Arc<Self>, req: $req) -> ApiResult<$answer> {
                self.run(move |context, app| context.$name(&app.reconciled, &req)).await
            }
        )*}
    };
}
/// As [`commands`], for what changes something.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident($req:ty) -> $answer:ty;)*) => {
        impl App {$(
            $(#[$doc])*
            pub async fn $name(self: &Arc<Self>, req: $req) -> ApiResult<$answer> {
                let done = self.run(move |context, app| context.$name(&app.reconciled, &req)).await?;
                self.tell(AppEvent::DataChanged);
                Ok(done)
            }
        )*}
    };
}

use crate::wire::{
    DecisionLog, OffPlatformFiling, OutboxItem, PeriodReq, ReconcileDetail, ReconcileFileReq,
    ReconcileItemReq, ReconcileItemsReq, ReconcileKnownReq, ReconcileLearned, ReconcileLines,
    ReconcileLinkReq, ReconcileMarkReq, ReconcilePage, ReconcilePageReq, ReconcileReq, ReconcileSearchReq,
    ReconcileSignReq, ReconcileTolerances, ReconcileView, StatementInfo,
};

commands! {
    /// Opens a month's worklist.
    reconcile_open(ReconcileReq) -> ReconcileView;
    /// One page of an open worklist.
    reconcile_page(ReconcilePageReq) -> ReconcilePage;
    /// Both sides of an item.
    reconcile_item(ReconcileItemReq) -> ReconcileDetail;
    /// Lines to link with.
    reconcile_search(ReconcileSearchReq) -> ReconcileLines;
    /// What was decided about a month.
    reconcile_decisions(PeriodReq) -> DecisionLog;
    /// What a month's certain pairs teach.
    reconcile_learned(PeriodReq) -> ReconcileLearned;
    /// A filing, prefilled.
    reconcile_filing(ReconcileItemReq) -> OffPlatformFiling;
    /// A signed statement.
    reconcile_statement(PeriodReq) -> StatementInfo;
}
actions! {
    /// Links lines by hand.
    reconcile_link(ReconcileLinkReq) -> ReconcileDone;
    /// Accepts proposals and differences.
    reconcile_accept(ReconcileItemsReq) -> ReconcileDone;
    /// Takes pairs and proposals apart.
    reconcile_unlink(ReconcileItemsReq) -> ReconcileDone;
    /// Gives items a state, an owner, a note.
    reconcile_mark(ReconcileMarkReq) -> ReconcileDone;
    /// Confirms or forgets factors and aliases.
    reconcile_known(ReconcileKnownReq) -> ReconcileLearned;
    /// Closes a month.
    reconcile_sign(ReconcileSignReq) -> StatementInfo;
}

impl App {
    /// The months and how they stand.
    pub async fn reconcile_periods(self: &Arc<Self>, _: Nothing) -> ApiResult<ReconcilePeriods> {
        self.run(|context, app| context.reconcile_periods(&app.reconciled)).await
    }

    /// Takes the last decision of a month back.
    pub async fn reconcile_undo(self: &Arc<Self>, req: PeriodReq) -> ApiResult<ReconcileDone> {
        let done = self.run(move |context, app| context.reconcile_undo(&app.reconciled, &req)).await?;
        self.submitted();
        Ok(done)
    }

    /// Files an off-platform purchase, and sends it when there is a network.
    pub async fn reconcile_file(self: &Arc<Self>, req: ReconcileFileReq) -> ApiResult<OutboxItem> {
        let item = self.run(move |context, app| context.reconcile_file(&app.reconciled, &req)).await?;
        self.submitted();
        Ok(item)
    }

    /// The user's tolerances.
    pub async fn reconcile_tolerances(self: &Arc<Self>, _: Nothing) -> ApiResult<ReconcileTolerances> {
        self.run(|context, _| context.reconcile_tolerances()).await
    }

    /// Sets them.
    pub async fn reconcile_tolerances_set(
        self: &Arc<Self>,
        req: ReconcileTolerances,
    ) -> ApiResult<ReconcileTolerances> {
        let set = self.run(move |context, _| context.reconcile_tolerances_set(&req)).await?;
        self.tell(AppEvent::DataChanged);
        Ok(set)
    }
}
