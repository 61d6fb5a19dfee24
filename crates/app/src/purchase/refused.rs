//! 退回明细: the lines that the platform refused by themselves, and what a person does about them.

use serde::Deserialize;
use sunbench_contract::{
    LineResult, OrderCancelPayload, OrderSubmitPayload, Outcome, ReceiptCreatePayload, ReturnCreatePayload,
    SubmissionKind, SubmissionResult,
};
use sunbench_store::local::draft;
use sunbench_store::local::outbox::{self, Change, OutboxItem, OutboxState};
use sunbench_store::mirror::{line, purchase, receiving};
use sunbench_store::{Connection, StoreError, StoreResult, audit};

use super::order::{given_back, group};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{self, Act, OrderDraft, OutboxKeyReq, RefusedLine};

/// What the platform said of each line, whether it took some or none.
fn judged(item: &OutboxItem) -> Vec<LineResult> {
    #[derive(Deserialize)]
    struct Lines {
        #[serde(default)]
        lines: Vec<LineResult>,
    }
    let lines: Option<Lines> = item.answer.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
    lines.map(|answer| answer.lines).unwrap_or_default()
}

/// Whether the platform took some lines and refused others, and nobody has seen to that yet.
pub(crate) fn is_partial(item: &OutboxItem) -> bool {
    let answer: Option<SubmissionResult> =
        item.answer.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
    item.state == OutboxState::NeedsDecision
        && answer.is_some_and(|answer| answer.outcome == Outcome::Partial)
}

/// The goods of a line, its quantity and its unit.
type Goods = (String, String, String);

fn of_product(conn: &Connection, id: &str, quantity: &str) -> StoreResult<Goods> {
    let product = purchase::product(conn, id)?;
    let (name, unit) = product
        .map(|product| (format!("{} {}", product.name, product.spec).trim().to_owned(), product.unit))
        .unwrap_or_default();
    Ok((name, quantity.to_owned(), unit))
}

fn of_order_line(conn: &Connection, id: &str, quantity: Option<String>) -> StoreResult<Goods> {
    let Some(line) = line::get(conn, id)? else { return Ok(Goods::default()) };
    let name = format!("{} {}", line.product, line.spec).trim().to_owned();
    Ok((name, quantity.unwrap_or_else(|| line.quantity.to_string()), line.unit))
}

/// The goods of every line of a submission, in its order; none of a kind without lines.
fn goods(conn: &Connection, item: &OutboxItem) -> StoreResult<Vec<Goods>> {
    match SubmissionKind::from_name(&item.kind) {
        Some(SubmissionKind::OrderSubmit) => {
            let payload = serde_json::from_str::<OrderSubmitPayload>(&item.body);
            let lines = payload.map(|payload| payload.lines).unwrap_or_default();
            let of = lines.iter();
            of.map(|line| of_product(conn, &line.procurecatalog_id, &line.purchase_count.to_string()))
                .collect()
        }
        Some(SubmissionKind::ReceiptCreate) => {
            let Ok(payload) = serde_json::from_str::<ReceiptCreatePayload>(&item.body) else {
                return Ok(Vec::new());
            };
            let delivered = match receiving::get(conn, &payload.distribute_id)? {
                Some(delivery) => receiving::lines(conn, delivery.key)?,
                None => Vec::new(),
            };
            let of = |id: &str| delivered.iter().find(|line| line.id == id);
            let lines = payload.lines.iter().map(|line| {
                of(&line.distribute_detail_id).map_or_else(Goods::default, |found| {
                    let name = format!("{} {}", found.product, found.spec).trim().to_owned();
                    (name, line.received_count.to_string(), found.unit.clone())
                })
            });
            Ok(lines.collect())
        }
        Some(SubmissionKind::OrderCancel) => {
            let payload = serde_json::from_str::<OrderCancelPayload>(&item.body);
            let lines = payload.map(|payload| payload.order_detail_ids).unwrap_or_default();
            lines.iter().map(|id| of_order_line(conn, id, None)).collect()
        }
        Some(SubmissionKind::ReturnCreate) => {
            let payload = serde_json::from_str::<ReturnCreatePayload>(&item.body);
            let lines = payload.map(|payload| payload.lines).unwrap_or_default();
            let of = lines.iter();
            of.map(|line| of_order_line(conn, &line.order_detail_id, Some(line.return_count.to_string())))
                .collect()
        }
        _ => Ok(Vec::new()),
    }
}

