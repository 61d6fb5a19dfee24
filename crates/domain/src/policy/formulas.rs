//! The indicators of the whole hospital.

use chrono::NaiveDate;

use super::evaluate::{
    Action, ActionKind, Basis, Cause, CauseKind, Day, Forecast, Reading, ReadingScope, after, before,
    is_past, month_end, month_start, reading, shown_limit, window_start,
};
use super::forecast::{Remedy, Series, missing};
use super::measure::{DayTally, Measure, Scope, Tallies, Tally};
use super::pack::{Formula, Indicator, Level, Window};
use super::ratio::Ratio;
use super::records::Records;
use super::replay::ByDay;
use super::settlement;
use crate::decimal::SCALE;

/// Reads one indicator.
pub(super) fn read<T: Tallies>(
    indicator: &Indicator,
    records: &Records,
    tallies: &T,
    day: Day<'_>,
    out: &mut Vec<Reading>,
) -> Result<(), T::Error> {
    let hospital = Hospital { indicator, records, tallies, day };
    match indicator.formula {
        Formula::OnlinePurchaseRate => out.push(hospital.online_purchase()?),
        Formula::OnlineSettlementRate => out.push(settlement::read(indicator, records, tallies, day)?),
        Formula::ResponseRate => out.push(hospital.response_rate()?),
        Formula::ResponseTime => out.push(hospital.response_time()?),
        Formula::DeliveryRate => out.push(hospital.delivery_rate()?),
        Formula::DeliveryTimeliness => {
            let series = hospital.series(Measure::InTime, Measure::ClockEnded, Part::Count)?;
            out.push(hospital.rate(series, Basis::Count, ActionKind::Improve, Remedy::Both));
        }
        Formula::ReceiptTimeliness => out.push(hospital.receipts()?),
        Formula::PaymentTimeliness => out.push(hospital.payments()),
        Formula::RectificationTimeliness => out.push(hospital.rectification()),
        Formula::Attendance => out.push(hospital.attendance()),
        Formula::EvaluationCompletion => out.push(hospital.evaluations()),
        Formula::DemandDeviation => hospital.demands(out),
        Formula::Savings => out.push(hospital.savings()?),
        Formula::PriceCheck => out.push(hospital.prices()?),
        Formula::CodeCoverage => out.push(hospital.codes()?),
        // Read by the volume part.
        Formula::AgreementProgress
        | Formula::ScheduleProgress
        | Formula::ProgressLag
        | Formula::NonSelectedShare
        | Formula::InHospitalRate
        | Formula::SubstituteGrowth => {}
    }
    Ok(())
}

/// Which number of a tally counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Count,
    Sum,
}

impl Part {
    fn of(self, tally: Tally) -> i128 {
        match self {
            Self::Count => tally.n,
            Self::Sum => tally.sum,
        }
    }
}

struct Hospital<'a, T> {
    indicator: &'a Indicator,
    records: &'a Records,
    tallies: &'a T,
    day: Day<'a>,
}

