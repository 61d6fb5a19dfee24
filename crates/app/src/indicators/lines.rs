//! 穿透: the lines or records behind a result.

use chrono::{Days, NaiveDate};
use sunbench_domain::policy::{Formula, Parameters, Reading, ReadingScope, Rules};
use sunbench_store::mirror::indicator::{self, Behind, LinePlace, start_of};
use sunbench_store::mirror::line;

use super::{Measured, records};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{IndicatorLines, IndicatorLinesReq, IndicatorRecord};

const PAGE: u32 = 50;
/// What is received in a window was ordered at most so long before it began.
const ORDERED_BEFORE: u64 = 120;

/// Which lines a result counts, or which are missing in it; none where it counts other records.
pub(super) fn behind(rules: &Rules, reading: &Reading) -> Option<Behind> {
    let goods = |varieties: &[i64], maker: Option<i64>, is_selected: bool| Behind::Goods {
        varieties: varieties.to_vec(),
        maker,
        is_selected: Some(is_selected),
    };
    match (reading.formula, &reading.scope) {
        (Formula::ResponseRate | Formula::ResponseTime, _) => Some(Behind::Unanswered),
        (Formula::DeliveryTimeliness, _) => Some(Behind::NotInTime),
        (Formula::DeliveryRate, _) => Some(Behind::NotWhole),
        (Formula::CodeCoverage, _) => {
            Some(Behind::Uncoded { but: parameters(rules, reading)?.exclude_categories.clone() })
        }
        (Formula::PriceCheck, _) => Some(Behind::TooDear(parameters(rules, reading)?.history_percent)),
        (Formula::ReceiptTimeliness, _) => Some(Behind::AcceptedLate(parameters(rules, reading)?.hours)),
        (Formula::Savings, _) => Some(Behind::Saved),
        (
            Formula::AgreementProgress | Formula::ProgressLag,
            ReadingScope::Agreement { goods: of, maker_key, .. },
        ) => Some(goods(of, Some(*maker_key), true)),
        (Formula::NonSelectedShare | Formula::SubstituteGrowth, ReadingScope::Variety { goods: of, .. }) => {
            Some(goods(of, None, false))
        }
        _ => None,
    }
}

fn parameters<'r>(rules: &'r Rules, reading: &Reading) -> Option<&'r Parameters> {
    rules.pack.indicators.iter().find(|one| one.id == reading.indicator).map(|one| &one.parameters)
}

fn place(text: &str) -> Option<LinePlace> {
    let (at, key) = text.split_once('.')?;
    Some((at.parse().ok()?, key.parse().ok()?))
}

