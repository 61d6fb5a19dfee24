//! 收货.

use super::notices::Attachment;
use super::outbox::OutboxItem;
use super::today::Urgency;
use super::{wire, wire_edited};

wire! {
    /// How near goods are to their expiry.
    enum ShelfLife {
        Good,
        /// 近效期: within half a year.
        Near,
        /// 过期.
        Expired,
    }
    /// How well a scanned label fits a line; the later the better.
    enum LabelFit {
        /// The product is right, the lot is another.
        OtherLot,
        /// The product is right; the label or the line names no lot.
        Product,
        /// Product and lot.
        Lot,
        /// The very code that the distributor stated.
        Same,
    }
}

wire! {
    struct DeliveriesReq {
        /// Narrows by delivery, order or express number, or supplier; blank is all.
        text: String,
        /// 院区, by its id; none is all.
        campus: Option<String>,
    }
    struct DeliveryList {
        /// That have come first, then by their clock.
        rows: Vec<DeliveryRow>,
    }
    /// 配送单 that is not yet in the store room.
    struct DeliveryRow {
        id: String,
        code: String,
        supplier: String,
        order_code: String,
        dept: String,
        /// Canonical state code: `WAITING` still on its way, `CONFIRMED` has come, `ACCEPTING` in parts.
        state: String,
        state_text: String,
        /// Whether it can be received now.
        receivable: bool,
        shipped_at: String,
        arrived_at: Option<String>,
        carrier: String,
        express_no: String,
        lines: u32,
        urgent: bool,
        /// 配送时限 in natural hours, such as 4, 24 or 48, of the order line that falls due first.
        clock_hours: Option<u32>,
        /// When that clock runs out.
        due_at: Option<String>,
        /// It came, or is still to come, after the clock had run out.
        late: bool,
        /// Of the clock, while the goods have not come.
        urgency: Urgency,
        /// A receipt is queued or being sent.
        receipt_waiting: bool,
        has_draft: bool,
    }
    struct DeliveryReq {
        id: String,
    }
    struct DeliveryDetail {
        row: DeliveryRow,
        lines: Vec<DeliveryLine>,
        /// Earlier receipts of this delivery, whoever made them.
        receipts: Vec<ReceiptOfDelivery>,
        draft: Option<ReceiptDraft>,
        /// Colleagues at this computer who are receiving it too.
        also_drafting: Vec<String>,
        /// Submissions for this delivery, oldest first.
        submissions: Vec<OutboxItem>,
    }
    /// 配送明细.
    struct DeliveryLine {
        id: String,
        order_line: Option<String>,
        /// Its place in the order.
        line_no: Option<u32>,
        product: String,
        spec: String,
        model: String,
        unit: String,
        mcs_code: Option<String>,
        delivered: String,
        /// Received and rejected so far, in receipts that the platform has.
        received: String,
        rejected: String,
        /// In receipts of this profile that the platform has not taken yet.
        waiting: String,
        /// Delivered less all of that: what may still be received.
        left: String,
        lot: String,
        made_on: Option<String>,
        expires_on: Option<String>,
        shelf: ShelfLife,
        udi: String,
    }
    struct ReceiptOfDelivery {
        id: String,
        code: String,
        state: String,
        state_text: String,
        operator: String,
        received_at: String,
        received: String,
        rejected: String,
        attachments: Vec<Attachment>,
    }
}

wire_edited! {
    /// A receipt that is being written.
    struct ReceiptDraft {
        lines: Vec<ReceiptDraftLine>,
        attachments: Vec<Attachment>,
        edited_at: String,
        edited_by: String,
    }
    /// What was checked of one line. Blank lot, expiry and code mean the delivery's own.
    struct ReceiptDraftLine {
        /// 配送明细.
        line: String,
        received: String,
        rejected: String,
        reject_reason: String,
        lot: String,
        expires_on: Option<String>,
        udi: String,
    }
}

wire! {
    struct ReceiptDraftReq {
        delivery: String,
        lines: Vec<ReceiptDraftLine>,
        /// Photos and papers of the goods, attached before.
        attachments: Vec<Attachment>,
    }
    /// Send the draft of a delivery.
    struct ReceiptReq {
        delivery: String,
    }
    /// 实际验收 of a pre-acceptance.
    struct ReceiptConfirmReq {
        receipt: String,
        accepted: bool,
        /// Needed when it is not accepted.
        reason: String,
    }
    struct ScanReq {
        /// As the scanner typed it; FNC1 as ASCII 29 or one of the usual stand-ins.
        code: String,
        /// Only of this delivery, where one is open.
        delivery: Option<String>,
    }
    struct ScanFound {
        /// Whether the label can be read.
        valid: bool,
        /// Why it cannot, for people.
        reason: Option<String>,
        label: Option<ScannedLabel>,
        /// Lines of open deliveries that it belongs to, the best first; several equally good ones are for the person.
        lines: Vec<ScannedLine>,
    }
    struct ScannedLabel {
        /// The form to store.
        udi: String,
        di: String,
        lot: Option<String>,
        expires_on: Option<String>,
        serial: Option<String>,
        shelf: ShelfLife,
    }
    struct ScannedLine {
        delivery: String,
        delivery_code: String,
        supplier: String,
        line: DeliveryLine,
        fit: LabelFit,
    }
}
