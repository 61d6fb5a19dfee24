//! 收货: open deliveries, labels, drafts, receipts.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_contract::{
    AttachmentRef, ReceiptConfirmPayload, ReceiptCreateLine, ReceiptCreatePayload, SubmissionKind,
    SubmissionResult,
};
use sunbench_domain::Quantity;
use sunbench_domain::purchase::receive::{
    self, Fit, Goods, NEAR_EXPIRY_DAYS, ReceiveFault, Shelf, check_line, read_label,
};
use sunbench_domain::state::{DeliveryState, ReceiptState, State as _};
use sunbench_store::local::outbox::{self, OutboxState as Stored};
use sunbench_store::local::{account, draft};
use sunbench_store::mirror::receiving::{self as mirror, Delivery, Settled};
use sunbench_store::{Connection, StoreResult};

use crate::clocked::{clock_urgency, text};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::notices::{attachment_refs, attachments};
use crate::wire::{
    Act, Attachment, DeliveriesReq, DeliveryDetail, DeliveryLine, DeliveryList, DeliveryReq, DeliveryRow,
    DraftSaved, LabelFit, OutboxItem, ReceiptConfirmReq, ReceiptDraft, ReceiptDraftLine, ReceiptDraftReq,
    ReceiptOfDelivery, ReceiptReq, ScanFound, ScanReq, ScannedLabel, ScannedLine, ShelfLife, Urgency,
};

/// Open deliveries that the room lists and a scan looks through; a store room never has so many at once.
const LISTED: u32 = 2_000;
const HOUR: i64 = 3_600;

/// The outbox's group of a delivery: its receipts keep their order.
pub(crate) fn document(id: &str) -> String {
    format!("delivery:{id}")
}

/// Whether goods can be received of a delivery; a state that this version does not know is left to the platform.
fn is_receivable(state: &str) -> bool {
    DeliveryState::from_code(state)
        .is_none_or(|state| matches!(state, DeliveryState::Confirmed | DeliveryState::Accepting))
}

/// One delivery with all that bears on what may be received of it.
struct Found {
    delivery: Delivery,
    lines: Vec<mirror::DeliveryLine>,
    settled: Vec<Settled>,
    items: Vec<outbox::OutboxItem>,
}

impl Found {
    fn read(conn: &Connection, id: &str) -> StoreResult<Option<Self>> {
        let Some(delivery) = mirror::get(conn, id)? else { return Ok(None) };
        Ok(Some(Self {
            lines: mirror::lines(conn, delivery.key)?,
            settled: mirror::settled(conn, id)?,
            items: outbox::of_document(conn, &document(id))?,
            delivery,
        }))
    }

    /// What this profile's receipts hold of each line and the mirror does not show yet.
    fn waiting(&self) -> HashMap<String, Quantity> {
        let mut sums: HashMap<String, Quantity> = HashMap::new();
        for item in &self.items {
            let answered: Option<SubmissionResult> =
                item.answer.as_deref().and_then(|text| serde_json::from_str(text).ok());
            let counts = match item.state {
                Stored::Queued | Stored::Sending | Stored::AwaitingReview => true,
                // Taken by the platform, but its receipt has not come back with a sync.
                Stored::Accepted => answered
                    .as_ref()
                    .and_then(|answer| answer.id.as_ref())
                    .is_some_and(|id| !self.settled.iter().any(|settled| settled.receipt == *id)),
                Stored::Refused | Stored::NeedsDecision | Stored::Withdrawn | Stored::Returned => false,
            };
            if !counts || item.kind != SubmissionKind::ReceiptCreate.name() {
                continue;
            }
            let Ok(payload) = serde_json::from_str::<ReceiptCreatePayload>(&item.body) else { continue };
            for line in payload.lines {
                let sum = sums.entry(line.distribute_detail_id).or_default();
                *sum = sum
                    .checked_add(line.received_count)
                    .and_then(|sum| sum.checked_add(line.rejected_count))
                    .unwrap_or(*sum);
            }
        }
        sums
    }

