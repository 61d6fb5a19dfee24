//! 企业的动作: manufacturers and distributors answer, deliver, take back.

use sunbench_contract::{
    Delivery, DeliveryLine, Negotiation, OrderLine, Product, Resource, Return, SupplyIssue,
};
use sunbench_domain::state::{
    DeliveryState, NegotiationState, OrderLineState, RAW_LATE, ReturnState, State, SupplyIssueState,
};
use sunbench_domain::{Amount, Price, Quantity, SCALE};
use sunbench_workdays::Calendar;

use super::{Act, lot};
use crate::error::Error;
use crate::life::{set, state_of, step};
use crate::object::{Slot, Stored};

/// Working days within which a company promises its goods (豫医保办〔2025〕42号 二(八)).
const PROMISE_WORKING_DAYS: u32 = 5;

/// How a distributor treats an order line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Refused,
    ShipRefused,
    /// Not before the clock has run out.
    Late,
    InParts,
    Whole,
}

fn fate(line: &OrderLine) -> Fate {
    match lot(&line.order_detail_id, "fate") {
        0..4 => Fate::Refused,
        4..7 => Fate::ShipRefused,
        7..12 => Fate::Late,
        12..25 => Fate::InParts,
        _ => Fate::Whole,
    }
}

pub(super) fn order_line(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<OrderLine>(Resource::OrderLine, id)? else { return Ok(false) };
    let Some((state, late)) = OrderLineState::from_platform(&found.data.order_detail_state) else {
        return Ok(false);
    };
    let fate = fate(&found.data);
    let due = found.data.delivery_due_time;
    match state {
        OrderLineState::Submitted => {
            let to = if fate == Fate::Refused { OrderLineState::Refused } else { OrderLineState::Accepted };
            found.data.response_time = Some(act.now);
            set((&mut found.data.order_detail_state, &mut found.data.state_text), to);
        }
        OrderLineState::Accepted if fate == Fate::ShipRefused => {
            let to = OrderLineState::ShipRefused;
            set((&mut found.data.order_detail_state, &mut found.data.state_text), to);
        }
        OrderLineState::Accepted if !late && due.is_some_and(|due| due < act.now) => {
            RAW_LATE.clone_into(&mut found.data.order_detail_state);
            "未及时配送".clone_into(&mut found.data.state_text);
        }
        OrderLineState::Accepted if fate == Fate::Late && !late => return Ok(false),
        OrderLineState::Accepted => deliver(act, &mut found, fate)?,
        // What came in parts is followed by the rest.
        OrderLineState::Shipped | OrderLineState::Receiving
            if fate == Fate::InParts && found.data.distribute_count < found.data.purchase_count =>
        {
            deliver(act, &mut found, Fate::Whole)?;
        }
        _ => return Ok(false),
    }
    act.publisher.replace(Resource::OrderLine, id, &found)?;
    Ok(true)
}

