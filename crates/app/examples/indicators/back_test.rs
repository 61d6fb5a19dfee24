//! 预警回测: of the notices that the bureau issues because of an indicator, how many did the program foresee at least five
//! working days before, and how many of its warnings came true?
//!
//! Over the demo province, its main hospital, two years. Every morning the bureau counts by its own code
//! (`sunbench_platform::supervision`) and issues a notice when an indicator has passed its warning, as the platform does each day.
//! Every working morning the program evaluates by its own tallies, with the rules and the data of the evening before.
//! The forecast was settled on the seeds of the first part; those of the second were not looked at before.
//!
//! With an indicator's id, what was missed and what was wrong of it is listed too.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};
use sunbench_app::back_test::{self, Outlook};
use sunbench_domain::policy::Level;
use sunbench_platform::supervision::Documents;
use sunbench_workdays::Calendar;

use crate::province::{Province, TODAY};

/// Seeds among which the forecast was settled, and others.
const PARTS: [(RangeInclusive<u64>, &str); 2] =
    [(1..=10, "seeds on which the forecast was settled"), (41..=50, "fresh seeds")];
/// Before this many days of the demo there is nothing to compare with.
const LEAD_DAYS: u64 = 200;
/// A warning counts as seen in time so many working days before the notice.
const IN_TIME: u32 = 5;
/// A warning that no notice followed within so many days was wrong.
const PATIENCE: u64 = 45;
/// After a notice nobody is told the same for so many days.
const QUIET: u64 = 30;
/// Days that follow one another at most so far apart are one warning.
const SAME: u64 = 10;
/// The province publishes an adjustment eight working days before it takes effect.
const ANNOUNCED: u64 = 10;
/// A notice is sudden where, in time, fewer than one past span in so many passed the limit.
const SUDDEN_ONE_IN: u32 = 20;
/// What has a deadline of its own is reminded of by that, not forecast.
const REMINDED: [&str; 4] =
    ["rectification-timeliness", "payment-timeliness", "attendance", "evaluation-completion"];

type Key = (String, String);
/// By indicator, and what is listed on request.
type Scored = (BTreeMap<String, Score>, Vec<Miss>);

#[derive(Default, Clone, Copy)]
struct Score {
    issued: usize,
    /// The value had been past its limit within the working days before: the same matter, shown as a warning then.
    standing: usize,
    foreseen: usize,
    /// Not foreseen, and rare by the past.
    sudden: usize,
    warnings: usize,
    came_true: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.issued += other.issued;
        self.standing += other.standing;
        self.foreseen += other.foreseen;
        self.sudden += other.sudden;
        self.warnings += other.warnings;
        self.came_true += other.came_true;
    }
}

/// Prints both parts, or one range of seeds, by indicator and together; lists the misses of one indicator.
pub(crate) fn run(seeds: Option<RangeInclusive<u64>>, listed: Option<&str>) -> Result<(), Box<dyn Error>> {
    let parts = seeds.map_or(PARTS.to_vec(), |seeds| vec![(seeds, "seeds")]);
    for (seeds, name) in parts {
        let mut sums = BTreeMap::<String, Score>::new();
        for seed in seeds.clone() {
            let (scores, misses) = one(seed)?;
            for (indicator, score) in scores {
                sums.entry(indicator).or_default().add(score);
            }
            for miss in misses.iter().filter(|miss| Some(miss.of.0.as_str()) == listed) {
                println!("seed {seed}: {} {} {}", miss.of.1, miss.on, miss.what);
            }
        }
        println!("{name}, {} to {}:", seeds.start(), seeds.end());
        table(&sums);
    }
    Ok(())
}

/// A range such as `41-50`.
pub(crate) fn seeds(text: &str) -> Result<RangeInclusive<u64>, Box<dyn Error>> {
    let (first, last) = text.split_once('-').ok_or("seeds are a range such as 1-10")?;
    Ok(first.parse()?..=last.parse()?)
}

fn percent(part: usize, whole: usize) -> String {
    (part * 1000 + whole / 2).checked_div(whole).map_or("-".to_owned(), |n| format!("{}.{}", n / 10, n % 10))
}

fn table(sums: &BTreeMap<String, Score>) {
    println!(
        "{:24} {:>6} {:>8} {:>4} {:>8} {:>6} {:>6} {:>6} {:>8} {:>6} {:>6} {:>6}",
        "indicator",
        "issued",
        "standing",
        "new",
        "foreseen",
        "%",
        "sudden",
        "other",
        "warnings",
        "true",
        "%",
        "false"
    );
    let mut all = Score::default();
    for score in sums.values() {
        all.add(*score);
    }
    for (indicator, score) in sums.iter().map(|(id, score)| (id.as_str(), score)).chain([("all", &all)]) {
        let new = score.issued - score.standing;
        println!(
            "{indicator:24} {:>6} {:>8} {new:>4} {:>8} {:>6} {:>6} {:>6} {:>8} {:>6} {:>6} {:>6}",
            score.issued,
            score.standing,
            score.foreseen,
            percent(score.foreseen, new),
            score.sudden,
            new - score.foreseen - score.sudden,
            score.warnings,
            score.came_true,
            percent(score.came_true, score.warnings),
            score.warnings - score.came_true
        );
    }
    let new = all.issued - all.standing;
    println!(
        "foreseen at least {IN_TIME} working days before: {} % of {new} new matters (goal 90), {} % of those that are not sudden; \
         {} % of the warnings came true (goal 80); sudden: {} %\n",
        percent(all.foreseen, new),
        percent(all.foreseen, new - all.sudden),
        percent(all.came_true, all.warnings),
        percent(all.sudden, new)
    );
}