    /// What a person wrote and the platform did not take: it is there to be corrected.
    fn given_back(&self, me: &str) -> Option<ReceiptDraft> {
        let last = self.items.iter().rfind(|item| item.kind == SubmissionKind::ReceiptCreate.name())?;
        if last.actor != me || !(last.state.came_back() || last.state == Stored::NeedsDecision) {
            return None;
        }
        let payload: ReceiptCreatePayload = serde_json::from_str(&last.body).ok()?;
        let line = |line: ReceiptCreateLine| ReceiptDraftLine {
            line: line.distribute_detail_id,
            received: line.received_count.to_string(),
            rejected: line.rejected_count.to_string(),
            reject_reason: line.reject_reason,
            lot: line.lot_no,
            expires_on: line.expiry_date.map(|day| day.to_string()),
            udi: line.udi,
        };
        Some(ReceiptDraft {
            attachments: attachments(&payload.attachments),
            lines: payload.lines.into_iter().map(line).collect(),
            edited_at: text(last.created_at),
            edited_by: last.actor.clone(),
        })
    }

    /// Received and rejected of a line, in receipts that the platform has.
    fn of_line(&self, line: &str) -> (Quantity, Quantity) {
        let of_line = self.settled.iter().filter(|settled| settled.line == line);
        of_line.fold((Quantity::ZERO, Quantity::ZERO), |(received, rejected), settled| {
            (received + settled.received, rejected + settled.rejected)
        })
    }
}

fn shelf(expires_on: Option<&str>, today: NaiveDate) -> ShelfLife {
    match receive::shelf(expires_on.and_then(|day| day.parse().ok()), today, NEAR_EXPIRY_DAYS) {
        Shelf::Good => ShelfLife::Good,
        Shelf::Near => ShelfLife::Near,
        Shelf::Expired => ShelfLife::Expired,
    }
}

fn wire_lines(found: &Found, today: NaiveDate) -> Vec<DeliveryLine> {
    let waiting = found.waiting();
    let line = |line: &mirror::DeliveryLine| {
        let (received, rejected) = found.of_line(&line.id);
        let waiting = waiting.get(&line.id).copied().unwrap_or_default();
        let left = line.quantity - received - rejected - waiting;
        DeliveryLine {
            id: line.id.clone(),
            order_line: line.order_line.clone(),
            line_no: line.line_no,
            product: line.product.clone(),
            spec: line.spec.clone(),
            model: line.model.clone(),
            unit: line.unit.clone(),
            mcs_code: line.mcs_code.clone(),
            delivered: line.quantity.to_string(),
            received: received.to_string(),
            rejected: rejected.to_string(),
            waiting: waiting.to_string(),
            left: if left.is_negative() { Quantity::ZERO } else { left }.to_string(),
            lot: line.lot.clone(),
            made_on: line.made_on.clone(),
            expires_on: line.expires_on.clone(),
            shelf: shelf(line.expires_on.as_deref(), today),
            udi: line.udi.clone(),
        }
    };
    found.lines.iter().map(line).collect()
}