/// Delivers what is still to come of a line, or its first half.
fn deliver(act: &mut Act<'_, '_>, line: &mut Stored<OrderLine>, fate: Fate) -> Result<(), Error> {
    let rest = line.data.purchase_count - line.data.distribute_count;
    let half = Quantity::from_units(rest.units() / 2 / SCALE * SCALE);
    let count = if fate == Fate::InParts && half > Quantity::ZERO { half } else { rest };
    let day = act.now.at().date_naive();
    let id = act.publisher.new_id();
    let lot_no = day.format("%Y%m%d").to_string();
    let expiry = day.checked_add_months(chrono::Months::new(24));
    let product: Option<Stored<Product>> = act.find(Resource::Product, &line.data.procurecatalog_id)?;
    // GS1: product, expiry, lot.
    let udi = match (product.and_then(|product| product.data.udi_di), expiry) {
        (Some(di), Some(expiry)) if !di.is_empty() => {
            format!("(01){di:0>14}(17){}(10){lot_no}", expiry.format("%y%m%d"))
        }
        _ => String::new(),
    };
    let delivery = Delivery {
        distribute_id: id.clone(),
        distribute_code: format!("PS{}{}", day.format("%Y%m%d"), &id[id.len() - 9..]),
        order_id: Some(line.data.order_id.clone()),
        company_id_ps: line.data.company_id_ps.clone(),
        state: DeliveryState::Waiting.raw().to_owned(),
        state_text: DeliveryState::Waiting.text_zh().to_owned(),
        distribute_time: act.now,
        arrive_time: None,
        carrier: String::new(),
        express_no: String::new(),
        lines: vec![DeliveryLine {
            distribute_detail_id: format!("{id}001"),
            order_detail_id: Some(line.data.order_detail_id.clone()),
            procurecatalog_id: line.data.procurecatalog_id.clone(),
            distribute_count: count,
            lot_no,
            prod_date: None,
            expiry_date: expiry,
            udi,
        }],
    };
    let slot = Slot {
        institution: Some(&line.institution),
        resource: Resource::Delivery,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    act.publisher.put(&slot, &delivery)?;
    line.data.distribute_count += count;
    let state = OrderLineState::from_platform(&line.data.order_detail_state).map(|(state, _)| state);
    if state.is_some_and(|state| state.may_become(OrderLineState::Shipped)) {
        let to = OrderLineState::Shipped;
        set((&mut line.data.order_detail_state, &mut line.data.state_text), to);
    }
    Ok(())
}

/// The goods are at the hospital's door.
pub(super) fn arrival(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Delivery>(Resource::Delivery, id)? else { return Ok(false) };
    if state_of::<DeliveryState>(&found.data.state)? != DeliveryState::Waiting {
        return Ok(false);
    }
    let delivery = &mut found.data;
    step("配送单", (&mut delivery.state, &mut delivery.state_text), DeliveryState::Confirmed)?;
    delivery.arrive_time = Some(act.now);
    act.publisher.replace(Resource::Delivery, id, &found)?;
    Ok(true)
}

pub(super) fn goods_return(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Return>(Resource::Return, id)? else { return Ok(false) };
    if state_of::<ReturnState>(&found.data.state)? != ReturnState::Waiting {
        return Ok(false);
    }
    let refused = lot(id, "return") < 10;
    let to = if refused { ReturnState::Refused } else { ReturnState::Confirmed };
    step("退货单", (&mut found.data.state, &mut found.data.state_text), to)?;
    if refused {
        "外包装已拆封，不符合退货条件".clone_into(&mut found.data.refuse_reason);
    }
    act.publisher.replace(Resource::Return, id, &found)?;
    if !refused && found.data.kind == "goods" {
        for line in &found.data.lines {
            let of: Option<Stored<OrderLine>> = act.find(Resource::OrderLine, &line.order_detail_id)?;
            if let Some(mut of) = of {
                of.data.return_count += line.return_count;
                act.publisher.replace(Resource::OrderLine, &line.order_detail_id, &of)?;
            }
        }
    }
    Ok(true)
}

/// A company answers half way, unless less than half of its price was asked for.
pub(super) fn negotiation(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Negotiation>(Resource::Negotiation, id)? else { return Ok(false) };
    if state_of::<NegotiationState>(&found.data.state)? != NegotiationState::Invited {
        return Ok(false);
    }
    let it = &mut found.data;
    let to = if it.answer_due_date < act.now.at().date_naive() {
        NegotiationState::Expired
    } else if it.target_price.units() < it.price.units() / 2 {
        NegotiationState::Refused
    } else {
        NegotiationState::Answered
    };
    step("议价", (&mut it.state, &mut it.state_text), to)?;
    if to != NegotiationState::Expired {
        it.answer_time = Some(act.now);
    }
    if to == NegotiationState::Answered {
        // Half way, to the fen.
        let middle = i64::midpoint(it.price.units(), it.target_price.units());
        it.answer_price = Some(Price::from_units(middle / (SCALE / 100) * (SCALE / 100)));
    }
    act.publisher.replace(Resource::Negotiation, id, &found)?;
    Ok(true)
}

pub(super) fn issue(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<SupplyIssue>(Resource::SupplyIssue, id)? else { return Ok(false) };
    if state_of::<SupplyIssueState>(&found.data.state)? != SupplyIssueState::Reported {
        return Ok(false);
    }
    let issue = &mut found.data;
    step("供应问题", (&mut issue.state, &mut issue.state_text), SupplyIssueState::Answered)?;
    issue.reply_time = Some(act.now);
    "生产线检修导致短期缺货，已安排调拨。".clone_into(&mut issue.reply);
    let promised = Calendar::built_in().working_days(&act.now.at(), PROMISE_WORKING_DAYS);
    issue.promised_date = promised.ok().map(|counted| counted.due_date);
    act.publisher.replace(Resource::SupplyIssue, id, &found)?;
    Ok(true)
}
