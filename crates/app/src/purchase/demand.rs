//! 报量: one row a variety, a whole batch at once; no blank is taken for a nought (泉州 2024-05-30 一; 豫医保办〔2025〕42号
//! 二(一)).

use chrono::Months;
use sunbench_contract::{DemandReport, DemandReportSubmitPayload, DemandShare, Resource, SubmissionKind};
use sunbench_domain::state::{DemandReportState, State as _};
use sunbench_domain::{Quantity, SCALE};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{document, purchase};

use super::{Kept, Unsent, all, decimal, one, required};
use crate::clocked::day_start;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{
    Act, DemandBatchCheck, DemandBatchReq, DemandPrefill, DemandPrefillReq, DemandReportList,
    DemandReportReq, DemandReportRow, DemandRowCheck, DemandSource, DemandSuggestion, DepartmentDemand,
    FieldFault, OutboxItem, OutboxItems,
};

const LISTED: u32 = 5_000;
/// Months of history that a demand is suggested from.
const HISTORY_MONTHS: u32 = 12;

fn group(id: &str) -> String {
    format!("demandReport:{id}")
}

/// Whether the hospital may submit it; the platform judges a state that this version does not know.
fn is_ours(report: &DemandReport) -> bool {
    DemandReportState::from_raw(&report.state)
        .is_none_or(|state| state.may_become(DemandReportState::Submitted))
}

/// What is wrong with an answer to a row.
fn judge(report: &DemandReport, req: &DemandReportReq) -> Result<DemandReportSubmitPayload, Vec<ApiError>> {
    let mut faults = Vec::new();
    let invalid = |field: &str| ApiError::field(ErrorCode::FieldInvalid, field);
    let demand = decimal::<Quantity>(&req.demand, "demand")
        .and_then(|demand| if demand.is_negative() { Err(invalid("demand")) } else { Ok(demand) });
    let mut departments = Vec::new();
    let mut sum = Some(Quantity::ZERO);
    for (index, share) in req.departments.iter().enumerate() {
        let field = |name: &str| format!("departments[{index}].{name}");
        let dept = required(&share.dept, &field("dept"));
        let count = decimal::<Quantity>(&share.count, &field("count"))
            .and_then(|count| if count.is_negative() { Err(invalid(&field("count"))) } else { Ok(count) });
        sum = sum.zip(count.as_ref().ok().copied()).and_then(|(sum, count)| sum.checked_add(count));
        match (dept, count) {
            (Ok(dept), Ok(count)) => departments.push(DemandShare { dept, count }),
            (dept, count) => faults.extend([dept.err(), count.err()].into_iter().flatten()),
        }
    }
    match &demand {
        Ok(demand) => {
            if !req.departments.is_empty() && sum.is_some_and(|sum| sum != *demand) {
                faults.push(invalid("departments"));
            }
            if is_cut(report, *demand) && req.explanation.trim().is_empty() {
                faults.push(ApiError::field(ErrorCode::FieldRequired, "explanation"));
            }
        }
        Err(fault) => faults.insert(0, fault.clone()),
    }
    match demand {
        Ok(demand_count) if faults.is_empty() => Ok(DemandReportSubmitPayload {
            demand_report_id: req.report.clone(),
            demand_count,
            explanation: req.explanation.trim().to_owned(),
            departments,
        }),
        _ => Err(faults),
    }
}

/// A cut of more than a fifth against last year.
fn is_cut(report: &DemandReport, demand: Quantity) -> bool {
    i128::from(demand.units()) * 5 < i128::from(report.last_year_count.units()) * 4
}

/// The change against last year in whole percent, rounded towards nought.
fn change(report: &DemandReport, demand: Quantity) -> Option<i32> {
    let before = i128::from(report.last_year_count.units());
    let percent = (i128::from(demand.units()) - before) * 100;
    if before == 0 { None } else { i32::try_from(percent / before).ok() }
}

/// A quantity rounded up to a whole piece.
fn whole(quantity: Quantity) -> Quantity {
    Quantity::from_units((quantity.units().max(0) + SCALE - 1) / SCALE * SCALE)
}

