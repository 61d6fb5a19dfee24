//! The indicators of volume purchase (带量采购): by agreement and by variety.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::evaluate::{
    Action, ActionKind, Basis, Day, Forecast, Reading, ReadingScope, after, before, fraction, is_past,
    month_end, next_level, quarter_end, quarter_start, quotient_up, reading,
};
use super::forecast::{Remedy, missing};
use super::measure::{Measure, Scope, Tallies};
use super::pack::{BasisOf, ExemptionKind, Formula, Indicator, Level, Pack, Window};
use super::ratio::Ratio;
use super::records::{AgreementRecord, Records};
use crate::decimal::SCALE;

/// Agreements of one batch, variety and company, assessed together (HA 二(三)).
struct Group<'a> {
    agreements: Vec<&'a AgreementRecord>,
    agreed: i128,
    /// How much of the agreed quantity was relieved.
    relief: i128,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

impl Group<'_> {
    fn first(&self) -> &AgreementRecord {
        self.agreements[0]
    }
    /// Elapsed days at the end of a day, and days of the cycle.
    fn schedule(&self, day: NaiveDate) -> (i128, i128) {
        let days = i128::from((self.ends_on - self.starts_on).num_days() + 1);
        let elapsed = i128::from((day - self.starts_on).num_days() + 1);
        (elapsed.clamp(0, days), days)
    }
    fn scope(&self) -> ReadingScope {
        let first = self.first();
        ReadingScope::Agreement {
            ids: self.agreements.iter().map(|agreement| agreement.id.clone()).collect(),
            batch: first.batch.clone(),
            variety: first.variety.clone(),
            maker: first.maker_name.clone(),
            goods: first.varieties.clone(),
            maker_key: first.maker,
            unit: first.unit.clone(),
        }
    }
}

/// The volume purchase of a hospital on a day.
pub(super) struct Volume<'a, T> {
    pack: &'a Pack,
    records: &'a Records,
    tallies: &'a T,
    day: Day<'a>,
    running: Vec<Group<'a>>,
}

impl<'a, T: Tallies> Volume<'a, T> {
    pub(super) fn new(pack: &'a Pack, records: &'a Records, tallies: &'a T, day: Day<'a>) -> Self {
        let mut groups: BTreeMap<(&str, &str, i64), Vec<&AgreementRecord>> = BTreeMap::new();
        for agreement in &records.agreements {
            let runs = (agreement.starts_on..=agreement.ends_on).contains(&day.as_of);
            if agreement.is_signed && runs && agreement.agreed.is_some() {
                let key = (agreement.batch.as_str(), agreement.variety.as_str(), agreement.maker);
                groups.entry(key).or_default().push(agreement);
            }
        }
        let relieved = |agreement: &AgreementRecord| -> i128 {
            let is_granted = pack.grants(ExemptionKind::ClinicalNeed);
            let of_this = records.exemptions.iter().filter(|exemption| {
                is_granted
                    && exemption.kind == ExemptionKind::ClinicalNeed
                    && exemption.agreement.as_deref() == Some(agreement.id.as_str())
                    && exemption.from <= day.as_of
            });
            of_this.map(|exemption| i128::from(exemption.relief)).sum()
        };
        let running = groups
            .into_values()
            .map(|agreements| {
                let agreed: i128 = agreements.iter().filter_map(|a| a.agreed).map(i128::from).sum();
                let relief = agreements.iter().map(|a| relieved(a)).sum::<i128>().clamp(0, agreed);
                let starts_on = agreements.iter().map(|a| a.starts_on).min().unwrap_or(day.as_of);
                let ends_on = agreements.iter().map(|a| a.ends_on).max().unwrap_or(day.as_of);
                Group { agreed: agreed - relief, relief, starts_on, ends_on, agreements }
            })
            .collect();
        Self { pack, records, tallies, day, running }
    }

    pub(super) fn read(&self, indicator: &Indicator, out: &mut Vec<Reading>) -> Result<(), T::Error> {
        match indicator.formula {
            Formula::NonSelectedShare => self.shares(indicator, out),
            Formula::SubstituteGrowth => self.substitutes(indicator, out),
            Formula::InHospitalRate => self.in_hospital(indicator, out),
            _ => {
                for group in &self.running {
                    out.push(self.progress(indicator, group)?);
                }
                Ok(())
            }
        }
    }