/// The lines that the platform refused, each with its reason.
pub(crate) fn refused(conn: &Connection, item: &OutboxItem) -> StoreResult<Vec<RefusedLine>> {
    let refused: Vec<LineResult> = judged(item).into_iter().filter(|line| !line.ok).collect();
    if refused.is_empty() {
        return Ok(Vec::new());
    }
    let goods = goods(conn, item)?;
    let row = |line: LineResult| {
        let at = usize::try_from(line.line).unwrap_or_default().wrapping_sub(1);
        let (what, quantity, unit) = goods.get(at).cloned().unwrap_or_default();
        RefusedLine {
            line: line.line,
            what,
            quantity,
            unit,
            code: line.code.unwrap_or_default(),
            reason: line.msg.unwrap_or_default(),
        }
    };
    Ok(refused.into_iter().map(row).collect())
}

impl Context<'_> {
    /// Takes the refused lines of an order into a new draft, where the platform took the others; the rest of the order
    /// stands as it was taken.
    pub fn order_refused_take(&self, req: &OutboxKeyReq) -> ApiResult<OrderDraft> {
        let account = self.acting(Act::Purchase)?;
        let item = self.store.read(|conn| outbox::get(conn, &req.key))?.ok_or(ErrorCode::NotFound)?;
        if item.kind != SubmissionKind::OrderSubmit.name() || !is_partial(&item) {
            return Err(ErrorCode::WrongState.into());
        }
        let mut payload: OrderSubmitPayload =
            serde_json::from_str(&item.body).map_err(|error| ApiError::internal(&error))?;
        let refused: Vec<u32> =
            judged(&item).into_iter().filter(|line| !line.ok).map(|line| line.line).collect();
        let mut place = 0;
        payload.lines.retain(|_| {
            place += 1;
            refused.contains(&place)
        });
        let sent = item.document.trim_start_matches("order:").to_owned();
        let mut taken = self.store.read(|conn| given_back(conn, sent, payload))?;
        taken.id = uuid::Uuid::now_v7().to_string();
        let body = serde_json::to_string(&taken).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: account.user.clone() };
        let settled = self.store.write_local(|tx| {
            draft::put(tx, &group(&taken.id), &kept)?;
            self.settle_partial(tx, &item, &account.user, "order.refused.taken", &refused)
        })?;
        if settled { Ok(taken) } else { Err(ErrorCode::WrongState.into()) }
    }

    /// A person has seen which lines the platform refused and leaves it at that: the others stand.
    pub fn outbox_acknowledge(&self, req: &OutboxKeyReq) -> ApiResult<wire::OutboxItem> {
        let account = self.acting(Act::Submissions)?;
        let item = self.store.read(|conn| outbox::get(conn, &req.key))?.ok_or(ErrorCode::NotFound)?;
        if !is_partial(&item) {
            return Err(ErrorCode::WrongState.into());
        }
        let refused: Vec<u32> =
            judged(&item).into_iter().filter(|line| !line.ok).map(|line| line.line).collect();
        let settled = self.store.write_local(|tx| {
            self.settle_partial(tx, &item, &account.user, "outbox.partial.acknowledged", &refused)
        })?;
        if !settled {
            return Err(ErrorCode::WrongState.into());
        }
        let item = self.store.read(|conn| outbox::get(conn, &req.key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&item)
    }

    /// What was taken in part counts as taken; `false` where another hand was faster.
    fn settle_partial(
        &self,
        tx: &sunbench_store::Transaction<'_>,
        item: &OutboxItem,
        actor: &str,
        action: &str,
        refused: &[u32],
    ) -> Result<bool, StoreError> {
        let change = Change { at: self.now.unix(), ..Change::default() };
        if !outbox::advance(tx, &item.key, OutboxState::Accepted, &change)? {
            return Ok(false);
        }
        let detail = serde_json::json!({ "key": item.key, "kind": item.kind, "lines": refused });
        audit::append(tx, &self.entry(actor, action, &item.document, detail))?;
        Ok(true)
    }
}
