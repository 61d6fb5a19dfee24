//! 监管: the hospitals measured from their documents, notices issued by rule, rankings published, rules adjusted.
//!
//! Everything is counted anew from the documents each time, in code that shares nothing with the hospitals' program but the
//! packs, so that the two can be compared.

mod books;

use chrono::{Datelike, Days, NaiveDate};
use rusqlite::{Connection, params};
use serde_json::json;
use sunbench_contract::time::Instant;
use sunbench_contract::{Evidence, Indicator, Notice, Resource};
use sunbench_domain::policy::{Adjustment, Level, Packs, RuleBook, Rules};
use sunbench_domain::{Amount, Quantity};
use sunbench_workdays::Calendar;

pub use books::{Documents, Finding};

use crate::account;
use crate::database::{meta, set_meta};
use crate::error::Error;
use crate::notices::{self, NewNotice, REPLY_WORKING_DAYS};
use crate::object::{Slot, of_resource};
use crate::shared::Shared;

/// The resources that are counted.
const COUNTED: &str = "SELECT resource, data FROM object WHERE institution IN ('', ?1) AND op = 1 AND resource IN
   ('org', 'product', 'agreement', 'orderLine', 'delivery', 'receipt', 'return', 'settlement', 'filing', 'evaluation',
    'notice', 'noticeReply', 'checkIn')";
/// A hospital gets at most so many notices at a time, the worst first.
const MOST_NOTICES: usize = 3;
/// Nobody is told the same again so soon.
const QUIET_DAYS: u64 = 30;
const RANKED: [&str; 4] =
    ["online-settlement-rate", "receipt-timeliness", "delivery-timeliness", "attendance"];
/// What `--pace` adjusts once: indicator, parameter, value.
const DEMONSTRATED: (&str, &str, &str) = ("response-rate", "threshold.warning", "97");

/// What a round of supervision did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Supervised {
    /// Indicators published, over all hospitals.
    pub indicators: usize,
    /// Notices issued.
    pub notices: usize,
}

/// The rules in force: the national pack with every adjustment published.
fn rules(connection: &Connection, day: NaiveDate) -> Result<Rules, Error> {
    let published = of_resource::<serde_json::Value>(connection, Resource::Rule)?;
    let adjustments: Vec<Adjustment> =
        published.into_iter().filter_map(|rule| serde_json::from_value(rule.data).ok()).collect();
    let book = RuleBook::new(Packs::built_in(), "national-base", adjustments)
        .ok_or_else(|| Error::OtherData("no national rules".to_owned()))?;
    Ok(book.at_end_of(day))
}

fn documents(connection: &Connection, institution: &str) -> Result<Documents, Error> {
    let mut documents = Documents::default();
    let mut statement = connection.prepare_cached(COUNTED)?;
    let mut rows = statement.query([institution])?;
    while let Some(row) = rows.next()? {
        let (resource, data): (String, String) = (row.get(0)?, row.get(1)?);
        if let Some(resource) = Resource::from_name(&resource) {
            documents.take(resource, &data);
        }
    }
    documents.follow();
    Ok(documents)
}

/// Measures every hospital at the end of yesterday, publishes indicators and the month's rankings, and issues notices for
/// what is past its warning.
pub(crate) fn supervise(shared: &Shared) -> Result<Supervised, Error> {
    let yesterday = shared.today().pred_opt().unwrap_or_else(|| shared.today());
    let (hospitals, found) = shared.database.read::<_, Error>(|connection| {
        let rules = rules(connection, yesterday)?;
        let hospitals = account::hospitals(connection)?;
        let mut found = Vec::new();
        for (institution, _) in &hospitals {
            let documents = documents(connection, institution)?;
            found.push(documents.findings(&rules, yesterday, Calendar::built_in()));
        }
        Ok((hospitals, found))
    })?;
    publish(shared, &hospitals, &found, yesterday)?;
    let mut done = Supervised { indicators: found.iter().map(Vec::len).sum(), ..Supervised::default() };
    for ((institution, name), findings) in hospitals.iter().zip(&found) {
        for new in wanted(shared, institution, name, findings)? {
            notices::issue(shared, &new)?;
            done.notices += 1;
        }
    }
    Ok(done)
}

