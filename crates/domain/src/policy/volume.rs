//! The indicators of volume purchase (带量采购): by agreement and by variety.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::evaluate::{
    Action, ActionKind, Basis, Day, Forecast, Reading, ReadingScope, after, before, fraction, is_past,
    month_end, next_level, quarter_end, quarter_start, quotient_up, reading,
};
use super::forecast::{Remedy, missing};
use super::measure::{Measure, Scope, Tallies};
use super::pack::{BasisOf, ExemptionKind, Formula, Indicator, Level, Pack};
use super::ratio::{Percent, Ratio};
use super::records::{AgreementRecord, Records};
use super::replay::{self, ByDay, ON_THE_WAY_DAYS, Past, Replayed};
use crate::decimal::SCALE;

/// Agreements of one batch, variety and company, assessed together (HA 二(三)).
pub(super) struct Group<'a> {
    agreements: Vec<&'a AgreementRecord>,
    agreed: i128,
    /// How much of the agreed quantity was relieved.
    relief: i128,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
}

impl Group<'_> {
    pub(super) fn first(&self) -> &AgreementRecord {
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
    pub(super) pack: &'a Pack,
    pub(super) records: &'a Records,
    pub(super) tallies: &'a T,
    pub(super) day: Day<'a>,
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
    pub(super) fn quantity(
        &self,
        basis: BasisOf,
        varieties: &[i64],
        (maker, is_selected): (i64, bool),
        (from, through): (NaiveDate, NaiveDate),
    ) -> Result<i128, T::Error> {
        let goods = Goods { basis, varieties, maker, is_selected };
        let mut sum = 0;
        if from > through {
            return Ok(sum);
        }
        for scope in goods.scopes() {
            sum += self.tallies.sum(goods.measure(), scope, from, through)?.sum;
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
        let of_maker = Goods { basis, varieties, maker: maker.0, is_selected: maker.1 };
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
            if indicator.formula == Formula::ProgressLag {
                let replayed = self.replay_lag(indicator, group, &of_maker, done, (level, limit))?;
                read.forecast.soon = replayed.and_then(|replayed| replayed.soon);
                read.forecast.replayed = replayed.and_then(Replayed::counts);
            }
        }
        if indicator.formula == Formula::ProgressLag {
            read.forecast.action = course.order_more(indicator, &read);
        }
        Ok(read)
    }

    /// Whether the next limit is passed soon, with what is on its way and what spans of the past year brought.
    fn replay_lag(
        &self,
        indicator: &Indicator,
        group: &Group<'_>,
        goods: &Goods<'_>,
        done: i128,
        (level, limit): (Level, Percent),
    ) -> Result<Option<Replayed>, T::Error> {
        let last = replay::last_day(self.day.calendar, self.day.as_of).min(group.ends_on);
        let done = done + self.on_the_way(goods)?;
        let is_behind = |day: NaiveDate, more: i128| {
            let (elapsed, days) = group.schedule(day);
            let value = Ratio::new((done + more) * days - elapsed * group.agreed, group.agreed * days);
            value.is_some_and(|value| is_past(indicator, value, limit))
        };
        // Most agreements hold even if nothing comes: nothing to replay. What returns take back is left to the next days.
        if !is_behind(last, 0) {
            return Ok(None);
        }
        let by_day = self.net(goods, |sum| (sum, 0))?;
        let past = Past::new(&by_day, self.day.as_of);
        Ok(Some(past.replay(last, level, |_| group.starts_on, |day, (more, _)| is_behind(day, more))))
    }

    /// Ordered in the last days and not accepted yet, as far as acceptance is what counts.
    pub(super) fn on_the_way(&self, goods: &Goods<'_>) -> Result<i128, T::Error> {
        let as_of = self.day.as_of;
        let mut sum = 0;
        if goods.basis == BasisOf::Accepted {
            for scope in goods.scopes() {
                let ordered =
                    self.tallies.days(Measure::Ordered, scope, before(as_of, ON_THE_WAY_DAYS), as_of)?;
                let open = ordered.iter().filter(|found| found.lag > (as_of - found.day).num_days());
                sum += open.map(|found| found.tally.sum).sum::<i128>();
            }
        }
        Ok(sum)
    }

    /// The most that came in two months of the past year, one after the other; no span that is replayed brings more.
    pub(super) fn most_in_a_span(&self, goods: &Goods<'_>) -> Result<i128, T::Error> {
        let as_of = self.day.as_of;
        let mut months: Vec<i128> = Vec::new();
        for scope in goods.scopes() {
            let found = self.tallies.months(goods.measure(), scope, Past::first_day(as_of), as_of)?;
            months.resize(months.len().max(found.len()), 0);
            months.iter_mut().zip(found).for_each(|(sum, found)| *sum += found.sum.max(0));
        }
        let pairs = months.windows(2).map(|pair| pair[0] + pair[1]);
        Ok(pairs.max().unwrap_or_else(|| months.first().copied().unwrap_or(0)))
    }

    /// Net quantities of each day of the past year, put above or below the line.
    pub(super) fn net(
        &self,
        goods: &Goods<'_>,
        place: impl Fn(i128) -> (i128, i128),
    ) -> Result<ByDay, T::Error> {
        let as_of = self.day.as_of;
        let mut net: BTreeMap<NaiveDate, i128> = BTreeMap::new();
        for scope in goods.scopes() {
            for (measure, sign) in [(goods.measure(), 1), (Measure::Returned, -1)] {
                for found in self.tallies.days(measure, scope, Past::first_day(as_of), as_of)? {
                    *net.entry(found.day).or_default() += sign * found.tally.sum;
                }
            }
        }
        Ok(net.into_iter().map(|(day, sum)| (day, place(sum))).collect())
    }

    /// The varieties under running agreements, each with the span of its agreements.
    pub(super) fn varieties(&self) -> BTreeMap<&str, Group<'_>> {
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
        let year_ago = |day: NaiveDate| {
            let then = day.checked_sub_months(Months::new(12)).unwrap_or(day);
            // The end of a month against the end of the month: February has a day more every fourth year.
            if day == month_end(day) { month_end(then) } else { then }
        };
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

/// Goods whose quantities are summed.
pub(super) struct Goods<'a> {
    pub(super) basis: BasisOf,
    pub(super) varieties: &'a [i64],
    /// Nought for every manufacturer.
    pub(super) maker: i64,
    pub(super) is_selected: bool,
}

impl Goods<'_> {
    const fn measure(&self) -> Measure {
        match self.basis {
            BasisOf::Ordered => Measure::Ordered,
            BasisOf::Delivered => Measure::Delivered,
            BasisOf::Accepted => Measure::Accepted,
        }
    }
    fn scopes(&self) -> impl Iterator<Item = Scope> {
        let (maker, is_selected) = (self.maker, self.is_selected);
        self.varieties.iter().map(move |variety| Scope::Goods { variety: *variety, maker, is_selected })
    }
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
        let crosses = match (read.forecast.soon, read.forecast.crosses) {
            (Some(soon), crosses) => Some(crosses.map_or(soon.day, |(day, _)| day.min(soon.day))),
            (None, crosses) => crosses.map(|(day, _)| day),
        };
        let (until, by) = match crosses {
            Some(day) if read.level < Level::Warning => (quarter_end(day), day),
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