    /// Quantity of a manufacturer's goods, or of all manufacturers', net of returns.
    fn quantity(
        &self,
        basis: BasisOf,
        varieties: &[i64],
        (maker, is_selected): (i64, bool),
        (from, through): (NaiveDate, NaiveDate),
    ) -> Result<i128, T::Error> {
        let measure = match basis {
            BasisOf::Ordered => Measure::Ordered,
            BasisOf::Delivered => Measure::Delivered,
            BasisOf::Accepted => Measure::Accepted,
        };
        let mut sum = 0;
        if from > through {
            return Ok(sum);
        }
        for variety in varieties {
            let scope = Scope::Goods { variety: *variety, maker, is_selected };
            sum += self.tallies.sum(measure, scope, from, through)?.sum;
            sum -= self.tallies.sum(Measure::Returned, scope, from, through)?.sum;
        }
        Ok(sum)
    }

    fn progress(&self, indicator: &Indicator, group: &Group<'_>) -> Result<Reading, T::Error> {
        let as_of = self.day.as_of;
        let span = (group.starts_on, as_of);
        let (elapsed, days) = group.schedule(as_of);
        if indicator.formula == Formula::ScheduleProgress {
            let numbers = (elapsed, days);
            return Ok(reading(indicator, group.scope(), span, Basis::Count, numbers));
        }
        let (basis, maker) = (indicator.parameters.basis, (group.first().maker, true));
        let varieties = &group.first().varieties;
        let done = self.quantity(basis, varieties, maker, span)?;
        let pace_from = before(as_of, indicator.parameters.pace_days - 1).max(group.starts_on);
        let pace_days = i128::from((as_of - pace_from).num_days() + 1);
        let recent = self.quantity(basis, varieties, maker, (pace_from, as_of))?.max(0);
        let course = Course { group, as_of, done, recent, pace_days };
        let mut read = if indicator.formula == Formula::ProgressLag {
            // done ÷ agreed − elapsed ÷ days.
            let numbers = (done * days - elapsed * group.agreed, group.agreed * days);
            reading(indicator, group.scope(), span, Basis::Share, numbers)
        } else {
            reading(indicator, group.scope(), span, Basis::Quantity, (done, group.agreed))
        };
        read.exempted = group.relief;
        let value = |day: NaiveDate| {
            let (elapsed, days) = group.schedule(day);
            match (course.progress(day), indicator.formula) {
                (Some(progress), Formula::ProgressLag) => Some(progress.minus(Ratio::new(elapsed, days)?)),
                (progress, _) => progress,
            }
        };
        read.forecast = Forecast {
            month_end: value(month_end(as_of).min(group.ends_on)),
            quarter_end: value(quarter_end(as_of).min(group.ends_on)),
            cycle_end: value(group.ends_on),
            ..Forecast::default()
        };
        if let Some((level, limit)) = next_level(indicator, read.level) {
            let mut ahead = after(as_of, 1);
            while ahead <= group.ends_on {
                if value(ahead).is_some_and(|value| is_past(indicator, value, limit)) {
                    read.forecast.crosses = Some((ahead, level));
                    break;
                }
                ahead = after(ahead, 1);
            }
        }
        if indicator.formula == Formula::ProgressLag {
            read.forecast.action = course.order_more(indicator, &read);
        }
        Ok(read)
    }