/// Once a day: [`supervise`], and the first time a rule is adjusted.
pub(crate) fn daily(shared: &Shared) -> Result<Option<Supervised>, Error> {
    let today = shared.today().to_string();
    let last = shared.database.read::<_, Error>(|connection| meta(connection, "supervised_on"))?;
    if last.as_ref() == Some(&today) {
        return Ok(None);
    }
    shared.database.write::<_, Error>(|tx| set_meta(tx, "supervised_on", Some(&today)))?;
    if last.is_none() {
        let (indicator, parameter, value) = DEMONSTRATED;
        adjust(shared, indicator, parameter, value)?;
    }
    supervise(shared).map(Some)
}

/// 调整规则: an indicator's limit or parameter from now on; the adjustment's id.
pub(crate) fn adjust(
    shared: &Shared,
    indicator: &str,
    parameter: &str,
    value: &str,
) -> Result<String, Error> {
    let now = shared.now();
    shared.publish(|connection, publisher| {
        let before = rules(connection, now.at().date_naive())?;
        let published = of_resource::<serde_json::Value>(connection, Resource::Rule)?;
        let id = publisher.new_id();
        let same =
            |rule: &&serde_json::Value| rule["indicatorId"] == indicator && rule["parameter"] == parameter;
        let earlier: Vec<&serde_json::Value> = published.iter().map(|rule| &rule.data).filter(same).collect();
        let old = earlier.last().and_then(|rule| rule["value"].as_str()).unwrap_or_default();
        let record = json!({
            "ruleId": id, "version": earlier.len() + 2, "indicatorId": indicator, "parameter": parameter,
            "oldValue": old, "value": value, "effectiveTime": now,
            "source": "监管规则调整", "clause": "二（四）",
        });
        let adjustment: Adjustment = serde_json::from_value(record.clone())?;
        let tried = RuleBook::new(Packs::built_in(), "national-base", vec![adjustment]);
        let understood = tried.is_some_and(|book| book.as_of(now.at()).not_applied.is_empty());
        if !understood || !before.pack.indicators.iter().any(|one| one.id == indicator) {
            return Err(Error::NotAllowed("没有这项指标或参数，或数值不在允许范围内".to_owned()));
        }
        let slot = Slot {
            institution: None,
            resource: Resource::Rule,
            id: &id,
            day: now.at().date_naive(),
            doc: &id,
            place: 0,
            amount: Amount::ZERO,
        };
        publisher.put(&slot, &record)?;
        Ok(id)
    })
}

fn text(units: i128) -> String {
    Quantity::from_units(i64::try_from(units).unwrap_or_default()).to_string()
}

