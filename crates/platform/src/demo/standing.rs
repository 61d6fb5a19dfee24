//! Where the hospitals stand: check-ins, indicators, rankings; and what the bureau makes known to all.

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Announcement, CheckIn, Indicator, Resource};
use sunbench_domain::Amount;
use sunbench_workdays::Calendar;

use super::Out;
use super::billing::Billing;
use super::books::Books;
use super::days::{DAY, HOUR, MINUTE, at, chinese, date_of, instant, month_start, plus};
use super::notices::Answered;
use super::parties::Hospital;
use super::random::Rng;
use super::shapes::{CalendarNotice, Ranking, RankingRow, RuleChange};
use super::supply;
use super::trade::Setting;
use super::volume::Agreed;

/// Days of the past that have check-in records.
const CHECK_IN_DAYS: i64 = 62;

/// Whether the hospital's operator signed in on a working day; the same whoever asks.
pub(super) fn attended(set: Setting<'_>, hospital: &Hospital, day: NaiveDate) -> bool {
    set.span.is_working(day) && !Rng::new(day.num_days_from_ce() as u64, &hospital.code).chance(75)
}

/// What ranks a hospital among the others, in thousandths.
pub(super) struct Totals {
    code: String,
    name: String,
    values: [i64; 4],
}

const RANKED: [(&str, &str); 4] = [
    ("online-settlement-rate", "线上结算率"),
    ("receipt-timeliness", "验收及时率"),
    ("delivery-timeliness", "配送及时率"),
    ("attendance", "打卡出勤率"),
];

pub(super) fn public(set: Setting<'_>, calendar: &Calendar, out: &mut Out<'_>) {
    let span = set.span;
    let when = at(plus(span.today, -20), 9 * HOUR);
    let version = CalendarNotice {
        calendar_id: "cn-workdays".to_owned(),
        version: calendar.version().to_owned(),
        first_day: calendar.first_day(),
        last_published_day: calendar.last_published_day(),
    };
    out.shared(Resource::Calendar, "cn-workdays", when, Amount::ZERO, &version);
    rules(set, out);
    announcements(set, out);
}

fn rules(set: Setting<'_>, out: &mut Out<'_>) {
    /// Indicator, parameter, before, after, months ago, clause.
    const RULES: [(&str, &str, &str, &str, i32, &str); 10] = [
        ("progress-lag", "threshold.notice", "8", "5", 14, "第九条第一款"),
        ("progress-lag", "threshold.warning", "15", "10", 14, "第九条第二款"),
        ("progress-lag", "threshold.serious", "25", "20", 14, "第九条第三款"),
        ("non-selected-share", "threshold.warning", "35", "30", 11, "第十一条"),
        ("online-purchase-rate", "threshold.warning", "95", "98", 9, "第八条"),
        ("online-settlement-rate", "threshold.warning", "80", "90", 9, "第十五条"),
        ("receipt-timeliness", "parameter.hours", "72", "48", 7, "第十二条第二款"),
        ("delivery-timeliness", "threshold.warning", "80", "85", 6, "第十条"),
        ("payment-timeliness", "parameter.days", "60", "30", 5, "第六条"),
        ("attendance", "threshold.warning", "85", "90", 2, "第四部分第五项"),
    ];
    let year = set.span.today.year();
    for (number, (indicator, parameter, old, new, months, clause)) in RULES.into_iter().enumerate() {
        let effective = month_start(set.span.today, -months);
        let when = at(set.span.step(effective, -8), 10 * HOUR);
        let id = out.ids.next(when);
        let record = RuleChange {
            rule_id: id.clone(),
            version: 2,
            indicator_id: indicator.to_owned(),
            parameter: parameter.to_owned(),
            old_value: old.to_owned(),
            value: new.to_owned(),
            effective_time: instant(at(effective, 0)),
            source: format!(
                "{}医用耗材阳光采购监督管理办法（试行）指标调整（{}〔{}〕{}号）",
                set.assets.province.name,
                set.assets.province.rule_mark,
                if months > 11 { year - 1 } else { year },
                number + 12
            ),
            clause: clause.to_owned(),
        };
        out.shared(Resource::Rule, &id, when, Amount::ZERO, &record);
    }
}

fn announcements(set: Setting<'_>, out: &mut Out<'_>) {
    let span = set.span;
    let issuers = [&set.assets.province.offices[1].name, &set.assets.texts.issuer];
    for number in 0..14_i64 {
        let text = &set.assets.texts.announcements[number as usize % set.assets.texts.announcements.len()];
        let day = span.step(plus(span.today, -3 - number * 21), -1);
        let when = at(day, 9 * HOUR + number * 17 * MINUTE);
        let cycle = &set.catalogue.cycles[number as usize % set.catalogue.cycles.len()];
        let fill = |pattern: &str| {
            pattern
                .replace("{batch}", set.assets.batches[cycle.batch].name)
                .replace("{date}", &chinese(cycle.start))
                .replace("{quarter}", ["一", "二", "三", "四"][day.month0() as usize / 3])
        };
        let id = out.ids.next(when);
        let record = Announcement {
            announcement_id: id.clone(),
            title: fill(&text.title),
            body: fill(&text.body),
            issuer: issuers[number as usize % 2].clone(),
            publish_time: instant(when),
        };
        out.shared(Resource::Announcement, &id, when, Amount::ZERO, &record);
    }
}

