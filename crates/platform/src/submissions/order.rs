//! 提交订单: what the platform judges of each line.

use std::collections::HashSet;

use chrono::{NaiveDate, TimeDelta};
use rusqlite::Connection;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    Agreement, CodeChange, DistributionRelation, Filing, LineResult, Order, OrderLine, OrderSubmitLine,
    OrderSubmitPayload, PriceList, Product, Resource, codes,
};
use sunbench_domain::state::{AgreementState, FilingState, OrderLineState, State};
use sunbench_domain::{Amount, Price, Quantity};

use super::{Context, Done, check_lines, check_text, line_ok, line_refused};
use crate::error::{Error, Refusal};
use crate::life::{state_of, step};
use crate::object::{Slot, Stored, find, find_own, lines_by_own_key, of_resource};

const LINES: usize = 500;
const KINDS: [&str; 6] = ["普通", "补录", "临时", "备案", "带量", "应急"];
/// Natural hours for delivery (深医保发〔2022〕19号 四(五)).
const HOURS: i64 = 24;
const URGENT_HOURS: i64 = 4;

/// What lines are judged by: the public records, read once for an order.
struct Rules {
    relations: Vec<DistributionRelation>,
    prices: Vec<PriceList>,
    changes: Vec<CodeChange>,
    now: Instant,
    today: NaiveDate,
}

impl Rules {
    fn read(connection: &Connection, now: Instant) -> Result<Self, Error> {
        let data = |stored: Stored<_>| stored.data;
        let mut prices: Vec<PriceList> =
            of_resource(connection, Resource::PriceList)?.into_iter().map(|s: Stored<_>| s.data).collect();
        prices.sort_by_key(|list| list.effective_time);
        Ok(Self {
            relations: of_resource(connection, Resource::DistributionRelation)?
                .into_iter()
                .map(|s: Stored<_>| s.data)
                .collect(),
            prices,
            changes: of_resource(connection, Resource::CodeChange)?.into_iter().map(data).collect(),
            now,
            today: now.at().date_naive(),
        })
    }

    /// The listed price in force: of the last list that has come into force, else the product's own.
    fn price(&self, product: &Product) -> Price {
        let of = |list: &PriceList| {
            let mut items = list.items.iter();
            items.find(|item| item.procurecatalog_id == product.procurecatalog_id).map(|item| item.price)
        };
        let mut in_force = self.prices.iter().rev().filter(|list| list.effective_time <= self.now);
        in_force.find_map(of).unwrap_or(product.price)
    }

    fn code_is_live(&self, code: &str) -> bool {
        !self.changes.iter().any(|change| change.old_code == code && change.effective_date <= self.today)
    }

    fn may_deliver(&self, maker: &str, distributor: &str) -> bool {
        self.relations.iter().any(|relation| {
            relation.company_id_tb == maker
                && relation.company_id_ps == distributor
                && relation.state == "1"
                && (relation.start_date..=relation.end_date).contains(&self.today)
        })
    }
}

/// One line that is taken.
struct Taken<'a> {
    line: &'a OrderSubmitLine,
    product: Product,
    amount: Amount,
    kind: &'static str,
    filing: Option<Stored<Filing>>,
}