impl Context<'_> {
    /// The deliveries that are not yet in the store room.
    pub fn deliveries(&self, req: &DeliveriesReq) -> ApiResult<DeliveryList> {
        let wanted = sunbench_domain::text::half_width(&req.text).trim().to_lowercase();
        let at = self.departments_at(req.campus.as_deref())?;
        let mut open = self.store.read(|conn| mirror::open(conn, LISTED))?;
        open.retain(|delivery| at.as_ref().is_none_or(|departments| departments.contains(&delivery.dept)));
        let mut rows = Vec::new();
        for delivery in &open {
            let said = [&delivery.code, &delivery.order_code, &delivery.express_no, &delivery.supplier];
            if said.iter().any(|text| text.to_lowercase().contains(&wanted)) {
                rows.push(self.delivery_row(delivery)?);
            }
        }
        rows.sort_by(|a, b| {
            let key = |row: &DeliveryRow| (!row.receivable, row.due_at.is_none(), row.due_at.clone());
            key(a).cmp(&key(b)).then_with(|| a.shipped_at.cmp(&b.shipped_at))
        });
        Ok(DeliveryList { rows })
    }

    fn delivery_row(&self, delivery: &Delivery) -> ApiResult<DeliveryRow> {
        let group = document(&delivery.id);
        let (items, draft) = self.store.read(|conn| {
            let me = account::get(conn)?.map(|account| account.user).unwrap_or_default();
            Ok((outbox::of_document(conn, &group)?, draft::get(conn, &group, &me)?))
        })?;
        let now = self.now.unix();
        let came_at = delivery.arrived_at.unwrap_or(now);
        let hours = delivery.due_at.zip(delivery.ordered_at).map(|(due, from)| (due - from) / HOUR);
        Ok(DeliveryRow {
            id: delivery.id.clone(),
            code: delivery.code.clone(),
            supplier: delivery.supplier.clone(),
            order_code: delivery.order_code.clone(),
            dept: delivery.dept.clone(),
            state: delivery.state.clone(),
            state_text: delivery.state_text.clone(),
            receivable: is_receivable(&delivery.state),
            shipped_at: text(delivery.shipped_at),
            arrived_at: delivery.arrived_at.map(text),
            carrier: delivery.carrier.clone(),
            express_no: delivery.express_no.clone(),
            lines: delivery.lines,
            urgent: delivery.urgent,
            clock_hours: hours.and_then(|hours| u32::try_from(hours).ok()),
            due_at: delivery.due_at.map(text),
            late: delivery.due_at.is_some_and(|due| due < came_at),
            urgency: match delivery.due_at {
                Some(due) if delivery.arrived_at.is_none() => clock_urgency(due, now),
                _ => Urgency::Later,
            },
            receipt_waiting: items.iter().any(|item| item.state.is_on_its_way()),
            has_draft: draft.is_some(),
        })
    }

    /// One delivery with its lines, its receipts and the draft.
    pub fn delivery(&self, req: &DeliveryReq) -> ApiResult<DeliveryDetail> {
        let me = self.actor()?;
        let group = document(&req.id);
        let (found, draft, others) = self.store.read(|conn| {
            Ok((
                Found::read(conn, &req.id)?,
                draft::get(conn, &group, &me)?,
                draft::others(conn, &group, &me)?,
            ))
        })?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        Ok(DeliveryDetail {
            row: self.delivery_row(&found.delivery)?,
            lines: wire_lines(&found, self.today()),
            receipts: receipts(&found.settled),
            draft: draft.map(|draft| wire_draft(&draft)).or_else(|| found.given_back(&me)),
            also_drafting: others,
            submissions: found.items.iter().map(|item| self.outbox_item(item)).collect::<ApiResult<_>>()?,
        })
    }

    /// Looks a scanned label up in the open deliveries, or in one of them.
    pub fn delivery_scan(&self, req: &ScanReq) -> ApiResult<ScanFound> {
        let today = self.today();
        let label = match read_label(&req.code, today) {
            Ok(label) => label,
            Err(fault) => {
                let reason = Some(fault.text_zh());
                return Ok(ScanFound { valid: false, reason, label: None, lines: Vec::new() });
            }
        };
        let wanted = self.store.read(|conn| {
            let open = match &req.delivery {
                Some(id) => mirror::get(conn, id)?.into_iter().collect(),
                None => mirror::open(conn, LISTED)?,
            };
            let mut fitting = Vec::new();
            for delivery in open.into_iter().filter(|delivery| is_receivable(&delivery.state)) {
                let lines = mirror::lines(conn, delivery.key)?;
                let fits: Vec<(String, Fit)> = lines
                    .iter()
                    .filter_map(|line| {
                        let goods = Goods { udi_di: line.udi_di.as_deref(), udi: &line.udi, lot: &line.lot };
                        Some((line.id.clone(), receive::fit(&label, &goods, today)?))
                    })
                    .collect();
                if !fits.is_empty()
                    && let Some(found) = Found::read(conn, &delivery.id)?
                {
                    fitting.push((found, fits));
                }
            }
            Ok(fitting)
        })?;
        let mut lines: Vec<(Fit, ScannedLine)> = Vec::new();
        for (found, fits) in wanted {
            let shown = wire_lines(&found, today);
            for (id, fit) in fits {
                // Nothing is left of it: the label is another piece's.
                let Some(line) = shown.iter().find(|line| line.id == id && line.left != "0") else {
                    continue;
                };
                let line = ScannedLine {
                    delivery: found.delivery.id.clone(),
                    delivery_code: found.delivery.code.clone(),
                    supplier: found.delivery.supplier.clone(),
                    line: line.clone(),
                    fit: wire_fit(fit),
                };
                lines.push((fit, line));
            }
        }
        lines.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        let expires_on = label.expires_on.map(|day| day.to_string());
        Ok(ScanFound {
            valid: true,
            reason: None,
            lines: lines.into_iter().map(|(_, line)| line).collect(),
            label: Some(ScannedLabel {
                shelf: shelf(expires_on.as_deref(), today),
                udi: label.udi,
                di: label.di,
                lot: label.lot,
                expires_on,
                serial: label.serial,
            }),
        })
    }

    /// Saves the receipt that is being written. Called as the clerk types and scans; nothing is sent.
    pub fn receipt_draft_save(&self, req: &ReceiptDraftReq) -> ApiResult<DraftSaved> {
        let account = self.acting(Act::Receive)?;
        let body = ReceiptBody { lines: req.lines.clone(), attachments: req.attachments.clone() };
        let body = serde_json::to_string(&body).map_err(|error| ApiError::internal(&error))?;
        let kept = draft::Draft { body, edited_at: self.now.unix(), edited_by: account.user };
        self.store.write_local(|tx| draft::put(tx, &document(&req.delivery), &kept))?;
        Ok(DraftSaved { edited_at: self.now.to_string() })
    }

    /// Queues the draft of a delivery as a receipt. It is on disk when this returns; it is sent when there is a network.
    /// A second receipt of the same delivery is for what the first one left.
    pub fn receipt_submit(&self, req: &ReceiptReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Receive)?;
        let group = document(&req.delivery);
        let draft = self.store.read(|conn| draft::get(conn, &group, &account.user))?;
        let drafted = draft.map(|draft| body_of(&draft.body)).unwrap_or_default();
        self.send_receipt(&account.user, &req.delivery, &drafted, Some(&group))
    }

    /// Queues a receipt of these lines; no draft is made or taken away.
    pub(crate) fn receive_lines(&self, delivery: &str, lines: &[ReceiptDraftLine]) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Receive)?;
        let drafted = ReceiptBody { lines: lines.to_vec(), attachments: Vec::new() };
        self.send_receipt(&account.user, delivery, &drafted, None)
    }

    fn send_receipt(
        &self,
        actor: &str,
        delivery: &str,
        drafted: &ReceiptBody,
        draft: Option<&str>,
    ) -> ApiResult<OutboxItem> {
        let group = document(delivery);
        let found = self.store.read(|conn| Found::read(conn, delivery))?.ok_or(ErrorCode::NotFound)?;
        if !is_receivable(&found.delivery.state) {
            return Err(ErrorCode::WrongState.into());
        }
        let payload = ReceiptCreatePayload {
            distribute_id: delivery.to_owned(),
            receive_time: Some(self.now),
            lines: receipt_lines(&found, &drafted.lines)?,
            attachments: attachment_refs(&drafted.attachments),
        };
        let sending = crate::submit::Sending {
            kind: SubmissionKind::ReceiptCreate,
            document: &group,
            base_ver: Some(found.delivery.ver),
            action: "receipt.create.queued",
            attachments: &drafted.attachments,
            draft,
        };
        self.submit(actor, &sending, &payload)
    }

    /// The id of a delivery that is named by its id or, while it is open, by its code (配送单号).
    pub(crate) fn delivery_named(&self, name: String) -> ApiResult<String> {
        let open = self.store.read(|conn| match mirror::get(conn, &name)? {
            Some(_) => Ok(Vec::new()),
            None => mirror::open(conn, u32::MAX),
        })?;
        Ok(open.into_iter().find(|delivery| delivery.code == name).map_or(name, |delivery| delivery.id))
    }

    /// Everything that is still to be received of a delivery.
    ///
    /// # Errors
    /// [`ErrorCode::WrongState`] where nothing is left.
    pub(crate) fn all_that_is_left(&self, delivery: &str) -> ApiResult<Vec<ReceiptDraftLine>> {
        let detail = self.delivery(&DeliveryReq { id: delivery.to_owned() })?;
        let open = detail.lines.into_iter().filter(|line| line.left != "0");
        let lines: Vec<ReceiptDraftLine> = open
            .map(|line| ReceiptDraftLine {
                line: line.id,
                received: line.left,
                rejected: "0".to_owned(),
                reject_reason: String::new(),
                lot: String::new(),
                expires_on: None,
                udi: String::new(),
            })
            .collect();
        if lines.is_empty() { Err(ErrorCode::WrongState.into()) } else { Ok(lines) }
    }

    /// Lines of a file, where a scanned label may stand for the line's number: the one line of the delivery that it fits best.
    pub(crate) fn named_lines(
        &self,
        delivery: &str,
        mut lines: Vec<ReceiptDraftLine>,
    ) -> ApiResult<Vec<ReceiptDraftLine>> {
        for (index, line) in lines.iter_mut().enumerate() {
            if line.line.is_empty() && !line.udi.is_empty() {
                let req = ScanReq { code: line.udi.clone(), delivery: Some(delivery.to_owned()) };
                let found = self.delivery_scan(&req)?;
                let best = found.lines.first().map(|best| best.fit);
                let mut equally = found.lines.into_iter().filter(|line| Some(line.fit) == best);
                let (Some(of), None) = (equally.next(), equally.next()) else {
                    return Err(ApiError::field(ErrorCode::FieldInvalid, &format!("lines[{index}].udi")));
                };
                line.line = of.line.id;
            }
        }
        Ok(lines)
    }

    /// Queues the acceptance or rejection of a pre-acceptance. Doing it twice queues once.
    pub fn receipt_confirm(&self, req: &ReceiptConfirmReq) -> ApiResult<OutboxItem> {
        let account = self.acting(Act::Receive)?;
        let found =
            self.store.read(|conn| mirror::receipt(conn, &req.receipt))?.ok_or(ErrorCode::NotFound)?;
        let group = format!("receipt:{}", req.receipt);
        let items = self.store.read(|conn| outbox::of_document(conn, &group))?;
        let open = |item: &&outbox::OutboxItem| item.state.is_on_its_way() || item.state == Stored::Accepted;
        if let Some(item) = items.iter().find(open) {
            return self.outbox_item(item);
        }
        if ReceiptState::from_code(&found.state) != Some(ReceiptState::PreAccepted) {
            return Err(ErrorCode::WrongState.into());
        }
        if !req.accepted && req.reason.trim().is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "reason"));
        }
        let payload = ReceiptConfirmPayload {
            receipt_id: req.receipt.clone(),
            accepted: req.accepted,
            reason: req.reason.trim().to_owned(),
        };
        let sending = crate::submit::Sending {
            kind: SubmissionKind::ReceiptConfirm,
            document: &group,
            base_ver: Some(found.ver),
            action: "receipt.confirm.queued",
            attachments: &[],
            draft: None,
        };
        self.submit(&account.user, &sending, &payload)
    }
}

