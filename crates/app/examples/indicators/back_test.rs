//! 预警回测: of the notices that the bureau issues because of an indicator, how many did the program foresee at least five
//! working days before, and how many of its warnings came true?
//!
//! Over the demo province, its main hospital, two years. The bureau
//! counts on every Monday by its own code (`sunbench_platform::supervision`) and issues a notice when an indicator passes its
//! warning. The program evaluates on every second working day by its own tallies, with the rules and the data of that
//! day, and warns when the forecast passes the limit soon.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use sunbench_app::back_test;
use sunbench_domain::policy::Level;
use sunbench_platform::supervision::Documents;
use sunbench_workdays::Calendar;

use crate::province::{Province, TODAY};

/// Before this many days of the demo there is nothing to compare with.
const LEAD_DAYS: u64 = 200;
/// A warning counts as seen in time so many working days before the notice.
const IN_TIME: u32 = 5;
/// A warning that no notice followed within so many days was wrong.
const PATIENCE: u64 = 45;

/// After a notice nobody is told the same for so many days.
const QUIET: u64 = 30;
/// The province publishes an adjustment eight working days before it takes effect.
const ANNOUNCED: u64 = 10;
/// What has a deadline of its own is reminded of by that, not forecast.
const REMINDED: [&str; 4] =
    ["rectification-timeliness", "payment-timeliness", "attendance", "evaluation-completion"];

type Key = (String, String);

#[derive(Default)]
struct Score {
    notices: usize,
    foreseen: usize,
    warnings: usize,
    true_warnings: usize,
}

/// Prints the share that was foreseen, and the share that came true.
pub(crate) fn run(seeds: u64) -> Result<(), Box<dyn Error>> {
    let mut total = BTreeMap::<String, Score>::new();
    let mut others = BTreeMap::<i64, BTreeMap<String, Score>>::new();
    for seed in 1..=seeds {
        for (soon, scores) in one(seed)? {
            if soon == back_test::SOON_DAYS {
                add(&mut total, &scores);
            }
            add(others.entry(soon).or_default(), &scores);
        }
        print(&format!("seeds 1 to {seed}"), &total);
    }
    for (indicator, score) in &total {
        print(indicator, &BTreeMap::from([(String::new(), score)]));
    }
    for (soon, scores) in &others {
        print(&format!("were it warned {soon} days ahead"), scores);
    }
    Ok(())
}

fn add(sums: &mut BTreeMap<String, Score>, scores: &BTreeMap<String, Score>) {
    for (indicator, score) in scores {
        let sum = sums.entry(indicator.clone()).or_default();
        sum.notices += score.notices;
        sum.foreseen += score.foreseen;
        sum.warnings += score.warnings;
        sum.true_warnings += score.true_warnings;
    }
}

fn print<S: std::borrow::Borrow<Score>>(name: &str, scores: &BTreeMap<String, S>) {
    let sum = |of: fn(&Score) -> usize| scores.values().map(|score| of(score.borrow())).sum::<usize>();
    let (notices, foreseen) = (sum(|s| s.notices), sum(|s| s.foreseen));
    let (warnings, right) = (sum(|s| s.warnings), sum(|s| s.true_warnings));
    let percent = |part: usize, whole: usize| (part * 100).checked_div(whole).unwrap_or(0);
    println!(
        "{name}: {foreseen} of {notices} notices foreseen at least {IN_TIME} working days before ({} %), {right} of {warnings} \
         warnings came true ({} %)",
        percent(foreseen, notices),
        percent(right, warnings)
    );
}

