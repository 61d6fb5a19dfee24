//! 督办通知: their life on the supervisor's side.

use chrono::{NaiveDate, NaiveTime};
use sunbench_contract::time::{Instant, shanghai};
use sunbench_contract::{Evidence, Notice, Resource};
use sunbench_domain::Amount;
use sunbench_domain::state::{NoticeState, State};
use sunbench_workdays::Calendar;

use crate::account;
use crate::error::Error;
use crate::object::{Slot, Stored, find};
use crate::shared::Shared;

/// Working days for an answer where nothing else is said (四(五)).
pub const REPLY_WORKING_DAYS: u32 = 5;

/// 下发督办: what a supervisor fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// 医疗机构代码.
    pub institution: String,
    /// 标题.
    pub title: String,
    /// 正文.
    pub body: String,
    /// `notice` 提示, `warning` 预警, `serious` 严重.
    pub level: String,
    /// The indicator that gave rise to it.
    pub indicator_id: Option<String>,
    /// 依据.
    pub rule_name: String,
    /// 条款.
    pub clause: String,
    /// 发文机关.
    pub issuer: String,
    /// 反馈时限, working days from the issue.
    pub reply_working_days: u32,
    /// 佐证.
    pub evidence: Vec<Evidence>,
}

/// The canonical state of a notice.
pub(crate) fn state_of(notice: &Notice) -> Result<NoticeState, Error> {
    NoticeState::from_raw(&notice.state)
        .ok_or_else(|| Error::OtherData(format!("notice {} in state {}", notice.notice_id, notice.state)))
}

/// Moves a notice on, if its state allows.
pub(crate) fn set_state(notice: &mut Notice, to: NoticeState) -> Result<(), Error> {
    let from = state_of(notice)?;
    if !from.may_become(to) {
        return Err(Error::NotAllowed(format!("通知{}，不能改为{}", from.text_zh(), to.text_zh())));
    }
    to.raw().clone_into(&mut notice.state);
    to.text_zh().clone_into(&mut notice.state_text);
    Ok(())
}

/// Issues a notice; its id.
pub(crate) fn issue(shared: &Shared, new: &NewNotice) -> Result<String, Error> {
    for (name, text, most) in
        [("标题", &new.title, 200), ("正文", &new.body, 5_000), ("发文机关", &new.issuer, 100)]
    {
        if text.trim().is_empty() || text.chars().count() > most {
            return Err(Error::NotAllowed(format!("{name}须为 1 至 {most} 字")));
        }
    }
    if !["notice", "warning", "serious"].contains(&new.level.as_str()) {
        return Err(Error::NotAllowed("请选择预警级别".to_owned()));
    }
    if !(1..=60).contains(&new.reply_working_days) {
        return Err(Error::NotAllowed("反馈时限须为 1 至 60 个工作日".to_owned()));
    }
    let now = shared.now();
    shared.publish(|connection, publisher| {
        if !account::hospitals(connection)?.iter().any(|(code, _)| *code == new.institution) {
            return Err(Error::NotAllowed("请选择医疗机构".to_owned()));
        }
        let id = publisher.new_id();
        let day = now.at().date_naive();
        let notice = Notice {
            notice_id: id.clone(),
            notice_code: format!("DB{}{}", day.format("%Y%m%d"), &id[id.len() - 9..]),
            title: new.title.trim().to_owned(),
            body: new.body.trim().to_owned(),
            level: new.level.clone(),
            indicator_id: new.indicator_id.clone(),
            rule_name: new.rule_name.trim().to_owned(),
            clause: new.clause.trim().to_owned(),
            issuer: new.issuer.trim().to_owned(),
            issue_time: now,
            reply_working_days: new.reply_working_days,
            due_time: None,
            state: NoticeState::Issued.raw().to_owned(),
            state_text: NoticeState::Issued.text_zh().to_owned(),
            round: 1,
            sign_time: None,
            signed_by: None,
            return_time: None,
            return_reason: String::new(),
            close_time: None,
            evidence: new.evidence.clone(),
        };
        let place = Slot {
            institution: Some(&new.institution),
            resource: Resource::Notice,
            id: &id,
            day,
            doc: &id,
            place: 0,
            amount: Amount::ZERO,
        };
        publisher.put(&place, &notice)?;
        Ok(id)
    })
}

/// 销号: the answer suffices.
pub(crate) fn close(shared: &Shared, id: &str) -> Result<(), Error> {
    let now = shared.now();
    change(shared, id, |notice| {
        set_state(notice, NoticeState::Closed)?;
        notice.close_time = Some(now);
        Ok(())
    })
}

/// 退回: a new round, due at the end of `due`, or after five working days from now.
pub(crate) fn send_back(
    shared: &Shared,
    id: &str,
    reason: &str,
    due: Option<NaiveDate>,
) -> Result<(), Error> {
    let now = shared.now();
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        return Err(Error::NotAllowed("退回原因须为 1 至 1000 字".to_owned()));
    }
    let due = match due {
        Some(due) if due < now.at().date_naive() => {
            return Err(Error::NotAllowed("新的反馈期限不能早于今天".to_owned()));
        }
        Some(due) => due,
        None => {
            let counted = Calendar::built_in().working_days(&now.at(), REPLY_WORKING_DAYS);
            counted.map_err(|error| Error::NotAllowed(format!("无法推算反馈期限：{error}")))?.due_date
        }
    };
    change(shared, id, |notice| {
        set_state(notice, NoticeState::Returned)?;
        notice.round += 1;
        notice.return_time = Some(now);
        reason.clone_into(&mut notice.return_reason);
        notice.due_time = Some(end_of(due));
        Ok(())
    })
}

/// The last second of a day.
fn end_of(day: NaiveDate) -> Instant {
    let last = NaiveTime::from_hms_opt(23, 59, 59).expect("a time of day");
    let at = day.and_time(last).and_local_timezone(shanghai()).single();
    Instant::new(at.expect("a fixed offset has no gaps"))
}

fn change(
    shared: &Shared,
    id: &str,
    edit: impl FnOnce(&mut Notice) -> Result<(), Error>,
) -> Result<(), Error> {
    shared.publish(|connection, publisher| {
        let mut found: Stored<Notice> = find(connection, Resource::Notice, id)?
            .ok_or_else(|| Error::NotAllowed("没有这份督办通知".to_owned()))?;
        edit(&mut found.data)?;
        publisher.replace(Resource::Notice, id, &found)?;
        Ok(())
    })
}