type Refused = (&'static str, String);

pub(super) fn submit(context: &mut Context<'_, '_>, payload: &OrderSubmitPayload) -> Result<Done, Refusal> {
    let kind = KINDS
        .into_iter()
        .find(|kind| *kind == payload.order_type)
        .ok_or_else(|| Refusal::invalid("orderType", "没有这种订单类型"))?;
    for (field, name, text) in
        [("hospitalDept", "申领科室", &payload.hospital_dept), ("remarks", "备注", &payload.remarks)]
    {
        if !text.is_empty() {
            check_text(field, name, text, 500)?;
        }
    }
    if payload.lines.len() > LINES {
        return Err(Refusal::invalid("lines", format!("一张订单不能超过 {LINES} 条明细")));
    }
    let rules = Rules::read(context.connection, context.now)?;
    let mut results: Vec<LineResult> = Vec::with_capacity(payload.lines.len());
    let mut taken: Vec<Taken<'_>> = Vec::new();
    let (mut keys, mut filings) = (HashSet::new(), HashSet::new());
    for (index, line) in payload.lines.iter().enumerate() {
        let repeated = line.order_custom_info.as_ref().is_some_and(|key| !keys.insert(key))
            || line.filing_id.as_ref().is_some_and(|id| !filings.insert(id));
        if repeated {
            results.push(line_refused(index, codes::DUPLICATE, "订单内明细重复"));
            continue;
        }
        results.push(match judge(context, &rules, kind, line)? {
            Ok(line) => {
                taken.push(line);
                line_ok(index)
            }
            Err((code, msg)) => line_refused(index, code, msg),
        });
    }
    check_lines(&results)?;
    let mut done = write(context, payload, kind, taken)?;
    done.lines = results;
    Ok(done)
}

/// One line by every rule, the plainest first.
fn judge<'a>(
    context: &Context<'_, '_>,
    rules: &Rules,
    kind: &'static str,
    line: &'a OrderSubmitLine,
) -> Result<Result<Taken<'a>, Refused>, Refusal> {
    let refuse = |code, msg: &str| Ok(Err((code, msg.to_owned())));
    if line.purchase_count <= Quantity::ZERO {
        return refuse(codes::INVALID, "数量须大于零");
    }
    if line.purchase_price.is_negative() {
        return refuse(codes::INVALID, "单价不能为负");
    }
    let Some(amount) = Amount::of(line.purchase_price, line.purchase_count) else {
        return refuse(codes::INVALID, "金额超出范围");
    };
    let Some(product) = find::<Product>(context.connection, Resource::Product, &line.procurecatalog_id)?
    else {
        return refuse(codes::NOT_LISTED, "没有这个挂网产品");
    };
    let product = product.data;
    if product.state != "1" {
        return refuse(codes::NOT_LISTED, "产品已暂停挂网");
    }
    if product.mcs_code.as_ref().is_some_and(|code| !rules.code_is_live(code)) {
        return refuse(codes::CODE_NOT_LIVE, "国家医保耗材编码已停用或变更");
    }
    let listed = rules.price(&product);
    if line.purchase_price > listed {
        return Ok(Err((codes::PRICE_ABOVE, format!("采购价高于现行挂网价 {listed}"))));
    }
    if !rules.may_deliver(&product.company_id_tb, &line.company_id_ps) {
        return refuse(codes::NOT_AUTHORISED, "配送企业与生产企业没有有效的配送关系");
    }
    if let Some(own_key) = &line.order_custom_info
        && let Some(earlier) = lines_by_own_key(context.connection, own_key)?
            .into_iter()
            .find(|earlier| earlier.institution == context.institution && !is_dead(&earlier.data))
    {
        return Ok(Err((codes::DUPLICATE, format!("该明细已在订单 {} 中提交", earlier.data.order_code))));
    }
    let kind = match agreement(context, rules, kind, line)? {
        Ok(kind) => kind,
        Err(refused) => return Ok(Err(refused)),
    };
    let filing = match filing(context, kind, line)? {
        Ok(filing) => filing,
        Err(refused) => return Ok(Err(refused)),
    };
    Ok(Ok(Taken { line, product, amount, kind, filing }))
}

/// Whether a line came to nothing, so that its key may be used again.
fn is_dead(line: &OrderLine) -> bool {
    use OrderLineState::{Cancelled, Refused, ShipRefused};
    OrderLineState::from_platform(&line.order_detail_state)
        .is_some_and(|(state, _)| matches!(state, Refused | ShipRefused | Cancelled))
}

/// The line's kind: an agreement makes a plain line one of type 带量.
fn agreement(
    context: &Context<'_, '_>,
    rules: &Rules,
    kind: &'static str,
    line: &OrderSubmitLine,
) -> Result<Result<&'static str, Refused>, Refusal> {
    let refuse = |msg: &str| Ok(Err((codes::AGREEMENT_NOT_OPEN, msg.to_owned())));
    let Some(id) = &line.agreement_id else {
        return if kind == "带量" { refuse("带量订单的明细须注明协议") } else { Ok(Ok(kind)) };
    };
    let found: Option<Stored<Agreement>> =
        find_own(context.connection, context.institution, Resource::Agreement, id)?;
    let Some(agreement) = found.map(|found| found.data) else { return refuse("没有这份协议") };
    let state: AgreementState = state_of(&agreement.state)?;
    if !matches!(state, AgreementState::Signed | AgreementState::Running) {
        return Ok(Err((codes::AGREEMENT_NOT_OPEN, format!("协议{}", state.text_zh()))));
    }
    if !(agreement.start_date..=agreement.end_date).contains(&rules.today) {
        return refuse("不在协议执行期内");
    }
    // A maker's specifications of one variety share an agreement, which names one of them.
    let product = find::<Product>(context.connection, Resource::Product, &line.procurecatalog_id)?;
    if product.is_none_or(|product| product.data.company_id_tb != agreement.company_id_tb) {
        return refuse("协议不是该生产企业的");
    }
    Ok(Ok(if kind == "普通" { "带量" } else { kind }))
}

