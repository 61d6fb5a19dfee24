//! The frame of every page, and the pieces that pages share.

use chrono::NaiveDate;
use maud::{DOCTYPE, Markup, html};
use sunbench_contract::Notice;
use sunbench_contract::time::Instant;
use sunbench_domain::state::{NoticeState, State};
use sunbench_workdays::Calendar;

use super::session::Supervisor;
use crate::shared::Shared;

pub(super) fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) " · 督办管理控制台" }
            link rel="stylesheet" href="/console/console.css";
        }
    }
}

/// Which entry of the navigation is shown as the present one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Notices,
    New,
    Hospitals,
    Attendance,
    Supervision,
    Maintenance,
}

pub(super) fn page(
    shared: &Shared,
    supervisor: &Supervisor,
    place: Place,
    title: &str,
    body: &Markup,
) -> Markup {
    let entries = [
        (Place::Notices, "nav-notices", "/console/notices", "督办通知"),
        (Place::New, "nav-new", "/console/notices/new", "下发督办"),
        (Place::Hospitals, "nav-hospitals", "/console/hospitals", "医疗机构"),
        (Place::Attendance, "nav-attendance", "/console/attendance", "打卡考勤"),
        (Place::Supervision, "nav-supervision", "/console/supervision", "指标监管"),
        (Place::Maintenance, "nav-maintenance", "/console/maintenance", "平台维护"),
    ];
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title))
            body {
                header.top {
                    strong { "督办管理控制台" }
                    nav aria-label="主导航" {
                        @for (its, id, href, text) in entries {
                            a #(id) href=(href) aria-current=[(its == place).then_some("page")] { (text) }
                        }
                    }
                    span.muted #clock { (time(shared.now())) }
                    form method="post" action="/console/sign-out" {
                        (csrf(supervisor))
                        button #sign-out type="submit" { (supervisor.user) " · 退出" }
                    }
                }
                @if let Some(seconds) = shared.maintenance() {
                    p.banner #maintenance-banner role="status" {
                        "平台维护中：医院的请求会被告知 " (seconds) " 秒后再试。"
                    }
                }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// A page for nobody in particular.
pub(super) fn plain(shared: &Shared, title: &str, text: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title))
            body.sign-in {
                main.card {
                    h1 { (title) }
                    p #error role="alert" { (text) }
                    p { a href="/console/notices" { "返回督办通知" } }
                    p.muted { (shared.config.platform) }
                }
            }
        }
    }
}

pub(super) fn csrf(supervisor: &Supervisor) -> Markup {
    html! { input type="hidden" name="csrf" value=(supervisor.csrf); }
}

/// A choice of hospitals; with `all`, also none.
pub(super) fn hospital_select(hospitals: &[(String, String)], chosen: &str, all: Option<&str>) -> Markup {
    html! {
        select #institution name="institution" required[all.is_none()] {
            @if let Some(text) = all { option value="" { (text) } }
            @for (code, name) in hospitals {
                option value=(code) selected[code == chosen] { (name) }
            }
        }
    }
}

/// A point in time, to the minute.
pub(super) fn time(at: Instant) -> String {
    at.at().format("%Y-%m-%d %H:%M").to_string()
}

pub(super) fn level(level: &str) -> Markup {
    let text = match level {
        "notice" => "提示",
        "warning" => "预警",
        "serious" => "严重",
        other => other,
    };
    html! { span.tag.(format!("level-{}", if text == level { "other" } else { level })) { (text) } }
}

pub(super) fn state(notice: &Notice) -> Markup {
    let kind = match NoticeState::from_raw(&notice.state) {
        Some(NoticeState::Closed) => "done",
        Some(NoticeState::Replied) => "todo",
        Some(NoticeState::Returned) => "back",
        _ => "open",
    };
    html! {
        span.tag.(format!("state-{kind}")) { (notice.state_text) }
        @if notice.round > 1 { span.muted { " 第 " (notice.round) " 轮" } }
    }
}

/// When the hospital's answer is due.
pub(super) struct Due {
    pub(super) date: NaiveDate,
    pub(super) provisional: bool,
    pub(super) overdue: bool,
}

/// The due date of the present round; `None` where the calendar does not reach.
pub(super) fn due(notice: &Notice, now: Instant) -> Option<Due> {
    if let Some(at) = notice.due_time {
        return Some(Due { date: at.at().date_naive(), provisional: false, overdue: now > at });
    }
    let deadline =
        Calendar::built_in().working_days(&notice.issue_time.at(), notice.reply_working_days).ok()?;
    Some(Due {
        date: deadline.due_date,
        provisional: deadline.provisional,
        overdue: deadline.is_overdue(&now.at()),
    })
}

pub(super) fn due_cell(notice: &Notice, now: Instant) -> Markup {
    let open = NoticeState::from_raw(&notice.state).is_some_and(NoticeState::is_open);
    html! {
        @match due(notice, now) {
            None => "—",
            Some(due) => {
                (due.date)
                @if due.provisional { span.muted title="次年放假安排尚未公布" { " 暂定" } }
                @if open && due.overdue {
                    " " span.tag.late { "逾期" }
                } @else if open {
                    @if let Ok(left) = Calendar::built_in().remaining_working_days(&now.at(), due.date) {
                        span.muted { " 余 " (left) " 个工作日" }
                    }
                }
            }
        }
    }
}
