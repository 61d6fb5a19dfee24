//! 结算: built from verified invoices, confirmed or disputed, and paid in time (阜新 2020-06-30 三(一)(二)).

use std::collections::{BTreeMap, HashSet};

use chrono::{Days, NaiveDate};
use sunbench_contract::{
    Contract, Resource, SettlementConfirmPayload, SettlementCreatePayload, SubmissionKind,
};
use sunbench_domain::Amount;
use sunbench_domain::state::{InvoiceState, SettlementState, State as _};
use sunbench_store::local::outbox;
use sunbench_store::mirror::billing::{self, Invoice, Settlement};

use super::bills::{counts, next, page};
use super::supply::step;
use super::{Kept, Unsent, all, required};
use crate::clocked::{date, day_clock, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::submit::Sending;
use crate::wire::{
    Act, BillsReq, DocumentStep, OutboxItem, PaymentList, SettlementCandidate, SettlementCandidates,
    SettlementConfirmReq, SettlementCreateReq, SettlementDetail, SettlementList, SettlementReq,
    SettlementRow, StepKind,
};

/// Verified invoices that are looked through for settlements.
const UNSETTLED: u32 = 20_000;
/// Unpaid settlements that are listed.
const UNPAID: u32 = 2_000;
/// Calendar days to payment where no contract states any.
const PAYMENT_DAYS: u32 = 30;
/// How far ahead payments are shown.
const AHEAD: u64 = 30;

/// An invoice, and when the first of its goods was accepted.
type Dated = (Invoice, Option<i64>);

fn group(id: &str) -> String {
    format!("settlement:{id}")
}

/// The outbox's group of new settlements: one distributor's keep their order, so that no invoice goes out twice.
fn creation(supplier: &str) -> String {
    format!("settlementOf:{supplier}")
}

impl Context<'_> {
    /// A page of settlements, the newest first.
    pub fn settlements(&self, req: &BillsReq) -> ApiResult<SettlementList> {
        let page = page::<SettlementState>(req)?;
        let (rows, states, unsent) = self.store.read(|conn| {
            Ok((billing::settlements(conn, &page)?, billing::settlement_states(conn)?, Unsent::read(conn)?))
        })?;
        let pending = match &req.after {
            None => unsent.of_kind(self, SubmissionKind::SettlementCreate)?,
            Some(_) => Vec::new(),
        };
        Ok(SettlementList {
            next: next(&rows, |row| (row.created_at.to_string(), row.key)),
            rows: rows.iter().map(|settlement| self.settlement_row(settlement, &unsent)).collect(),
            states: counts::<SettlementState>(states),
            pending,
        })
    }

    fn settlement_row(&self, settlement: &Settlement, unsent: &Unsent) -> SettlementRow {
        let due: Option<NaiveDate> = settlement.due_on.parse().ok();
        let state = SettlementState::from_code(&settlement.state);
        SettlementRow {
            id: settlement.id.clone(),
            code: settlement.code.clone(),
            kind: settlement.kind.clone(),
            supplier_id: settlement.supplier_id.clone(),
            supplier: settlement.supplier.clone(),
            period: settlement.period.clone(),
            amount: settlement.amount.to_string(),
            invoices: settlement.invoices,
            due_on: settlement.due_on.clone(),
            due_clock: due
                .filter(|_| state != Some(SettlementState::Paid))
                .map(|day| day_clock(self.calendar, day, self.now)),
            paid_at: settlement.paid_at.map(text),
            created_at: text(settlement.created_at),
            dispute_reason: settlement.dispute_reason.clone(),
            state: settlement.state.clone(),
            state_text: settlement.state_text.clone(),
            ours: matches!(state, Some(SettlementState::Draft | SettlementState::Reconciling)),
            waiting: unsent.is_waiting(&group(&settlement.id)),
        }
    }

    /// One settlement with its invoices.
    pub fn settlement(&self, req: &SettlementReq) -> ApiResult<SettlementDetail> {
        let (found, mut invoices, unsent) = self.store.read(|conn| {
            Ok((
                billing::settlement(conn, &req.id)?,
                billing::of_settlement(conn, &req.id)?,
                Unsent::read(conn)?,
            ))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        invoices.sort_by(|a, b| (&a.invoiced_on, &a.number).cmp(&(&b.invoiced_on, &b.number)));
        Ok(SettlementDetail {
            row: self.settlement_row(&found, &unsent),
            invoices: invoices.iter().map(|invoice| super::invoice::row(invoice, &unsent)).collect(),
            steps: steps(&found),
            submissions: self.submissions_of(&group(&req.id))?,
        })
    }

    /// What may be settled: verified invoices that are in no settlement, by distributor and month, with the day by which
    /// the contract wants them paid.
    pub fn settlement_candidates(&self) -> ApiResult<SettlementCandidates> {
        let (found, contracts, unsent) = self.store.read(|conn| {
            let found = billing::unsettled(conn, UNSETTLED)?;
            let mut dated = Vec::with_capacity(found.len());
            for invoice in found {
                let accepted = billing::accepted_at(conn, invoice.key)?;
                dated.push((invoice, accepted));
            }
            Ok((dated, all::<Contract>(conn, Resource::Contract)?, Unsent::read(conn)?))
        })?;
        let queued = settled_here(&unsent);
        let mut groups: BTreeMap<(String, String), Vec<Dated>> = BTreeMap::new();
        for (invoice, accepted) in found {
            let period = invoice.invoiced_on.get(..7).unwrap_or_default().to_owned();
            groups.entry((invoice.supplier_id.clone(), period)).or_default().push((invoice, accepted));
        }
        let candidate = |((supplier_id, period), invoices): ((String, String), Vec<Dated>)| {
            let days = payment_days(&contracts, &supplier_id, self.today());
            let accepted = invoices.iter().filter_map(|(_, at)| *at).min().and_then(date);
            let pay_by = accepted.and_then(|day| day.checked_add_days(Days::new(u64::from(days))));
            let amounts = invoices.iter().map(|(invoice, _)| invoice.amount);
            SettlementCandidate {
                supplier: invoices.first().map(|(invoice, _)| invoice.supplier.clone()).unwrap_or_default(),
                supplier_id,
                period,
                amount: sum(amounts),
                accepted_on: accepted.map(|day| day.to_string()),
                payment_days: days,
                pay_by: pay_by.map(|day| day_clock(self.calendar, day, self.now)),
                waiting: invoices.iter().any(|(invoice, _)| queued.contains(&invoice.id)),
                invoices: invoices.iter().map(|(invoice, _)| super::invoice::row(invoice, &unsent)).collect(),
            }
        };
        let mut groups: Vec<SettlementCandidate> = groups.into_iter().map(candidate).collect();
        groups.sort_by(|a, b| {
            let due = |group: &SettlementCandidate| group.pay_by.as_ref().map(|clock| clock.due_date.clone());
            let key = |group: &SettlementCandidate| (due(group).is_none(), due(group));
            key(a).cmp(&key(b)).then_with(|| a.supplier.cmp(&b.supplier))
        });
        Ok(SettlementCandidates { groups })
    }

    /// Queues a new settlement, or a draft of the platform's. No invoice is settled twice, counting what waits here.
    pub fn settlement_create(&self, req: &SettlementCreateReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        if !["hospital", "fund"].contains(&req.kind.as_str()) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "kind"));
        }
        if req.period.len() != 7 || format!("{}-01", req.period).parse::<NaiveDate>().is_err() {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "period"));
        }
        let (draft, unsent) = self.store.read(|conn| {
            let draft = match &req.settlement {
                Some(id) => Some(billing::settlement(conn, id)?),
                None => None,
            };
            Ok((draft, Unsent::read(conn)?))
        })?;
        let draft = match draft {
            Some(found) => Some(found.ok_or_else(|| ApiError::field(ErrorCode::NotFound, "settlement"))?),
            None => None,
        };
        if let Some(draft) = &draft {
            let state = SettlementState::from_code(&draft.state);
            if state.is_some_and(|state| !state.may_become(SettlementState::Submitted)) {
                return Err(ErrorCode::WrongState.into());
            }
        }
        let queued = settled_here(&unsent);
        let mut supplier = draft.as_ref().map(|draft| draft.supplier_id.clone());
        let mut amount = Amount::ZERO;
        let mut seen = HashSet::new();
        for (index, id) in req.invoices.iter().enumerate() {
            let field = format!("invoices[{index}]");
            let (invoice, settled) = self
                .store
                .read(|conn| Ok((billing::invoice(conn, id)?, billing::settlement_of(conn, id)?)))?;
            let invoice = invoice.ok_or_else(|| ApiError::field(ErrorCode::NotFound, &field))?;
            let of = supplier.get_or_insert_with(|| invoice.supplier_id.clone());
            let elsewhere = settled.is_some() && settled.as_ref() != draft.as_ref().map(|draft| &draft.code);
            if *of != invoice.supplier_id || !seen.insert(id) || queued.contains(id) || elsewhere {
                return Err(ApiError::field(ErrorCode::FieldInvalid, &field));
            }
            if InvoiceState::from_code(&invoice.state).is_some_and(|state| state != InvoiceState::Verified) {
                return Err(ApiError::field(ErrorCode::WrongState, &field));
            }
            amount = amount
                .checked_add(invoice.amount)
                .ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, &field))?;
        }
        let Some(supplier) = supplier.filter(|_| !req.invoices.is_empty()) else {
            return Err(ApiError::field(ErrorCode::FieldRequired, "invoices"));
        };
        if amount <= Amount::ZERO {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "invoices"));
        }
        let document = draft.as_ref().map_or_else(|| creation(&supplier), |draft| group(&draft.id));
        let payload = SettlementCreatePayload {
            settlement_id: req.settlement.clone(),
            kind: req.kind.clone(),
            company_id_ps: supplier,
            period: req.period.clone(),
            invoice_ids: req.invoices.clone(),
        };
        let sending = Sending {
            kind: SubmissionKind::SettlementCreate,
            document: &document,
            base_ver: draft.map(|draft| draft.ver),
            action: "settlement.create.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// 确认结算单, or a dispute. Doing it twice queues once.
    pub fn settlement_confirm(&self, req: &SettlementConfirmReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let document = group(&req.settlement);
        let (found, items) = self.store.read(|conn| {
            Ok((billing::settlement(conn, &req.settlement)?, outbox::of_document(conn, &document)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        let to = if req.accepted { SettlementState::Approved } else { SettlementState::Disputed };
        if SettlementState::from_code(&found.state).is_some_and(|state| !state.may_become(to)) {
            return Err(ErrorCode::WrongState.into());
        }
        if !req.accepted {
            required(&req.reason, "reason")?;
        }
        let payload = SettlementConfirmPayload {
            settlement_id: req.settlement.clone(),
            accepted: req.accepted,
            reason: req.reason.trim().to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::SettlementConfirm,
            document: &document,
            base_ver: Some(found.ver),
            action: "settlement.confirm.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// 待付款: settlements that are overdue, or fall due within thirty days.
    pub fn payments(&self) -> ApiResult<PaymentList> {
        let today = self.today();
        let by = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today).to_string();
        let (found, unsent) =
            self.store.read(|conn| Ok((billing::unpaid(conn, &by, UNPAID)?, Unsent::read(conn)?)))?;
        let day = today.to_string();
        let (overdue, soon): (Vec<&Settlement>, Vec<&Settlement>) =
            found.iter().partition(|settlement| settlement.due_on < day);
        Ok(PaymentList {
            overdue: small(overdue.len() as u64),
            overdue_amount: sum(overdue.iter().map(|settlement| settlement.amount)),
            soon: small(soon.len() as u64),
            soon_amount: sum(soon.iter().map(|settlement| settlement.amount)),
            rows: found.iter().map(|settlement| self.settlement_row(settlement, &unsent)).collect(),
        })
    }
}

/// The invoices of settlements that the mirror does not show yet.
fn settled_here(unsent: &Unsent) -> HashSet<String> {
    unsent
        .on_their_way(SubmissionKind::SettlementCreate)
        .filter_map(|item| serde_json::from_str::<SettlementCreatePayload>(&item.body).ok())
        .flat_map(|payload| payload.invoice_ids)
        .collect()
}

/// What the purchase contract with a distributor states that is in force on a day.
fn payment_days(contracts: &[Kept<Contract>], supplier: &str, day: NaiveDate) -> u32 {
    let stated = contracts.iter().map(|kept| &kept.record).find(|contract| {
        contract.company_id_ps == supplier
            && contract.payment_days.is_some()
            && (contract.start_date..=contract.end_date).contains(&day)
    });
    stated.and_then(|contract| contract.payment_days).unwrap_or(PAYMENT_DAYS)
}

/// A sum; blank where it is past what can be added.
fn sum(mut amounts: impl Iterator<Item = Amount>) -> String {
    let sum = amounts.try_fold(Amount::ZERO, Amount::checked_add);
    sum.map(|sum| sum.to_string()).unwrap_or_default()
}

fn steps(settlement: &Settlement) -> Vec<DocumentStep> {
    use sunbench_contract::time::Instant;
    let at = |seconds: i64| Instant::from_unix(seconds);
    let mut steps = Vec::new();
    steps.extend(at(settlement.created_at).map(|at| step(StepKind::Submitted, at, "", "")));
    steps.extend(settlement.paid_at.and_then(at).map(|at| step(StepKind::Paid, at, "", "")));
    steps
}
