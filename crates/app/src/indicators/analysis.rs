//! 综合分析: purchases by product, supplier, department, campus, category and month.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use sunbench_domain::Amount;
use sunbench_domain::policy::Ratio;

use super::statistics::{By, Question, Statistics};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{Analysis, AnalysisReq, AnalysisRow};

/// Rows of an answer at most: what is asked for beyond them is summed, as what is not asked for is.
const MOST_ROWS: u32 = 10_000;
/// Months at most: the two years of a demo, and the years of a hospital.
const MOST_MONTHS: i64 = 120;
/// What the room opens with: the year that ends with the present month.
const READY_MONTHS: i64 = 12;

/// year * 12 + month, January being 0.
fn month(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

pub(super) fn month_of(text: &str, field: &str) -> ApiResult<i64> {
    let first = format!("{text}-01").parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field))?;
    Ok(month(first))
}

impl Context<'_> {
    /// Purchases between two months, from the tallies; the lines are found with the orders' own search.
    pub fn analysis(&self, req: &AnalysisReq) -> ApiResult<Analysis> {
        let (from, to) = (month_of(&req.from, "from")?, month_of(&req.to, "to")?);
        if from > to || to - from >= MOST_MONTHS {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "to"));
        }
        let by = By::from_name(&req.by).ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "by"))?;
        let found = self.statistics(by, (from, to))?;
        let most = usize::try_from(req.most.min(MOST_ROWS)).unwrap_or_default();
        let (shown, left) = found.rows.split_at(most.min(found.rows.len()));
        let shown_amount: Amount = shown.iter().map(|row| row.amount).sum();
        let rows = self.store.read(|conn| {
            let rows = shown.iter().map(|row| {
                let name = found.name(conn, row)?;
                Ok(AnalysisRow {
                    key: if by == By::Month { name.clone() } else { row.key.to_string() },
                    name,
                    lines: count(row.lines),
                    amount: row.amount.to_string(),
                    share: Ratio::new(row.amount.units().into(), found.amount.units().into())
                        .map(|share| share.to_string()),
                    year_before: row.year_before.to_string(),
                })
            });
            rows.collect()
        })?;
        Ok(Analysis {
            rows,
            lines: count(found.lines),
            amount: found.amount.to_string(),
            more: small(left.len() as u64),
            more_amount: (found.amount - shown_amount).to_string(),
        })
    }

    /// Summed once while nothing changes that it stands on.
    fn statistics(&self, by: By, months: (i64, i64)) -> ApiResult<Arc<Statistics>> {
        self.count_anew()?;
        Ok(self.store.read(|conn| {
            let question = Question::read(conn, by, months)?;
            if let Some(kept) = self.measurements.statistics.find(|kept| kept.question == question) {
                return Ok(kept);
            }
            Ok(self.measurements.statistics.keep(Statistics::sum(conn, question)?))
        })?)
    }

    /// Sums what the room opens with, in each of its splits.
    pub(super) fn sum_ahead(&self) -> ApiResult<()> {
        let last = month(self.today());
        By::ALL.iter().try_for_each(|by| self.statistics(*by, (last + 1 - READY_MONTHS, last)).map(drop))
    }
}

fn count(lines: i64) -> u32 {
    small(u64::try_from(lines).unwrap_or_default())
}