    /// HA 二(九), with the exemptions that the pack grants (QZ 五).
    fn shares(&self, indicator: &Indicator, out: &mut Vec<Reading>) -> Result<(), T::Error> {
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

    /// The varieties under running agreements, each with the span of its agreements.
    fn varieties(&self) -> BTreeMap<&str, Group<'_>> {
        let mut varieties: BTreeMap<&str, Group<'_>> = BTreeMap::new();
        for group in &self.running {
            let entry = varieties.entry(group.first().variety.as_str()).or_insert_with(|| Group {
                agreements: Vec::new(),
                agreed: 0,
                relief: 0,
                starts_on: group.starts_on,
                ends_on: group.ends_on,
            });
            entry.agreements.extend(&group.agreements);
            entry.agreed += group.agreed;
            entry.starts_on = entry.starts_on.min(group.starts_on);
            entry.ends_on = entry.ends_on.max(group.ends_on);
        }
        varieties
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
            forecast.crosses = (1..=120)
                .map(|ahead| after(as_of, ahead))
                .take_while(|day| *day <= group.ends_on)
                .filter(|day| *day >= assessed_from)
                .find(|day| value(*day).is_some_and(|value| is_past(indicator, value, limit)))
                .map(|day| (day, level));
        }
        let by = match forecast.crosses {
            Some((day, _)) => Some(day),
            None if read.level > Level::Normal => Some(month_end(as_of).min(group.ends_on)),
            None => None,
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
            for problem in self.records.supply_problems.iter().filter(|p| concerns(&p.varieties)) {
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

    /// HA 二(二): of the cycles in or past month three, how many were purchased at all.
    fn in_hospital(&self, indicator: &Indicator, out: &mut Vec<Reading>) -> Result<(), T::Error> {
        let as_of = self.day.as_of;
        let months = Months::new(indicator.parameters.months.saturating_sub(1));
        let (mut purchased, mut signed, mut from) = (0, 0, as_of);
        for group in &self.running {
            // Month three begins two months after the start.
            if group.starts_on.checked_add_months(months).is_none_or(|third| third > as_of) {
                continue;
            }
            from = from.min(group.starts_on);
            signed += 1;
            let first = group.first();
            let basis = indicator.parameters.basis;
            let done =
                self.quantity(basis, &first.varieties, (first.maker, true), (group.starts_on, as_of))?;
            purchased += i128::from(done > 0);
        }
        let mut read =
            reading(indicator, ReadingScope::Hospital, (from, as_of), Basis::Count, (purchased, signed));
        if read.level > Level::Normal {
            let needed = missing(indicator, read.level, (purchased, signed), Remedy::Numerator);
            read.forecast.action = needed.filter(|needed| *needed > 0).map(|amount| Action {
                kind: ActionKind::Improve,
                amount,
                what: indicator.name.clone(),
                unit: String::new(),
                before: month_end(as_of),
            });
        }
        out.push(read);
        Ok(())
    }

    /// HA 二(九): non-selected products of a variety, this quarter so far ÷ the same days a year before.
    fn substitutes(&self, indicator: &Indicator, out: &mut Vec<Reading>) -> Result<(), T::Error> {
        let as_of = self.day.as_of;
        let from = quarter_start(as_of);
        let year_ago = |day: NaiveDate| day.checked_sub_months(Months::new(12)).unwrap_or(day);
        for (variety, group) in self.varieties() {
            let keys = &group.first().varieties;
            let basis = indicator.parameters.basis;
            let now = self.quantity(basis, keys, (0, false), (from, as_of))?;
            let then = self.quantity(basis, keys, (0, false), (year_ago(from), year_ago(as_of)))?;
            let scope = ReadingScope::Variety { name: variety.to_owned(), goods: keys.clone() };
            out.push(reading(indicator, scope, (from, as_of), Basis::Quantity, (now, then.max(0))));
        }
        Ok(())
    }
}

/// What exemptions do to a share, in 1/10,000.
struct Exempt {
    left_out: i128,
    counts_as_selected: i128,
}

/// An agreement's quantity at the present pace.
struct Course<'a> {
    group: &'a Group<'a>,
    as_of: NaiveDate,
    done: i128,
    /// In the days of the pace.
    recent: i128,
    pace_days: i128,
}

impl Course<'_> {
    /// Quantity at the end of a day, times the days of the pace.
    fn quantity(&self, day: NaiveDate) -> i128 {
        self.done * self.pace_days + self.recent * i128::from((day - self.as_of).num_days().max(0))
    }

    fn progress(&self, day: NaiveDate) -> Option<Ratio> {
        Ratio::new(self.quantity(day), self.group.agreed * self.pace_days)
    }

    /// What has to be ordered beyond the present pace, in whole units, so that the limit holds through the quarter in which it
    /// would be passed; where it is passed already, by the end of the month.
    fn order_more(&self, indicator: &Indicator, read: &Reading) -> Option<Action> {
        let limit = match read.level {
            Level::Normal => next_level(indicator, read.level)?.1,
            Level::Notice => indicator.thresholds.warning.or(indicator.thresholds.notice)?,
            _ => indicator.thresholds.warning?,
        };
        let (until, by) = match read.forecast.crosses {
            Some((day, _)) if read.level < Level::Warning => (quarter_end(day), day),
            _ if read.level >= Level::Warning => (month_end(self.as_of), month_end(self.as_of)),
            _ => return None,
        };
        let until = until.min(self.group.ends_on);
        let (elapsed, days) = self.group.schedule(until);
        let (top, bottom) = fraction(limit, indicator.formula.limit_unit());
        // (quantity / pace + k) ÷ agreed − elapsed ÷ days ≥ limit.
        let scale = self.pace_days * days * bottom;
        let wanted = (elapsed * bottom + top * days) * self.group.agreed * self.pace_days;
        let short = wanted - self.quantity(until) * days * bottom;
        let whole = quotient_up(short, scale * i128::from(SCALE));
        (whole > 0).then(|| Action {
            kind: ActionKind::Order,
            amount: whole * i128::from(SCALE),
            what: self.group.first().product_name.clone(),
            unit: self.group.first().unit.clone(),
            before: by,
        })
    }
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