impl Context<'_> {
    /// The lines behind a result, page by page, or the records that it counts.
    pub fn indicator_lines(&self, req: &IndicatorLinesReq) -> ApiResult<IndicatorLines> {
        let measured = self.measured(req.as_of.as_deref(), req.pack.as_deref())?;
        let found = measured
            .readings
            .iter()
            .find(|reading| reading.indicator == req.id && reading.scope.key() == req.scope);
        let reading = found.ok_or(ErrorCode::NotFound)?;
        let after = match req.after.as_deref() {
            Some(text) => Some(place(text).ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "after"))?),
            None => None,
        };
        let Some(behind) = behind(&measured.rules, reading) else {
            return Ok(IndicatorLines {
                rows: Vec::new(),
                records: self.behind_records(&measured, reading)?,
                next: None,
            });
        };
        let first = match behind {
            Behind::Goods { .. } | Behind::Saved | Behind::AcceptedLate(_) | Behind::NotInTime => {
                reading.from.checked_sub_days(Days::new(ORDERED_BEFORE)).unwrap_or(reading.from)
            }
            _ => reading.from,
        };
        let cut_off = start_of(reading.through.succ_opt().unwrap_or(reading.through)) - 1;
        let (lines, next) = self.store.read(|conn| {
            let (ids, next) =
                indicator::lines_behind(conn, &behind, (start_of(first), cut_off), after, PAGE)?;
            let mut lines = Vec::with_capacity(ids.len());
            for id in ids {
                lines.extend(line::get(conn, &id)?);
            }
            Ok((lines, next))
        })?;
        Ok(IndicatorLines {
            rows: lines.iter().map(|line| self.order_row(line)).collect(),
            records: Vec::new(),
            next: next.map(|(at, key)| format!("{at}.{key}")),
        })
    }

    fn behind_records(&self, measured: &Measured, reading: &Reading) -> ApiResult<Vec<IndicatorRecord>> {
        let records = self.store.read(|conn| records::read(conn, self.calendar, measured.as_of))?;
        let within = |day: NaiveDate| (reading.from..=reading.through).contains(&day);
        let record = |kind: &str, id: &str, title: String, detail: String, on: NaiveDate, counts: bool| {
            IndicatorRecord {
                kind: kind.to_owned(),
                id: id.to_owned(),
                title,
                detail,
                on: on.to_string(),
                counts,
            }
        };
        let mut found = Vec::new();
        match reading.formula {
            Formula::PaymentTimeliness | Formula::OnlineSettlementRate => {
                let days = measured.rules.pack.indicators.iter().find(|one| one.id == reading.indicator);
                let days = days.map_or(0, |one| u64::from(one.parameters.days));
                for one in &records.settlements {
                    let term = one.created_on.checked_add_days(Days::new(days)).unwrap_or(one.due_on);
                    let (on, is_within) = match reading.formula {
                        Formula::PaymentTimeliness => (term, within(term)),
                        _ => (one.month, within(one.month)),
                    };
                    let counts = match reading.formula {
                        Formula::PaymentTimeliness => one.paid_on.is_some_and(|paid| paid <= term),
                        _ => one.paid_on.is_some_and(|paid| paid <= measured.as_of),
                    };
                    if is_within {
                        let paid = one.paid_on.map_or("未支付".to_owned(), |day| format!("{day} 支付"));
                        let title = format!("{} 结算 {} 元", one.month.format("%Y-%m"), one.amount);
                        found.push(record(
                            "settlement",
                            &one.id,
                            title,
                            format!("应于 {term} 前支付，{paid}"),
                            on,
                            counts,
                        ));
                    }
                }
            }
            Formula::RectificationTimeliness => {
                for one in records.notices.iter().filter(|one| one.due_on >= reading.from) {
                    let answered =
                        one.answered_on.map_or("未反馈".to_owned(), |day| format!("{day} 反馈"));
                    let counts = one.answered_on.is_some_and(|day| day <= one.due_on);
                    let title = format!("{} 下发", one.issued_on);
                    found.push(record(
                        "notice",
                        &one.id,
                        title,
                        format!("{} 到期，{answered}", one.due_on),
                        one.due_on,
                        counts,
                    ));
                }
            }
            Formula::EvaluationCompletion => {
                let period = reading.scope.text_zh();
                for one in records.evaluations.iter().filter(|one| one.period == period) {
                    let made = one.made_on.map_or("未评价".to_owned(), |day| format!("{day} 已评价"));
                    found.push(record(
                        "evaluation",
                        &one.id,
                        one.period.clone(),
                        made,
                        one.due_on,
                        one.made_on.is_some(),
                    ));
                }
            }
            Formula::DemandDeviation => {
                if let ReadingScope::Demand { id, variety, maker } = &reading.scope
                    && let Some(one) = records.demands.iter().find(|one| one.id == *id)
                {
                    let reported = one.reported.map_or("未报".to_owned(), |count| count.to_string());
                    let detail = format!("上年实际 {}，报量 {reported}", one.last_year);
                    found.push(record(
                        "demandReport",
                        id,
                        format!("{variety} / {maker}"),
                        detail,
                        one.report_by,
                        one.is_explained,
                    ));
                }
            }
            Formula::OnlinePurchaseRate => {
                for one in records.off_platform.iter().filter(|one| within(one.on)) {
                    let kind = if one.is_filed { "已备案" } else { "未备案" };
                    let title = format!("线下采购 {} 元", one.amount);
                    found.push(record("filing", &one.id, title, kind.to_owned(), one.on, false));
                }
            }
            Formula::Attendance => {
                let mut day = reading.from;
                while day <= reading.through {
                    if self.calendar.is_working(day).unwrap_or(false) {
                        let is_in = records.check_ins.contains(&day);
                        let detail = if is_in { "已打卡" } else { "未打卡" };
                        found.push(record(
                            "day",
                            &day.to_string(),
                            day.to_string(),
                            detail.to_owned(),
                            day,
                            is_in,
                        ));
                    }
                    let Some(next) = day.succ_opt() else { break };
                    day = next;
                }
            }
            Formula::InHospitalRate => {
                for one in measured.readings.iter().filter(|one| one.formula == Formula::AgreementProgress) {
                    let counts = one.numerator > 0;
                    let detail =
                        format!("{} / {}", one.basis.text(one.numerator), one.basis.text(one.denominator));
                    found.push(record(
                        "agreement",
                        &one.scope.key(),
                        one.scope.text_zh(),
                        detail,
                        one.from,
                        counts,
                    ));
                }
            }
            _ => {}
        }
        found.sort_by(|a, b| (a.counts, &b.on, &a.id).cmp(&(b.counts, &a.on, &b.id)));
        Ok(found)
    }
}
