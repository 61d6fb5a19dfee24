//! 发票验证、结算: invoiced against received, settled against invoiced.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sunbench_contract::{
    Contract, Invoice, InvoiceVerifyPayload, OrderLine, Resource, Settlement, SettlementConfirmPayload,
    SettlementCreatePayload, codes,
};
use sunbench_domain::state::{InvoiceState, SettlementState, State};
use sunbench_domain::{Amount, Quantity};

use super::{Context, Done, check_text, check_version};
use crate::error::Refusal;
use crate::life::{state_of, step};
use crate::object::{Slot, Stored, day_of, find_own, invoices_of, of_resource, settlements_of};

const INVOICES: usize = 1_000;
/// Calendar days to payment where no contract states any.
const PAYMENT_DAYS: u32 = 30;

fn exceeds(field: &str, msg: impl Into<String>) -> Refusal {
    let mut refusal = Refusal::invalid(field, msg);
    refusal.code = codes::EXCEEDS;
    refusal
}

/// 发票验证: it is accepted only where it adds up and the goods have been received.
pub(super) fn verify(context: &mut Context<'_, '_>, payload: &InvoiceVerifyPayload) -> Result<Done, Refusal> {
    let id = &payload.invoice_id;
    let mut found: Stored<Invoice> =
        find_own(context.connection, context.institution, Resource::Invoice, id)?
            .ok_or_else(|| Refusal::invalid("invoiceId", "没有这张发票"))?;
    check_version(context, Resource::Invoice, id, &found)?;
    let to = if payload.accepted { InvoiceState::Verified } else { InvoiceState::Refused };
    step("发票", (&mut found.data.state, &mut found.data.state_text), to)?;
    if payload.accepted {
        agrees(context, &found.data)?;
    } else {
        check_text("reason", "退回原因", &payload.reason, 500)?;
        payload.reason.trim().clone_into(&mut found.data.refuse_reason);
    }
    let ver = context.publisher.replace(Resource::Invoice, id, &found)?;
    Ok(Done::new(Resource::Invoice, id.clone(), ver))
}

fn agrees(context: &Context<'_, '_>, invoice: &Invoice) -> Result<(), Refusal> {
    let sum = invoice.lines.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.invoice_amount));
    if sum != Some(invoice.amount) {
        return Err(Refusal::invalid("invoiceId", "发票金额与明细合计不符"));
    }
    // Of each line: what this invoice and the verified and paid ones bill, red letters taken off.
    let mut billed: HashMap<&str, Quantity> = HashMap::new();
    let others = invoices_of(context.connection, context.institution, &invoice.company_id_ps)?;
    let counted = others.iter().map(|other| &other.data).filter(|other| {
        other.invoice_id != invoice.invoice_id
            && matches!(
                InvoiceState::from_raw(&other.state),
                Some(InvoiceState::Verified | InvoiceState::Paid)
            )
    });
    for line in counted.chain([invoice]).flat_map(|invoice| &invoice.lines) {
        let sum = billed.entry(&line.order_detail_id).or_default();
        *sum = sum
            .checked_add(line.invoice_count)
            .ok_or_else(|| Refusal::invalid("invoiceId", "数量超出范围"))?;
    }
    for line in &invoice.lines {
        let id = &line.order_detail_id;
        let found: Option<Stored<OrderLine>> =
            find_own(context.connection, context.institution, Resource::OrderLine, id)?;
        let Some(of) = found.map(|found| found.data) else {
            return Err(Refusal::invalid("invoiceId", "发票明细没有对应的订单明细"));
        };
        if billed.get(id.as_str()).is_some_and(|billed| *billed > of.received_count) {
            let msg = format!(
                "订单 {} 第 {} 项的开票数量超过收货数量 {}",
                of.order_code, of.line_no, of.received_count
            );
            return Err(exceeds("invoiceId", msg));
        }
    }
    Ok(())
}

