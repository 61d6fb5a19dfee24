//! 带量采购协议 and 合同: signed or disputed before their batch begins; 证照 that end soon.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sunbench_contract::{AgreementSignPayload, Contract, DistributionRelation, Resource, SubmissionKind};
use sunbench_domain::state::{AgreementState, ContractState, State};
use sunbench_store::local::outbox;
use sunbench_store::mirror::{purchase, volume};

use super::{Unsent, all, is_waiting, one, required};
use crate::clocked::{day_clock, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::submit::Sending;
use crate::wire::{
    Act, AgreementBatch, AgreementDisputeReq, AgreementList, AgreementRow, AgreementSignReq, ContractList,
    ContractRow, ContractSignReq, OutboxItem, OutboxItems, PaperKind, PaperList, PaperRow,
};

/// Calendar days before a paper's end on which it is told.
const TOLD_AT: [i64; 3] = [30, 15, 7];
/// What ended longer ago is no reminder any more.
const PAST_DAYS: u64 = 90;

fn agreement_group(id: &str) -> String {
    format!("agreement:{id}")
}
fn contract_group(id: &str) -> String {
    format!("contract:{id}")
}

/// Whether a document of this raw code may become `to`; the platform judges a code that this version does not know.
fn may_become<S: State>(raw: &str, to: S) -> bool {
    S::from_raw(raw).is_none_or(|state| state.may_become(to))
}

fn days_left(end: NaiveDate, today: NaiveDate) -> i32 {
    i32::try_from((end - today).num_days()).unwrap_or(if end < today { i32::MIN } else { i32::MAX })
}

/// The reminder that has come, so many days before the end.
fn stage(left: i64) -> Option<u32> {
    if left < 0 {
        return Some(0);
    }
    TOLD_AT.into_iter().rev().find(|told| left <= *told).map(|told| u32::try_from(told).unwrap_or_default())
}

impl Context<'_> {
    /// The agreements by batch.
    pub fn agreements(&self) -> ApiResult<AgreementList> {
        let (found, unsent) = self.store.read(|conn| Ok((volume::agreements(conn)?, Unsent::read(conn)?)))?;
        let mut batches: BTreeMap<String, AgreementBatch> = BTreeMap::new();
        for agreement in found {
            let row = self.agreement_row(&agreement, &unsent)?;
            let batch = batches.entry(agreement.batch.clone()).or_insert_with(|| AgreementBatch {
                batch: agreement.batch.clone(),
                starts_on: row.starts_on.clone(),
                ends_on: row.ends_on.clone(),
                sign_clock: None,
                to_sign: 0,
                rows: Vec::new(),
            });
            if let Some(clock) = &row.sign_clock {
                batch.to_sign += 1;
                let nearer = batch.sign_clock.as_ref().is_none_or(|other| clock.due_date < other.due_date);
                if nearer {
                    batch.sign_clock = Some(clock.clone());
                }
            }
            batch.starts_on = batch.starts_on.clone().min(row.starts_on.clone());
            batch.ends_on = batch.ends_on.clone().max(row.ends_on.clone());
            batch.rows.push(row);
        }
        let mut batches: Vec<AgreementBatch> = batches.into_values().collect();
        for batch in &mut batches {
            batch.rows.sort_by(|a, b| (&a.variety, &a.maker, &a.id).cmp(&(&b.variety, &b.maker, &b.id)));
        }
        batches.sort_by(|a, b| {
            let due = |batch: &AgreementBatch| batch.sign_clock.as_ref().map(|clock| clock.due_date.clone());
            let key = |batch: &AgreementBatch| (due(batch).is_none(), due(batch));
            key(a).cmp(&key(b)).then_with(|| b.starts_on.cmp(&a.starts_on))
        });
        Ok(AgreementList { batches })
    }

    fn agreement_row(&self, agreement: &volume::Agreement, unsent: &Unsent) -> ApiResult<AgreementRow> {
        let ordered = self.store.read(|conn| purchase::ordered_under(conn, &agreement.id))?;
        let state = AgreementState::from_raw(&agreement.raw_state);
        let signable = may_become(&agreement.raw_state, AgreementState::Signed);
        let clock = agreement.sign_by_on.parse().ok().map(|day| day_clock(self.calendar, day, self.now));
        Ok(AgreementRow {
            id: agreement.id.clone(),
            variety: agreement.variety.clone(),
            product_id: agreement.product_id.clone(),
            product: agreement.product.clone(),
            spec: agreement.spec.clone(),
            maker: agreement.maker.clone(),
            supplier: agreement.supplier.clone(),
            unit: agreement.unit.clone(),
            agreed: agreement.agreed.to_string(),
            ordered: ordered.to_string(),
            starts_on: agreement.starts_on.clone(),
            ends_on: agreement.ends_on.clone(),
            sign_by: agreement.sign_by_on.clone(),
            sign_clock: clock.filter(|_| state.is_some() && signable),
            signed_at: agreement.signed_at.map(text),
            dispute_reason: agreement.dispute_reason.clone(),
            state: state.map_or("", AgreementState::code).to_owned(),
            state_text: agreement.state_text.clone(),
            signable,
            disputable: may_become(&agreement.raw_state, AgreementState::Disputed),
            waiting: unsent.is_waiting(&agreement_group(&agreement.id)),
        })
    }

    /// Queues the signing of agreements: all of them, or none. What is on its way already is not queued again.
    pub fn agreement_sign(&self, req: &AgreementSignReq) -> ApiResult<OutboxItems> {
        self.acting(Act::Purchase)?;
        if req.agreements.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "agreements"));
        }
        for (index, id) in req.agreements.iter().enumerate() {
            let named = |error: ApiError| ApiError::field(error.code, &format!("agreements[{index}]"));
            self.judge(id, AgreementState::Signed).map_err(named)?;
        }
        let sign = |id: &String| self.send_agreement(id, AgreementState::Signed, "");
        Ok(OutboxItems { items: req.agreements.iter().map(sign).collect::<ApiResult<_>>()? })
    }

    /// Queues a dispute.
    pub fn agreement_dispute(&self, req: &AgreementDisputeReq) -> ApiResult<OutboxItem> {
        self.acting(Act::Purchase)?;
        let reason = required(&req.reason, "reason")?;
        self.judge(&req.agreement, AgreementState::Disputed)?;
        self.send_agreement(&req.agreement, AgreementState::Disputed, &reason)
    }

    fn judge(&self, id: &str, to: AgreementState) -> ApiResult<()> {
        let group = agreement_group(id);
        let (found, items) = self
            .store
            .read(|conn| Ok((purchase::agreement(conn, id)?, outbox::of_document(conn, &group)?)))?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if is_waiting(&items) || may_become(&found.raw_state, to) {
            return Ok(());
        }
        Err(ErrorCode::WrongState.into())
    }

    fn send_agreement(&self, id: &str, to: AgreementState, reason: &str) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let group = agreement_group(id);
        let (found, items) = self
            .store
            .read(|conn| Ok((purchase::agreement(conn, id)?, outbox::of_document(conn, &group)?)))?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        let accepted = to == AgreementState::Signed;
        let payload = AgreementSignPayload {
            agreement_id: Some(id.to_owned()),
            contract_id: None,
            accepted,
            reason: reason.to_owned(),
        };
        let sending = Sending {
            kind: SubmissionKind::AgreementSign,
            document: &group,
            base_ver: found.map(|found| found.ver),
            action: if accepted { "agreement.sign.queued" } else { "agreement.dispute.queued" },
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The purchase contracts and clean-dealing contracts.
    pub fn contracts(&self) -> ApiResult<ContractList> {
        let (found, unsent) =
            self.store.read(|conn| Ok((all::<Contract>(conn, Resource::Contract)?, Unsent::read(conn)?)))?;
        let mut rows = Vec::new();
        for kept in found {
            let contract = kept.record;
            let supplier = self.store.read(|conn| purchase::org_name(conn, &contract.company_id_ps))?;
            let state = ContractState::from_raw(&contract.state);
            rows.push(ContractRow {
                waiting: unsent.is_waiting(&contract_group(&kept.id)),
                id: kept.id,
                code: contract.contract_code,
                kind: contract.kind,
                supplier_id: contract.company_id_ps,
                supplier: supplier.unwrap_or_default(),
                starts_on: contract.start_date.to_string(),
                ends_on: contract.end_date.to_string(),
                signed_on: contract.sign_date.map(|day| day.to_string()),
                payment_days: contract.payment_days,
                days_left: days_left(contract.end_date, self.today()),
                state: state.map_or("", ContractState::code).to_owned(),
                state_text: contract.state_text,
                signable: may_become(&contract.state, ContractState::Signed),
            });
        }
        rows.sort_by(|a, b| (!a.signable, &a.ends_on, &a.id).cmp(&(!b.signable, &b.ends_on, &b.id)));
        Ok(ContractList { rows })
    }

    /// Queues the signing of a contract. Doing it twice queues once.
    pub fn contract_sign(&self, req: &ContractSignReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let group = contract_group(&req.contract);
        let (found, items) = self.store.read(|conn| {
            let found = one::<Contract>(conn, Resource::Contract, &req.contract)?;
            Ok((found, outbox::of_document(conn, &group)?))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if let Some(item) = self.on_its_way(&items)? {
            return Ok(item);
        }
        if !may_become(&found.record.state, ContractState::Signed) {
            return Err(ErrorCode::WrongState.into());
        }
        let payload = AgreementSignPayload {
            agreement_id: None,
            contract_id: Some(req.contract.clone()),
            accepted: true,
            reason: String::new(),
        };
        let sending = Sending {
            kind: SubmissionKind::AgreementSign,
            document: &group,
            base_ver: Some(found.ver),
            action: "contract.sign.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// 证照到期: registrations of what the hospital buys, contracts and delivery relations that end within 30 days, told
    /// again at 15 and 7.
    pub fn papers(&self) -> ApiResult<PaperList> {
        let today = self.today();
        let first = today.checked_sub_days(Days::new(PAST_DAYS)).unwrap_or(today);
        let last = today.checked_add_days(Days::new(TOLD_AT[0].unsigned_abs())).unwrap_or(today);
        let (products, contracts, relations) = self.store.read(|conn| {
            Ok((
                volume::registrations(conn, &first.to_string(), &last.to_string())?,
                all::<Contract>(conn, Resource::Contract)?,
                all::<DistributionRelation>(conn, Resource::DistributionRelation)?,
            ))
        })?;
        let mut found: Vec<(PaperKind, String, String, String, NaiveDate)> = Vec::new();
        for product in products {
            if let Ok(day) = product.ends_on.parse() {
                let title = format!("{} {}", product.name, product.spec);
                found.push((PaperKind::Registration, product.id, title, product.number, day));
            }
        }
        for kept in contracts {
            let contract = kept.record;
            let name = self.store.read(|conn| purchase::org_name(conn, &contract.company_id_ps))?;
            let title = name.unwrap_or_default();
            found.push((PaperKind::Contract, kept.id, title, contract.contract_code, contract.end_date));
        }
        for kept in relations.into_iter().filter(|kept| kept.record.state == "1") {
            let relation = kept.record;
            let (supplier, maker) = self.store.read(|conn| {
                let supplier = purchase::org_name(conn, &relation.company_id_ps)?;
                Ok((supplier, purchase::org_name(conn, &relation.company_id_tb)?))
            })?;
            let title = supplier.unwrap_or_default();
            found.push((PaperKind::Relation, kept.id, title, maker.unwrap_or_default(), relation.end_date));
        }
        if let Some((serial, title, issuer, day)) = self.certificate()? {
            found.push((PaperKind::Certificate, serial, title, issuer, day));
        }
        found.retain(|(.., day)| (first..=last).contains(day));
        found.sort_by(|a, b| (a.4, &a.1).cmp(&(b.4, &b.1)));
        let row = |(kind, id, title, detail, day): (PaperKind, String, String, String, NaiveDate)| PaperRow {
            kind,
            id,
            title,
            detail,
            ends_on: day.to_string(),
            days_left: days_left(day, today),
            stage: stage((day - today).num_days()).unwrap_or_default(),
        };
        Ok(PaperList { rows: found.into_iter().map(row).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::stage;

    #[test]
    fn an_end_is_told_three_times() {
        for (left, expected) in [
            (31, None),
            (30, Some(30)),
            (16, Some(30)),
            (15, Some(15)),
            (8, Some(15)),
            (7, Some(7)),
            (0, Some(7)),
            (-1, Some(0)),
        ] {
            assert_eq!(stage(left), expected, "{left}");
        }
    }
}
