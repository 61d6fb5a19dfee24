//! 督办签收、督办反馈.

use sunbench_contract::{Notice, NoticeReply, NoticeReplyPayload, NoticeSignPayload, Resource};
use sunbench_domain::Amount;
use sunbench_domain::state::{NoticeState, State};

use super::{Context, Done, check_attachments, check_text, check_version};
use crate::error::Refusal;
use crate::notices::{set_state, state_of};
use crate::object::{Slot, Stored, find_own};

/// Characters of a cause or of measures.
const TEXT: usize = 5_000;
/// Characters of a name.
const NAME: usize = 100;

fn find(context: &Context<'_, '_>, id: &str) -> Result<Stored<Notice>, Refusal> {
    find_own(context.connection, context.institution, Resource::Notice, id)?
        .ok_or_else(|| Refusal::invalid("noticeId", "没有这份督办通知"))
}

pub(super) fn sign(context: &mut Context<'_, '_>, payload: &NoticeSignPayload) -> Result<Done, Refusal> {
    let mut found = find(context, &payload.notice_id)?;
    if state_of(&found.data)? != NoticeState::Issued {
        // A colleague at another seat was first: that is what was wanted.
        let mut done = Done::new(Resource::Notice, payload.notice_id.clone(), found.ver);
        done.already = Some("该通知此前已签收");
        return Ok(done);
    }
    check_version(context, Resource::Notice, &payload.notice_id, &found)?;
    set_state(&mut found.data, NoticeState::Signed)?;
    found.data.sign_time = Some(context.now);
    found.data.signed_by = Some(context.name.to_owned());
    let ver = context.publisher.replace(Resource::Notice, &payload.notice_id, &found)?;
    Ok(Done::new(Resource::Notice, payload.notice_id.clone(), ver))
}

pub(super) fn reply(context: &mut Context<'_, '_>, payload: NoticeReplyPayload) -> Result<Done, Refusal> {
    let mut found = find(context, &payload.notice_id)?;
    check_version(context, Resource::Notice, &payload.notice_id, &found)?;
    let state = state_of(&found.data)?;
    if !state.may_become(NoticeState::Replied) {
        return Err(Refusal::wrong_state(match state {
            NoticeState::Issued => "请先签收再反馈".to_owned(),
            other => format!("通知{}，不能反馈", other.text_zh()),
        }));
    }
    if payload.round != found.data.round {
        let msg = format!("现在应反馈第 {} 轮", found.data.round);
        return Err(Refusal::wrong_state(msg).field("round"));
    }
    check_text("cause", "原因分析", &payload.cause, TEXT)?;
    check_text("measures", "整改措施", &payload.measures, TEXT)?;
    check_text("responsible", "责任人", &payload.responsible, NAME)?;
    check_attachments(context, &payload.attachments)?;

    set_state(&mut found.data, NoticeState::Replied)?;
    let ver = context.publisher.replace(Resource::Notice, &payload.notice_id, &found)?;
    let reply_id = context.publisher.new_id();
    let reply = NoticeReply {
        reply_id: reply_id.clone(),
        notice_id: payload.notice_id.clone(),
        round: payload.round,
        cause: payload.cause,
        measures: payload.measures,
        finish_by: payload.finish_by,
        responsible: payload.responsible,
        attachments: payload.attachments,
        operator: context.name.to_owned(),
        submit_time: context.now,
        client_key: context.key.to_owned(),
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::NoticeReply,
        id: &reply_id,
        day: context.now.at().date_naive(),
        doc: &reply_id,
        place: 0,
        amount: Amount::ZERO,
    };
    context.publisher.put(&place, &reply)?;
    Ok(Done::new(Resource::Notice, payload.notice_id, ver))
}