/// A quantity as typed; blank is nought.
fn quantity(text: &str, field: &str) -> ApiResult<Quantity> {
    let text = sunbench_domain::text::half_width(text);
    match text.trim() {
        "" => Ok(Quantity::ZERO),
        text => text.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field)),
    }
}

/// A receipt that is being written, as it is kept.
#[derive(Default, Serialize, Deserialize)]
struct ReceiptBody {
    lines: Vec<ReceiptDraftLine>,
    attachments: Vec<Attachment>,
}

/// From what is kept; drafts of earlier versions hold the lines alone.
fn body_of(kept: &str) -> ReceiptBody {
    serde_json::from_str(kept).unwrap_or_else(|_| ReceiptBody {
        lines: serde_json::from_str(kept).unwrap_or_default(),
        attachments: Vec::new(),
    })
}

fn wire_draft(kept: &draft::Draft) -> ReceiptDraft {
    let ReceiptBody { lines, attachments } = body_of(&kept.body);
    ReceiptDraft { lines, attachments, edited_at: text(kept.edited_at), edited_by: kept.edited_by.clone() }
}

/// One row for each receipt, oldest first.
fn receipts(settled: &[Settled]) -> Vec<ReceiptOfDelivery> {
    let mut sums: Vec<(&Settled, Quantity, Quantity)> = Vec::new();
    for line in settled {
        match sums.iter_mut().find(|(of, ..)| of.receipt == line.receipt) {
            Some((_, received, rejected)) => {
                *received += line.received;
                *rejected += line.rejected;
            }
            None => sums.push((line, line.received, line.rejected)),
        }
    }
    sums.sort_by_key(|(of, ..)| of.received_at);
    let row = |(of, received, rejected): (&Settled, Quantity, Quantity)| ReceiptOfDelivery {
        id: of.receipt.clone(),
        code: of.code.clone(),
        state: of.state.clone(),
        state_text: of.state_text.clone(),
        operator: of.operator.clone(),
        received_at: text(of.received_at),
        received: received.to_string(),
        rejected: rejected.to_string(),
        attachments: attachments(
            &serde_json::from_str::<Vec<AttachmentRef>>(&of.attachments).unwrap_or_default(),
        ),
    };
    sums.into_iter().map(row).collect()
}