fn publish(
    shared: &Shared,
    hospitals: &[(String, String)],
    found: &[Vec<Finding>],
    day: NaiveDate,
) -> Result<(), Error> {
    let cut_off = shared.now();
    shared.publish(|connection, publisher| {
        for ((institution, _), findings) in hospitals.iter().zip(found) {
            let mut ids = Vec::new();
            for finding in findings {
                let id = if finding.key.is_empty() {
                    format!("{}:{institution}", finding.indicator)
                } else {
                    format!("{}:{institution}:{}", finding.indicator, finding.key)
                };
                let record = Indicator {
                    indicator_id: finding.indicator.clone(),
                    name: finding.name.clone(),
                    scope: finding.scope.clone(),
                    value: finding.value().map(text),
                    threshold: finding.limit.map(text),
                    level: finding.level.name().to_owned(),
                    cut_off: end_of(day, cut_off),
                };
                let slot = Slot {
                    institution: Some(institution),
                    resource: Resource::Indicator,
                    id: &id,
                    day,
                    doc: &id,
                    place: 0,
                    amount: Amount::ZERO,
                };
                publisher.put(&slot, &record)?;
                ids.push(id);
            }
            // What an earlier round said of the same indicators and this one does not.
            let mut statement = connection.prepare_cached(
                "SELECT id, json_extract(data, '$.indicatorId') FROM object
                 WHERE resource = 'indicator' AND institution = ?1 AND op = 1",
            )?;
            let old = statement.query_map(params![institution], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let old: Vec<(String, String)> = old.collect::<Result<_, _>>()?;
            for (id, indicator) in old {
                let is_counted = findings.iter().any(|finding| finding.indicator == indicator);
                if is_counted && !ids.contains(&id) {
                    publisher.delete(Resource::Indicator, &id)?;
                }
            }
        }
        for indicator in RANKED {
            rank(publisher, hospitals, found, indicator, day)?;
        }
        Ok(())
    })
}

fn end_of(day: NaiveDate, now: Instant) -> Instant {
    let next = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0));
    let at = next.and_then(|next| next.and_local_timezone(sunbench_contract::time::shanghai()).single());
    at.map_or(now, Instant::new)
}