/// The filing that a line of type 补录 or 备案 links.
fn filing(
    context: &Context<'_, '_>,
    kind: &str,
    line: &OrderSubmitLine,
) -> Result<Result<Option<Stored<Filing>>, Refused>, Refusal> {
    let refuse = |msg: &str| Ok(Err((codes::INVALID, msg.to_owned())));
    let links = matches!(kind, "补录" | "备案");
    let id = match &line.filing_id {
        Some(id) if links => id,
        None if !links => return Ok(Ok(None)),
        Some(_) => return refuse("只有补录和备案订单可关联备案"),
        None => return refuse("补录和备案订单的明细须注明备案"),
    };
    let found: Option<Stored<Filing>> =
        find_own(context.connection, context.institution, Resource::Filing, id)?;
    let Some(found) = found else { return refuse("没有这份备案") };
    let state: FilingState = state_of(&found.data.state)?;
    if !state.may_become(FilingState::Linked) {
        return Ok(Err((codes::WRONG_STATE, format!("备案{}，不能关联", state.text_zh()))));
    }
    let of_product = &found.data.procurecatalog_id;
    if of_product.as_ref().is_some_and(|product| *product != line.procurecatalog_id) {
        return refuse("备案的产品不是这个挂网产品");
    }
    if (found.data.count, found.data.price) != (line.purchase_count, line.purchase_price) {
        return refuse("数量或单价与备案不符");
    }
    Ok(Ok(Some(found)))
}

fn write(
    context: &mut Context<'_, '_>,
    payload: &OrderSubmitPayload,
    kind: &'static str,
    taken: Vec<Taken<'_>>,
) -> Result<Done, Refusal> {
    let order_id = context.publisher.new_id();
    let day = context.now.at().date_naive();
    let order_code = format!("CG{}{}", day.format("%Y%m%d"), &order_id[order_id.len() - 9..]);
    let total = taken.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.amount));
    let total = total.ok_or_else(|| Refusal::invalid("lines", "订单金额超出范围"))?;
    let header = Slot {
        institution: Some(context.institution),
        resource: Resource::Order,
        id: &order_id,
        day,
        doc: &order_id,
        place: 0,
        amount: total,
    };
    let order = Order {
        order_id: order_id.clone(),
        order_code: order_code.clone(),
        order_type: kind.to_owned(),
        hospital_dept: payload.hospital_dept.trim().to_owned(),
        operator: context.name.to_owned(),
        submit_time: context.now,
        line_count: taken.len() as u32,
        order_amount: total,
        remarks: payload.remarks.trim().to_owned(),
    };
    let ver = context.publisher.put(&header, &order)?;
    for (number, taken) in (1_u32..).zip(taken) {
        let Taken { line, product, amount, kind, filing } = taken;
        let id = format!("{order_id}{number:03}");
        let urgent = kind == "应急";
        let hours = TimeDelta::hours(if urgent { URGENT_HOURS } else { HOURS });
        let record = OrderLine {
            order_detail_id: id.clone(),
            order_id: order_id.clone(),
            order_code: order_code.clone(),
            line_no: number,
            procurecatalog_id: product.procurecatalog_id,
            company_id_tb: product.company_id_tb,
            company_id_ps: line.company_id_ps.clone(),
            unit: product.unit,
            purchase_count: line.purchase_count,
            purchase_price: line.purchase_price,
            purchase_amount: amount,
            order_type: kind.to_owned(),
            order_detail_state: OrderLineState::Submitted.raw().to_owned(),
            state_text: OrderLineState::Submitted.text_zh().to_owned(),
            submit_time: context.now,
            response_time: None,
            delivery_due_time: Some(Instant::new(context.now.at() + hours)),
            distribute_count: Quantity::ZERO,
            received_count: Quantity::ZERO,
            return_count: Quantity::ZERO,
            urgent,
            agreement_id: line.agreement_id.clone(),
            order_custom_info: line.order_custom_info.clone(),
        };
        let place = i64::from(number);
        let slot = Slot { resource: Resource::OrderLine, id: &id, place, amount, ..header };
        context.publisher.put(&slot, &record)?;
        if let Some(mut filing) = filing {
            step("备案", (&mut filing.data.state, &mut filing.data.state_text), FilingState::Linked)?;
            filing.data.order_detail_id = Some(id);
            let filing_id = filing.data.filing_id.clone();
            context.publisher.replace(Resource::Filing, &filing_id, &filing)?;
        }
    }
    Ok(Done::new(Resource::Order, order_id, ver))
}