/// One indicator of a hospital: numerator and denominator, and the threshold in hundredths.
struct Reading {
    id: String,
    indicator: &'static str,
    name: String,
    scope: String,
    part: i64,
    whole: i64,
    threshold: i64,
    /// Whether less than the threshold is bad; else more is.
    floor: bool,
}

pub(super) fn own(
    set: Setting<'_>,
    hospital: &Hospital,
    books: &Books,
    billing: &Billing,
    agreements: &[Agreed],
    answered: &Answered,
    out: &mut Out<'_>,
) -> Totals {
    let span = set.span;
    let mut rng = Rng::new(hospital.index as u64, "check-ins");
    let (mut days, mut present) = (0, 0);
    for back in (1..=CHECK_IN_DAYS).rev() {
        let day = plus(span.today, -back);
        if !span.is_working(day) {
            continue;
        }
        days += 1;
        if !attended(set, hospital, day) {
            continue;
        }
        present += 1;
        let when = at(day, 8 * HOUR + rng.range(0, 55) * MINUTE + rng.range(0, 59));
        let id = out.ids.next(when);
        let record = CheckIn {
            check_in_id: id.clone(),
            operator: hospital.user.clone(),
            date: day,
            time: instant(when),
        };
        out.own(hospital, Resource::CheckIn, &id, when, Amount::ZERO, &record);
    }

    let yesterday = plus(span.today, -1);
    let quarter_ago = plus(span.today, -90);
    let sums = books.sums(quarter_ago, yesterday);
    let year = books.sums(month_start(span.today, -11), yesterday);
    let due: Vec<_> =
        billing.settled.iter().filter(|s| s.due < span.today && s.due >= plus(span.today, -180)).collect();
    let in_term = due.iter().filter(|s| s.paid.is_some_and(|paid| date_of(paid) <= s.due)).count() as i64;
    let settled: i64 = billing
        .settled
        .iter()
        .filter(|s| s.paid.is_some() && date_of(s.created) >= month_start(span.today, -7))
        .map(|s| s.amount.units())
        .sum();
    let accepted = books.sums(month_start(span.today, -8), plus(month_start(span.today, -1), -1)).received;
    let companies = supply::evaluated(set, hospital, 1);
    let evaluated = companies.iter().filter(|(.., done)| *done).count() as i64;
    let scope = "近90日";
    let reading = |indicator: &'static str, name: &str, scope: &str, part, whole, threshold, floor| Reading {
        id: format!("{indicator}:{}", hospital.code),
        indicator,
        name: name.to_owned(),
        scope: scope.to_owned(),
        part,
        whole,
        threshold,
        floor,
    };
    let timely_receipts = sums.receipts - sums.late_receipts.min(sums.receipts);
    let mut readings = vec![
        reading("response-rate", "订单响应率", scope, sums.responded_lines, sums.lines, 9500, true),
        reading("delivery-timeliness", "配送及时率", scope, sums.timely_lines, sums.due_lines, 8500, true),
        reading("receipt-timeliness", "验收及时率", scope, timely_receipts, sums.receipts, 9000, true),
        reading(
            "code-coverage",
            "带码采购率",
            scope,
            sums.lines - sums.uncoded_lines,
            sums.lines,
            9900,
            true,
        ),
        reading("payment-timeliness", "回款及时率", "近180日", in_term, due.len() as i64, 9000, true),
        reading(
            "online-settlement-rate",
            "线上结算率",
            "近7个结算月",
            settled.min(accepted),
            accepted,
            9000,
            true,
        ),
        reading("attendance", "打卡出勤率", "近两个月", present, days, 9000, true),
        reading(
            "evaluation-completion",
            "满意度评价完成率",
            &supply::quarter(span.today, 1).text,
            evaluated,
            companies.len() as i64,
            10000,
            true,
        ),
        reading(
            "rectification-timeliness",
            "督办按期反馈率",
            "全部",
            answered.timely,
            answered.due,
            10000,
            true,
        ),
    ];
    volume_readings(set, hospital, books, agreements, &mut readings);
    for reading in &readings {
        emit(set, hospital, reading, out);
    }
    let saved = Indicator {
        indicator_id: "savings".to_owned(),
        name: "节约采购金额".to_owned(),
        scope: "近12个月".to_owned(),
        value: Some(Amount::from_units(year.saved).to_string()),
        threshold: None,
        level: "normal".to_owned(),
        cut_off: instant(at(span.today, 0)),
    };
    let id = format!("savings:{}", hospital.code);
    out.own(hospital, Resource::Indicator, &id, at(span.today, 2 * HOUR), Amount::ZERO, &saved);

    let rate = |index: usize| -> i64 {
        let reading = readings.iter().find(|r| r.indicator == RANKED[index].0);
        reading.map_or(0, |r| if r.whole == 0 { 0 } else { r.part * 1000 / r.whole })
    };
    Totals {
        code: hospital.code.clone(),
        name: hospital.name.clone(),
        values: [rate(0), rate(1), rate(2), rate(3)],
    }
}