/// The scores of one seed, by how many days ahead is warned.
fn one(seed: u64) -> Result<BTreeMap<i64, BTreeMap<String, Score>>, Box<dyn Error>> {
    let today: NaiveDate = TODAY.parse()?;
    let calendar = Calendar::built_in();
    let mut documents = Documents::default();
    let province = Province::new(seed, 1, &mut |record| documents.take(record.resource, &record.data))?;
    documents.follow();
    let (store, book) = (&province.store, &province.book);

    let mut notices: Vec<(Key, NaiveDate)> = Vec::new();
    let mut seen: Vec<(Key, NaiveDate, i64)> = Vec::new();
    let mut told: BTreeSet<Key> = BTreeSet::new();
    let mut compared: BTreeSet<String> = BTreeSet::new();
    let mut day = today - Days::new(730 - LEAD_DAYS);
    let mut working_days = 0_u32;
    while day < today {
        let yesterday = day - Days::new(1);
        if day.weekday() == Weekday::Mon {
            let rules = book.at_end_of(yesterday);
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
            // As the bureau does: nobody is told the same again so soon.
            for key in now.difference(&told) {
                let is_recent = |(of, on): &(Key, NaiveDate)| of == key && *on + Days::new(QUIET) >= day;
                if !notices.iter().any(is_recent) {
                    notices.push((key.clone(), day));
                }
            }
            told = now;
        }
        if calendar.is_working(day)? {
            working_days += 1;
            if working_days.is_multiple_of(2) {
                for (indicator, scope, days) in
                    back_test::outlook(store, book, calendar, yesterday, ANNOUNCED)?
                {
                    seen.push(((indicator, scope), day, days));
                }
            }
        }
        day = day + Days::new(1);
    }
    // What was past its warning in the first week was so before.
    let first_week = today - Days::new(730 - LEAD_DAYS - 7);
    notices.retain(|((indicator, _), on)| *on > first_week && compared.contains(indicator));
    seen.retain(|((indicator, _), ..)| compared.contains(indicator));
    let horizons = [9, 11, back_test::SOON_DAYS, 17, 21, 28];
    Ok(horizons.into_iter().map(|soon| (soon, scored(&notices, &seen, soon, (calendar, today)))).collect())
}

fn scored(
    notices: &[(Key, NaiveDate)],
    seen: &[(Key, NaiveDate, i64)],
    soon: i64,
    (calendar, today): (&Calendar, NaiveDate),
) -> BTreeMap<String, Score> {
    let mut warned: BTreeMap<Key, Vec<NaiveDate>> = BTreeMap::new();
    for (key, day, _) in seen.iter().filter(|(.., days)| *days <= soon) {
        warned.entry(key.clone()).or_default().push(*day);
    }
    let mut scores = BTreeMap::<String, Score>::new();
    for ((indicator, scope), on) in notices {
        let score = scores.entry(indicator.clone()).or_default();
        score.notices += 1;
        let of = warned.get(&(indicator.clone(), scope.clone()));
        let was_seen = |warning: &NaiveDate| {
            *warning < *on
                && *warning + Days::new(PATIENCE) >= *on
                && calendar.working_days_between(*warning, *on).is_ok_and(|days| days >= IN_TIME)
        };
        score.foreseen += usize::from(of.is_some_and(|days| days.iter().any(was_seen)));
    }
    for ((indicator, scope), days) in &warned {
        let score = scores.entry(indicator.clone()).or_default();
        let mut last: Option<NaiveDate> = None;
        for day in days {
            // Days that follow one another are one warning.
            let is_new = last.is_none_or(|last| last + Days::new(10) < *day);
            last = Some(*day);
            // The demo ends before the rest of these can come true.
            if !is_new || *day + Days::new(PATIENCE) > today {
                continue;
            }
            // Who was just told needs no warning.
            let is_told = notices.iter().any(|((of, at), on)| {
                of == indicator && at == scope && *on <= *day && *on + Days::new(QUIET) >= *day
            });
            if is_told {
                continue;
            }
            score.warnings += 1;
            let came = notices.iter().any(|((of, at), on)| {
                of == indicator && at == scope && *on >= *day && *on <= *day + Days::new(PATIENCE)
            });
            score.true_warnings += usize::from(came);
        }
    }
    scores
}
