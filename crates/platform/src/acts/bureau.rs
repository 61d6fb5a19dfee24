//! 医保部门的动作: what the bureau decides on documents that hospitals submitted, and pays.

use sunbench_contract::{
    Agreement, Contract, DemandReport, Filing, Invoice, Resource, Settlement, SupplyIssue,
};
use sunbench_domain::state::{
    AgreementState, ContractState, DemandReportState, FilingState, InvoiceState, SettlementState, State,
    SupplyIssueState,
};

use super::{Act, lot};
use crate::error::Error;
use crate::life::{state_of, step};
use crate::object::{Stored, find, of_resource};
use crate::shared::Shared;

/// 审核备案: approves a filing, or returns it for the reason given.
pub(crate) fn decide_filing(shared: &Shared, id: &str, returned: Option<&str>) -> Result<(), Error> {
    let reason = returned.map(str::trim);
    if reason.is_some_and(|reason| reason.is_empty() || reason.chars().count() > 1_000) {
        return Err(Error::NotAllowed("退回原因须为 1 至 1000 字".to_owned()));
    }
    shared.publish(|connection, publisher| {
        let found: Stored<Filing> = find(connection, Resource::Filing, id)?
            .ok_or_else(|| Error::NotAllowed("没有这份备案".to_owned()))?;
        judge_filing(&mut Act { connection, publisher, now: shared.now() }, found, reason)
    })
}

fn judge_filing(act: &mut Act<'_, '_>, mut found: Stored<Filing>, reason: Option<&str>) -> Result<(), Error> {
    let filing = &mut found.data;
    let to = if reason.is_some() { FilingState::Returned } else { FilingState::Approved };
    step("备案", (&mut filing.state, &mut filing.state_text), to)?;
    reason.unwrap_or_default().clone_into(&mut filing.return_reason);
    let id = filing.filing_id.clone();
    act.publisher.replace(Resource::Filing, &id, &found)?;
    Ok(())
}

pub(super) fn filing(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(found) = act.find::<Filing>(Resource::Filing, id)? else { return Ok(false) };
    if state_of::<FilingState>(&found.data.state)? != FilingState::Submitted {
        return Ok(false);
    }
    // Another lot after each submission, so that a corrected one passes.
    let submitted = found.data.submit_time.map(|at| at.to_string()).unwrap_or_default();
    let returned = lot(id, &submitted) < 15;
    judge_filing(act, found, returned.then_some("请补充临床紧急使用说明及随货同行单。"))?;
    Ok(true)
}

pub(super) fn issue(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<SupplyIssue>(Resource::SupplyIssue, id)? else { return Ok(false) };
    let issue = &mut found.data;
    if state_of::<SupplyIssueState>(&issue.state)? != SupplyIssueState::Answered {
        return Ok(false);
    }
    let to = if lot(id, "verify") < 10 { SupplyIssueState::Unfounded } else { SupplyIssueState::Verified };
    step("供应问题", (&mut issue.state, &mut issue.state_text), to)?;
    issue.verify_time = Some(act.now);
    act.publisher.replace(Resource::SupplyIssue, id, &found)?;
    Ok(true)
}

/// Approves or returns a report; an approved one is signed once its agreement is.
pub(super) fn demand_report(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<DemandReport>(Resource::DemandReport, id)? else { return Ok(false) };
    let report = &mut found.data;
    let to = match state_of::<DemandReportState>(&report.state)? {
        DemandReportState::Submitted => {
            let submitted = report.submit_time.map(|at| at.to_string()).unwrap_or_default();
            let returned = lot(id, &submitted) < 15;
            if returned {
                "说明不充分，请补充临床依据。".clone_into(&mut report.return_reason);
            }
            if returned { DemandReportState::Returned } else { DemandReportState::Approved }
        }
        DemandReportState::Approved => {
            let signed = of_resource::<Agreement>(act.connection, Resource::Agreement)?.iter().any(|other| {
                let agreement = &other.data;
                other.institution == found.institution
                    && agreement.batch_name == report.batch_name
                    && agreement.procurecatalog_id == report.procurecatalog_id
                    && matches!(
                        AgreementState::from_raw(&agreement.state),
                        Some(AgreementState::Signed | AgreementState::Running)
                    )
            });
            if !signed {
                return Ok(false);
            }
            DemandReportState::Signed
        }
        _ => return Ok(false),
    };
    step("报量", (&mut report.state, &mut report.state_text), to)?;
    act.publisher.replace(Resource::DemandReport, id, &found)?;
    Ok(true)
}

/// An agreement begins and ends by its dates; a disputed one is offered again.
pub(super) fn agreement(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Agreement>(Resource::Agreement, id)? else { return Ok(false) };
    let today = act.now.at().date_naive();
    let it = &mut found.data;
    let to = match state_of::<AgreementState>(&it.state)? {
        AgreementState::Disputed => AgreementState::Pending,
        AgreementState::Signed if it.start_date <= today => AgreementState::Running,
        AgreementState::Running if it.end_date < today => AgreementState::Expired,
        _ => return Ok(false),
    };
    step("协议", (&mut it.state, &mut it.state_text), to)?;
    act.publisher.replace(Resource::Agreement, id, &found)?;
    Ok(true)
}

pub(super) fn contract(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Contract>(Resource::Contract, id)? else { return Ok(false) };
    let it = &mut found.data;
    let over = it.end_date < act.now.at().date_naive();
    if !over || state_of::<ContractState>(&it.state)? != ContractState::Signed {
        return Ok(false);
    }
    step("合同", (&mut it.state, &mut it.state_text), ContractState::Expired)?;
    act.publisher.replace(Resource::Contract, id, &found)?;
    Ok(true)
}

/// 支付: an approved settlement with its invoices.
pub(super) fn payment(act: &mut Act<'_, '_>, id: &str) -> Result<bool, Error> {
    let Some(mut found) = act.find::<Settlement>(Resource::Settlement, id)? else { return Ok(false) };
    let it = &mut found.data;
    if state_of::<SettlementState>(&it.state)? != SettlementState::Approved {
        return Ok(false);
    }
    step("结算单", (&mut it.state, &mut it.state_text), SettlementState::Paid)?;
    it.paid_time = Some(act.now);
    act.publisher.replace(Resource::Settlement, id, &found)?;
    for invoice_id in &found.data.invoice_ids {
        let Some(mut invoice) = act.find::<Invoice>(Resource::Invoice, invoice_id)? else { continue };
        let it = &mut invoice.data;
        if state_of::<InvoiceState>(&it.state)? == InvoiceState::Verified {
            step("发票", (&mut it.state, &mut it.state_text), InvoiceState::Paid)?;
            act.publisher.replace(Resource::Invoice, invoice_id, &invoice)?;
        }
    }
    Ok(true)
}