impl Context<'_> {
    /// The demand reports, those of the nearest deadline that are the hospital's turn first.
    pub fn demand_reports(&self) -> ApiResult<DemandReportList> {
        let (found, unsent) = self.store.read(|conn| {
            Ok((document::list(conn, Resource::DemandReport.name(), LISTED)?, Unsent::read(conn)?))
        })?;
        let mut rows = Vec::new();
        for record in found {
            let Ok(report) = serde_json::from_str::<DemandReport>(&record.data) else { continue };
            let group = format!("demandReport:{}", record.id);
            let product = self.store.read(|conn| purchase::product(conn, &report.procurecatalog_id))?;
            let state = DemandReportState::from_raw(&report.state);
            rows.push(DemandReportRow {
                id: record.id,
                batch: report.batch_name,
                variety: report.variety_name,
                product: product.map(|p| format!("{} {}", p.name, p.spec)).unwrap_or_default(),
                unit: report.unit,
                last_year: report.last_year_count.to_string(),
                demand: report.demand_count.to_string(),
                explanation: report.explanation,
                departments: report
                    .departments
                    .into_iter()
                    .map(|share| DepartmentDemand { dept: share.dept, count: share.count.to_string() })
                    .collect(),
                deadline: report.report_deadline.to_string(),
                state: state.map_or("", DemandReportState::code).to_owned(),
                state_text: report.state_text,
                return_reason: report.return_reason,
                waiting: unsent.is_waiting(&group),
            });
        }
        let ours = |row: &DemandReportRow| matches!(row.state.as_str(), "DRAFT" | "RETURNED");
        rows.sort_by(|a, b| (!ours(a), &a.deadline, &a.id).cmp(&(!ours(b), &b.deadline, &b.id)));
        Ok(DemandReportList { rows })
    }

    /// Queues a demand report. A cut of more than a fifth is explained. Doing it twice queues once.
    pub fn demand_report_submit(&self, req: &DemandReportReq) -> ApiResult<OutboxItem> {
        self.acting(Act::Purchase)?;
        let found = self
            .store
            .read(|conn| one::<DemandReport>(conn, Resource::DemandReport, &req.report))?
            .ok_or(ErrorCode::NotFound)?;
        self.send_demand(&found, req)
    }

    fn send_demand(&self, found: &Kept<DemandReport>, req: &DemandReportReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.report);
        let items = self.store.read(|conn| outbox::of_document(conn, &document))?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        if !is_ours(&found.record) {
            return Err(ErrorCode::WrongState.into());
        }
        let payload = judge(&found.record, req).map_err(|mut faults| faults.swap_remove(0))?;
        let sending = Sending {
            kind: SubmissionKind::DemandReportSubmit,
            document: &document,
            base_ver: Some(found.ver),
            action: "demandReport.submit.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The batch's rows that are the hospital's turn, in the order of the list.
    fn rows_to_answer(&self, batch: &str) -> ApiResult<Vec<Kept<DemandReport>>> {
        let found = self.store.read(|conn| all::<DemandReport>(conn, Resource::DemandReport))?;
        Ok(found
            .into_iter()
            .filter(|kept| kept.record.batch_name == batch && is_ours(&kept.record))
            .collect())
    }

    /// 整批检查: whether every variety of a batch is answered, a nought included, and every cut explained.
    pub fn demand_batch_check(&self, req: &DemandBatchReq) -> ApiResult<DemandBatchCheck> {
        let mut rows = Vec::new();
        let (mut blank, mut cuts) = (0, 0);
        for kept in self.rows_to_answer(&req.batch)? {
            let answer = req.rows.iter().find(|row| row.report == kept.id);
            let demand = answer.and_then(|row| decimal::<Quantity>(&row.demand, "demand").ok());
            let is_blank = answer.is_none_or(|row| row.demand.trim().is_empty());
            blank += u32::from(is_blank);
            let cut = demand.is_some_and(|demand| is_cut(&kept.record, demand));
            cuts += u32::from(cut);
            let faults = match answer {
                Some(answer) => judge(&kept.record, answer).err().unwrap_or_default(),
                None => vec![ApiError::field(ErrorCode::FieldRequired, "demand")],
            };
            let fault =
                |error: ApiError| FieldFault { field: error.field.unwrap_or_default(), code: error.code };
            rows.push(DemandRowCheck {
                report: kept.id,
                cut,
                change_percent: demand.and_then(|demand| change(&kept.record, demand)),
                faults: faults.into_iter().map(fault).collect(),
            });
        }
        Ok(DemandBatchCheck {
            sendable: !rows.is_empty() && rows.iter().all(|row| row.faults.is_empty()),
            rows,
            blank,
            cuts,
        })
    }

    /// Queues a whole batch: every row that is the hospital's turn, or none. Doing it twice queues once.
    pub fn demand_batch_submit(&self, req: &DemandBatchReq) -> ApiResult<OutboxItems> {
        self.acting(Act::Purchase)?;
        let check = self.demand_batch_check(req)?;
        let bad = check.rows.iter().find_map(|row| Some((row, row.faults.first()?)));
        if let Some((row, fault)) = bad {
            let place = req.rows.iter().position(|answer| answer.report == row.report);
            let field = match place {
                Some(place) => format!("rows[{place}].{}", fault.field),
                None => format!("missing:{}", row.report),
            };
            return Err(ApiError::field(fault.code, &field));
        }
        let mut items = Vec::new();
        for kept in self.rows_to_answer(&req.batch)? {
            if let Some(answer) = req.rows.iter().find(|row| row.report == kept.id) {
                items.push(self.send_demand(&kept, answer)?);
            }
        }
        if items.is_empty() { Err(ErrorCode::WrongState.into()) } else { Ok(OutboxItems { items }) }
    }

    /// Suggestions from history, with how each was found: never applied by itself.
    pub fn demand_prefill(&self, req: &DemandPrefillReq) -> ApiResult<DemandPrefill> {
        let today = self.today();
        let from = today.checked_sub_months(Months::new(HISTORY_MONTHS)).unwrap_or(today);
        let mut rows = Vec::new();
        for kept in self.rows_to_answer(&req.batch)? {
            let report = &kept.record;
            let bought = self.store.read(|conn| {
                purchase::kept_by_department(
                    conn,
                    &report.procurecatalog_id,
                    day_start(from),
                    self.now.unix(),
                )
            })?;
            let departments: Vec<(String, Quantity)> = bought
                .into_iter()
                .map(|(dept, quantity)| (dept, whole(quantity)))
                .filter(|(_, quantity)| *quantity > Quantity::ZERO)
                .collect();
            let history: Quantity = departments.iter().map(|(_, quantity)| *quantity).sum();
            let source = match (history > Quantity::ZERO, report.last_year_count > Quantity::ZERO) {
                (true, _) => DemandSource::Received,
                (false, true) => DemandSource::LastYear,
                (false, false) => DemandSource::Nothing,
            };
            let demand = match source {
                DemandSource::Received => Some(history),
                DemandSource::LastYear => Some(whole(report.last_year_count)),
                DemandSource::Nothing => None,
            };
            let named = departments.iter().all(|(dept, _)| !dept.trim().is_empty());
            rows.push(DemandSuggestion {
                report: kept.id,
                demand: demand.map(|demand| demand.to_string()),
                source,
                from: from.to_string(),
                to: today.to_string(),
                departments: departments
                    .into_iter()
                    .filter(|_| named)
                    .map(|(dept, count)| DepartmentDemand { dept, count: count.to_string() })
                    .collect(),
            });
        }
        Ok(DemandPrefill { rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(last_year: &str) -> DemandReport {
        serde_json::from_value(serde_json::json!({
            "demandReportId": "1", "batchName": "B", "varietyName": "V", "companyIdTb": "M",
            "procurecatalogId": "P", "unit": "个", "lastYearCount": last_year, "demandCount": "0",
            "explanation": "", "departments": [], "reportDeadline": "2026-12-01", "state": "0",
            "stateText": "草稿", "returnReason": "",
        }))
        .unwrap()
    }

    #[test]
    fn an_answer_is_judged_field_by_field() {
        for (last_year, demand, explanation, departments, expected) in [
            ("100", "100", "", &[][..], &[][..]),
            ("100", "80", "", &[], &[]),
            ("100", "79.9999", "", &[], &["explanation"]),
            ("100", "79.9999", "停用", &[], &[]),
            ("100", "0", "", &[], &["explanation"]),
            ("0", "0", "", &[], &[]),
            ("100", "", "", &[], &["demand"]),
            ("100", "-1", "", &[], &["demand"]),
            ("100", "１２０", "", &[("外科", "100"), ("内科", "20")], &[]),
            ("100", "120", "", &[("外科", "100")], &["departments"]),
            (
                "100",
                "120",
                "",
                &[("", "100"), ("内科", "x")],
                &["departments[0].dept", "departments[1].count"],
            ),
        ] {
            let req = DemandReportReq {
                report: "1".to_owned(),
                demand: demand.to_owned(),
                explanation: explanation.to_owned(),
                departments: departments
                    .iter()
                    .map(|(dept, count): &(&str, &str)| DepartmentDemand {
                        dept: (*dept).to_owned(),
                        count: (*count).to_owned(),
                    })
                    .collect(),
            };
            let faults = judge(&report(last_year), &req).err().unwrap_or_default();
            let fields: Vec<&str> = faults.iter().filter_map(|fault| fault.field.as_deref()).collect();
            assert_eq!(fields, expected, "{last_year} {demand} {explanation}");
        }
    }

    #[test]
    fn history_is_rounded_up_to_pieces() {
        for (quantity, expected) in [("0", "0"), ("0.0001", "1"), ("3", "3"), ("-2", "0")] {
            assert_eq!(whole(quantity.parse().unwrap()), expected.parse().unwrap());
        }
        for (last_year, demand, expected) in
            [("100", "79", Some(-21)), ("3", "4", Some(33)), ("0", "4", None)]
        {
            assert_eq!(change(&report(last_year), demand.parse().unwrap()), expected);
        }
    }
}
