//! 非中选占比 of each variety under an agreement, and what exemptions do to it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::evaluate::{
    Action, ActionKind, Basis, Forecast, Reading, ReadingScope, after, before, is_past, month_end,
    next_level, quarter_end, quotient_up, reading,
};
use super::forecast::{Remedy, missing};
use super::measure::Tallies;
use super::pack::{BasisOf, ExemptionKind, Indicator, Level, Window};
use super::ratio::Ratio;
use super::replay::{self, ByDay, Past};
use super::volume::{Goods, Group, Volume};
use crate::decimal::SCALE;

impl<T: Tallies> Volume<'_, T> {
    /// HA 二(九), with the exemptions that the pack grants (QZ 五).
    pub(super) fn shares(&self, indicator: &Indicator, out: &mut Vec<Reading>) -> Result<(), T::Error> {
        for (variety, group) in self.varieties() {
            let from = match indicator.window {
                Window::Cycle => group.starts_on,
                window => super::evaluate::window_start(window, self.day.as_of).max(group.starts_on),
            };
            let keys = &group.first().varieties;
            let span = (from, self.day.as_of);
            let basis = indicator.parameters.basis;
            let mut selected = self.quantity(basis, keys, (0, true), span)?;
            let mut other = self.quantity(basis, keys, (0, false), span)?;
            let exempt = self.exempted(basis, keys, span)?;
            let left_out = exempt.left_out.clamp(0, other.max(0));
            other -= left_out;
            selected += exempt.counts_as_selected;
            let numbers = (other.max(0), (selected + other).max(0));
            let scope = ReadingScope::Variety { name: variety.to_owned(), goods: keys.clone() };
            let mut read = reading(indicator, scope, span, Basis::Quantity, numbers);
            read.exempted = left_out;
            let assessed_from = after(group.starts_on, indicator.parameters.grace_days);
            if self.day.as_of < assessed_from {
                read.level = Level::Normal;
            }
            self.forecast_share(indicator, &group, assessed_from, &mut read)?;
            out.push(read);
        }
        Ok(())
    }

    fn forecast_share(
        &self,
        indicator: &Indicator,
        group: &Group<'_>,
        assessed_from: NaiveDate,
        read: &mut Reading,
    ) -> Result<(), T::Error> {
        let as_of = self.day.as_of;
        let pace_from = before(as_of, indicator.parameters.pace_days - 1).max(read.from);
        let pace_days = i128::from((as_of - pace_from).num_days() + 1);
        let keys = &group.first().varieties;
        let basis = indicator.parameters.basis;
        let span = (pace_from, as_of);
        let selected = self.quantity(basis, keys, (0, true), span)?.max(0);
        let other = self.quantity(basis, keys, (0, false), span)?.max(0);
        let at = |day: NaiveDate| {
            let ahead = i128::from((day - as_of).num_days());
            let numerator = read.numerator * pace_days + other * ahead;
            (numerator, read.denominator * pace_days + (selected + other) * ahead)
        };
        let value = |day: NaiveDate| {
            let (numerator, denominator) = at(day);
            Ratio::new(numerator, denominator)
        };
        let mut forecast = Forecast {
            month_end: value(month_end(as_of).min(group.ends_on)),
            quarter_end: value(quarter_end(as_of).min(group.ends_on)),
            cycle_end: value(group.ends_on),
            ..Forecast::default()
        };
        if let Some((level, limit)) = next_level(indicator, read.level) {
            let of = |is_selected| Goods { basis, varieties: keys, maker: 0, is_selected };
            let (chosen, others) = (of(true), of(false));
            let coming = (self.on_the_way(&others)?, self.on_the_way(&chosen)?);
            let goods = [others, chosen];
            // Most shares keep their limit whatever comes: nothing to replay. What returns take back is left to the next days.
            let most = self.most_in_a_span(&goods[0])? + coming.0;
            let worst = Ratio::new(read.numerator + most, read.denominator + most);
            if worst.is_some_and(|value| is_past(indicator, value, limit)) {
                let by_day = self.both(&goods)?;
                let last = replay::last_day(self.day.calendar, as_of).min(group.ends_on);
                let past = Past::new(&by_day, as_of);
                let replayed = past.replay(
                    last,
                    level,
                    |_| read.from,
                    |day, (above, below)| {
                        let numbers = (
                            read.numerator + coming.0 + above,
                            read.denominator + coming.0 + coming.1 + below,
                        );
                        let value = Ratio::new(numbers.0, numbers.1);
                        day >= assessed_from && value.is_some_and(|value| is_past(indicator, value, limit))
                    },
                );
                (forecast.soon, forecast.replayed) = (replayed.soon, replayed.counts());
            }
            forecast.crosses = (1..=120)
                .map(|ahead| after(as_of, ahead))
                .take_while(|day| *day <= group.ends_on)
                .filter(|day| *day >= assessed_from)
                .find(|day| value(*day).is_some_and(|value| is_past(indicator, value, limit)))
                .map(|day| (day, level));
        }
        let by = match (forecast.soon, forecast.crosses) {
            (Some(soon), crosses) => Some(crosses.map_or(soon.day, |(day, _)| day.min(soon.day))),
            (None, Some((day, _))) => Some(day),
            _ if read.level > Level::Normal => Some(month_end(as_of).min(group.ends_on)),
            _ => None,
        };
        if let Some(by) = by {
            let needed = missing(indicator, read.level, at(by), Remedy::Denominator);
            let whole = needed.map(|units| quotient_up(units, pace_days * i128::from(SCALE)));
            forecast.action = whole.filter(|whole| *whole > 0).map(|whole| Action {
                kind: ActionKind::Order,
                amount: whole * i128::from(SCALE),
                what: format!("{}（中选产品）", group.first().variety),
                unit: group.first().unit.clone(),
                before: by,
            });
        }
        read.forecast = forecast;
        Ok(())
    }

    /// Of each day of the past year: what was not selected, and all of it.
    fn both(&self, [others, chosen]: &[Goods<'_>; 2]) -> Result<ByDay, T::Error> {
        let mut by_day: ByDay = BTreeMap::new();
        let (above, below) = (self.net(others, |sum| (sum, sum))?, self.net(chosen, |sum| (0, sum))?);
        for (day, (above, below)) in above.into_iter().chain(below) {
            let entry = by_day.entry(day).or_default();
            *entry = (entry.0 + above, entry.1 + below);
        }
        Ok(by_day)
    }

    fn exempted(
        &self,
        basis: BasisOf,
        varieties: &[i64],
        span: (NaiveDate, NaiveDate),
    ) -> Result<Exempt, T::Error> {
        let concerns = |keys: &[i64]| keys.iter().any(|key| varieties.contains(key));
        let mut left_out = 0;
        let mut problems = Vec::new();
        if self.pack.grants(ExemptionKind::VerifiedSupplyProblem) {
            let verified =
                self.records.supply_problems.iter().filter(|problem| problem.verified_on <= self.day.as_of);
            for problem in verified.filter(|problem| concerns(&problem.varieties)) {
                problems.push((problem.from, problem.through.unwrap_or(span.1)));
            }
        }
        let problems = united(problems, span);
        for period in &problems {
            left_out += self.quantity(basis, varieties, (0, false), *period)?;
        }
        let mut counts_as_selected = 0;
        for exemption in self.records.exemptions.iter().filter(|e| concerns(&e.varieties)) {
            if !self.pack.grants(exemption.kind) {
                continue;
            }
            let period = (exemption.from, exemption.through);
            match (exemption.kind, exemption.maker, exemption.product) {
                (ExemptionKind::ReserveSupplier, Some(maker), _) => {
                    for part in united(vec![period], span) {
                        counts_as_selected += self.quantity(basis, varieties, (maker, false), part)?;
                    }
                    for part in without(period, &problems, span) {
                        left_out += self.quantity(basis, varieties, (maker, false), part)?;
                    }
                }
                (ExemptionKind::CheaperEqualProduct, _, Some(product)) => {
                    for (from, through) in without(period, &problems, span) {
                        left_out += self.tallies.accepted_of_product(product, from, through)?;
                    }
                }
                _ => {}
            }
        }
        Ok(Exempt { left_out: left_out.max(0), counts_as_selected: counts_as_selected.max(0) })
    }
}

