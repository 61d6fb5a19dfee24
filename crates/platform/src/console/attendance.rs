//! 打卡考勤, by hospital and month.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Query, State};
use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;
use sunbench_contract::{CheckIn, Resource};
use sunbench_workdays::Calendar;

use super::Fault;
use super::page::{Place, hospital_select, page};
use super::session::Supervisor;
use crate::account;
use crate::error::Error;
use crate::object::of_day;
use crate::shared::Shared;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    institution: String,
    /// `yyyy-MM`.
    #[serde(default)]
    month: String,
}

/// One month of one hospital.
struct Month {
    hospitals: Vec<(String, String)>,
    /// Each operator's name and the days that he checked in.
    operators: BTreeMap<String, (String, BTreeSet<NaiveDate>)>,
}

fn read(shared: &Shared, institution: &str, days: &[NaiveDate]) -> Result<Month, Error> {
    shared.database.read(|connection| {
        let hospitals = account::hospitals(connection)?;
        let mut operators: BTreeMap<String, (String, BTreeSet<NaiveDate>)> =
            account::operators(connection, institution)?
                .into_iter()
                .map(|(user, name)| (user, (name, BTreeSet::new())))
                .collect();
        for day in days {
            for kept in of_day::<CheckIn>(connection, institution, Resource::CheckIn, *day)? {
                let user = kept.data.operator;
                let entry = operators.entry(user.clone()).or_insert_with(|| (user, BTreeSet::new()));
                entry.1.insert(*day);
            }
        }
        Ok(Month { hospitals, operators })
    })
}

pub(super) async fn month(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Query(asked): Query<Asked>,
) -> Result<Markup, Fault> {
    let today = shared.today();
    let first: NaiveDate = match asked.month.as_str() {
        "" => today.with_day(1).unwrap_or(today),
        text => format!("{text}-01").parse().map_err(|_| Fault::NotAllowed("月份须为“年-月”".to_owned()))?,
    };
    let next = first.checked_add_months(Months::new(1)).ok_or(Fault::NotFound)?;
    let before = first.checked_sub_months(Months::new(1)).ok_or(Fault::NotFound)?;
    let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day < next).collect();
    let institution = match asked.institution.as_str() {
        "" => shared
            .blocking(|shared| Ok(shared.database.read(account::hospitals)?))
            .await?
            .into_iter()
            .next()
            .map(|(code, _)| code)
            .unwrap_or_default(),
        chosen => chosen.to_owned(),
    };
    let (asked_for, of) = (institution.clone(), days.clone());
    let month = shared.blocking(move |shared| Ok(read(shared, &asked_for, &of)?)).await?;
    let works = |day: NaiveDate| Calendar::built_in().is_working(day).unwrap_or(false);
    let due = days.iter().filter(|day| works(**day) && **day <= today).count();
    let link =
        |to: NaiveDate| format!("/console/attendance?institution={institution}&month={}", to.format("%Y-%m"));
    let body = html! {
        form.filter method="get" action="/console/attendance" {
            label for="institution" { "医疗机构" }
            (hospital_select(&month.hospitals, &institution, None))
            label for="month" { "月份" }
            input #month name="month" type="month" value=(first.format("%Y-%m"));
            button #show type="submit" { "查看" }
            a href=(link(before)) { "上月" }
            a href=(link(next)) { "下月" }
        }
        div.wide {
            table.days #attendance {
                thead { tr {
                    th { "操作员" } th.number { "应打卡" } th.number { "已打卡" } th.number { "出勤率" }
                    @for day in &days { th.rest[!works(*day)] { (day.day()) } }
                } }
                tbody {
                    @for (user, (name, present)) in &month.operators {
                        @let done = present.iter().filter(|day| works(**day) && **day <= today).count();
                        tr data-operator=(user) {
                            td.nowrap { (name) " " span.muted { (user) } }
                            td.number { (due) }
                            td.number { (done) }
                            td.number { (rate(done, due)) }
                            @for day in &days {
                                td.rest[!works(*day)] {
                                    @if present.contains(day) { span.present title="已打卡" { "✓" } }
                                    @else if works(*day) && *day < today { span.absent title="缺勤" { "缺" } }
                                    @else if !works(*day) { span.muted { "休" } }
                                }
                            }
                        }
                    }
                }
            }
        }
        p.muted { "应打卡：本月至今的工作日，按国务院办公厅放假安排推算，调休上班日计入。" }
    };
    Ok(page(&shared, &supervisor, Place::Attendance, "打卡考勤", &body))
}

/// A share in per cent with one place, rounded down: nothing becomes whole by rounding.
fn rate(done: usize, due: usize) -> String {
    if due == 0 {
        return "—".to_owned();
    }
    let tenths = done * 1_000 / due;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        for (done, due, expected) in [(0, 0, "—"), (0, 5, "0.0%"), (2, 3, "66.6%"), (5, 5, "100.0%")] {
            assert_eq!(rate(done, due), expected);
        }
    }
}
