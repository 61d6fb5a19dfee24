//! What of the purchase cycle is due, for Today: the nearest first.

use chrono::NaiveDate;
use sunbench_domain::state::{InvoiceState, SettlementState, State as _};
use sunbench_store::mirror::billing::{self, Page};

use crate::clocked::day_clock;
use crate::context::Context;
use crate::duty::area_of_task;
use crate::error::ApiResult;
use crate::outbox::small;
use crate::wire::{
    DayClock, Escalation, FilingsReq, NegotiationsReq, SupplyIssuesReq, Task, TaskGroup, TaskKind, Urgency,
};

/// Tasks of a group that Today shows.
const SHOWN: usize = 20;
/// Days before an evaluation's or a report's end from which it is due.
const AHEAD_DAYS: i64 = 14;

fn task(id: &str, title: &str, detail: &[&str], due: Option<&DayClock>, urgency: Urgency) -> Task {
    let said: Vec<&str> = detail.iter().copied().filter(|text| !text.is_empty()).collect();
    Task {
        id: id.to_owned(),
        title: title.trim().to_owned(),
        detail: said.join(" · "),
        due_at: due.map(|clock| clock.due_date.clone()),
        urgency,
        order_line: None,
        delivery: None,
    }
}

fn group(kind: TaskKind, mut tasks: Vec<Task>) -> TaskGroup {
    let total = small(tasks.len() as u64);
    tasks.sort_by_key(|task| (task.due_at.is_none(), task.due_at.clone(), task.id.clone()));
    tasks.truncate(SHOWN);
    TaskGroup { kind, area: area_of_task(kind), total, tasks }
}

/// Why a supply problem is to be taken further, in a few words.
fn escalated(why: Escalation) -> &'static str {
    match why {
        Escalation::NoReply => "逾期未回复，可书面反馈医保部门",
        Escalation::PromiseTooLate => "承诺到货超过 5 个工作日",
        Escalation::PromiseBroken => "承诺到货日已过",
    }
}

