//! 执行进度 of the agreements, and the full-screen board (监管大屏).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Contract, Negotiation, Resource};
use sunbench_domain::policy::{
    Basis, Formula, Level, Measure, Ratio, Reading, ReadingScope, Scope, Tallies as _,
};
use sunbench_domain::state::{ContractState, NegotiationState, State as _};
use sunbench_store::mirror::{document, indicator, tally};

use super::{Measured, shown};
use crate::context::Context;
use crate::error::ApiResult;
use crate::outbox::small;
use crate::wire::{AgreementProgress, AgreementsProgress, BatchProgress, Board, BoardRanking, IndicatorsReq};

const LISTED: u32 = 5_000;

/// A ranking, as far as the board needs it.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ranking {
    name: String,
    indicator_id: String,
    period: String,
    rows: Vec<RankingRow>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct RankingRow {
    rank: u32,
    institution: String,
    value: String,
}

impl Context<'_> {
    /// Each batch's agreements with their bar, the mark of the schedule, and what is to be done.
    pub fn agreements_progress(&self, req: &IndicatorsReq) -> ApiResult<AgreementsProgress> {
        let measured = self.measured(req.as_of.as_deref(), req.pack.as_deref())?;
        Ok(AgreementsProgress {
            as_of: measured.as_of.to_string(),
            rule_version: measured.rules.version.clone(),
            batches: batches(&measured),
        })
    }

    /// The measures of the bureau's screen, for this hospital.
    pub fn board(&self) -> ApiResult<Board> {
        let measured = self.measured(None, None)?;
        let as_of = measured.as_of;
        let year = NaiveDate::from_ymd_opt(as_of.year(), 1, 1).unwrap_or(as_of);
        let institution = self.account()?.institution;
        let (counts, online, saved, settled, negotiations, contracts, rankings) =
            self.store.read(|conn| {
                let tallies = indicator::StoredTallies::new(conn);
                let sum = |measure| tallies.sum(measure, Scope::Hospital, year, as_of);
                let settled: i128 = indicator::settlements(conn, indicator::start_of(year))?
                    .iter()
                    .filter(|one| one.paid_at.is_some_and(|at| indicator::date_of(at) <= as_of))
                    .map(|one| i128::from(one.amount.units()))
                    .sum();
                let list = |resource: Resource| document::list(conn, resource.name(), LISTED);
                Ok((
                    tally::counts(conn)?,
                    sum(Measure::Spent)?.sum,
                    sum(Measure::Saved)?.sum,
                    settled,
                    list(Resource::Negotiation)?,
                    list(Resource::Contract)?,
                    list(Resource::Ranking)?,
                ))
            })?;
        let open = |record: &document::Document| {
            let negotiation: Option<Negotiation> = serde_json::from_str(&record.data).ok();
            negotiation.is_some_and(|it| {
                matches!(
                    NegotiationState::from_raw(&it.state),
                    Some(NegotiationState::Invited | NegotiationState::Answered)
                )
            })
        };
        let signed = |record: &document::Document| {
            let contract: Option<Contract> = serde_json::from_str(&record.data).ok();
            contract.is_some_and(|it| ContractState::from_raw(&it.state) == Some(ContractState::Signed))
        };
        let at_level =
            |level: Level| measured.readings.iter().filter(|one| one.level == level).count() as u64;
        let rates = measured.readings.iter().filter(|one| {
            matches!(
                one.formula,
                Formula::OnlinePurchaseRate
                    | Formula::OnlineSettlementRate
                    | Formula::DeliveryTimeliness
                    | Formula::ReceiptTimeliness
                    | Formula::PaymentTimeliness
                    | Formula::Attendance
            )
        });
        Ok(Board {
            as_of: as_of.to_string(),
            listed_products: small(counts.get(Resource::Product.name()).copied().unwrap_or_default()),
            negotiations: small(negotiations.iter().filter(|record| open(record)).count() as u64),
            contracts: small(contracts.iter().filter(|record| signed(record)).count() as u64),
            settled_amount: yuan(settled),
            online_amount: yuan(online),
            savings: yuan(saved),
            warnings: small(at_level(Level::Warning)),
            serious: small(at_level(Level::Serious)),
            batches: batches(&measured),
            rates: rates.map(|reading| shown::row(&measured.rules, reading)).collect(),
            rankings: latest_rankings(&rankings, &institution),
        })
    }
}

pub(super) fn yuan(units: i128) -> String {
    Basis::Amount.text(units)
}

