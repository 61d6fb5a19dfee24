//! 备案补录: purchases off the platform.

use chrono::Datelike;
use sunbench_contract::{Filing, FilingCreatePayload, Product, Resource, codes};
use sunbench_domain::codes::{CodeKind, check_at};
use sunbench_domain::state::{FilingState, State};
use sunbench_domain::{Amount, Quantity};

use super::{Context, Done, check_attachments, check_text, check_version};
use crate::error::Refusal;
use crate::life::{self, step};
use crate::object::{Slot, Stored, filings_by_own_key, find, find_own};

pub(super) fn create(context: &mut Context<'_, '_>, payload: FilingCreatePayload) -> Result<Done, Refusal> {
    check(context, &payload)?;
    if let Some(own_key) = &payload.filing_custom_info {
        let earlier = filings_by_own_key(context.connection, own_key)?.into_iter().find(|earlier| {
            earlier.institution == context.institution
                && payload.filing_id.as_ref() != Some(&earlier.data.filing_id)
        });
        if let Some(earlier) = earlier {
            let msg = format!("该笔采购已备案（{}）", earlier.data.filing_code);
            let mut refusal = Refusal::invalid("filingCustomInfo", msg);
            refusal.code = codes::DUPLICATE;
            return Err(refusal);
        }
    }
    match payload.filing_id.clone() {
        Some(id) => again(context, &id, payload),
        None => first(context, payload),
    }
}

fn check(context: &Context<'_, '_>, payload: &FilingCreatePayload) -> Result<(), Refusal> {
    check_text("goodsName", "产品名称", &payload.goods_name, 200)?;
    check_text("unit", "单位", &payload.unit, 20)?;
    check_text("companyName", "供货企业", &payload.company_name, 200)?;
    check_text("reason", "线下采购原因", &payload.reason, 2_000)?;
    check_text("responsible", "责任人", &payload.responsible, 100)?;
    if payload.goods_spec.chars().count() > 500 {
        return Err(Refusal::invalid("goodsSpec", "规格型号不能超过 500 字"));
    }
    if payload.count <= Quantity::ZERO {
        return Err(Refusal::invalid("count", "数量须大于零"));
    }
    if payload.price.is_negative() {
        return Err(Refusal::invalid("price", "单价不能为负"));
    }
    match Amount::of(payload.price, payload.count) {
        Some(amount) if amount == payload.amount => {}
        Some(amount) => {
            return Err(Refusal::invalid("amount", format!("金额与单价乘数量不符，应为 {amount}")));
        }
        None => return Err(Refusal::invalid("amount", "金额超出范围")),
    }
    let today = context.now.at().date_naive();
    if payload.purchase_date > today {
        return Err(Refusal::invalid("purchaseDate", "采购日期晚于今天"));
    }
    if !payload.mcs_code.is_empty() {
        let judged = check_at(CodeKind::Mcs, &payload.mcs_code, today.year());
        if !judged.valid {
            let why = judged.reason.unwrap_or_default();
            return Err(Refusal::invalid("mcsCode", format!("国家医保耗材编码无效：{why}")));
        }
    }
    if let Some(product) = &payload.procurecatalog_id
        && find::<Product>(context.connection, Resource::Product, product)?.is_none()
    {
        return Err(Refusal::invalid("procurecatalogId", "没有这个挂网产品"));
    }
    check_attachments(context, &payload.attachments)
}

fn first(context: &mut Context<'_, '_>, payload: FilingCreatePayload) -> Result<Done, Refusal> {
    let id = context.publisher.new_id();
    let day = context.now.at().date_naive();
    let code = format!("BA{}{}", day.format("%Y%m%d"), &id[id.len() - 9..]);
    let mut filing = filled(context, payload, id.clone(), code);
    life::set((&mut filing.state, &mut filing.state_text), FilingState::Submitted);
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Filing,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount: filing.amount,
    };
    let ver = context.publisher.put(&place, &filing)?;
    Ok(Done::new(Resource::Filing, id, ver))
}

/// Submits a returned filing again, or a draft that the platform holds.
fn again(context: &mut Context<'_, '_>, id: &str, payload: FilingCreatePayload) -> Result<Done, Refusal> {
    let mut found: Stored<Filing> = find_own(context.connection, context.institution, Resource::Filing, id)?
        .ok_or_else(|| Refusal::invalid("filingId", "没有这份备案"))?;
    check_version(context, Resource::Filing, id, &found)?;
    let mut state = found.data.state.clone();
    let mut text = found.data.state_text.clone();
    step("备案", (&mut state, &mut text), FilingState::Submitted)?;
    let code = found.data.filing_code.clone();
    found.data = Filing { state, state_text: text, ..filled(context, payload, id.to_owned(), code) };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Filing,
        id,
        day: crate::object::day_of(found.age),
        doc: &found.doc,
        place: 0,
        amount: found.data.amount,
    };
    let ver = context.publisher.put(&place, &found.data)?;
    Ok(Done::new(Resource::Filing, id, ver))
}

fn filled(context: &Context<'_, '_>, payload: FilingCreatePayload, id: String, code: String) -> Filing {
    Filing {
        filing_id: id,
        filing_code: code,
        goods_name: payload.goods_name.trim().to_owned(),
        goods_spec: payload.goods_spec.trim().to_owned(),
        unit: payload.unit.trim().to_owned(),
        company_name: payload.company_name.trim().to_owned(),
        procurecatalog_id: payload.procurecatalog_id,
        mcs_code: payload.mcs_code,
        count: payload.count,
        price: payload.price,
        amount: payload.amount,
        purchase_date: payload.purchase_date,
        reason: payload.reason.trim().to_owned(),
        responsible: payload.responsible.trim().to_owned(),
        submit_time: Some(context.now),
        operator: context.name.to_owned(),
        attachments: payload.attachments,
        filing_custom_info: payload.filing_custom_info,
        order_detail_id: None,
        state: FilingState::Draft.raw().to_owned(),
        state_text: FilingState::Draft.text_zh().to_owned(),
        return_reason: String::new(),
    }
}