fn wire_fit(fit: Fit) -> LabelFit {
    match fit {
        Fit::OtherLot => LabelFit::OtherLot,
        Fit::Product => LabelFit::Product,
        Fit::Lot => LabelFit::Lot,
        Fit::Same => LabelFit::Same,
    }
}

/// The lines of a receipt by every rule; a blank one is left out.
fn receipt_lines(found: &Found, drafted: &[ReceiptDraftLine]) -> ApiResult<Vec<ReceiptCreateLine>> {
    let waiting = found.waiting();
    let mut taken: HashMap<&str, Quantity> = HashMap::new();
    let mut lines = Vec::new();
    for (index, line) in drafted.iter().enumerate() {
        let field = |name: &str| format!("lines[{index}].{name}");
        let received = quantity(&line.received, &field("received"))?;
        let rejected = quantity(&line.rejected, &field("rejected"))?;
        if (received, rejected) == (Quantity::ZERO, Quantity::ZERO) {
            continue;
        }
        let of = found.lines.iter().find(|of| of.id == line.line);
        let of = of.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, &field("line")))?;
        let (before, sent_back) = found.of_line(&of.id);
        let settled = before
            + sent_back
            + waiting.get(&of.id).copied().unwrap_or_default()
            + taken.get(of.id.as_str()).copied().unwrap_or_default();
        check_line(of.quantity, settled, (received, rejected), &line.reject_reason).map_err(|fault| {
            match fault {
                ReceiveFault::OverDelivered { .. } => {
                    ApiError::field(ErrorCode::MoreThanLeft, &field("received"))
                }
                ReceiveFault::ReasonMissing => {
                    ApiError::field(ErrorCode::FieldRequired, &field("rejectReason"))
                }
                ReceiveFault::Negative | ReceiveFault::Nothing => {
                    ApiError::field(ErrorCode::FieldInvalid, &field("received"))
                }
            }
        })?;
        *taken.entry(&of.id).or_default() += received + rejected;
        let expiry_date = match line.expires_on.as_deref().filter(|day| !day.is_empty()) {
            Some(day) => {
                Some(day.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, &field("expiresOn")))?)
            }
            None => None,
        };
        lines.push(ReceiptCreateLine {
            distribute_detail_id: of.id.clone(),
            received_count: received,
            rejected_count: rejected,
            reject_reason: line.reject_reason.trim().to_owned(),
            lot_no: line.lot.trim().to_owned(),
            expiry_date,
            udi: line.udi.trim().to_owned(),
        });
    }
    if lines.is_empty() {
        return Err(ApiError::field(ErrorCode::FieldRequired, "lines"));
    }
    Ok(lines)
}
