//! 供应问题: reported with its evidence, and closed when the goods have come.

use sunbench_contract::{
    OrderLine, Org, Product, Resource, SupplyIssue, SupplyIssueClosePayload, SupplyIssueCreatePayload,
};
use sunbench_domain::Amount;
use sunbench_domain::state::{State, SupplyIssueState};
use sunbench_workdays::Calendar;

use super::{Context, Done, check_attachments, check_text, check_version};
use crate::error::{Error, Refusal};
use crate::life::step;
use crate::object::{Slot, Stored, find, find_own};

const KINDS: [&str; 4] = ["short", "refusal", "late", "price"];
const LINES: usize = 100;
/// Working days for the company's answer (豫医保办〔2025〕42号 二(八)).
const REPLY_WORKING_DAYS: u32 = 2;

pub(super) fn create(
    context: &mut Context<'_, '_>,
    payload: SupplyIssueCreatePayload,
) -> Result<Done, Refusal> {
    if !KINDS.contains(&payload.kind.as_str()) {
        return Err(Refusal::invalid("kind", "没有这种供应问题"));
    }
    check_text("description", "情况说明", &payload.description, 2_000)?;
    let product: Stored<Product> = find(context.connection, Resource::Product, &payload.procurecatalog_id)?
        .ok_or_else(|| Refusal::invalid("procurecatalogId", "没有这个挂网产品"))?;
    check_org(context, "companyIdPs", &payload.company_id_ps, "distributor")?;
    if let Some(office) = &payload.office_id {
        check_org(context, "officeId", office, "office")?;
    }
    if payload.order_detail_ids.len() > LINES {
        return Err(Refusal::invalid("orderDetailIds", format!("佐证明细不能超过 {LINES} 条")));
    }
    for (index, id) in payload.order_detail_ids.iter().enumerate() {
        let field = format!("orderDetailIds[{index}]");
        let found: Option<Stored<OrderLine>> =
            find_own(context.connection, context.institution, Resource::OrderLine, id)?;
        let Some(line) = found else { return Err(Refusal::invalid(field, "没有这条订单明细")) };
        if (&line.data.procurecatalog_id, &line.data.company_id_ps)
            != (&payload.procurecatalog_id, &payload.company_id_ps)
        {
            return Err(Refusal::invalid(field, "明细不是该产品、该配送企业的"));
        }
    }
    check_attachments(context, &payload.attachments)?;
    let due = Calendar::built_in()
        .working_days(&context.now.at(), REPLY_WORKING_DAYS)
        .map_err(|error| Error::OtherData(format!("a deadline that cannot be counted: {error}")))?;
    let id = context.publisher.new_id();
    let day = context.now.at().date_naive();
    let record = SupplyIssue {
        issue_id: id.clone(),
        issue_code: format!("GY{}{}", day.format("%Y%m%d"), &id[id.len() - 9..]),
        kind: payload.kind,
        procurecatalog_id: payload.procurecatalog_id,
        company_id_tb: product.data.company_id_tb,
        company_id_ps: payload.company_id_ps,
        description: payload.description.trim().to_owned(),
        report_time: context.now,
        reply_due_date: due.due_date,
        reply_time: None,
        reply: String::new(),
        promised_date: None,
        verify_time: None,
        order_detail_ids: payload.order_detail_ids,
        office_id: payload.office_id,
        attachments: payload.attachments,
        operator: context.name.to_owned(),
        state: SupplyIssueState::Reported.raw().to_owned(),
        state_text: SupplyIssueState::Reported.text_zh().to_owned(),
    };
    let place = Slot {
        institution: Some(context.institution),
        resource: Resource::SupplyIssue,
        id: &id,
        day,
        doc: &id,
        place: 0,
        amount: Amount::ZERO,
    };
    let ver = context.publisher.put(&place, &record)?;
    Ok(Done::new(Resource::SupplyIssue, id, ver))
}

fn check_org(context: &Context<'_, '_>, field: &str, id: &str, kind: &str) -> Result<(), Refusal> {
    let found: Option<Stored<Org>> = find(context.connection, Resource::Org, id)?;
    if found.is_some_and(|org| org.data.org_type == kind) {
        return Ok(());
    }
    let name = if kind == "office" { "医保部门" } else { "配送企业" };
    Err(Refusal::invalid(field, format!("没有这个{name}")))
}

pub(super) fn close(
    context: &mut Context<'_, '_>,
    payload: &SupplyIssueClosePayload,
) -> Result<Done, Refusal> {
    let mut found: Stored<SupplyIssue> =
        find_own(context.connection, context.institution, Resource::SupplyIssue, &payload.issue_id)?
            .ok_or_else(|| Refusal::invalid("issueId", "没有这条供应问题"))?;
    if found.data.state == SupplyIssueState::Resolved.raw() {
        let mut done = Done::new(Resource::SupplyIssue, payload.issue_id.clone(), found.ver);
        done.already = Some("该供应问题此前已解决");
        return Ok(done);
    }
    check_version(context, Resource::SupplyIssue, &payload.issue_id, &found)?;
    let issue = &mut found.data;
    step("供应问题", (&mut issue.state, &mut issue.state_text), SupplyIssueState::Resolved)?;
    let ver = context.publisher.replace(Resource::SupplyIssue, &payload.issue_id, &found)?;
    Ok(Done::new(Resource::SupplyIssue, payload.issue_id.clone(), ver))
}