/// The latest ranking by each indicator, and where this hospital stands in it.
fn latest_rankings(found: &[document::Document], institution: &str) -> Vec<BoardRanking> {
    let mut latest: BTreeMap<String, Ranking> = BTreeMap::new();
    for record in found {
        let Ok(ranking) = serde_json::from_str::<Ranking>(&record.data) else { continue };
        let is_newer = latest.get(&ranking.indicator_id).is_none_or(|old| old.period < ranking.period);
        if is_newer {
            latest.insert(ranking.indicator_id.clone(), ranking);
        }
    }
    let shown = latest.into_values().map(|ranking| {
        let own = ranking.rows.iter().find(|row| row.institution == institution);
        BoardRanking {
            rank: own.map(|row| row.rank),
            value: own.map(|row| row.value.clone()),
            of: small(ranking.rows.len() as u64),
            name: ranking.name,
            period: ranking.period,
        }
    });
    shown.collect()
}

/// An agreement's progress, its schedule, and how far it is behind.
type Beside<'r> = (&'r Reading, Option<&'r Reading>, Option<&'r Reading>);

/// The running agreements by batch, those behind first.
pub(super) fn batches(measured: &Measured) -> Vec<BatchProgress> {
    let of = |formula: Formula| -> BTreeMap<String, &Reading> {
        let found = measured.readings.iter().filter(|reading| reading.formula == formula);
        found.map(|reading| (reading.scope.key(), reading)).collect()
    };
    let (progress, schedule, lag) =
        (of(Formula::AgreementProgress), of(Formula::ScheduleProgress), of(Formula::ProgressLag));
    let mut grouped: BTreeMap<&str, Vec<Beside<'_>>> = BTreeMap::new();
    for (key, reading) in progress {
        if let ReadingScope::Agreement { batch, .. } = &reading.scope {
            let beside: Beside<'_> = (reading, schedule.get(&key).copied(), lag.get(&key).copied());
            grouped.entry(batch).or_default().push(beside);
        }
    }
    let batches = grouped.into_iter().map(|(batch, mut agreements)| {
        agreements.sort_by_key(|(_, _, lag)| std::cmp::Reverse(lag.map(|lag| lag.level)));
        let of_all = |value: &dyn Fn(&Beside<'_>) -> Option<Ratio>| {
            let values: Vec<Ratio> = agreements.iter().filter_map(value).collect();
            mean(&values).map(|mean| mean.to_string())
        };
        BatchProgress {
            batch: batch.to_owned(),
            value: of_all(&|(progress, ..)| progress.value()),
            schedule: of_all(&|(_, schedule, _)| schedule.and_then(Reading::value)),
            behind: small(
                agreements
                    .iter()
                    .filter(|(_, _, lag)| lag.is_some_and(|lag| lag.level >= Level::Warning))
                    .count() as u64,
            ),
            agreements: agreements.iter().map(|(a, b, c)| agreement(a, *b, *c)).collect(),
        }
    });
    batches.collect()
}

/// The mean of some ratios, in 1/10,000: each counts the same.
fn mean(values: &[Ratio]) -> Option<Ratio> {
    let sum: i128 = values.iter().map(|value| value.numerator() * 10_000 / value.denominator()).sum();
    Ratio::new(sum, values.len() as i128 * 10_000)
}

fn agreement(progress: &Reading, schedule: Option<&Reading>, lag: Option<&Reading>) -> AgreementProgress {
    let (mut variety, mut maker, mut unit, mut ids) =
        (String::new(), String::new(), String::new(), Vec::new());
    if let ReadingScope::Agreement { ids: of, variety: name, maker: by, unit: counted, .. } = &progress.scope
    {
        (variety, maker, unit, ids) = (name.clone(), by.clone(), counted.clone(), of.clone());
    }
    let ends_on = schedule.map_or(progress.through, |schedule| end_of(progress, schedule));
    let forecast = lag.map(|lag| &lag.forecast);
    let action = forecast.and_then(|forecast| forecast.action.as_ref());
    AgreementProgress {
        scope: progress.scope.key(),
        agreements: ids,
        variety,
        maker,
        unit,
        done: Basis::Quantity.text(progress.numerator),
        agreed: Basis::Quantity.text(progress.denominator),
        relief: Basis::Quantity.text(progress.exempted),
        value: progress.value().map(|value| value.to_string()),
        schedule: schedule.and_then(Reading::value).map(|value| value.to_string()),
        level: lag.map_or(Level::Normal, |lag| lag.level).name().to_owned(),
        starts_on: progress.from.to_string(),
        ends_on: ends_on.to_string(),
        cycle_end: progress.forecast.cycle_end.map(|value| value.to_string()),
        forecast_date: forecast.and_then(|forecast| forecast.crosses).map(|(day, _)| day.to_string()),
        action: lag.zip(action).map(|(lag, action)| shown::action(lag, action)),
    }
}

/// The last day of a cycle: as many days as the schedule has.
fn end_of(progress: &Reading, schedule: &Reading) -> NaiveDate {
    let days = u64::try_from(schedule.denominator - 1).unwrap_or_default();
    progress.from.checked_add_days(chrono::Days::new(days)).unwrap_or(progress.through)
}