/// What exemptions do to a share, in 1/10,000.
struct Exempt {
    left_out: i128,
    counts_as_selected: i128,
}

/// Periods cut to a span, overlaps united.
fn united(
    mut periods: Vec<(NaiveDate, NaiveDate)>,
    span: (NaiveDate, NaiveDate),
) -> Vec<(NaiveDate, NaiveDate)> {
    periods.sort_unstable();
    let mut out: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (from, through) in periods {
        let (from, through) = (from.max(span.0), through.min(span.1));
        if from > through {
            continue;
        }
        match out.last_mut() {
            Some(last) if from <= after(last.1, 1) => last.1 = last.1.max(through),
            _ => out.push((from, through)),
        }
    }
    out
}

/// What is left of a period without others, which are united.
fn without(
    period: (NaiveDate, NaiveDate),
    others: &[(NaiveDate, NaiveDate)],
    span: (NaiveDate, NaiveDate),
) -> Vec<(NaiveDate, NaiveDate)> {
    let (mut from, through) = (period.0.max(span.0), period.1.min(span.1));
    let mut left = Vec::new();
    for (start, end) in others {
        if *start > through || *end < from {
            continue;
        }
        if *start > from {
            left.push((from, before(*start, 1)));
        }
        from = after(*end, 1);
    }
    if from <= through {
        left.push((from, through));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, number).unwrap()
    }

    #[test]
    fn periods_are_united_and_cut() {
        let span = (day(5), day(20));
        let problems = united(vec![(day(14), day(16)), (day(1), day(8)), (day(9), day(10))], span);
        assert_eq!(problems, [(day(5), day(10)), (day(14), day(16))]);
        let left = without((day(8), day(31)), &problems, span);
        assert_eq!(left, [(day(11), day(13)), (day(17), day(20))]);
        assert_eq!(without((day(6), day(9)), &problems, span), []);
    }
}