/// What the program did not foresee, or foresaw and was wrong.
struct Miss {
    of: Key,
    on: NaiveDate,
    what: &'static str,
}

/// What the bureau and the program said on the days of one province.
#[derive(Default)]
struct Said {
    /// Issued on.
    notices: Vec<(Key, NaiveDate)>,
    /// By matter: the mornings on which the bureau found it past its warning.
    past: BTreeMap<Key, BTreeSet<NaiveDate>>,
    /// By matter: the working mornings on which the program said something of it.
    outlooks: BTreeMap<Key, BTreeMap<NaiveDate, Outlook>>,
}

fn one(seed: u64) -> Result<Scored, Box<dyn Error>> {
    let today: NaiveDate = TODAY.parse()?;
    let calendar = Calendar::built_in();
    let mut documents = Documents::default();
    let province = Province::new(seed, 1, &mut |record| documents.take(record.resource, &record.data))?;
    documents.follow();
    let mut said = Said::default();
    let mut before = BTreeSet::new();
    let mut compared = BTreeSet::new();
    let first = today - Days::new(730 - LEAD_DAYS);
    for day in first.iter_days().take_while(|day| *day < today) {
        let yesterday = day - Days::new(1);
        let rules = province.book.at_end_of(yesterday);
        let mut now = BTreeSet::new();
        for finding in documents.findings(&rules, yesterday, calendar) {
            if REMINDED.contains(&finding.indicator.as_str()) {
                continue;
            }
            compared.insert(finding.indicator.clone());
            if finding.level >= Level::Warning {
                now.insert((finding.indicator, finding.scope));
            }
        }
        for key in &now {
            // Nobody is told the same again so soon; what was past its warning when the comparison began was so before.
            let is_recent = |(of, on): &(Key, NaiveDate)| of == key && *on + Days::new(QUIET) >= day;
            let is_new = !before.contains(key) && day > first + Days::new(7);
            if is_new && !said.notices.iter().any(is_recent) {
                said.notices.push((key.clone(), day));
            }
            said.past.entry(key.clone()).or_default().insert(day);
        }
        before = now;
        if calendar.is_working(day)? {
            for seen in back_test::outlook(&province.store, &province.book, calendar, yesterday, ANNOUNCED)? {
                let key = (seen.indicator.clone(), seen.scope.clone());
                said.outlooks.entry(key).or_default().insert(day, seen);
            }
        }
    }
    said.outlooks.retain(|(indicator, _), _| compared.contains(indicator));
    Ok(scored(&said, calendar, today))
}

fn scored(said: &Said, calendar: &Calendar, today: NaiveDate) -> Scored {
    let mut scores = BTreeMap::<String, Score>::new();
    let mut misses = Vec::new();
    let in_time = |day: NaiveDate, on: NaiveDate| {
        calendar.working_days_between(day, on).is_ok_and(|days| days >= IN_TIME)
    };
    for (key, on) in &said.notices {
        let score = scores.entry(key.0.clone()).or_default();
        score.issued += 1;
        let seen = said.outlooks.get(key);
        let earlier = seen.into_iter().flat_map(|days| days.range(*on - Days::new(PATIENCE)..*on));
        let earlier: Vec<_> = earlier.filter(|(day, _)| in_time(**day, *on)).collect();
        let was_past = said.past.get(key).into_iter().flatten();
        let is_standing = was_past.clone().any(|day| day < on && !in_time(*day, *on));
        if is_standing {
            score.standing += 1;
        } else if earlier.iter().any(|(_, seen)| seen.is_warned) {
            score.foreseen += 1;
        } else {
            // As of the last three mornings that were in time.
            let is_rare = |(passing, spans): (u32, u32)| passing * SUDDEN_ONE_IN < spans;
            let last = earlier.iter().rev().take(3);
            let is_sudden = last.clone().all(|(_, seen)| seen.replayed.is_none_or(is_rare));
            score.sudden += usize::from(is_sudden);
            let what = if is_sudden { "came suddenly" } else { "was not foreseen" };
            misses.push(Miss { of: key.clone(), on: *on, what });
        }
    }
    for (key, days) in &said.outlooks {
        let score = scores.entry(key.0.clone()).or_default();
        let mut last: Option<NaiveDate> = None;
        for day in days.iter().filter(|(_, seen)| seen.is_warned).map(|(day, _)| *day) {
            let is_new = last.is_none_or(|last| last + Days::new(SAME) < day);
            last = Some(day);
            // The demo ends before the rest of these can come true.
            if !is_new || day + Days::new(PATIENCE) > today {
                continue;
            }
            let of_this = || said.notices.iter().filter(|(of, _)| of == key).map(|(_, on)| *on);
            // Who was just told needs no warning.
            if of_this().any(|on| on <= day && on + Days::new(QUIET) >= day) {
                continue;
            }
            score.warnings += 1;
            if of_this().any(|on| on >= day && on <= day + Days::new(PATIENCE)) {
                score.came_true += 1;
            } else {
                misses.push(Miss { of: key.clone(), on: day, what: "did not come true" });
            }
        }
    }
    (scores, misses)
}
