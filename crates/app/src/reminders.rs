//! 提醒: told once a day each, before a deadline and before the day ends without a check-in.

use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveTime, Timelike as _};
use sunbench_store::setting;

use crate::app::{App, AppEvent, Reminder};
use crate::context::Context;
use crate::error::ApiResult;
use crate::wire::{
    CheckInState, NoticeList, NoticeRow, NoticeScope, NoticesReq, PaperKind, PaperRow, Urgency,
};

/// Nobody is reminded of a missing check-in before this hour.
const CHECK_IN_FROM_HOUR: u32 = 15;
/// Offices are open then; a reminder at night reaches nobody.
const OFFICE: (u32, u32) = (8, 20);
const EVERY: Duration = Duration::from_mins(5);
/// What was told today: a date, then what.
const TOLD: &str = "reminders.told";

/// Whether somebody is there to be told.
fn is_open(time: NaiveTime) -> bool {
    (OFFICE.0..OFFICE.1).contains(&time.hour())
}

/// The stage of the certificate that was told: a target.
const CERTIFICATE_TOLD: &str = "reminders.certificate";

/// What is told of the person's certificate: once at 30, 15 and 7 days, and each day after its end.
fn of_certificate(paper: &PaperRow) -> Reminder {
    let title = if paper.stage == 0 {
        format!("CA 证书已于 {} 到期", paper.ends_on)
    } else {
        format!("CA 证书还有 {} 天到期", paper.days_left)
    };
    Reminder {
        title,
        body: "证书到期后无法登录平台，请尽快办理更新".to_owned(),
        target: format!("certificate:{}:{}", paper.id, paper.stage),
    }
}

/// What is to be told now. Pure: the state is an argument.
fn due(
    time: NaiveTime,
    working: bool,
    check_in: CheckInState,
    notices: &[NoticeRow],
    covers: Option<&str>,
) -> Vec<Reminder> {
    if !is_open(time) {
        return Vec::new();
    }
    let mut reminders: Vec<Reminder> = notices
        .iter()
        .filter(|row| row.open && (!row.reply_waiting || row.reply_in_review))
        .filter_map(|row| {
            let when = match row.deadline.urgency {
                Urgency::Overdue => "已逾期".to_owned(),
                Urgency::Today => "今天到期".to_owned(),
                Urgency::Soon => format!("{} 到期", row.deadline.due_date),
                Urgency::Later => return None,
            };
            let review = if row.reply_in_review { "，反馈待复核" } else { "" };
            let covers = covers.map(|absent| format!("（代{absent}）")).unwrap_or_default();
            Some(Reminder {
                title: format!("督办通知{when}{review}{covers}"),
                body: row.title.clone(),
                target: format!("notice:{}", row.id),
            })
        })
        .collect();
    if working && check_in == CheckInState::Missing && time.hour() >= CHECK_IN_FROM_HOUR {
        reminders.push(Reminder {
            title: "今天还没有打卡".to_owned(),
            body: "请打开阳采工作台完成当日打卡".to_owned(),
            target: "checkIn".to_owned(),
        });
    }
    reminders
}

impl Context<'_> {
    /// What is to be told now and has not been told today; remembers it as told.
    fn reminders(&self) -> ApiResult<Vec<Reminder>> {
        let account = self.account()?;
        let date = self.today();
        let working = self.calendar.is_working(date)?;
        let check_in = self.check_in_state(date, &account.user, working)?.state;
        let NoticeList { mut rows, duty } = self.notices_list(&NoticesReq { scope: NoticeScope::Open })?;
        if !duty.mine {
            // A colleague answers for them, and is reminded where he works.
            rows.clear();
        }
        let mut due = due(self.now.at().time(), working, check_in, &rows, duty.covers.as_deref());
        let papers = self.papers()?.rows;
        let certificate = papers.iter().find(|paper| paper.kind == PaperKind::Certificate);
        due.extend(certificate.filter(|_| is_open(self.now.at().time())).map(of_certificate));
        let (told, stage_told) =
            self.store.read(|conn| Ok((setting::get(conn, TOLD)?, setting::get(conn, CERTIFICATE_TOLD)?)))?;
        // Before the end each stage is told once, whatever the day.
        let ended = certificate.is_some_and(|paper| paper.stage == 0);
        due.retain(|reminder| ended || stage_told.as_ref() != Some(&reminder.target));
        let told = told.unwrap_or_default();
        let mut told: Vec<&str> = told.split('\n').collect();
        let date = date.to_string();
        if told.first() != Some(&date.as_str()) {
            told = vec![&date];
        }
        let fresh: Vec<Reminder> = due.into_iter().filter(|r| !told.contains(&r.target.as_str())).collect();
        if !fresh.is_empty() {
            told.extend(fresh.iter().map(|r| r.target.as_str()));
            let told = told.join("\n");
            let stage = fresh.iter().find(|reminder| reminder.target.starts_with("certificate:"));
            self.store.write_local(|tx| {
                if let Some(stage) = stage {
                    setting::set(tx, CERTIFICATE_TOLD, &stage.target)?;
                }
                setting::set(tx, TOLD, &told)
            })?;
        }
        Ok(fresh)
    }
}