impl Context<'_> {
    /// The groups of Today that the purchase cycle fills; empty ones are left out.
    pub(crate) fn purchase_tasks(&self, today: NaiveDate) -> ApiResult<Vec<TaskGroup>> {
        let mut groups = vec![
            self.supply_tasks()?,
            self.negotiation_tasks()?,
            self.filing_tasks()?,
            self.agreement_tasks()?,
            self.contract_tasks()?,
            self.demand_tasks(today)?,
            self.evaluation_tasks(today)?,
            self.invoice_tasks()?,
            self.settlement_tasks()?,
            self.paper_tasks()?,
        ];
        groups.retain(|group| group.total > 0);
        Ok(groups)
    }

    fn clock(&self, day: &str) -> Option<DayClock> {
        day.parse().ok().map(|day| day_clock(self.calendar, day, self.now))
    }

    fn supply_tasks(&self) -> ApiResult<TaskGroup> {
        let rows = self.supply_issues(&SupplyIssuesReq { text: String::new(), open: true })?.rows;
        let tasks = rows.into_iter().filter(|row| !row.waiting).filter_map(|row| {
            let clock = row.reply_clock.as_ref().or(row.promise_clock.as_ref())?;
            let near = clock.urgency != Urgency::Later || row.escalation.is_some();
            let why = row.escalation.map_or("", escalated);
            let title = format!("{} {}", row.product, row.spec);
            near.then(|| {
                task(&row.id, &title, &[&row.supplier, &row.state_text, why], Some(clock), clock.urgency)
            })
        });
        Ok(group(TaskKind::SupplyIssue, tasks.collect()))
    }

    fn negotiation_tasks(&self) -> ApiResult<TaskGroup> {
        let rows = self.negotiations(&NegotiationsReq { text: String::new(), open: true })?.rows;
        let tasks = rows.into_iter().filter(|row| !row.waiting).filter_map(|row| {
            let overdue = row.clock.as_ref().filter(|clock| clock.urgency == Urgency::Overdue);
            let urgency = if row.ours { Urgency::Today } else { overdue?.urgency };
            let title = format!("{} {}", row.product, row.spec);
            Some(task(&row.id, &title, &[&row.maker, &row.state_text], overdue, urgency))
        });
        Ok(group(TaskKind::Negotiation, tasks.collect()))
    }

    fn filing_tasks(&self) -> ApiResult<TaskGroup> {
        let list = self.filings(&FilingsReq { text: String::new(), states: Vec::new() })?;
        let tasks = list.rows.into_iter().filter(|row| row.ours && !row.waiting).map(|row| {
            let urgency = if row.return_reason.is_empty() { Urgency::Later } else { Urgency::Today };
            let detail = [row.company.as_str(), &row.state_text, &row.return_reason];
            task(&row.id, &row.goods_name, &detail, None, urgency)
        });
        Ok(group(TaskKind::Filing, tasks.collect()))
    }

    fn agreement_tasks(&self) -> ApiResult<TaskGroup> {
        let rows = self.agreements()?.batches.into_iter().flat_map(|batch| {
            let name = batch.batch;
            batch.rows.into_iter().map(move |row| (name.clone(), row))
        });
        let tasks = rows.filter(|(_, row)| !row.waiting).filter_map(|(batch, row)| {
            let clock = row.sign_clock.as_ref()?;
            let title = format!("{} {}", row.variety, row.maker);
            Some(task(&row.id, &title, &[&batch, &row.state_text], Some(clock), clock.urgency))
        });
        Ok(group(TaskKind::Agreement, tasks.collect()))
    }

    fn contract_tasks(&self) -> ApiResult<TaskGroup> {
        let rows = self.contracts()?.rows.into_iter().filter(|row| row.signable && !row.waiting);
        let tasks = rows.map(|row| {
            let clock = self.clock(&row.starts_on);
            let urgency = clock.as_ref().map_or(Urgency::Later, |clock| clock.urgency);
            task(&row.id, &row.supplier, &[&row.code, &row.state_text], clock.as_ref(), urgency)
        });
        Ok(group(TaskKind::Contract, tasks.collect()))
    }

    /// Whether a day has come so near that something is due by it.
    fn is_near(day: &str, today: NaiveDate) -> bool {
        day.parse::<NaiveDate>().is_ok_and(|day| (day - today).num_days() <= AHEAD_DAYS)
    }

    fn demand_tasks(&self, today: NaiveDate) -> ApiResult<TaskGroup> {
        let rows = self.demand_reports()?.rows.into_iter().filter(|row| {
            let ours = matches!(row.state.as_str(), "DRAFT" | "RETURNED");
            ours && !row.waiting && (row.state == "RETURNED" || Self::is_near(&row.deadline, today))
        });
        let tasks = rows.map(|row| {
            let clock = self.clock(&row.deadline);
            let urgency = clock.as_ref().map_or(Urgency::Later, |clock| clock.urgency);
            let detail = [row.batch.as_str(), &row.state_text, &row.return_reason];
            task(&row.id, &row.variety, &detail, clock.as_ref(), urgency)
        });
        Ok(group(TaskKind::Demand, tasks.collect()))
    }

    fn evaluation_tasks(&self, today: NaiveDate) -> ApiResult<TaskGroup> {
        let rows = self
            .evaluations()?
            .rows
            .into_iter()
            .filter(|row| !row.made && !row.waiting && Self::is_near(&row.due_date, today));
        let tasks = rows.map(|row| {
            let clock = self.clock(&row.due_date);
            let urgency = clock.as_ref().map_or(Urgency::Later, |clock| clock.urgency);
            let of = if row.target == "distributor" { "配送企业" } else { "生产企业" };
            task(&row.id, &row.company, &[&row.period, of], clock.as_ref(), urgency)
        });
        Ok(group(TaskKind::Evaluation, tasks.collect()))
    }

    fn invoice_tasks(&self) -> ApiResult<TaskGroup> {
        let state = InvoiceState::Waiting.code().to_owned();
        let page = Page { state: Some(state.clone()), limit: small(SHOWN as u64), ..Page::default() };
        let (rows, states) =
            self.store.read(|conn| Ok((billing::invoices(conn, &page)?, billing::invoice_states(conn)?)))?;
        let tasks = rows.iter().map(|row| {
            let amount = format!("¥{}", row.amount);
            task(&row.id, &row.supplier, &[&row.number, &amount, &row.invoiced_on], None, Urgency::Later)
        });
        let group = group(TaskKind::Invoice, tasks.collect());
        Ok(TaskGroup { total: of_state(&states, &state), ..group })
    }

    fn settlement_tasks(&self) -> ApiResult<TaskGroup> {
        let state = SettlementState::Reconciling.code().to_owned();
        let page = Page { state: Some(state.clone()), limit: small(SHOWN as u64), ..Page::default() };
        let (rows, states) = self
            .store
            .read(|conn| Ok((billing::settlements(conn, &page)?, billing::settlement_states(conn)?)))?;
        let tasks = rows.iter().map(|row| {
            let clock = self.clock(&row.due_on);
            let urgency = clock.as_ref().map_or(Urgency::Later, |clock| clock.urgency);
            let amount = format!("¥{}", row.amount);
            task(&row.id, &row.supplier, &[&row.code, &amount, &row.state_text], clock.as_ref(), urgency)
        });
        let group = group(TaskKind::Settlement, tasks.collect());
        Ok(TaskGroup { total: of_state(&states, &state), ..group })
    }

    fn paper_tasks(&self) -> ApiResult<TaskGroup> {
        let tasks = self.papers()?.rows.into_iter().map(|row| {
            let clock = self.clock(&row.ends_on);
            let urgency = match row.stage {
                0 => Urgency::Overdue,
                7 => Urgency::Today,
                15 => Urgency::Soon,
                _ => Urgency::Later,
            };
            task(&row.id, &row.title, &[&row.detail], clock.as_ref(), urgency)
        });
        Ok(group(TaskKind::Paper, tasks.collect()))
    }
}

fn of_state(states: &[(String, u64)], wanted: &str) -> u32 {
    states.iter().find(|(state, _)| state == wanted).map_or(0, |(_, count)| small(*count))
}
