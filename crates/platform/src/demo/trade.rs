//! Orders and what follows from them: deliveries, receipts, returns.
//!
//! Every event has a time; a document's state is what had happened by now.

mod aftermath;
mod course;
mod line;
mod outcome;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Out;
use super::assets::Assets;
use super::billing::Billing;
use super::books::Books;
use super::catalogue::Catalogue;
use super::days::{HOUR, MINUTE, PAST_DAYS, Span, at, plus};
use super::parties::{Hospital, Orgs};
use super::random::Rng;
use course::Course;

/// Lines of an order and how many in a thousand orders have so many.
const ORDER_SIZES: [(usize, u64); 14] = [
    (1, 150),
    (2, 170),
    (3, 170),
    (4, 140),
    (5, 110),
    (6, 80),
    (7, 55),
    (8, 45),
    (9, 25),
    (10, 25),
    (12, 15),
    (15, 8),
    (20, 5),
    (30, 2),
];

/// What the parts of the province are, while a hospital trades.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) assets: &'a Assets,
    pub(super) catalogue: &'a Catalogue,
    pub(super) orgs: &'a Orgs,
    pub(super) span: &'a Span,
}

/// One hospital at work.
pub(super) struct Trade<'a> {
    pub(super) set: Setting<'a>,
    pub(super) hospital: &'a Hospital,
    pub(super) rng: Rng,
    /// The order lines wanted in all.
    lines: u64,
    sizes: Vec<u64>,
    /// The running numbers of each kind of document and day.
    serials: BTreeMap<(&'static str, NaiveDate), u32>,
}

/// Where a hospital's documents go.
pub(super) struct Desk<'d, 'o> {
    pub(super) billing: &'d mut Billing,
    pub(super) books: &'d mut Books,
    pub(super) out: &'d mut Out<'o>,
}

/// What is special about an order at the end of the story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plot {
    None,
    Draft,
    /// Not answered, and the clock runs out so many minutes from now.
    Unanswered(i64),
    /// Accepted, not shipped, and the clock runs out so many minutes from now.
    Running(i64),
    OnTheWay,
    /// Came so many hours ago and was not received.
    Waiting(i64),
    PreAccepted,
    /// The clock ran out so many hours ago.
    Overdue(i64),
}

/// One order before it is played through.
struct Wish {
    submit: i64,
    items: Vec<usize>,
    department: &'static str,
    urgent: bool,
    plot: Plot,
}

impl<'a> Trade<'a> {
    pub(super) fn new(seed: u64, scale: u32, set: Setting<'a>, hospital: &'a Hospital) -> Self {
        let mut sizes: Vec<u64> = ORDER_SIZES.iter().map(|(_, share)| *share).collect();
        for place in 1..sizes.len() {
            sizes[place] += sizes[place - 1];
        }
        Self {
            set,
            hospital,
            rng: Rng::new(seed, &format!("trade {}", hospital.code)),
            lines: if hospital.index == 0 { 10_000 * u64::from(scale.max(1)) } else { 200 },
            sizes,
            serials: BTreeMap::new(),
        }
    }

    /// How busy a day is, in thousandths of a plain working day.
    fn pace(&self, date: NaiveDate) -> u64 {
        let span = self.set.span;
        if !span.is_working(date) {
            return 60; // the duty clerk
        }
        let mut pace: u64 = match date.weekday() {
            Weekday::Mon => 1250,
            Weekday::Tue => 1100,
            Weekday::Fri => 1150,
            _ => 1000,
        };
        // The last three working days of a month, and the days around a long holiday.
        if span.step(date, 3).month() != date.month() {
            pace = pace * 15 / 10;
        }
        if (span.step(date, 1) - date).num_days() > 3 {
            pace = pace * 13 / 10;
        }
        if (date - span.step(date, -1)).num_days() > 3 {
            pace = pace * 14 / 10;
        }
        pace = match date.month() {
            2 => pace * 85 / 100,
            1 | 11 | 12 => pace * 108 / 100,
            _ => pace,
        };
        // Eight in a hundred more each year.
        pace * (1000 + (date - span.first).num_days() as u64 * 160 / PAST_DAYS as u64) / 1000
    }

    /// Plays the two years, month by month, and closes each month's books.
    pub(super) fn run(&mut self, desk: &mut Desk<'_, '_>) {
        let span = self.set.span;
        let paces: Vec<u64> = (0..PAST_DAYS).map(|d| self.pace(plus(span.first, d))).collect();
        let total: u64 = paces.iter().sum();
        let (mut due, mut made) = (0, 0);
        for (offset, pace) in paces.iter().enumerate() {
            let date = plus(span.first, offset as i64);
            due += pace * self.lines;
            // A day has a little more or less than its share; the next one evens it out.
            let quota = (due / total).saturating_sub(made);
            let quota = if date == span.today {
                quota.min(2)
            } else {
                quota * self.rng.range(750, 1250) as u64 / 1000
            };
            let mut today = 0;
            while today < quota {
                let wish = self.wish(date);
                today += wish.items.len() as u64;
                self.order(&wish, desk);
            }
            made += today;
            if plus(date, 1).day() == 1 {
                desk.billing.close_month(self, at(plus(date, 1), 0), desk.out);
            }
        }
        if self.hospital.index == 0 {
            self.last_days(desk);
        }
        desk.billing.close_month(self, span.now, desk.out);
    }