impl App {
    /// Reminds for as long as the program lives.
    pub(crate) fn remind(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut clock = tokio::time::interval(EVERY);
            loop {
                clock.tick().await;
                let Some(app) = app.upgrade() else { return };
                // No profile, or no connection: nothing to remind of.
                for reminder in app.run(|context, _| context.reminders()).await.unwrap_or_default() {
                    app.tell(AppEvent::Reminder(reminder));
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Deadline;

    fn notice(urgency: Urgency, waiting: bool, in_review: bool) -> NoticeRow {
        NoticeRow {
            id: "1".into(),
            code: String::new(),
            title: "进度滞后".into(),
            issuer: String::new(),
            level: String::new(),
            issued_at: String::new(),
            deadline: Deadline {
                due_date: "2026-11-25".into(),
                due_at: String::new(),
                provisional: false,
                earliest_date: None,
                latest_date: None,
                remaining_working_days: 0,
                urgency,
                counted: Vec::new(),
                days: Vec::new(),
                calendar_version: String::new(),
                stated: false,
            },
            state: "SIGNED".into(),
            state_text: String::new(),
            open: true,
            round: 1,
            reply_waiting: waiting,
            reply_in_review: in_review,
            has_draft: false,
        }
    }

    #[test]
    fn a_certificate_near_its_end_is_told() {
        for (stage, days_left, expected) in [
            (30, 22, "CA 证书还有 22 天到期"),
            (7, 0, "CA 证书还有 0 天到期"),
            (0, -1, "CA 证书已于 2026-11-25 到期"),
        ] {
            let told = of_certificate(&PaperRow {
                kind: PaperKind::Certificate,
                id: "2025".to_owned(),
                title: String::new(),
                detail: String::new(),
                ends_on: "2026-11-25".to_owned(),
                days_left,
                stage,
            });
            assert_eq!(told.title, expected);
            assert_eq!(told.target, format!("certificate:2025:{stage}"));
        }
    }

    #[test]
    fn what_is_told_when() {
        use CheckInState::{Done, Missing, NotNeeded, Waiting};
        for (hour, working, check_in, urgency, waiting, expected) in [
            (9, true, Missing, Urgency::Later, false, vec![]),
            (9, true, Missing, Urgency::Soon, false, vec!["督办通知2026-11-25 到期"]),
            (9, true, Missing, Urgency::Today, false, vec!["督办通知今天到期"]),
            (9, true, Missing, Urgency::Today, true, vec![]),
            (3, true, Missing, Urgency::Overdue, false, vec![]),
            (16, true, Missing, Urgency::Overdue, false, vec!["督办通知已逾期", "今天还没有打卡"]),
            (16, true, Waiting, Urgency::Later, false, vec![]),
            (16, true, Done, Urgency::Later, false, vec![]),
            (16, false, NotNeeded, Urgency::Later, false, vec![]),
            (16, false, Missing, Urgency::Later, false, vec![]),
        ] {
            let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
            let told = due(time, working, check_in, &[notice(urgency, waiting, false)], None);
            let titles: Vec<_> = told.iter().map(|r| r.title.as_str()).collect();
            assert_eq!(titles, expected, "{hour} {working} {check_in:?} {urgency:?}");
        }
        let time = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let told = due(time, true, Done, &[notice(Urgency::Today, true, true)], Some("王敏"));
        assert_eq!(
            told[0].title, "督办通知今天到期，反馈待复核（代王敏）",
            "an answer in review is not sent"
        );
    }
}
