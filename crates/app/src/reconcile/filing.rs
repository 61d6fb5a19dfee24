//! 备案补录: a purchase that is in the ledger and never was on the platform is filed there.

use chrono::NaiveDate;
use sunbench_contract::{FilingCreatePayload, SubmissionKind};
use sunbench_domain::codes::{self, CodeKind};
use sunbench_domain::matching::DifferenceKind as Kind;
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::outbox;

use super::Reconciled;
use super::act::{marked, refuse_signed};
use super::decided::Action;
use super::line::Line;
use super::model::{Computed, Item};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{Act, ItemSort, OffPlatformFiling, OutboxItem, ReconcileFileReq, ReconcileItemReq};

const LONGEST: usize = 500;

impl Context<'_> {
    pub(super) fn reconcile_filing(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileItemReq,
    ) -> ApiResult<OffPlatformFiling> {
        let period = super::Period::parse(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let (_, line) = off_platform(&computed, &req.item)?;
        let price = line.price.unwrap_or_default();
        Ok(OffPlatformFiling {
            goods_name: line.name.clone(),
            goods_spec: line.spec.clone(),
            unit: line.unit.clone(),
            company_name: line.supplier.clone(),
            quantity: line.quantity.to_string(),
            price: price.to_string(),
            amount: Amount::of(price, line.quantity).unwrap_or_default().to_string(),
            purchase_date: line.date.unwrap_or_else(|| period.last()).to_string(),
            reason: String::new(),
            responsible: self.account().map(|account| account.user_name).unwrap_or_default(),
        })
    }

    pub(super) fn reconcile_file(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileFileReq,
    ) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Reconcile)?;
        let period = self.open_month(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let (item, line) = off_platform(&computed, &req.item)?;
        let mark = computed.model.marks.get(&item.key);
        if let Some(key) = mark.and_then(|mark| mark.submission.as_ref())
            && computed.filings.get(key).is_some_and(super::Filing::stands)
        {
            // Filed before: a second click files nothing twice.
            let item = self.store.read(|conn| outbox::get(conn, key))?.ok_or(ErrorCode::NotFound)?;
            return self.outbox_item(&item);
        }
        let payload = payload(&req.draft, line, self.today())?;
        let body = serde_json::to_string(&payload).map_err(|error| ApiError::internal(&error))?;
        let key = uuid::Uuid::now_v7().to_string();
        let document = format!("filing:{}", line.id);
        let kind = SubmissionKind::FilingCreate.name();
        let new = outbox::NewItem {
            key: &key,
            kind,
            document: &document,
            body: &body,
            base_ver: None,
            attachments: &[],
            actor: &account.user,
            at: self.now.unix(),
        };
        let action = Action::File { items: vec![marked(&computed, item)], submission: key.clone() };
        let decision = serde_json::to_string(&action).map_err(|error| ApiError::internal(&error))?;
        self.store.try_write_local(|tx| {
            refuse_signed(tx, period)?;
            self.enqueue(tx, &new, "submission.queued")?;
            self.record(tx, period, &decision, &account.user)?;
            Ok::<_, ApiError>(())
        })?;
        let queued = self.store.read(|conn| outbox::get(conn, &key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&queued)
    }
}

/// The item and its ledger line; only what never was on the platform is filed.
fn off_platform<'c>(computed: &'c Computed, key: &str) -> ApiResult<(&'c Item, &'c Line)> {
    let item = computed.item(key).ok_or(ErrorCode::NotFound)?;
    let is_one = item.sort == ItemSort::Difference
        && computed.model.found.differences[item.at].kind == Kind::NotOnPlatform;
    let (_, right) = computed.lines(item);
    match right[..] {
        [line] if is_one && !line.quantity.is_negative() => Ok((item, line)),
        _ => Err(ErrorCode::WrongState.into()),
    }
}

fn payload(draft: &OffPlatformFiling, line: &Line, today: NaiveDate) -> ApiResult<FilingCreatePayload> {
    for (field, text) in [
        ("goodsName", &draft.goods_name),
        ("unit", &draft.unit),
        ("companyName", &draft.company_name),
        ("quantity", &draft.quantity),
        ("price", &draft.price),
        ("purchaseDate", &draft.purchase_date),
        ("reason", &draft.reason),
        ("responsible", &draft.responsible),
    ] {
        if text.trim().is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, field));
        }
        if text.chars().count() > LONGEST {
            return Err(ApiError::field(ErrorCode::FieldInvalid, field));
        }
    }
    let invalid = |field| ApiError::field(ErrorCode::FieldInvalid, field);
    let count: Quantity = draft.quantity.trim().parse().map_err(|_| invalid("quantity"))?;
    let price: Price = draft.price.trim().parse().map_err(|_| invalid("price"))?;
    let purchase_date: NaiveDate = draft.purchase_date.trim().parse().map_err(|_| invalid("purchaseDate"))?;
    if count.is_negative() || count == Quantity::ZERO {
        return Err(invalid("quantity"));
    }
    if price.is_negative() {
        return Err(invalid("price"));
    }
    if purchase_date > today {
        return Err(invalid("purchaseDate"));
    }
    let code = codes::check(CodeKind::Mcs, &line.code);
    Ok(FilingCreatePayload {
        filing_id: None,
        goods_name: draft.goods_name.trim().to_owned(),
        goods_spec: draft.goods_spec.trim().to_owned(),
        unit: draft.unit.trim().to_owned(),
        company_name: draft.company_name.trim().to_owned(),
        procurecatalog_id: None,
        mcs_code: if code.valid { code.normalized } else { String::new() },
        count,
        price,
        amount: Amount::of(price, count).ok_or_else(|| invalid("amount"))?,
        purchase_date,
        reason: draft.reason.trim().to_owned(),
        responsible: draft.responsible.trim().to_owned(),
        filing_custom_info: Some(line.id.clone()),
        attachments: Vec::new(),
    })
}