/// 排名 of the month so far.
fn rank(
    publisher: &mut crate::object::Publisher<'_>,
    hospitals: &[(String, String)],
    found: &[Vec<Finding>],
    indicator: &str,
    day: NaiveDate,
) -> Result<(), Error> {
    let mut rows: Vec<(i128, &str, &str)> = Vec::new();
    let mut title = String::new();
    for ((institution, name), findings) in hospitals.iter().zip(found) {
        let of = findings.iter().find(|finding| finding.indicator == indicator);
        if let Some((finding, value)) = of.and_then(|finding| finding.value().map(|value| (finding, value))) {
            title.clone_from(&finding.name);
            rows.push((value, institution, name));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let period = format!("{}-{:02}", day.year(), day.month());
    let id = format!("ranking:{indicator}:{period}");
    let ranked: Vec<serde_json::Value> = (1..)
        .zip(rows)
        .map(|(rank, (value, institution, name))| {
            json!({ "rank": rank, "institution": institution, "institutionName": name, "value": text(value) })
        })
        .collect();
    let record = json!({
        "rankingId": id, "indicatorId": indicator, "name": title, "period": period, "rows": ranked,
    });
    let slot = Slot {
        institution: None,
        resource: Resource::Ranking,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    publisher.put(&slot, &record)?;
    Ok(())
}

/// The notices that a hospital is to get: what is past its warning, and about which nothing is open or recent.
fn wanted(
    shared: &Shared,
    institution: &str,
    name: &str,
    findings: &[Finding],
) -> Result<Vec<NewNotice>, Error> {
    let known = shared.database.read::<_, Error>(|connection| {
        let all = of_resource::<Notice>(connection, Resource::Notice)?;
        Ok(all.into_iter().filter(|notice| notice.institution == institution).collect::<Vec<_>>())
    })?;
    let quiet = shared.today().checked_sub_days(Days::new(QUIET_DAYS)).unwrap_or(NaiveDate::MIN);
    let is_told = |finding: &Finding| {
        known.iter().any(|notice| {
            let it = &notice.data;
            it.indicator_id.as_deref() == Some(finding.indicator.as_str())
                && (it.title.contains(&finding.scope) || finding.key.is_empty())
                && (it.close_time.is_none() || it.issue_time.at().date_naive() >= quiet)
        })
    };
    let mut past: Vec<&Finding> =
        findings.iter().filter(|one| one.level >= Level::Warning && !is_told(one)).collect();
    past.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    past.truncate(MOST_NOTICES);
    let line =
        |label: &str, value: String| Evidence { label: label.to_owned(), value, order_detail_id: None };
    let new = past.into_iter().map(|finding| {
        let value = finding.value().map(text).unwrap_or_default();
        let limit = finding.limit.map(text).unwrap_or_default();
        NewNotice {
            institution: institution.to_owned(),
            title: format!("关于{}{}的预警督办通知", finding.scope, finding.name),
            body: format!(
                "{name}：经监测，你单位{}{}为 {value}，已超过预警限值 {limit}。请分析原因，立即整改，并在收到本通知之日起{REPLY_WORKING_DAYS}个工作日内反馈。",
                finding.scope, finding.name
            ),
            level: finding.level.name().to_owned(),
            indicator_id: Some(finding.indicator.clone()),
            rule_name: finding.name.clone(),
            clause: finding.clause.clone(),
            issuer: "医疗保障局药械采购监管科".to_owned(),
            reply_working_days: REPLY_WORKING_DAYS,
            evidence: vec![
                line("范围", finding.scope.clone()),
                line("指标值", value),
                line("预警限值", limit),
            ],
        }
    });
    Ok(new.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::object::Stored;
    use crate::{Config, DemoOptions, ManualClock, Platform};

    fn demo() -> (tempfile::TempDir, Shared) {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Instant::parse("2026-11-20 09:30:00").unwrap()));
        let platform = Platform::open(dir.path(), clock.clone()).unwrap();
        platform.load_demo(&DemoOptions::default()).unwrap();
        drop(platform);
        let shared = Shared::open(dir.path(), clock, Config::default()).unwrap();
        (dir, shared)
    }

    fn all<T: serde::de::DeserializeOwned>(shared: &Shared, resource: Resource) -> Vec<Stored<T>> {
        shared.database.read::<_, Error>(|connection| of_resource(connection, resource)).unwrap()
    }

    #[test]
    fn a_hospital_is_told_of_a_matter_once() {
        let (_dir, shared) = demo();
        let before = all::<Notice>(&shared, Resource::Notice).len();
        let mut rounds = 0;
        while supervise(&shared).unwrap().notices > 0 {
            rounds += 1;
            assert!(rounds < 60, "it ends");
        }
        let notices = all::<Notice>(&shared, Resource::Notice);
        let issued: Vec<_> =
            notices.iter().filter(|notice| notice.data.title.ends_with("预警督办通知")).collect();
        assert!(rounds > 1 && notices.len() == before + issued.len(), "{rounds}");
        let about: BTreeSet<_> =
            issued.iter().map(|notice| (&notice.institution, &notice.data.title)).collect();
        assert_eq!(about.len(), issued.len());
        assert!(issued.iter().all(|notice| notice.data.level != "notice" && notice.data.evidence.len() == 3));
        // What is published is what is past its limits, and the month's rankings with it.
        let indicators = all::<Indicator>(&shared, Resource::Indicator);
        assert!(indicators.iter().any(|one| one.data.indicator_id == "progress-lag"));
        let rankings = all::<serde_json::Value>(&shared, Resource::Ranking);
        assert!(rankings.iter().any(|one| one.data["rankingId"] == "ranking:attendance:2026-11"));
    }

    #[test]
    fn a_day_is_supervised_once_and_a_rule_demonstrated_the_first_time() {
        let (_dir, shared) = demo();
        let rules = all::<serde_json::Value>(&shared, Resource::Rule).len();
        assert!(daily(&shared).unwrap().is_some());
        assert!(daily(&shared).unwrap().is_none());
        let published = all::<serde_json::Value>(&shared, Resource::Rule);
        assert_eq!(published.len(), rules + 1);
        for (indicator, parameter, value) in [
            ("nothing", "threshold.warning", "9"),
            ("attendance", "threshold.colour", "9"),
            ("attendance", "threshold.warning", "many"),
        ] {
            assert!(matches!(adjust(&shared, indicator, parameter, value), Err(Error::NotAllowed(_))));
        }
    }
}
