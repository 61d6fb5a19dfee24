//! 报量、签订带量协议与合同.

use sunbench_contract::{
    Agreement, AgreementSignPayload, Contract, DemandReport, DemandReportSubmitPayload, Resource,
};
use sunbench_domain::Quantity;
use sunbench_domain::state::{AgreementState, ContractState, DemandReportState};

use super::{Context, Done, check_text, check_version};
use crate::error::Refusal;
use crate::life::step;
use crate::object::{Stored, find_own};

const DEPARTMENTS: usize = 200;

/// 报量 of one row. A cut of more than a fifth, and a nought where there is history, are explained (泉州 2024 一;
/// 豫医保办〔2025〕42号 二(一)).
pub(super) fn report(
    context: &mut Context<'_, '_>,
    payload: DemandReportSubmitPayload,
) -> Result<Done, Refusal> {
    let id = payload.demand_report_id;
    let mut found: Stored<DemandReport> =
        find_own(context.connection, context.institution, Resource::DemandReport, &id)?
            .ok_or_else(|| Refusal::invalid("demandReportId", "没有这项报量"))?;
    check_version(context, Resource::DemandReport, &id, &found)?;
    let report = &mut found.data;
    step("报量", (&mut report.state, &mut report.state_text), DemandReportState::Submitted)?;
    // A returned report is corrected after the deadline too.
    if report.submit_time.is_none() && context.now.at().date_naive() > report.report_deadline {
        return Err(Refusal::wrong_state(format!("报量已于 {} 截止", report.report_deadline)));
    }
    if payload.demand_count.is_negative() {
        return Err(Refusal::invalid("demandCount", "需求量不能为负"));
    }
    if payload.departments.len() > DEPARTMENTS {
        return Err(Refusal::invalid("departments", format!("科室不能超过 {DEPARTMENTS} 个")));
    }
    let mut sum = Quantity::ZERO;
    for (index, share) in payload.departments.iter().enumerate() {
        check_text(&format!("departments[{index}].dept"), "科室名称", &share.dept, 100)?;
        let field = format!("departments[{index}].count");
        if share.count.is_negative() {
            return Err(Refusal::invalid(field, "科室需求量不能为负"));
        }
        sum = sum.checked_add(share.count).ok_or_else(|| Refusal::invalid(field, "数量超出范围"))?;
    }
    if !payload.departments.is_empty() && sum != payload.demand_count {
        let msg = format!("各科室合计 {sum}，与需求量不符");
        return Err(Refusal::invalid("departments", msg));
    }
    let (demand, before) = (payload.demand_count.units(), report.last_year_count.units());
    let cut = i128::from(demand) * 5 < i128::from(before) * 4;
    if cut && payload.explanation.trim().is_empty() {
        let msg = "需求量比上年度实际采购量低 20% 以上，须说明原因";
        return Err(Refusal::invalid("explanation", msg));
    }
    if !payload.explanation.is_empty() {
        check_text("explanation", "偏差说明", &payload.explanation, 2_000)?;
    }
    report.demand_count = payload.demand_count;
    payload.explanation.trim().clone_into(&mut report.explanation);
    report.departments = payload.departments;
    report.submit_time = Some(context.now);
    report.return_reason.clear();
    let ver = context.publisher.replace(Resource::DemandReport, &id, &found)?;
    Ok(Done::new(Resource::DemandReport, id, ver))
}

pub(super) fn sign(context: &mut Context<'_, '_>, payload: &AgreementSignPayload) -> Result<Done, Refusal> {
    if !payload.accepted {
        check_text("reason", "异议原因", &payload.reason, 1_000)?;
    }
    match (&payload.agreement_id, &payload.contract_id) {
        (Some(id), None) => agreement(context, id, payload),
        (None, Some(id)) => contract(context, id, payload),
        _ => Err(Refusal::invalid("agreementId", "须且只须指明一份协议或合同")),
    }
}

fn agreement(
    context: &mut Context<'_, '_>,
    id: &str,
    payload: &AgreementSignPayload,
) -> Result<Done, Refusal> {
    let mut found: Stored<Agreement> =
        find_own(context.connection, context.institution, Resource::Agreement, id)?
            .ok_or_else(|| Refusal::invalid("agreementId", "没有这份协议"))?;
    check_version(context, Resource::Agreement, id, &found)?;
    let agreement = &mut found.data;
    let to = if payload.accepted { AgreementState::Signed } else { AgreementState::Disputed };
    step("协议", (&mut agreement.state, &mut agreement.state_text), to)?;
    if payload.accepted {
        agreement.sign_time = Some(context.now);
        agreement.dispute_reason.clear();
    } else {
        payload.reason.trim().clone_into(&mut agreement.dispute_reason);
    }
    let ver = context.publisher.replace(Resource::Agreement, id, &found)?;
    Ok(Done::new(Resource::Agreement, id, ver))
}

fn contract(
    context: &mut Context<'_, '_>,
    id: &str,
    payload: &AgreementSignPayload,
) -> Result<Done, Refusal> {
    let mut found: Stored<Contract> =
        find_own(context.connection, context.institution, Resource::Contract, id)?
            .ok_or_else(|| Refusal::invalid("contractId", "没有这份合同"))?;
    check_version(context, Resource::Contract, id, &found)?;
    if !payload.accepted {
        return Err(Refusal::invalid("accepted", "合同没有异议流程"));
    }
    let contract = &mut found.data;
    step("合同", (&mut contract.state, &mut contract.state_text), ContractState::Signed)?;
    contract.sign_date = Some(context.now.at().date_naive());
    let ver = context.publisher.replace(Resource::Contract, id, &found)?;
    Ok(Done::new(Resource::Contract, id, ver))
}
