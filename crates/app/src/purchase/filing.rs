//! 备案补录: purchases off the platform and of products that it does not list (深医保发〔2022〕19号 三(一)5; 阜新 2020-06-30 二).

use chrono::NaiveDate;
use sunbench_contract::{Filing, FilingCreatePayload, Resource, SubmissionKind};
use sunbench_domain::codes::{CodeKind, check};
use sunbench_domain::state::{FilingState, State as _};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::outbox::OutboxState;
use sunbench_store::local::{draft, outbox};
use sunbench_store::mirror::purchase;

use super::supply::step;
use super::{Kept, Unsent, all, decimal, is_waiting, mentions, one, required};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::notices::{attachment_refs, attachments};
use crate::submit::Sending;
use crate::wire::{
    Act, DocumentStep, DraftSaved, FieldFault, FilingCheck, FilingDetail, FilingDraft, FilingDraftReq,
    FilingDrafts, FilingList, FilingReq, FilingRow, FilingsReq, OutboxItem, StepKind,
};

/// Characters that the platform takes of a name, and of a reason.
const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 2_000;
/// A unit's, and the responsible person's.
const LONGEST_UNIT: usize = 20;
const LONGEST_PERSON: usize = 100;

fn group(id: &str) -> String {
    format!("filing:{id}")
}

/// The draft's name, and the outbox's group of a first submission.
fn draft_group(id: &str) -> String {
    format!("filingDraft:{id}")
}

/// Whether the hospital may submit it again.
fn is_ours(state: Option<FilingState>) -> bool {
    state.is_some_and(|state| state.may_become(FilingState::Submitted))
}

