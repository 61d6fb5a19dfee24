//! 收货: received never exceeds delivered.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use sunbench_contract::{
    Delivery, DeliveryLine, LineResult, OrderLine, Receipt, ReceiptConfirmPayload, ReceiptCreateLine,
    ReceiptCreatePayload, ReceiptLine, Resource, codes,
};
use sunbench_domain::state::{DeliveryState, OrderLineState, ReceiptState, State};
use sunbench_domain::{Amount, Quantity};

use super::{
    Context, Done, check_attachments, check_lines, check_text, check_version, line_ok, line_refused,
};
use crate::error::{Error, Refusal};
use crate::life::{self, state_of, step};
use crate::object::{Slot, Stored, find_own, receipts_of};

const LINES: usize = 500;
/// Seconds that the client's clock may be ahead.
const AHEAD_S: i64 = 300;

pub(super) fn create(context: &mut Context<'_, '_>, payload: &ReceiptCreatePayload) -> Result<Done, Refusal> {
    let mut delivery: Stored<Delivery> =
        find_own(context.connection, context.institution, Resource::Delivery, &payload.distribute_id)?
            .ok_or_else(|| Refusal::invalid("distributeId", "没有这张配送单"))?;
    check_version(context, Resource::Delivery, &payload.distribute_id, &delivery)?;
    let state: DeliveryState = state_of(&delivery.data.state)?;
    if !matches!(state, DeliveryState::Confirmed | DeliveryState::Accepting) {
        return Err(Refusal::wrong_state(format!("配送单{}，不能收货", state.text_zh())));
    }
    let latest = context.now.at() + TimeDelta::seconds(AHEAD_S);
    if payload.receive_time.is_some_and(|at| at.at() > latest) {
        return Err(Refusal::invalid("receiveTime", "收货时间晚于平台时间"));
    }
    if payload.lines.len() > LINES {
        return Err(Refusal::invalid("lines", format!("一次收货不能超过 {LINES} 条明细")));
    }

    check_attachments(context, &payload.attachments)?;

    let mut settled = settled(context, &payload.distribute_id)?;
    let mut results: Vec<LineResult> = Vec::with_capacity(payload.lines.len());
    let mut taken: Vec<(&ReceiptCreateLine, &DeliveryLine)> = Vec::new();
    for (index, line) in payload.lines.iter().enumerate() {
        let of = delivery.data.lines.iter().find(|of| of.distribute_detail_id == line.distribute_detail_id);
        results.push(match check(line, of, &settled) {
            Ok((of, total)) => {
                settled.insert(of.distribute_detail_id.clone(), total);
                taken.push((line, of));
                line_ok(index)
            }
            Err((code, msg)) => line_refused(index, code, msg),
        });
    }
    check_lines(&results)?;

    let receipt_id = context.publisher.new_id();
    let none_received = taken.iter().all(|(line, _)| line.received_count == Quantity::ZERO);
    let receipt_state = if none_received { ReceiptState::Rejected } else { ReceiptState::Accepted };
    let receipt = Receipt {
        receipt_id: receipt_id.clone(),
        receipt_code: format!("YS{receipt_id}"),
        distribute_id: payload.distribute_id.clone(),
        company_id_ps: delivery.data.company_id_ps.clone(),
        state: receipt_state.raw().to_owned(),
        state_text: receipt_state.text_zh().to_owned(),
        receive_time: payload.receive_time.unwrap_or(context.now),
        operator: context.name.to_owned(),
        lines: taken
            .iter()
            .enumerate()
            .map(|(index, (line, of))| receipt_line(&receipt_id, index, line, of))
            .collect(),
        attachments: payload.attachments.clone(),
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Receipt,
        id: &receipt_id,
        day: receipt.receive_time.at().date_naive(),
        doc: &receipt_id,
        place: 0,
        amount: Amount::ZERO,
    };
    let ver = context.publisher.put(&place, &receipt)?;

    let complete = is_complete(&delivery.data, &settled);
    let to = if complete { DeliveryState::Stored } else { DeliveryState::Accepting };
    life::set((&mut delivery.data.state, &mut delivery.data.state_text), to);
    let base_ver = context.publisher.replace(Resource::Delivery, &payload.distribute_id, &delivery)?;
    update_order_lines(context, &receipt)?;

    let mut done = Done::new(Resource::Receipt, receipt_id, ver);
    done.base_ver = Some(base_ver);
    done.lines = results;
    Ok(done)
}

