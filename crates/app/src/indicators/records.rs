//! The small records beside the tallies, from the mirror.

use chrono::{Days, NaiveDate};
use serde::de::DeserializeOwned;
use sunbench_contract::time::Instant;
use sunbench_contract::{DemandReport, Evaluation, Filing, Resource, SupplyIssue};
use sunbench_domain::Amount;
use sunbench_domain::policy::{
    AgreementRecord, DemandRecord, EvaluationRecord, Exemption, ExemptionKind, NoticeRecord, OffPlatform,
    Records, SettlementRecord, SupplyProblem,
};
use sunbench_domain::state::{
    AgreementState, DemandReportState, EvaluationState, State as _, SupplyIssueState,
};
use sunbench_store::local::{decision, exemption};
use sunbench_store::mirror::indicator::{self, date_of, start_of};
use sunbench_store::mirror::{document, purchase};
use sunbench_store::{Connection, StoreResult};
use sunbench_workdays::{Calendar, shanghai_date};

/// Longer ago than any window reaches.
const REACH: u64 = 800;
const LISTED: u32 = 5_000;

/// What an evaluation needs on a day.
pub(super) fn read(conn: &Connection, calendar: &Calendar, as_of: NaiveDate) -> StoreResult<Records> {
    let since = as_of.checked_sub_days(Days::new(REACH)).unwrap_or(as_of);
    Ok(Records {
        agreements: agreements(conn)?,
        settlements: settlements(conn, since)?,
        notices: notices(conn, calendar, since)?,
        evaluations: evaluations(conn)?,
        demands: demands(conn)?,
        off_platform: off_platform(conn)?,
        supply_problems: supply_problems(conn)?,
        exemptions: exemptions(conn)?,
        check_ins: indicator::check_ins(conn, &since.to_string(), &as_of.to_string())?
            .iter()
            .filter_map(|day| day.parse().ok())
            .collect(),
    })
}

/// The records of a kind that this version can read; the others are in the quarantine already.
fn documents<T: DeserializeOwned>(conn: &Connection, resource: Resource) -> StoreResult<Vec<T>> {
    let found = document::list(conn, resource.name(), LISTED)?;
    Ok(found.iter().filter_map(|record| serde_json::from_str(&record.data).ok()).collect())
}

fn agreements(conn: &Connection) -> StoreResult<Vec<AgreementRecord>> {
    let found = indicator::agreements(conn)?.into_iter().filter_map(|agreement| {
        let state = AgreementState::from_raw(&agreement.raw_state);
        Some(AgreementRecord {
            starts_on: agreement.starts_on.parse().ok()?,
            ends_on: agreement.ends_on.parse().ok()?,
            is_signed: matches!(
                state,
                Some(AgreementState::Signed | AgreementState::Running | AgreementState::Expired)
            ),
            id: agreement.id,
            batch: agreement.batch,
            variety: agreement.variety,
            varieties: agreement.varieties,
            maker: agreement.maker,
            maker_name: agreement.maker_name,
            product_name: agreement.product_name,
            unit: agreement.unit,
            agreed: agreement.agreed,
        })
    });
    Ok(found.collect())
}

fn settlements(conn: &Connection, since: NaiveDate) -> StoreResult<Vec<SettlementRecord>> {
    let found = indicator::settlements(conn, start_of(since))?.into_iter().filter_map(|settlement| {
        Some(SettlementRecord {
            month: format!("{}-01", settlement.period).parse().ok()?,
            due_on: settlement.due_on.parse().ok()?,
            created_on: date_of(settlement.created_at),
            paid_on: settlement.paid_at.map(date_of),
            amount: settlement.amount,
            id: settlement.id,
        })
    });
    Ok(found.collect())
}

fn notices(conn: &Connection, calendar: &Calendar, since: NaiveDate) -> StoreResult<Vec<NoticeRecord>> {
    let found = indicator::notices(conn, start_of(since))?.into_iter().map(|notice| {
        let issued_on = date_of(notice.issued_at);
        let stated = notice.stated_due_at.filter(|_| notice.round == 1).map(|at| date_of(at - 1));
        let counted = || {
            let issued = Instant::from_unix(notice.issued_at)?;
            let deadline = calendar.working_days(&issued.at(), notice.reply_working_days.max(1)).ok()?;
            // Not late before the latest possible day has passed.
            Some(deadline.latest_date.unwrap_or(deadline.due_date))
        };
        let week_later = issued_on.checked_add_days(Days::new(7)).unwrap_or(issued_on);
        NoticeRecord {
            due_on: stated.or_else(counted).unwrap_or(week_later),
            issued_on,
            answered_on: notice.answered_at.map(date_of),
            id: notice.id,
        }
    });
    Ok(found.collect())
}