impl<T: Tallies> Hospital<'_, T> {
    /// Where a series of whole days begins and ends.
    fn span(&self) -> (NaiveDate, NaiveDate) {
        (Series::first_day(self.indicator, self.day.whole), self.day.whole)
    }

    fn read_days(&self, measure: Measure) -> Result<Vec<DayTally>, T::Error> {
        let (from, through) = self.span();
        self.tallies.days(measure, Scope::Hospital, from, through)
    }

    fn series(&self, above: Measure, below: Measure, part: Part) -> Result<ByDay, T::Error> {
        let mut by_day = ByDay::new();
        for found in self.read_days(above)? {
            by_day.entry(found.day).or_default().0 += part.of(found.tally);
        }
        for found in self.read_days(below)? {
            by_day.entry(found.day).or_default().1 += part.of(found.tally);
        }
        Ok(by_day)
    }

    /// A rate of a window of days, with its forecast.
    fn rate(&self, by_day: ByDay, basis: Basis, kind: ActionKind, remedy: Remedy) -> Reading {
        let (whole, indicator) = (self.day.whole, self.indicator);
        let series = Series { indicator, as_of: whole, calendar: self.day.calendar, days: by_day };
        let from = window_start(indicator.window, whole);
        let mut read = reading(indicator, ReadingScope::Hospital, (from, whole), basis, series.since(from));
        series.forecast(&mut read, kind, remedy);
        read
    }

    fn plain(&self, from: NaiveDate, basis: Basis, numbers: (i128, i128)) -> Reading {
        reading(self.indicator, ReadingScope::Hospital, (from, self.day.as_of), basis, numbers)
    }

    /// SZ 二(四), HN (五)(十二): platform ÷ (platform + filed offline + unfiled purchases of the ledger).
    fn online_purchase(&self) -> Result<Reading, T::Error> {
        let mut by_day = self.series(Measure::Spent, Measure::Spent, Part::Sum)?;
        let (first, last) = self.span();
        for bought in self.records.off_platform.iter().filter(|b| (first..=last).contains(&b.on)) {
            by_day.entry(bought.on).or_default().1 += i128::from(bought.amount.units());
        }
        Ok(self.rate(by_day, Basis::Amount, ActionKind::File, Remedy::Both))
    }

    /// What had happened by the day of those sent, whatever came later.
    fn by_then(&self, measure: Measure) -> Result<Vec<DayTally>, T::Error> {
        let through = self.day.whole;
        let mut found = self.read_days(measure)?;
        found.retain(|one| (through - one.day).num_days() >= one.lag);
        Ok(found)
    }

    fn response_rate(&self) -> Result<Reading, T::Error> {
        let mut by_day = ByDay::new();
        for found in self.by_then(Measure::Answered)? {
            by_day.entry(found.day).or_default().0 += found.tally.n;
        }
        for found in self.read_days(Measure::Sent)? {
            by_day.entry(found.day).or_default().1 += found.tally.n;
        }
        Ok(self.rate(by_day, Basis::Count, ActionKind::Improve, Remedy::Both))
    }

    /// Mean hours: seconds ÷ 3,600 for each line answered.
    fn response_time(&self) -> Result<Reading, T::Error> {
        let mut by_day = ByDay::new();
        for found in self.by_then(Measure::Answered)? {
            let entry = by_day.entry(found.day).or_default();
            entry.0 += found.tally.sum;
            entry.1 += found.tally.n * 3_600;
        }
        Ok(self.rate(by_day, Basis::Seconds, ActionKind::Improve, Remedy::Denominator))
    }

    /// QZ 六: sent off by the day ÷ ordered by then.
    fn delivery_rate(&self) -> Result<Reading, T::Error> {
        let (above, below, basis) = if self.indicator.parameters.by_amount {
            (Measure::CameAmount, Measure::Sent, Basis::Amount)
        } else {
            (Measure::CameQuantity, Measure::SentQuantity, Basis::Quantity)
        };
        let mut by_day = ByDay::new();
        for found in self.by_then(above)? {
            by_day.entry(found.day).or_default().0 += found.tally.sum;
        }
        for found in self.read_days(below)? {
            by_day.entry(found.day).or_default().1 += found.tally.sum;
        }
        Ok(self.rate(by_day, basis, ActionKind::Improve, Remedy::Numerator))
    }

    /// Deliveries by the day on which their hours ran out.
    fn receipts(&self) -> Result<Reading, T::Error> {
        let hours = self.indicator.parameters.hours;
        let later = hours.div_ceil(24);
        let (from, through) = self.span();
        let arrived = self.tallies.days(
            Measure::Arrived,
            Scope::Hospital,
            before(from, later),
            before(through, later),
        )?;
        let mut by_day = ByDay::new();
        for found in arrived {
            let entry = by_day.entry(after(found.day, later)).or_default();
            entry.0 += if found.lag <= i64::from(hours) { found.tally.n } else { 0 };
            entry.1 += found.tally.n;
        }
        Ok(self.rate(by_day, Basis::Count, ActionKind::Improve, Remedy::Both))
    }

    /// Settlements whose term, by the pack, ended in the window.
    fn payments(&self) -> Reading {
        let whole = self.day.whole;
        let from = window_start(self.indicator.window, whole);
        let (mut paid, mut due, mut next) = (0, 0, None::<(NaiveDate, i128)>);
        for settlement in &self.records.settlements {
            let term = after(settlement.created_on, self.indicator.parameters.days);
            if (from..=whole).contains(&term) {
                due += 1;
                paid += i128::from(settlement.paid_on.is_some_and(|on| on <= term));
            } else if term > whole
                && settlement.paid_on.is_none_or(|on| on > whole)
                && settlement.created_on <= whole
            {
                next = Some(match next {
                    Some((first, count)) if first < term => (first, count),
                    Some((first, count)) if first == term => (first, count + 1),
                    _ => (term, 1),
                });
            }
        }
        let mut read =
            reading(self.indicator, ReadingScope::Hospital, (from, whole), Basis::Count, (paid, due));
        self.pending(&mut read, next, ActionKind::Pay);
        read
    }

    /// What falls due next counts against the rate the day after, if nothing is done.
    fn pending(&self, read: &mut Reading, next: Option<(NaiveDate, i128)>, kind: ActionKind) {
        let Some((due, count)) = next else { return };
        let then = Ratio::new(read.numerator, read.denominator + count);
        let passed = |level: Level| {
            let limit = self.indicator.thresholds.of(level)?;
            then.filter(|value| is_past(self.indicator, *value, limit)).map(|_| level)
        };
        let level = [Level::Serious, Level::Warning, Level::Notice].into_iter().find_map(passed);
        if let Some(level) = level.filter(|level| *level > read.level) {
            read.forecast.crosses = Some((after(due, 1), level));
        }
        if level.is_some() {
            let action = Action {
                kind,
                amount: count,
                what: self.indicator.name.clone(),
                unit: String::new(),
                before: due,
            };
            read.forecast.action = Some(action);
        }
    }

    /// SZ 四(五): answered within five working days of the issue ÷ due.
    fn rectification(&self) -> Reading {
        let whole = self.day.whole;
        let from = window_start(self.indicator.window, whole);
        let (mut timely, mut due, mut next) = (0, 0, None::<(NaiveDate, i128)>);
        for notice in self.records.notices.iter().filter(|notice| notice.issued_on <= self.day.as_of) {
            let answered = notice.answered_on.filter(|on| *on <= self.day.as_of);
            if notice.due_on > whole && answered.is_none() {
                next = Some(match next {
                    Some((first, count)) if first < notice.due_on => (first, count),
                    Some((first, count)) if first == notice.due_on => (first, count + 1),
                    _ => (notice.due_on, 1),
                });
            } else if notice.due_on >= from {
                due += 1;
                timely += i128::from(answered.is_some_and(|on| on <= notice.due_on));
            }
        }
        let mut read =
            reading(self.indicator, ReadingScope::Hospital, (from, whole), Basis::Count, (timely, due));
        self.pending(&mut read, next, ActionKind::Answer);
        read
    }

    /// SZ 二(二), 四(五): working days with a check-in ÷ working days so far. A day outside the calendar does not count.
    fn attendance(&self) -> Reading {
        let as_of = self.day.as_of;
        let from = window_start(self.indicator.window, as_of);
        let (mut present, mut days, mut left) = (0, 0, 0);
        let end = if self.indicator.window == Window::Month { month_end(as_of) } else { as_of };
        let mut date = from;
        while date <= end {
            let is_in = date <= as_of && self.records.check_ins.contains(&date);
            let is_over = date <= self.day.whole;
            if self.day.calendar.is_working(date).unwrap_or(false) {
                present += i128::from(is_in);
                days += i128::from(is_in || is_over);
                left += i128::from(!is_in && !is_over);
            }
            date = after(date, 1);
        }
        let mut read = self.plain(from, Basis::Count, (present, days));
        read.forecast.month_end = Ratio::new(present + left, days + left).filter(|_| left > 0);
        // One more missed day: the next working day is tomorrow's, or today's.
        if left > 0 {
            let tomorrow = after(self.day.whole, 1);
            let next = (0..14).map(|n| after(tomorrow, n)).find(|day| {
                !self.records.check_ins.contains(day) && self.day.calendar.is_working(*day).unwrap_or(false)
            });
            self.pending(&mut read, next.map(|day| (day, 1)), ActionKind::CheckIn);
        }
        read
    }

    /// Of the latest quarter that is to be evaluated. Before its due date nothing is late.
    fn evaluations(&self) -> Reading {
        let as_of = self.day.as_of;
        let opened = |period: &str| quarter_end_of(period).is_none_or(|end| end < as_of);
        let periods = self.records.evaluations.iter().map(|e| e.period.as_str()).filter(|p| opened(p));
        let Some(period) = periods.max() else { return self.plain(as_of, Basis::Count, (0, 0)) };
        let tasks: Vec<_> = self.records.evaluations.iter().filter(|e| e.period == period).collect();
        let made = tasks.iter().filter(|e| e.made_on.is_some_and(|on| on <= as_of)).count() as i128;
        let due = tasks.iter().map(|e| e.due_on).min().unwrap_or(as_of);
        let scope = ReadingScope::Period(period.to_owned());
        let from = quarter_end_of(period).map_or(as_of, |end| after(end, 1));
        let numbers = (made, tasks.len() as i128);
        let mut read = reading(self.indicator, scope, (from, as_of), Basis::Count, numbers);
        let left = numbers.1 - made;
        if left > 0 {
            if due > self.day.whole {
                let crosses = (read.level > Level::Normal).then(|| (after(due, 1), read.level));
                read.forecast = Forecast { crosses, ..Forecast::default() };
                read.level = Level::Normal;
            }
            let (kind, what) = (ActionKind::Evaluate, self.indicator.name.clone());
            let by = due.max(as_of);
            read.forecast.action = Some(Action { kind, amount: left, what, unit: String::new(), before: by });
        }
        read
    }

    /// QZ 一: a cut of more than the limit has to be explained; history without a report is 用而不报.
    fn demands(&self, out: &mut Vec<Reading>) {
        let as_of = self.day.as_of;
        let oldest = before(as_of, 90);
        for demand in self.records.demands.iter().filter(|demand| demand.report_by >= oldest) {
            let reported = demand.reported.filter(|_| demand.submitted_on.is_none_or(|on| on <= as_of));
            let last = i128::from(demand.last_year.units());
            let numerator = last - i128::from(reported.unwrap_or_default().units());
            let scope = ReadingScope::Demand {
                id: demand.id.clone(),
                variety: demand.variety.clone(),
                maker: demand.maker_name.clone(),
            };
            let span = (month_start(demand.report_by, 12), as_of);
            let mut read = reading(self.indicator, scope, span, Basis::Quantity, (numerator, last));
            let is_open = reported.is_none() && demand.report_by > self.day.whole;
            if is_open || demand.is_explained && reported.is_some() {
                let crosses =
                    (is_open && read.level > Level::Normal).then(|| (after(demand.report_by, 1), read.level));
                read.forecast = Forecast { crosses, ..Forecast::default() };
                read.level = Level::Normal;
            }
            let is_wanted = read.level > Level::Normal || read.forecast.crosses.is_some();
            let limit = shown_limit(self.indicator).filter(|_| is_wanted);
            read.forecast.action = limit.and_then(|_| {
                let least = missing(self.indicator, Level::Normal, (numerator, last), Remedy::Numerator)?;
                Some(Action {
                    kind: ActionKind::Explain,
                    amount: least,
                    what: demand.variety.clone(),
                    unit: String::new(),
                    before: demand.report_by.max(as_of),
                })
            });
            out.push(read);
        }
    }

    /// (Price before − price paid) × quantity, in yuan.
    fn savings(&self) -> Result<Reading, T::Error> {
        let from = window_start(self.indicator.window, self.day.as_of);
        let saved = self.tallies.sum(Measure::Saved, Scope::Hospital, from, self.day.as_of)?.sum;
        Ok(self.plain(from, Basis::Amount, (saved, i128::from(SCALE))))
    }

    /// HN (五): a line that is too dear for two reasons is one line, and the greater amount is over.
    fn prices(&self) -> Result<Reading, T::Error> {
        let limit = i64::from(self.indicator.parameters.history_percent);
        let far_above = |measure| -> Result<Vec<DayTally>, T::Error> {
            let mut found = self.read_days(measure)?;
            found.retain(|one| one.lag > limit);
            Ok(found)
        };
        let (listed, history) = (self.read_days(Measure::AboveListed)?, far_above(Measure::AboveHistory)?);
        let both = far_above(Measure::AboveBoth)?;
        let mut by_day = ByDay::new();
        for (found, sign) in [(&listed, 1), (&history, 1), (&both, -1)] {
            for one in found {
                by_day.entry(one.day).or_default().0 += sign * one.tally.n;
            }
        }
        for found in self.read_days(Measure::PriceChecked)? {
            by_day.entry(found.day).or_default().1 += found.tally.n;
        }
        let mut read = self.rate(by_day, Basis::Count, ActionKind::Refrain, Remedy::Denominator);
        let within = |found: &[DayTally]| {
            let mut sum = Tally::default();
            let days = found.iter().filter(|one| (read.from..=read.through).contains(&one.day));
            days.for_each(|one| sum += one.tally);
            sum
        };
        let (listed, history, both) = (within(&listed), within(&history), within(&both));
        read.amount = Some(listed.sum + history.sum - both.sum);
        let cause = |kind, of: Tally| Cause { kind, count: of.n, amount: of.sum };
        read.causes = vec![cause(CauseKind::Listed, listed), cause(CauseKind::History, history)];
        Ok(read)
    }

    /// HN (四)(十). Reagents have a list of their own: a pack names their categories.
    fn codes(&self) -> Result<Reading, T::Error> {
        let mut by_day = self.series(Measure::Coded, Measure::Lines, Part::Count)?;
        let (from, through) = self.span();
        for name in &self.indicator.parameters.exclude_categories {
            let Some(key) = self.tallies.category(name)? else { continue };
            for found in self.tallies.days(Measure::Coded, Scope::Category(key), from, through)? {
                by_day.entry(found.day).or_default().0 -= found.tally.n;
            }
            for found in self.tallies.days(Measure::Lines, Scope::Category(key), from, through)? {
                by_day.entry(found.day).or_default().1 -= found.tally.n;
            }
        }
        Ok(self.rate(by_day, Basis::Count, ActionKind::Improve, Remedy::Both))
    }
}

/// The last day of a quarter such as `2026Q3`.
fn quarter_end_of(period: &str) -> Option<NaiveDate> {
    let (year, quarter) = period.split_once('Q')?;
    let month: u32 = match quarter {
        "1" => 3,
        "2" => 6,
        "3" => 9,
        "4" => 12,
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1).map(month_end)
}
