//! 线上结算率: settled through the platform ÷ accepted, of the months that are due by now.

use chrono::NaiveDate;

use super::evaluate::{
    Action, ActionKind, Basis, Day, Reading, ReadingScope, after, before, is_past, level, month_end,
    month_start, next_level, reading,
};
use super::forecast::{Remedy, missing};
use super::measure::{Measure, Scope, Tallies};
use super::pack::{Indicator, Level, Window};
use super::ratio::Ratio;
use super::records::Records;
use super::replay::{self, Soon};

/// Ends of months that are replayed.
const PAST_MONTHS: u32 = 12;

/// SZ 二(四): a month is settled in the next one and paid in the one after that.
pub(super) fn read<T: Tallies>(
    indicator: &Indicator,
    records: &Records,
    tallies: &T,
    day: Day<'_>,
) -> Result<Reading, T::Error> {
    let as_of = day.as_of;
    let months = if let Window::Months(months) = indicator.window { months } else { 7 };
    let span = due(as_of, months);
    let accepted = tallies.sum(Measure::Spent, Scope::Hospital, span.0, span.1)?.sum;
    let numbers = (settled(records, span, as_of), accepted);
    let mut read = reading(indicator, ReadingScope::Hospital, span, Basis::Amount, numbers);
    if read.level > Level::Normal {
        let needed = missing(indicator, read.level, numbers, Remedy::Numerator);
        read.forecast.action = needed.filter(|needed| *needed > 0).map(|amount| Action {
            kind: ActionKind::Pay,
            amount,
            what: indicator.name.clone(),
            unit: String::new(),
            before: month_end(as_of),
        });
    }
    next_month(indicator, records, tallies, day, months, &mut read)?;
    Ok(read)
}

/// The first day of the months that are due on a day, and the last.
fn due(day: NaiveDate, months: u32) -> (NaiveDate, NaiveDate) {
    (month_start(day, months + 1), before(month_start(day, 1), 1))
}

/// Paid for these months by the end of a day.
fn settled(records: &Records, (from, through): (NaiveDate, NaiveDate), by: NaiveDate) -> i128 {
    let of_these = records.settlements.iter().filter(|one| (from..=through).contains(&one.month));
    let paid = of_these.filter(|one| one.paid_on.is_some_and(|on| on <= by));
    paid.map(|one| i128::from(one.amount.units())).sum()
}

/// On the first of the next month another month falls due. What was accepted in it stands by now; how much of it will be paid by then
/// is taken from the past year: of what stood unpaid of a month as many working days before it fell due, a part was paid by that day.
/// Each of these ends of months is replayed; older months count as they stand.
fn next_month<T: Tallies>(
    indicator: &Indicator,
    records: &Records,
    tallies: &T,
    day: Day<'_>,
    months: u32,
    read: &mut Reading,
) -> Result<(), T::Error> {
    let as_of = day.as_of;
    let first = after(month_end(as_of), 1);
    let span = due(first, months);
    let newest = month_start(span.1, 0);
    let accepted = tallies.sum(Measure::Spent, Scope::Hospital, span.0, span.1)?.sum;
    let by_month =
        tallies.months(Measure::Spent, Scope::Hospital, month_start(newest, PAST_MONTHS), newest)?;
    let course = |months_ago: u32, on: NaiveDate| {
        let month = month_start(newest, months_ago);
        let place = PAST_MONTHS.saturating_sub(months_ago) as usize;
        let accepted = by_month.get(place).map_or(0, |tally| tally.sum);
        (accepted, accepted - settled(records, (month, month_end(month)), on))
    };
    let left = replay::working_days(day.calendar, as_of, first);
    // By month: what stood unpaid, and what of it was paid by the day on which it fell due.
    let mut past = Vec::new();
    for months_ago in 1..=PAST_MONTHS {
        let fell_due = month_start(first, months_ago);
        let (accepted, unpaid) = course(months_ago, replay::earlier(day.calendar, fell_due, left));
        if accepted > 0 && unpaid > 0 {
            let (_, remained) = course(months_ago, fell_due);
            past.push((unpaid, (unpaid - remained).clamp(0, unpaid)));
        } else if accepted > 0 {
            past.push((1, 1));
        }
    }
    if past.is_empty() {
        return Ok(());
    }
    let (settled, unpaid) = (settled(records, span, as_of), course(0, as_of).1.max(0));
    let then = |(was_unpaid, was_paid): (i128, i128)| {
        Ratio::new(settled * was_unpaid + unpaid * was_paid, accepted * was_unpaid)
    };
    let middling = then(past.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)));
    read.forecast.month_end = middling;
    let expected = level(indicator, middling);
    if expected > read.level {
        read.forecast.crosses = Some((first, expected));
    }
    if let Some((level, limit)) = next_level(indicator, read.level) {
        let passes = |one: &&(i128, i128)| then(**one).is_some_and(|value| is_past(indicator, value, limit));
        let (passing, spans) = (past.iter().filter(passes).count(), past.len());
        let is_near = first <= replay::last_day(day.calendar, as_of);
        let soon = Soon { day: first, level, passing: replay::small(passing), spans: replay::small(spans) };
        read.forecast.soon = (is_near && replay::is_likely(passing, spans)).then_some(soon);
        read.forecast.replayed = Some((soon.passing, soon.spans));
    }
    Ok(())
}