impl Context<'_> {
    /// The filings, and what is being written.
    pub fn filings(&self, req: &FilingsReq) -> ApiResult<FilingList> {
        for state in &req.states {
            if !state.is_empty() && FilingState::from_code(state).is_none() {
                return Err(ApiError::field(ErrorCode::FieldInvalid, "states"));
            }
        }
        let (found, unsent) =
            self.store.read(|conn| Ok((all::<Filing>(conn, Resource::Filing)?, Unsent::read(conn)?)))?;
        let mut rows: Vec<FilingRow> = found
            .iter()
            .map(|kept| row(kept, &unsent))
            .filter(|row| req.states.is_empty() || req.states.contains(&row.state))
            .filter(|row| {
                let said = [
                    &row.code,
                    &row.goods_name,
                    &row.goods_spec,
                    &row.company,
                    &row.reason,
                    &row.responsible,
                ];
                mentions(&req.text, &said.map(String::as_str))
            })
            .collect();
        rows.sort_by(|a, b| {
            let key = |row: &FilingRow| (!row.ours, row.state != FilingState::Returned.code());
            key(a).cmp(&key(b)).then_with(|| b.purchase_date.cmp(&a.purchase_date))
        });
        Ok(FilingList {
            rows,
            pending: unsent.of_kind(self, SubmissionKind::FilingCreate)?,
            drafts: self.filing_drafts()?.drafts,
        })
    }

    /// One filing with its life, and what is to be corrected of it.
    pub fn filing(&self, req: &FilingReq) -> ApiResult<FilingDetail> {
        let (found, unsent) = self
            .store
            .read(|conn| Ok((one::<Filing>(conn, Resource::Filing, &req.filing)?, Unsent::read(conn)?)))?;
        let kept = found.ok_or(ErrorCode::NotFound)?;
        let row = row(&kept, &unsent);
        let correction = if row.ours && !row.waiting { Some(self.filing_correction(&kept)?) } else { None };
        Ok(FilingDetail {
            correction,
            mcs_code: kept.record.mcs_code.clone(),
            product: kept.record.procurecatalog_id.clone(),
            attachments: attachments(&kept.record.attachments),
            steps: steps(&kept.record),
            submissions: self.submissions_of(&group(&req.filing))?,
            row,
        })
    }

    fn filing_correction(&self, kept: &Kept<Filing>) -> ApiResult<FilingDraft> {
        let begun =
            self.filing_drafts()?.drafts.into_iter().find(|draft| draft.filing.as_ref() == Some(&kept.id));
        if let Some(draft) = begun {
            return Ok(draft);
        }
        let me = self.actor()?;
        let items = self.store.read(|conn| outbox::of_document(conn, &group(&kept.id)))?;
        let refused = items.last().filter(|item| {
            item.actor == me && (item.state.came_back() || item.state == OutboxState::NeedsDecision)
        });
        let refused = refused.and_then(|item| serde_json::from_str::<FilingCreatePayload>(&item.body).ok());
        let id = uuid::Uuid::now_v7().to_string();
        Ok(refused.map_or_else(|| correction(id.clone(), kept), |payload| given_back(id.clone(), payload)))
    }

    /// Saves the filing that is being written. Nothing is sent.
    pub fn filing_draft_save(&self, req: &FilingDraft) -> ApiResult<DraftSaved> {
        let account = self.acting(Act::Purchase)?;
        uuid::Uuid::try_parse(&req.id).map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "id"))?;
        let body = serde_json::to_string(req).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: account.user };
        self.store.write_local(|tx| draft::put(tx, &draft_group(&req.id), &kept))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }

    /// The person's unsent filings, and those that came back refused, to be corrected.
    pub fn filing_drafts(&self) -> ApiResult<FilingDrafts> {
        let me = self.actor()?;
        let (kept, unsent) =
            self.store.read(|conn| Ok((draft::list(conn, "filingDraft:", &me)?, Unsent::read(conn)?)))?;
        let mut drafts: Vec<FilingDraft> =
            kept.iter().filter_map(|(_, draft)| serde_json::from_str(&draft.body).ok()).collect();
        for item in &unsent.items {
            if item.state.came_back()
                && item.actor == me
                && let Some(id) = item.document.strip_prefix("filingDraft:")
                && drafts.iter().all(|draft| draft.id != id)
                && let Ok(payload) = serde_json::from_str::<FilingCreatePayload>(&item.body)
            {
                drafts.push(given_back(id.to_owned(), payload));
            }
        }
        Ok(FilingDrafts { drafts })
    }

    /// Throws a draft away.
    pub fn filing_draft_remove(&self, req: &FilingDraftReq) -> ApiResult<FilingDrafts> {
        let account = self.acting(Act::Purchase)?;
        self.store.write_local(|tx| draft::remove(tx, &draft_group(&req.id), &account.user))?;
        self.filing_drafts()
    }

    /// What the platform would say to a filing, field by field.
    pub fn filing_check(&self, req: &FilingDraft) -> ApiResult<FilingCheck> {
        let (faults, amount) = match self.filing_payload(req)? {
            Ok(payload) => (Vec::new(), Some(payload.amount)),
            Err(faults) => {
                let price = decimal::<Price>(&req.price, "price").ok();
                let quantity = decimal::<Quantity>(&req.quantity, "quantity").ok();
                (faults, price.zip(quantity).and_then(|(price, quantity)| Amount::of(price, quantity)))
            }
        };
        let fault = |error: ApiError| FieldFault { field: error.field.unwrap_or_default(), code: error.code };
        Ok(FilingCheck {
            amount: amount.map(|amount| amount.to_string()).unwrap_or_default(),
            faults: faults.into_iter().map(fault).collect(),
        })
    }

    /// Queues the draft of a filing. What the platform would refuse is not sent; doing it twice queues once.
    pub fn filing_submit(&self, req: &FilingDraftReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Purchase)?;
        let name = draft_group(&req.id);
        let kept = self.store.read(|conn| draft::get(conn, &name, &account.user))?;
        let Some(kept) = kept else {
            // Sent before: a second click files nothing twice.
            let items = self.store.read(|conn| outbox::of_document(conn, &name))?;
            let sent = items.iter().rfind(|item| item.state != OutboxState::Withdrawn);
            return self.outbox_item(sent.ok_or(ErrorCode::NotFound)?);
        };
        let written: FilingDraft =
            serde_json::from_str(&kept.body).map_err(|error| ApiError::internal(&error))?;
        let payload = self.filing_payload(&written)?.map_err(|mut faults| faults.swap_remove(0))?;
        let mut files = written.attachments.clone();
        let (document, base_ver) = match &written.filing {
            Some(id) => {
                let document = group(id);
                let (found, items) = self.store.read(|conn| {
                    let found = one::<Filing>(conn, Resource::Filing, id)?;
                    Ok((found, outbox::of_document(conn, &document)?))
                })?;
                let found = found.ok_or(ErrorCode::NotFound)?;
                if is_waiting(&items) || !is_ours(FilingState::from_raw(&found.record.state)) {
                    return Err(ErrorCode::WrongState.into());
                }
                // What the platform has already need not be here.
                let there = attachments(&found.record.attachments);
                files.retain(|file| there.iter().all(|other| other.sha256 != file.sha256));
                (document, Some(found.ver))
            }
            None => (name.clone(), None),
        };
        let sending = Sending {
            kind: SubmissionKind::FilingCreate,
            document: &document,
            base_ver,
            action: "filing.create.queued",
            attachments: &files,
            draft: Some(&name),
        };
        self.submit(&account.user, &sending, &payload)
    }

    /// The draft as a payload, or all that stands in the way.
    fn filing_payload(&self, draft: &FilingDraft) -> ApiResult<Result<FilingCreatePayload, Vec<ApiError>>> {
        let product = match &draft.product {
            Some(id) => Some(self.store.read(|conn| purchase::product(conn, id))?),
            None => None,
        };
        let mut faults = Vec::new();
        if matches!(product, Some(None)) {
            faults.push(ApiError::field(ErrorCode::NotFound, "product"));
        }
        let mut said = |text: &str, field: &str, most: usize| {
            let found = required(text, field).and_then(|text| {
                if text.chars().count() > most {
                    return Err(ApiError::field(ErrorCode::FieldInvalid, field));
                }
                Ok(text)
            });
            found.map_err(|fault| faults.push(fault)).unwrap_or_default()
        };
        let goods_name = said(&draft.goods_name, "goodsName", LONGEST_NAME);
        let unit = said(&draft.unit, "unit", LONGEST_UNIT);
        let company_name = said(&draft.company, "company", LONGEST_NAME);
        let count = decimal::<Quantity>(&draft.quantity, "quantity").and_then(|count| {
            let fault = || ApiError::field(ErrorCode::FieldInvalid, "quantity");
            if count > Quantity::ZERO { Ok(count) } else { Err(fault()) }
        });
        let price = decimal::<Price>(&draft.price, "price").and_then(|price| {
            let fault = || ApiError::field(ErrorCode::FieldInvalid, "price");
            if price.is_negative() { Err(fault()) } else { Ok(price) }
        });
        let day = required(&draft.purchase_date, "purchaseDate").and_then(|text| {
            let day = text.parse::<NaiveDate>().ok().filter(|day| *day <= self.today());
            day.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "purchaseDate"))
        });
        let reason = said(&draft.reason, "reason", LONGEST_REASON);
        let responsible = said(&draft.responsible, "responsible", LONGEST_PERSON);
        let code = draft.mcs_code.trim();
        let judged = check(CodeKind::Mcs, code);
        if !code.is_empty() && !judged.valid {
            faults.push(ApiError::field(ErrorCode::FieldInvalid, "mcsCode"));
        }
        if draft.product.is_none() && draft.attachments.is_empty() {
            faults.push(ApiError::field(ErrorCode::FieldRequired, "attachments"));
        }
        let (Ok(count), Ok(price), Ok(purchase_date)) = (&count, &price, &day) else {
            faults.extend([count.err(), price.err(), day.err()].into_iter().flatten());
            return Ok(Err(faults));
        };
        let Some(amount) = Amount::of(*price, *count) else {
            faults.push(ApiError::field(ErrorCode::FieldInvalid, "quantity"));
            return Ok(Err(faults));
        };
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        Ok(Ok(FilingCreatePayload {
            filing_id: draft.filing.clone(),
            goods_name,
            goods_spec: draft.goods_spec.trim().to_owned(),
            unit,
            company_name,
            procurecatalog_id: draft.product.clone(),
            mcs_code: if code.is_empty() { String::new() } else { judged.normalized },
            count: *count,
            price: *price,
            amount,
            purchase_date: *purchase_date,
            reason,
            responsible,
            // The platform keeps one live filing for it, whatever happens to this one on the way.
            filing_custom_info: match (&draft.own_key, &draft.filing) {
                (None, None) => Some(draft.id.clone()),
                (own_key, _) => own_key.clone(),
            },
            attachments: attachment_refs(&draft.attachments),
        }))
    }
}

