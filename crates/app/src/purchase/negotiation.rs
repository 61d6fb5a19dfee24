//! 议价: the manufacturer is invited, has five working days, and the hospital decides (深医保发〔2022〕19号 四(五)).

use sunbench_contract::{
    Negotiation, NegotiationDecidePayload, NegotiationInvitePayload, Resource, SubmissionKind,
};
use sunbench_domain::Price;
use sunbench_domain::state::{NegotiationState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::purchase;

use super::order::Rules;
use super::supply::step;
use super::{Kept, Unsent, all, decimal, mentions, one, required};
use crate::clocked::day_clock;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{
    Act, DocumentStep, NegotiationDecideReq, NegotiationDetail, NegotiationInviteReq, NegotiationList,
    NegotiationReq, NegotiationRow, NegotiationsReq, OutboxItem, StepKind,
};

pub(super) fn group(id: &str) -> String {
    format!("negotiation:{id}")
}

/// The outbox's group of an invitation: one product is negotiated once at a time.
fn invitation(product: &str) -> String {
    format!("negotiationOf:{product}")
}

/// Whether somebody is awaited; a state that this version does not know counts.
fn is_open(state: Option<NegotiationState>) -> bool {
    state.is_none_or(|state| !state.is_final())
}

impl Context<'_> {
    /// The negotiations with the companies' clocks.
    pub fn negotiations(&self, req: &NegotiationsReq) -> ApiResult<NegotiationList> {
        let (found, unsent) = self
            .store
            .read(|conn| Ok((all::<Negotiation>(conn, Resource::Negotiation)?, Unsent::read(conn)?)))?;
        let mut rows = Vec::new();
        for kept in &found {
            let row = self.negotiation_row(kept, &unsent)?;
            let open = is_open(NegotiationState::from_raw(&kept.record.state));
            if (open || !req.open) && mentions(&req.text, &[&row.product, &row.spec, &row.maker]) {
                rows.push((open, row));
            }
        }
        rows.sort_by(|(a_open, a), (b_open, b)| {
            let due = |row: &NegotiationRow| row.clock.as_ref().map(|clock| clock.due_date.clone());
            let key = |open: bool, row: &NegotiationRow| (!row.ours, !open, due(row).is_none(), due(row));
            key(*a_open, a).cmp(&key(*b_open, b)).then_with(|| b.invited_at.cmp(&a.invited_at))
        });
        Ok(NegotiationList {
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            pending: unsent.of_kind(self, SubmissionKind::NegotiationInvite)?,
        })
    }

    fn negotiation_row(&self, kept: &Kept<Negotiation>, unsent: &Unsent) -> ApiResult<NegotiationRow> {
        let it = &kept.record;
        let (product, maker) = self.store.read(|conn| {
            Ok((
                purchase::product(conn, &it.procurecatalog_id)?,
                purchase::org_name(conn, &it.company_id_tb)?,
            ))
        })?;
        let state = NegotiationState::from_raw(&it.state);
        let (name, spec, unit) =
            product.map(|product| (product.name, product.spec, product.unit)).unwrap_or_default();
        let invited = state == Some(NegotiationState::Invited);
        Ok(NegotiationRow {
            id: kept.id.clone(),
            product_id: it.procurecatalog_id.clone(),
            product: name,
            spec,
            unit,
            maker: maker.unwrap_or_default(),
            price: it.price.to_string(),
            target_price: it.target_price.to_string(),
            answer_price: it.answer_price.map(|price| price.to_string()),
            invited_at: it.invite_time.to_string(),
            clock: invited.then(|| day_clock(self.calendar, it.answer_due_date, self.now)),
            answered_at: it.answer_time.map(|at| at.to_string()),
            remarks: it.remarks.clone(),
            conclusion: it.conclusion.clone(),
            state: state.map_or("", NegotiationState::code).to_owned(),
            state_text: it.state_text.clone(),
            ours: state == Some(NegotiationState::Answered),
            waiting: unsent.is_waiting(&group(&kept.id)),
        })
    }

    /// One negotiation, and the others about its product.
    pub fn negotiation(&self, req: &NegotiationReq) -> ApiResult<NegotiationDetail> {
        let (found, unsent) = self
            .store
            .read(|conn| Ok((all::<Negotiation>(conn, Resource::Negotiation)?, Unsent::read(conn)?)))?;
        let kept = found.iter().find(|kept| kept.id == req.negotiation).ok_or(ErrorCode::NotFound)?;
        let same = |other: &&Kept<Negotiation>| {
            other.id != kept.id && other.record.procurecatalog_id == kept.record.procurecatalog_id
        };
        let others = found.iter().filter(same).map(|other| self.negotiation_row(other, &unsent));
        let mut others = others.collect::<ApiResult<Vec<_>>>()?;
        others.sort_by(|a, b| b.invited_at.cmp(&a.invited_at));
        Ok(NegotiationDetail {
            row: self.negotiation_row(kept, &unsent)?,
            steps: steps(&kept.record),
            others,
            submissions: self.submissions_of(&group(&kept.id))?,
        })
    }

    /// 邀请议价. What the platform would refuse is not sent; doing it twice queues once.
    pub fn negotiation_invite(&self, req: &NegotiationInviteReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = invitation(&req.product);
        let (product, rules, open, items) = self.store.read(|conn| {
            let open = all::<Negotiation>(conn, Resource::Negotiation)?.into_iter().any(|kept| {
                kept.record.procurecatalog_id == req.product
                    && is_open(NegotiationState::from_raw(&kept.record.state))
            });
            Ok((
                purchase::product(conn, &req.product)?,
                Rules::read(conn)?,
                open,
                outbox::of_document(conn, &document)?,
            ))
        })?;
        let product = product.ok_or_else(|| ApiError::field(ErrorCode::NotFound, "product"))?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        if product.raw_state != "1" || product.selected || open {
            return Err(ApiError::field(ErrorCode::WrongState, "product"));
        }
        let target: Price = decimal(&req.target_price, "targetPrice")?;
        if target <= Price::ZERO || target >= rules.price(&product, self.now.unix()) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "targetPrice"));
        }
        let payload = NegotiationInvitePayload {
            procurecatalog_id: product.id,
            target_price: target,
            remarks: req.remarks.trim().to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::NegotiationInvite,
            document: &document,
            base_ver: None,
            action: "negotiation.invite.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The hospital takes the company's answer, or does not. Doing it twice queues once.
    pub fn negotiation_decide(&self, req: &NegotiationDecideReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.negotiation);
        let (found, items) = self.store.read(|conn| {
            let found = one::<Negotiation>(conn, Resource::Negotiation, &req.negotiation)?;
            Ok((found, outbox::of_document(conn, &document)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        let state = NegotiationState::from_raw(&found.record.state);
        if state.is_some_and(|state| !state.may_become(NegotiationState::Agreed)) {
            return Err(ErrorCode::WrongState.into());
        }
        if !req.agreed {
            required(&req.reason, "reason")?;
        }
        let payload = NegotiationDecidePayload {
            negotiation_id: req.negotiation.clone(),
            agreed: req.agreed,
            reason: req.reason.trim().to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::NegotiationDecide,
            document: &document,
            base_ver: Some(found.ver),
            action: "negotiation.decide.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}

fn steps(it: &Negotiation) -> Vec<DocumentStep> {
    let mut steps = vec![step(StepKind::Invited, it.invite_time, "", &it.remarks)];
    let state = NegotiationState::from_raw(&it.state);
    if let Some(at) = it.answer_time {
        let refused = state == Some(NegotiationState::Refused);
        let kind = if refused { StepKind::Refused } else { StepKind::Answered };
        let price = it.answer_price.map(|price| price.to_string()).unwrap_or_default();
        steps.push(step(kind, at, "", &price));
    }
    steps
}