/// 创建结算单: verified invoices of one distributor, each in one settlement only.
pub(super) fn settle(
    context: &mut Context<'_, '_>,
    payload: &SettlementCreatePayload,
) -> Result<Done, Refusal> {
    if !["hospital", "fund"].contains(&payload.kind.as_str()) {
        return Err(Refusal::invalid("kind", "没有这种结算方式"));
    }
    if format!("{}-01", payload.period).parse::<NaiveDate>().is_err() {
        return Err(Refusal::invalid("period", "结算月份应为 yyyy-MM"));
    }
    if payload.invoice_ids.is_empty() || payload.invoice_ids.len() > INVOICES {
        return Err(Refusal::invalid("invoiceIds", format!("发票须为 1 至 {INVOICES} 张")));
    }
    let draft = match &payload.settlement_id {
        Some(id) => {
            let found: Stored<Settlement> =
                find_own(context.connection, context.institution, Resource::Settlement, id)?
                    .ok_or_else(|| Refusal::invalid("settlementId", "没有这张结算单"))?;
            check_version(context, Resource::Settlement, id, &found)?;
            if found.data.company_id_ps != payload.company_id_ps {
                return Err(Refusal::invalid("companyIdPs", "结算单不是该配送企业的"));
            }
            Some(found)
        }
        None => None,
    };
    let amount = sum_of(context, payload)?;
    let day = context.now.at().date_naive();
    let due = day.checked_add_days(Days::new(u64::from(payment_days(context, payload, day)?)));
    let id = match &draft {
        Some(draft) => draft.data.settlement_id.clone(),
        None => context.publisher.new_id(),
    };
    let mut record = Settlement {
        settlement_id: id.clone(),
        settlement_code: format!("JS{}{}", day.format("%Y%m%d"), &id[id.len().saturating_sub(9)..]),
        kind: payload.kind.clone(),
        company_id_ps: payload.company_id_ps.clone(),
        period: payload.period.clone(),
        state: SettlementState::Draft.raw().to_owned(),
        state_text: SettlementState::Draft.text_zh().to_owned(),
        amount,
        due_date: due.unwrap_or(day),
        paid_time: None,
        invoice_ids: payload.invoice_ids.clone(),
        create_time: context.now,
        dispute_reason: String::new(),
    };
    if let Some(draft) = &draft {
        record.state.clone_from(&draft.data.state);
        record.settlement_code.clone_from(&draft.data.settlement_code);
        record.create_time = draft.data.create_time;
    }
    step("结算单", (&mut record.state, &mut record.state_text), SettlementState::Submitted)?;
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::Settlement,
        id: &id,
        day: draft.as_ref().map_or(day, |draft| day_of(draft.age)),
        doc: draft.as_ref().map_or(&id, |draft| &draft.doc),
        place: 0,
        amount,
    };
    let ver = context.publisher.put(&place, &record)?;
    Ok(Done::new(Resource::Settlement, id, ver))
}

fn sum_of(context: &Context<'_, '_>, payload: &SettlementCreatePayload) -> Result<Amount, Refusal> {
    let mut settled: HashMap<String, String> = HashMap::new();
    for other in settlements_of(context.connection, context.institution, &payload.company_id_ps)? {
        if payload.settlement_id.as_ref() != Some(&other.data.settlement_id) {
            let code = other.data.settlement_code;
            settled.extend(other.data.invoice_ids.into_iter().map(|id| (id, code.clone())));
        }
    }
    let mut sum = Amount::ZERO;
    for (index, id) in payload.invoice_ids.iter().enumerate() {
        let field = format!("invoiceIds[{index}]");
        let found: Option<Stored<Invoice>> =
            find_own(context.connection, context.institution, Resource::Invoice, id)?;
        let Some(invoice) = found.map(|found| found.data) else {
            return Err(Refusal::invalid(field, "没有这张发票"));
        };
        if invoice.company_id_ps != payload.company_id_ps {
            return Err(Refusal::invalid(field, "发票不是该配送企业的"));
        }
        if let Some(code) = settled.insert(id.clone(), String::new()) {
            let msg = if code.is_empty() {
                "发票重复".to_owned()
            } else {
                format!("发票已列入结算单 {code}")
            };
            let mut refusal = Refusal::invalid(field, msg);
            refusal.code = codes::DUPLICATE;
            return Err(refusal);
        }
        let state: InvoiceState = state_of(&invoice.state)?;
        if state != InvoiceState::Verified {
            return Err(Refusal::wrong_state(format!("发票{}，不能结算", state.text_zh())).field(field));
        }
        sum =
            sum.checked_add(invoice.amount).ok_or_else(|| Refusal::invalid("invoiceIds", "金额超出范围"))?;
    }
    if sum <= Amount::ZERO {
        return Err(Refusal::invalid("invoiceIds", "结算金额须大于零"));
    }
    Ok(sum)
}

/// What the purchase contract with the distributor states.
fn payment_days(
    context: &Context<'_, '_>,
    payload: &SettlementCreatePayload,
    day: NaiveDate,
) -> Result<u32, Refusal> {
    let contracts: Vec<Stored<Contract>> = of_resource(context.connection, Resource::Contract)?;
    let stated = contracts.into_iter().find(|contract| {
        contract.institution == context.institution
            && contract.data.company_id_ps == payload.company_id_ps
            && contract.data.payment_days.is_some()
            && (contract.data.start_date..=contract.data.end_date).contains(&day)
    });
    Ok(stated.and_then(|contract| contract.data.payment_days).unwrap_or(PAYMENT_DAYS))
}

/// 确认结算单, or a dispute.
pub(super) fn confirm(
    context: &mut Context<'_, '_>,
    payload: &SettlementConfirmPayload,
) -> Result<Done, Refusal> {
    let id = &payload.settlement_id;
    let mut found: Stored<Settlement> =
        find_own(context.connection, context.institution, Resource::Settlement, id)?
            .ok_or_else(|| Refusal::invalid("settlementId", "没有这张结算单"))?;
    check_version(context, Resource::Settlement, id, &found)?;
    let settlement = &mut found.data;
    let to = if payload.accepted { SettlementState::Approved } else { SettlementState::Disputed };
    step("结算单", (&mut settlement.state, &mut settlement.state_text), to)?;
    if !payload.accepted {
        check_text("reason", "异议原因", &payload.reason, 1_000)?;
        payload.reason.trim().clone_into(&mut settlement.dispute_reason);
    }
    let ver = context.publisher.replace(Resource::Settlement, id, &found)?;
    Ok(Done::new(Resource::Settlement, id.clone(), ver))
}