fn row(kept: &Kept<Filing>, unsent: &Unsent) -> FilingRow {
    let filing = &kept.record;
    let state = FilingState::from_raw(&filing.state);
    FilingRow {
        id: kept.id.clone(),
        code: filing.filing_code.clone(),
        goods_name: filing.goods_name.clone(),
        goods_spec: filing.goods_spec.clone(),
        unit: filing.unit.clone(),
        company: filing.company_name.clone(),
        unlisted: filing.procurecatalog_id.is_none(),
        quantity: filing.count.to_string(),
        price: filing.price.to_string(),
        amount: filing.amount.to_string(),
        purchase_date: filing.purchase_date.to_string(),
        reason: filing.reason.clone(),
        responsible: filing.responsible.clone(),
        submitted_at: filing.submit_time.map(|at| at.to_string()),
        operator: filing.operator.clone(),
        order_line: filing.order_detail_id.clone(),
        state: state.map_or("", FilingState::code).to_owned(),
        state_text: filing.state_text.clone(),
        return_reason: filing.return_reason.clone(),
        ours: is_ours(state),
        waiting: unsent.is_waiting(&group(&kept.id)),
    }
}

fn correction(id: String, kept: &Kept<Filing>) -> FilingDraft {
    let filing = &kept.record;
    FilingDraft {
        id,
        filing: Some(kept.id.clone()),
        product: filing.procurecatalog_id.clone(),
        goods_name: filing.goods_name.clone(),
        goods_spec: filing.goods_spec.clone(),
        unit: filing.unit.clone(),
        company: filing.company_name.clone(),
        mcs_code: filing.mcs_code.clone(),
        quantity: filing.count.to_string(),
        price: filing.price.to_string(),
        purchase_date: filing.purchase_date.to_string(),
        reason: filing.reason.clone(),
        responsible: filing.responsible.clone(),
        attachments: attachments(&filing.attachments),
        own_key: filing.filing_custom_info.clone(),
    }
}

fn given_back(id: String, payload: FilingCreatePayload) -> FilingDraft {
    FilingDraft {
        id,
        filing: payload.filing_id,
        product: payload.procurecatalog_id,
        goods_name: payload.goods_name,
        goods_spec: payload.goods_spec,
        unit: payload.unit,
        company: payload.company_name,
        mcs_code: payload.mcs_code,
        quantity: payload.count.to_string(),
        price: payload.price.to_string(),
        purchase_date: payload.purchase_date.to_string(),
        reason: payload.reason,
        responsible: payload.responsible,
        attachments: attachments(&payload.attachments),
        own_key: payload.filing_custom_info,
    }
}

fn steps(filing: &Filing) -> Vec<DocumentStep> {
    let submitted =
        filing.submit_time.map(|at| step(StepKind::Submitted, at, &filing.operator, &filing.reason));
    submitted.into_iter().collect()
}
