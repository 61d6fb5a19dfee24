//! 打卡: one record for each operator and day.

use chrono::TimeDelta;
use sunbench_contract::{CheckIn, CheckInPayload, Resource};
use sunbench_domain::Amount;

use super::{Context, Done};
use crate::error::Refusal;
use crate::object::{Slot, of_day};

/// Days for which a check-in made without a connection may be sent afterwards.
const LATE_DAYS: i64 = 7;
/// Seconds that the client's clock may be ahead.
const AHEAD_S: i64 = 300;

pub(super) fn check_in(context: &mut Context<'_, '_>, payload: &CheckInPayload) -> Result<Done, Refusal> {
    let acted_at = payload.acted_at.at();
    if acted_at.date_naive() != payload.date {
        return Err(Refusal::invalid("actedAt", "打卡时间不在打卡日期当天"));
    }
    let now = context.now.at();
    if acted_at > now + TimeDelta::seconds(AHEAD_S) {
        return Err(Refusal::invalid("actedAt", "打卡时间晚于平台时间，请校准电脑时钟"));
    }
    if now.date_naive() - payload.date > TimeDelta::days(LATE_DAYS) {
        return Err(Refusal::invalid("date", format!("只能补报 {LATE_DAYS} 天以内的打卡")));
    }
    let of_today =
        of_day::<CheckIn>(context.connection, context.institution, Resource::CheckIn, payload.date)?;
    if let Some(kept) = of_today.into_iter().find(|kept| kept.data.operator == context.user) {
        let mut done = Done::new(Resource::CheckIn, kept.data.check_in_id, kept.ver);
        done.already = Some("当日已打卡");
        return Ok(done);
    }
    let id = context.publisher.new_id();
    let record = CheckIn {
        check_in_id: id.clone(),
        operator: context.user.to_owned(),
        date: payload.date,
        time: payload.acted_at,
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::CheckIn,
        id: &id,
        day: payload.date,
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    let ver = context.publisher.put(&place, &record)?;
    Ok(Done::new(Resource::CheckIn, id, ver))
}