/// 实际验收: a pre-acceptance is accepted as it stands, or rejected whole.
pub(super) fn confirm(
    context: &mut Context<'_, '_>,
    payload: &ReceiptConfirmPayload,
) -> Result<Done, Refusal> {
    let mut found: Stored<Receipt> =
        find_own(context.connection, context.institution, Resource::Receipt, &payload.receipt_id)?
            .ok_or_else(|| Refusal::invalid("receiptId", "没有这张收货单"))?;
    check_version(context, Resource::Receipt, &payload.receipt_id, &found)?;
    let receipt = &mut found.data;
    let to = if payload.accepted { ReceiptState::Accepted } else { ReceiptState::Rejected };
    step("收货单", (&mut receipt.state, &mut receipt.state_text), to)?;
    if !payload.accepted {
        check_text("reason", "拒收原因", &payload.reason, 500)?;
        for line in &mut receipt.lines {
            line.rejected_count += line.received_count;
            line.received_count = Quantity::ZERO;
            payload.reason.trim().clone_into(&mut line.reject_reason);
        }
    }
    receipt.receive_time = context.now;
    context.name.clone_into(&mut receipt.operator);
    let ver = context.publisher.replace(Resource::Receipt, &payload.receipt_id, &found)?;
    let delivery: Option<Stored<Delivery>> =
        find_own(context.connection, context.institution, Resource::Delivery, &found.data.distribute_id)?;
    if let Some(mut delivery) = delivery {
        let settled = settled(context, &found.data.distribute_id)?;
        let id = delivery.data.distribute_id.clone();
        // Other receipts of the delivery may still wait for their acceptance.
        let waiting = receipts_of::<Receipt>(context.connection, &id)?
            .iter()
            .any(|receipt| receipt.data.state == ReceiptState::PreAccepted.raw());
        let state: DeliveryState = state_of(&delivery.data.state)?;
        if !waiting && is_complete(&delivery.data, &settled) && state.may_become(DeliveryState::Stored) {
            let of = &mut delivery.data;
            step("配送单", (&mut of.state, &mut of.state_text), DeliveryState::Stored)?;
            context.publisher.replace(Resource::Delivery, &id, &delivery)?;
        }
    }
    if payload.accepted {
        update_order_lines(context, &found.data)?;
    }
    Ok(Done::new(Resource::Receipt, payload.receipt_id.clone(), ver))
}

fn is_complete(delivery: &Delivery, settled: &HashMap<String, Quantity>) -> bool {
    delivery.lines.iter().all(|line| {
        settled.get(&line.distribute_detail_id).copied().unwrap_or_default() >= line.distribute_count
    })
}

/// What earlier receipts of the delivery received and rejected, by delivery line.
fn settled(context: &Context<'_, '_>, distribute_id: &str) -> Result<HashMap<String, Quantity>, Error> {
    let mut settled: HashMap<String, Quantity> = HashMap::new();
    for receipt in receipts_of::<Receipt>(context.connection, distribute_id)? {
        for line in receipt.data.lines {
            *settled.entry(line.distribute_detail_id).or_default() +=
                line.received_count + line.rejected_count;
        }
    }
    Ok(settled)
}

/// The delivery line, and what will be settled of it.
fn check<'a>(
    line: &ReceiptCreateLine,
    of: Option<&'a DeliveryLine>,
    settled: &HashMap<String, Quantity>,
) -> Result<(&'a DeliveryLine, Quantity), (&'static str, String)> {
    let refuse = |msg: &str| Err((codes::INVALID, msg.to_owned()));
    let Some(of) = of else { return refuse("配送单没有这条明细") };
    if line.received_count.is_negative() || line.rejected_count.is_negative() {
        return refuse("数量不能为负");
    }
    if line.rejected_count > Quantity::ZERO && line.reject_reason.trim().is_empty() {
        return refuse("拒收须写明原因");
    }
    let before = settled.get(&of.distribute_detail_id).copied().unwrap_or_default();
    let now = line.received_count.checked_add(line.rejected_count);
    match now.and_then(|now| Some((now, before.checked_add(now)?))) {
        Some((Quantity::ZERO, _)) => refuse("数量不能为零"),
        Some((_, total)) if total <= of.distribute_count => Ok((of, total)),
        _ => {
            let left = of.distribute_count - before;
            Err((codes::EXCEEDS, format!("验收数量超过未验收的配送数量 {left}")))
        }
    }
}

fn receipt_line(receipt_id: &str, index: usize, line: &ReceiptCreateLine, of: &DeliveryLine) -> ReceiptLine {
    let or_its = |own: &String, its: &String| if own.is_empty() { its.clone() } else { own.clone() };
    ReceiptLine {
        receipt_detail_id: format!("{receipt_id}{:03}", index + 1),
        distribute_detail_id: of.distribute_detail_id.clone(),
        order_detail_id: of.order_detail_id.clone(),
        received_count: line.received_count,
        rejected_count: line.rejected_count,
        reject_reason: line.reject_reason.clone(),
        lot_no: or_its(&line.lot_no, &of.lot_no),
        expiry_date: line.expiry_date.or(of.expiry_date),
        udi: or_its(&line.udi, &of.udi),
    }
}

/// The order lines' quantities and states follow from what was received.
fn update_order_lines(context: &mut Context<'_, '_>, receipt: &Receipt) -> Result<(), Refusal> {
    let mut received: BTreeMap<&str, Quantity> = BTreeMap::new();
    for line in &receipt.lines {
        if let Some(id) = &line.order_detail_id {
            *received.entry(id).or_default() += line.received_count;
        }
    }
    for (id, count) in received {
        let found = find_own::<OrderLine>(context.connection, context.institution, Resource::OrderLine, id)?;
        let Some(mut line) = found else { continue }; // a delivery without an order exists
        line.data.received_count += count;
        let state = OrderLineState::from_platform(&line.data.order_detail_state).map(|(state, _)| state);
        let whole = line.data.received_count >= line.data.purchase_count;
        let to = if whole { OrderLineState::Received } else { OrderLineState::Receiving };
        if state.is_some_and(|state| state.may_become(to)) {
            life::set((&mut line.data.order_detail_state, &mut line.data.state_text), to);
        }
        context.publisher.replace(Resource::OrderLine, id, &line)?;
    }
    Ok(())
}
