//! A calendar month, and the days around it.

use chrono::{Datelike as _, Months, NaiveDate};
use sunbench_store::mirror::goods::Span;

use crate::clocked::day_number;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::ledger::{period_month, period_text};

/// Days before and after a month in which a line may have its counterpart: goods are booked late, and consigned ones
/// (寄售) are ordered after they were used.
const MARGIN: i64 = 31;

/// 对账月份.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Period {
    first: NaiveDate,
}

impl Period {
    /// From `yyyy-MM`.
    pub(crate) fn parse(text: &str) -> ApiResult<Self> {
        let first = period_month(text)
            .and_then(|month| NaiveDate::from_ymd_opt((month / 100).cast_signed(), month % 100, 1));
        Ok(Self { first: first.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "period"))? })
    }

    /// The month of a day.
    pub(crate) fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// Such as 202610.
    pub(crate) fn month(self) -> u32 {
        self.first.year().unsigned_abs() * 100 + self.first.month()
    }

    pub(crate) fn text(self) -> String {
        period_text(self.month())
    }

    /// `2026年10月`.
    pub(crate) fn text_zh(self) -> String {
        format!("{}年{}月", self.first.year(), self.first.month())
    }

    pub(crate) fn before(self, months: u32) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(months)).unwrap_or(self.first) }
    }

    pub(crate) fn after(self, months: u32) -> Self {
        Self { first: self.first.checked_add_months(Months::new(months)).unwrap_or(self.first) }
    }

    pub(crate) fn first(self) -> NaiveDate {
        self.first
    }

    pub(crate) fn last(self) -> NaiveDate {
        self.after(1).first.pred_opt().unwrap_or(self.first)
    }

    pub(crate) fn holds(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }

    /// The month alone.
    pub(crate) fn span(self) -> Span {
        Span { first: day_number(self.first), last: day_number(self.last()) }
    }

    /// The month with the days around it.
    pub(crate) fn wide_span(self) -> Span {
        let span = self.span();
        Span { first: span.first - MARGIN, last: span.last + MARGIN }
    }

    /// Whether a day lies within the month or the days around it.
    pub(crate) fn is_near(self, day: NaiveDate) -> bool {
        let span = self.wide_span();
        (span.first..=span.last).contains(&day_number(day))
    }
}
