//! 议价: invited by the hospital, answered by the manufacturer, decided by the hospital.

use sunbench_contract::{
    Negotiation, NegotiationDecidePayload, NegotiationInvitePayload, Product, Resource, codes,
};
use sunbench_domain::state::{NegotiationState, State};
use sunbench_domain::{Amount, Price};
use sunbench_workdays::Calendar;

use super::{Context, Done, check_text, check_version};
use crate::error::{Error, Refusal};
use crate::life::{state_of, step};
use crate::object::{Slot, Stored, find, find_own, of_resource};

/// Working days for the manufacturer's answer (深医保发〔2022〕19号 四(五)).
const ANSWER_WORKING_DAYS: u32 = 5;

pub(super) fn invite(
    context: &mut Context<'_, '_>,
    payload: &NegotiationInvitePayload,
) -> Result<Done, Refusal> {
    let product: Stored<Product> = find(context.connection, Resource::Product, &payload.procurecatalog_id)?
        .ok_or_else(|| Refusal::invalid("procurecatalogId", "没有这个挂网产品"))?;
    let product = product.data;
    if product.state != "1" {
        return Err(Refusal::invalid("procurecatalogId", "产品已暂停挂网"));
    }
    if product.selected {
        return Err(Refusal::invalid("procurecatalogId", "中选产品执行中选价格，不能议价"));
    }
    if payload.target_price <= Price::ZERO || payload.target_price >= product.price {
        return Err(Refusal::invalid("targetPrice", format!("期望价须大于零且低于挂网价 {}", product.price)));
    }
    if !payload.remarks.is_empty() {
        check_text("remarks", "说明", &payload.remarks, 500)?;
    }
    for open in of_resource::<Negotiation>(context.connection, Resource::Negotiation)? {
        let state: NegotiationState = state_of(&open.data.state)?;
        if open.institution == context.institution
            && open.data.procurecatalog_id == payload.procurecatalog_id
            && !state.is_final()
        {
            let mut refusal = Refusal::invalid("procurecatalogId", "该产品的议价尚未结束");
            refusal.code = codes::DUPLICATE;
            return Err(refusal);
        }
    }
    let due = Calendar::built_in()
        .working_days(&context.now.at(), ANSWER_WORKING_DAYS)
        .map_err(|error| Error::OtherData(format!("a deadline that cannot be counted: {error}")))?;
    let id = context.publisher.new_id();
    let record = Negotiation {
        negotiation_id: id.clone(),
        procurecatalog_id: payload.procurecatalog_id.clone(),
        company_id_tb: product.company_id_tb,
        price: product.price,
        target_price: payload.target_price,
        answer_price: None,
        invite_time: context.now,
        answer_due_date: due.due_date,
        answer_time: None,
        remarks: payload.remarks.trim().to_owned(),
        conclusion: String::new(),
        state: NegotiationState::Invited.raw().to_owned(),
        state_text: NegotiationState::Invited.text_zh().to_owned(),
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Negotiation,
        id: &id,
        day: context.now.at().date_naive(),
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    let ver = context.publisher.put(&place, &record)?;
    Ok(Done::new(Resource::Negotiation, id, ver))
}

pub(super) fn decide(
    context: &mut Context<'_, '_>,
    payload: &NegotiationDecidePayload,
) -> Result<Done, Refusal> {
    let id = &payload.negotiation_id;
    let mut found: Stored<Negotiation> =
        find_own(context.connection, context.institution, Resource::Negotiation, id)?
            .ok_or_else(|| Refusal::invalid("negotiationId", "没有这份议价邀请"))?;
    check_version(context, Resource::Negotiation, id, &found)?;
    let negotiation = &mut found.data;
    let to = if payload.agreed { NegotiationState::Agreed } else { NegotiationState::Failed };
    step("议价", (&mut negotiation.state, &mut negotiation.state_text), to)?;
    if !payload.agreed || !payload.reason.is_empty() {
        check_text("reason", "结论说明", &payload.reason, 500)?;
    }
    payload.reason.trim().clone_into(&mut negotiation.conclusion);
    let ver = context.publisher.replace(Resource::Negotiation, id, &found)?;
    Ok(Done::new(Resource::Negotiation, id.clone(), ver))
}