    /// What a department asks for on a day.
    fn wish(&mut self, date: NaiveDate) -> Wish {
        let span = self.set.span;
        let working = span.is_working(date);
        let urgent = self.rng.chance(if working { 18 } else { 700 });
        let second = match (urgent, self.rng.below(10)) {
            (true, _) => self.rng.range(30 * MINUTE, 23 * HOUR),
            (false, 0..6) => self.rng.range(8 * HOUR, 11 * HOUR + 50 * MINUTE),
            (false, _) => self.rng.range(14 * HOUR, 17 * HOUR + 20 * MINUTE),
        };
        let submit = at(date, second).min(span.now - self.rng.range(5, 40) * MINUTE);
        let size = if urgent { 1 + self.rng.below(2) } else { ORDER_SIZES[self.rng.by_share(&self.sizes)].0 };
        let (items, department) = self.items(submit, size);
        Wish { submit, items, department, urgent, plot: Plot::None }
    }

    /// Items that one department orders together, mostly from one distributor.
    fn items(&mut self, submit: i64, size: usize) -> (Vec<usize>, &'static str) {
        let Setting { assets, catalogue, span, .. } = self.set;
        let month = super::days::date_of(submit).month();
        let winter = matches!(month, 11 | 12 | 1 | 2);
        let departments = |item: usize| {
            &assets.varieties[catalogue.products[self.hospital.items[item].product].variety].departments
        };
        let mut items: Vec<usize> = Vec::with_capacity(size);
        let mixed = self.rng.chance(120);
        let mut department = "";
        for _ in 0..size * 6 + 8 {
            let item = if items.is_empty() || mixed {
                self.rng.by_share(&self.hospital.shares)
            } else {
                let (basket, shares) = &self.hospital.baskets[self.hospital.items[items[0]].distributor];
                basket[self.rng.by_share(shares)]
            };
            let product = &catalogue.products[self.hospital.items[item].product];
            let variety = &assets.varieties[product.variety];
            let out_of_season = variety.has("winter") && !winter && self.rng.chance(450);
            let suspended = !product.listed && submit > product.updated.min(span.now);
            let elsewhere =
                !items.is_empty() && !departments(item).contains(&department) && !self.rng.chance(250);
            if items.contains(&item) || out_of_season || suspended || elsewhere {
                continue;
            }
            if items.is_empty() {
                department = *self.rng.pick(departments(item));
            }
            items.push(item);
            if items.len() == size {
                break;
            }
        }
        (items, department)
    }

    /// The orders that a clerk finds on the desk this morning.
    fn last_days(&mut self, desk: &mut Desk<'_, '_>) {
        let now = self.set.span.now;
        let mut plots =
            vec![(Plot::Draft, 3), (Plot::Unanswered(7 * 60 + 10), 2), (Plot::Unanswered(26 * 60), 1)];
        // Fifteen lines whose clock is running out, the last of them tomorrow evening.
        plots.extend(
            [45, 110, 160, 230, 335, 480, 620, 900, 1500, 2050]
                .map(|minutes| (Plot::Running(minutes), 1 + minutes as usize % 2)),
        );
        plots.extend([(Plot::OnTheWay, 3), (Plot::OnTheWay, 2), (Plot::OnTheWay, 4)]);
        plots.extend([3, 14, 40, 62, 90, 118, 150].map(|hours| (Plot::Waiting(hours), 2)));
        plots.extend([(Plot::PreAccepted, 2), (Plot::PreAccepted, 3), (Plot::PreAccepted, 1)]);
        plots.extend([(Plot::Overdue(5), 1), (Plot::Overdue(27), 2)]);
        for (plot, size) in plots {
            let urgent = matches!(plot, Plot::Running(..=120));
            let before = match plot {
                Plot::Unanswered(left) | Plot::Running(left) if urgent => 4 * HOUR - left * MINUTE,
                Plot::Unanswered(left) | Plot::Running(left) => {
                    if left > 24 * 60 {
                        48 * HOUR - left * MINUTE
                    } else {
                        24 * HOUR - left * MINUTE
                    }
                }
                Plot::Draft => 16 * HOUR,
                Plot::OnTheWay => self.rng.range(18, 22) * HOUR,
                Plot::Waiting(hours) | Plot::Overdue(hours) => (hours + 26) * HOUR,
                Plot::PreAccepted => self.rng.range(44, 60) * HOUR,
                Plot::None => HOUR,
            };
            let submit = now - before;
            let (items, department) = self.items(submit, size);
            self.order(&Wish { submit, items, department, urgent, plot }, desk);
        }
    }

    /// A document's number, such as `CG20261120100012`: the running number starts afresh each day.
    pub(super) fn code(&mut self, kind: &'static str, date: NaiveDate) -> String {
        let serial = self.serials.entry((kind, date)).or_default();
        *serial += 1;
        format!("{kind}{}{}{serial:05}", date.format("%Y%m%d"), self.hospital.index + 1)
    }

    fn operator(&mut self) -> String {
        if self.rng.chance(700) {
            self.hospital.user_name.clone()
        } else {
            self.rng.pick(&self.hospital.colleagues).clone()
        }
    }

    fn course(&mut self, wish: &Wish, hours: i64, late_permille: u32) -> Course {
        Course::new(&mut self.rng, self.set.span, wish.submit, hours, late_permille, wish.urgent, wish.plot)
    }
}