fn evaluations(conn: &Connection) -> StoreResult<Vec<EvaluationRecord>> {
    let found: Vec<Evaluation> = documents(conn, Resource::Evaluation)?;
    let records = found.into_iter().map(|evaluation| {
        let is_made = EvaluationState::from_raw(&evaluation.state) == Some(EvaluationState::Made);
        let made_on = evaluation.submit_time.map(|at| shanghai_date(&at.at()));
        EvaluationRecord {
            id: evaluation.evaluation_id,
            period: evaluation.period,
            due_on: evaluation.due_date,
            made_on: made_on.or(Some(evaluation.due_date)).filter(|_| is_made),
        }
    });
    Ok(records.collect())
}

fn demands(conn: &Connection) -> StoreResult<Vec<DemandRecord>> {
    let found: Vec<DemandReport> = documents(conn, Resource::DemandReport)?;
    let mut records = Vec::new();
    for report in found {
        let state = DemandReportState::from_raw(&report.state);
        let is_reported = state != Some(DemandReportState::Draft) && report.submit_time.is_some();
        records.push(DemandRecord {
            maker_name: purchase::org_name(conn, &report.company_id_tb)?.unwrap_or_default(),
            id: report.demand_report_id,
            variety: report.variety_name,
            last_year: report.last_year_count,
            reported: is_reported.then_some(report.demand_count),
            is_explained: !report.explanation.trim().is_empty(),
            report_by: report.report_deadline,
            submitted_on: report.submit_time.map(|at| shanghai_date(&at.at())),
        });
    }
    Ok(records)
}

/// What reconciliation keeps of a month, as far as it is needed here.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct MonthKept {
    period: String,
    #[serde(default)]
    kinds: Vec<KindKept>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct KindKept {
    kind: String,
    #[serde(default)]
    open_amount: Amount,
}

fn off_platform(conn: &Connection) -> StoreResult<Vec<OffPlatform>> {
    let filings: Vec<Filing> = documents(conn, Resource::Filing)?;
    let mut found: Vec<OffPlatform> = filings
        .into_iter()
        // One that was linked to an order line is a purchase on the platform.
        .filter(|filing| filing.order_detail_id.is_none())
        .map(|filing| OffPlatform {
            is_filed: filing.submit_time.is_some(),
            id: filing.filing_id,
            on: filing.purchase_date,
            amount: filing.amount,
        })
        .collect();
    // Ledger lines without an order or a filing, as the last reconciliation of each month found them.
    for summary in decision::summaries(conn)? {
        let Ok(month) = serde_json::from_str::<MonthKept>(&summary.body) else { continue };
        let Ok(on) = format!("{}-01", month.period).parse::<NaiveDate>() else { continue };
        for kind in month.kinds.into_iter().filter(|kind| kind.kind == "notOnPlatform") {
            if kind.open_amount > Amount::ZERO {
                let id = format!("reconcile:{}", month.period);
                found.push(OffPlatform { id, on, amount: kind.open_amount, is_filed: false });
            }
        }
    }
    Ok(found)
}

fn supply_problems(conn: &Connection) -> StoreResult<Vec<SupplyProblem>> {
    let found: Vec<SupplyIssue> = documents(conn, Resource::SupplyIssue)?;
    let mut records = Vec::new();
    for issue in found {
        let state = SupplyIssueState::from_raw(&issue.state);
        let is_verified = matches!(state, Some(SupplyIssueState::Verified | SupplyIssueState::Resolved));
        let Some(verified) = issue.verify_time.filter(|_| is_verified) else { continue };
        let Some((_, varieties)) = indicator::product(conn, &issue.procurecatalog_id)? else { continue };
        let from = shanghai_date(&issue.report_time.at());
        // It lasts until the goods were promised; where nothing was, until it is resolved.
        let through = match state {
            Some(SupplyIssueState::Resolved) => issue.promised_date.or(Some(from)),
            _ => None,
        };
        let verified_on = shanghai_date(&verified.at());
        records.push(SupplyProblem { id: issue.issue_id, varieties, from, through, verified_on });
    }
    Ok(records)
}

fn exemptions(conn: &Connection) -> StoreResult<Vec<Exemption>> {
    let mut records = Vec::new();
    for exemption in exemption::standing(conn)? {
        let Some(kind) = ExemptionKind::from_name(&exemption.kind) else { continue };
        let (Ok(from), Ok(through)) = (exemption.from_on.parse(), exemption.through_on.parse()) else {
            continue;
        };
        let product = match &exemption.product_id {
            Some(id) => indicator::product(conn, id)?,
            None => None,
        };
        let maker = match &exemption.maker_id {
            Some(id) => indicator::org(conn, id)?,
            None => None,
        };
        let (product, varieties) = product.map_or((None, Vec::new()), |(key, of)| (Some(key), of));
        records.push(Exemption {
            id: exemption.exemption,
            kind,
            product,
            varieties,
            maker,
            agreement: exemption.agreement_id,
            relief: exemption.relief.units(),
            from,
            through,
        });
    }
    Ok(records)
}
