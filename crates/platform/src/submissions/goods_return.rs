//! 退货、退价差: returned never exceeds received, counting what still waits for the company.

use std::collections::HashSet;

use sunbench_contract::{
    LineResult, OrderLine, Resource, Return, ReturnCreateLine, ReturnCreatePayload, ReturnLine, codes,
};
use sunbench_domain::state::{ReturnState, State};
use sunbench_domain::{Amount, Quantity};

use super::{Context, Done, check_text, line_ok, line_refused};
use crate::error::Refusal;
use crate::object::{Slot, Stored, find_own, returns_of};

const LINES: usize = 500;

pub(super) fn create(context: &mut Context<'_, '_>, payload: &ReturnCreatePayload) -> Result<Done, Refusal> {
    if !["goods", "price"].contains(&payload.kind.as_str()) {
        return Err(Refusal::invalid("kind", "没有这种退货类型"));
    }
    check_text("reason", "退货原因", &payload.reason, 500)?;
    if payload.lines.is_empty() || payload.lines.len() > LINES {
        return Err(Refusal::invalid("lines", format!("退货明细须为 1 至 {LINES} 条")));
    }
    let mut earlier: Vec<Return> = Vec::new();
    for found in returns_of(context.connection, context.institution, &payload.company_id_ps)? {
        if ReturnState::from_raw(&found.data.state) != Some(ReturnState::Refused) {
            earlier.push(found.data);
        }
    }
    let mut results: Vec<LineResult> = Vec::with_capacity(payload.lines.len());
    let mut seen = HashSet::new();
    let mut amount = Amount::ZERO;
    for (index, line) in payload.lines.iter().enumerate() {
        let found: Option<Stored<OrderLine>> =
            find_own(context.connection, context.institution, Resource::OrderLine, &line.order_detail_id)?;
        let judged = match found {
            _ if !seen.insert(&line.order_detail_id) => Err((codes::INVALID, "明细重复".to_owned())),
            Some(of) if of.data.company_id_ps == payload.company_id_ps => {
                check(&payload.kind, line, &of.data, &earlier)
            }
            Some(_) => Err((codes::INVALID, "明细不是该配送企业的".to_owned())),
            None => Err((codes::INVALID, "没有这条订单明细".to_owned())),
        };
        results.push(
            match judged.and_then(|()| {
                amount.checked_add(line.return_amount).ok_or((codes::INVALID, "金额超出范围".to_owned()))
            }) {
                Ok(sum) => {
                    amount = sum;
                    line_ok(index)
                }
                Err((code, msg)) => line_refused(index, code, msg),
            },
        );
    }
    // A return is one parcel and one red-letter invoice: it goes through whole or not at all.
    if let Some(first) = results.iter().find(|line| !line.ok) {
        let mut refusal = Refusal::invalid("lines", first.msg.clone().unwrap_or_default());
        if first.code.as_deref() == Some(codes::EXCEEDS) {
            refusal.code = codes::EXCEEDS;
        }
        refusal.lines = results;
        return Err(refusal);
    }
    let id = context.publisher.new_id();
    let day = context.now.at().date_naive();
    let record = Return {
        return_id: id.clone(),
        return_code: format!("TH{}{}", day.format("%Y%m%d"), &id[id.len() - 9..]),
        kind: payload.kind.clone(),
        company_id_ps: payload.company_id_ps.clone(),
        state: ReturnState::Waiting.raw().to_owned(),
        state_text: ReturnState::Waiting.text_zh().to_owned(),
        return_time: context.now,
        reason: payload.reason.trim().to_owned(),
        refuse_reason: String::new(),
        lines: (1..)
            .zip(&payload.lines)
            .map(|(number, line)| ReturnLine {
                return_detail_id: format!("{id}{number:03}"),
                order_detail_id: line.order_detail_id.clone(),
                return_count: line.return_count,
                return_amount: line.return_amount,
                lot_no: line.lot_no.clone(),
            })
            .collect(),
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Return,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount,
    };
    let ver = context.publisher.put(&place, &record)?;
    let mut done = Done::new(Resource::Return, id, ver);
    done.lines = results;
    Ok(done)
}

/// One line against what was received and what went back before.
fn check(
    kind: &str,
    line: &ReturnCreateLine,
    of: &OrderLine,
    earlier: &[Return],
) -> Result<(), (&'static str, String)> {
    if line.return_count <= Quantity::ZERO || line.return_amount <= Amount::ZERO {
        return Err((codes::INVALID, "数量和金额须大于零".to_owned()));
    }
    let out_of_range = || (codes::INVALID, "金额超出范围".to_owned());
    let paid = Amount::of(of.purchase_price, line.return_count).ok_or_else(out_of_range)?;
    let all = Amount::of(of.purchase_price, of.received_count).ok_or_else(out_of_range)?;
    let (mut count, mut amount) = (Quantity::ZERO, Amount::ZERO);
    for (kind, line) in earlier.iter().flat_map(|r| r.lines.iter().map(|line| (&r.kind, line))) {
        if line.order_detail_id == of.order_detail_id {
            amount = amount.checked_add(line.return_amount).ok_or_else(out_of_range)?;
            if kind == "goods" {
                count = count.checked_add(line.return_count).ok_or_else(out_of_range)?;
            }
        }
    }
    let left = of.received_count - count;
    if line.return_count > left {
        return Err((codes::EXCEEDS, format!("退货数量超过可退数量 {left}")));
    }
    match kind {
        "goods" if line.return_amount != paid => {
            Err((codes::INVALID, format!("退货金额与单价乘数量不符，应为 {paid}")))
        }
        "price" if line.return_amount > paid => Err((codes::EXCEEDS, "差价高于采购金额".to_owned())),
        "price" if amount.checked_add(line.return_amount).is_none_or(|sum| sum > all) => {
            Err((codes::EXCEEDS, format!("退回金额合计超过收货金额 {all}")))
        }
        _ => Ok(()),
    }
}