fn volume_readings(
    set: Setting<'_>,
    hospital: &Hospital,
    books: &Books,
    agreements: &[Agreed],
    readings: &mut Vec<Reading>,
) {
    let span = set.span;
    let yesterday = plus(span.today, -1);
    for agreed in agreements {
        let allotment = &hospital.allotments[agreed.allotment];
        let cycle = &set.catalogue.cycles[allotment.cycle];
        if !agreed.signed || cycle.start >= span.today || cycle.end < span.today {
            continue;
        }
        let variety = set.assets.varieties[allotment.variety].name;
        readings.push(Reading {
            id: format!("agreement-progress:{}", agreed.id),
            indicator: "agreement-progress",
            name: "协议完成率".to_owned(),
            scope: format!("{variety} / {}", set.assets.manufacturers[allotment.maker].name),
            part: books.allotted(agreed.allotment, cycle.start, yesterday),
            whole: agreed.quantity,
            threshold: (cycle.schedule(yesterday) * 10 - 1000).max(0),
            floor: true,
        });
    }
    for (variety, v) in set.assets.varieties.iter().enumerate() {
        let Some(cycle) = set.catalogue.cycle_of[variety].map(|c| &set.catalogue.cycles[c]) else { continue };
        let (selected, other) = books.variety(variety, cycle.start, yesterday);
        if selected + other > 0 && cycle.end >= span.today {
            readings.push(Reading {
                id: format!("non-selected-share:{}:{}", hospital.code, v.generic),
                indicator: "non-selected-share",
                name: "非中选占比".to_owned(),
                scope: v.name.to_owned(),
                part: other,
                whole: selected + other,
                threshold: 3000,
                floor: false,
            });
        }
    }
}

fn emit(set: Setting<'_>, hospital: &Hospital, reading: &Reading, out: &mut Out<'_>) {
    let span = set.span;
    let value =
        (reading.whole > 0).then(|| (i128::from(reading.part) * 10_000 / i128::from(reading.whole)) as i64);
    let short = value
        .map_or(0, |value| if reading.floor { reading.threshold - value } else { value - reading.threshold });
    let level = match short {
        ..=0 => "normal",
        1..500 => "notice",
        500..1500 => "warning",
        _ => "serious",
    };
    // Rates are decimals: 0.8734.
    let text = |units: i64| sunbench_domain::Quantity::from_units(units).to_string();
    let record = Indicator {
        indicator_id: reading.indicator.to_owned(),
        name: reading.name.clone(),
        scope: reading.scope.clone(),
        value: value.map(text),
        threshold: Some(text(reading.threshold)),
        level: level.to_owned(),
        cut_off: instant(at(span.today, 0)),
    };
    out.own(hospital, Resource::Indicator, &reading.id, at(span.today, 2 * HOUR), Amount::ZERO, &record);
}

/// The hospitals by each ranked indicator, for the last six months.
pub(super) fn rankings(set: Setting<'_>, totals: &[Totals], out: &mut Out<'_>) {
    let span = set.span;
    for (place, (indicator, name)) in RANKED.iter().enumerate() {
        for back in (1..=6).rev() {
            let month = month_start(span.today, -back);
            let mut rng = Rng::new(month.num_days_from_ce() as u64, indicator);
            let mut rows: Vec<(i64, &Totals)> = totals
                .iter()
                .map(|t| {
                    // The latest month is as the indicators say; the earlier ones lie around it.
                    let drift = if back == 1 { 0 } else { rng.range(-40, 25) };
                    ((t.values[place] + drift).clamp(0, 1000), t)
                })
                .collect();
            rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.code.cmp(&b.1.code)));
            let when = at(plus(month_start(month, 1), 2), 9 * HOUR).min(span.now - DAY / 4);
            let id = out.ids.next(when);
            let record = Ranking {
                ranking_id: id.clone(),
                indicator_id: (*indicator).to_owned(),
                name: (*name).to_owned(),
                period: month.format("%Y-%m").to_string(),
                rows: rows
                    .into_iter()
                    .enumerate()
                    .map(|(rank, (value, t))| RankingRow {
                        rank: rank as u32 + 1,
                        institution: t.code.clone(),
                        institution_name: t.name.clone(),
                        value: sunbench_domain::Quantity::from_units(value * 10).to_string(),
                    })
                    .collect(),
            };
            out.shared(Resource::Ranking, &id, when, Amount::ZERO, &record);
        }
    }
}
