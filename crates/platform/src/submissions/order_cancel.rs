//! 撤单.

use std::collections::HashSet;

use sunbench_contract::{LineResult, Order, OrderCancelPayload, OrderLine, Resource, codes};
use sunbench_domain::state::{OrderLineState, State};

use super::{Context, Done, check_lines, check_text, check_version, line_ok, line_refused};
use crate::error::Refusal;
use crate::object::{Stored, find_own, of_doc};

pub(super) fn cancel(context: &mut Context<'_, '_>, payload: &OrderCancelPayload) -> Result<Done, Refusal> {
    let header: Stored<Order> =
        find_own(context.connection, context.institution, Resource::Order, &payload.order_id)?
            .ok_or_else(|| Refusal::invalid("orderId", "没有这张订单"))?;
    check_version(context, Resource::Order, &payload.order_id, &header)?;
    check_text("reason", "撤单原因", &payload.reason, 500)?;
    let mut lines: Vec<Stored<OrderLine>> = of_doc(context.connection, Resource::OrderLine, &header)?;
    lines.retain(|line| line.data.order_id == payload.order_id);

    let all: Vec<String>;
    let asked = if payload.order_detail_ids.is_empty() {
        let open = lines.iter().filter(|line| may_cancel(&line.data));
        all = open.map(|line| line.data.order_detail_id.clone()).collect();
        if all.is_empty() {
            return Err(Refusal::wrong_state("订单没有可以撤销的明细"));
        }
        &all
    } else {
        &payload.order_detail_ids
    };
    let mut seen = HashSet::new();
    let mut results: Vec<LineResult> = Vec::with_capacity(asked.len());
    let mut cancelled = Vec::new();
    for (index, id) in asked.iter().enumerate() {
        let line = lines.iter_mut().find(|line| line.data.order_detail_id == *id);
        results.push(match line {
            _ if !seen.insert(id) => line_refused(index, codes::INVALID, "明细重复"),
            None => line_refused(index, codes::INVALID, "订单没有这条明细"),
            Some(line) if !may_cancel(&line.data) => {
                line_refused(index, codes::WRONG_STATE, format!("明细{}，不能撤销", line.data.state_text))
            }
            Some(line) => {
                OrderLineState::Cancelled.raw().clone_into(&mut line.data.order_detail_state);
                OrderLineState::Cancelled.text_zh().clone_into(&mut line.data.state_text);
                cancelled.push(id);
                line_ok(index)
            }
        });
    }
    check_lines(&results)?;
    // The header's version counts the changes of its document.
    let ver = context.publisher.replace(Resource::Order, &payload.order_id, &header)?;
    for line in lines.iter().filter(|line| cancelled.contains(&&line.data.order_detail_id)) {
        context.publisher.replace(Resource::OrderLine, &line.data.order_detail_id, line)?;
    }
    let mut done = Done::new(Resource::Order, payload.order_id.clone(), ver);
    done.lines = results;
    Ok(done)
}

/// Nothing may be cancelled once goods are on the way.
fn may_cancel(line: &OrderLine) -> bool {
    OrderLineState::from_platform(&line.order_detail_state)
        .is_some_and(|(state, _)| state.may_become(OrderLineState::Cancelled))
        && line.distribute_count == sunbench_domain::Quantity::ZERO
}
