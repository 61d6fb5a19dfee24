//! 备案补录: purchases off the platform, and products that it does not list.

use super::notices::Attachment;
use super::outbox::OutboxItem;
use super::supply::DocumentStep;
use super::{wire, wire_edited};
use crate::error::ErrorCode;

wire_edited! {
    /// 备案 that is being written: of a purchase off the platform (备案补录), or of a product that is not listed
    /// (未入库产品采购; then without `product`).
    struct FilingDraft {
        /// Made by the window (UUID); the draft's name for good.
        id: String,
        /// The filing that was returned, or is a draft at the platform, and is submitted again.
        filing: Option<String>,
        /// 挂网产品, where it is one.
        product: Option<String>,
        goods_name: String,
        goods_spec: String,
        unit: String,
        /// 供货企业.
        company: String,
        /// 国家医保耗材编码; may be empty.
        mcs_code: String,
        quantity: String,
        price: String,
        purchase_date: String,
        /// 线下采购原因.
        reason: String,
        /// 责任人: who negotiates and buys answers for it (阜新 2020-06-30 二).
        responsible: String,
        /// Needed of a product that is not listed.
        attachments: Vec<Attachment>,
        /// The hospital's own key of the purchase, kept as it comes; absent in a new draft.
        own_key: Option<String>,
    }
}

wire! {
    struct FilingsReq {
        /// Narrows by number, goods, company, reason or responsible person; blank is all.
        text: String,
        /// Canonical state codes; none means all.
        states: Vec<String>,
    }
    struct FilingList {
        /// Those that came back first, then drafts, then the newest.
        rows: Vec<FilingRow>,
        /// From here, and the platform does not have them, or refused them.
        pending: Vec<OutboxItem>,
        /// The person's own, unsent; those that the platform refused are given back among them.
        drafts: Vec<FilingDraft>,
    }
    struct FilingRow {
        id: String,
        code: String,
        goods_name: String,
        goods_spec: String,
        unit: String,
        company: String,
        /// Not a listed product (未入库产品).
        unlisted: bool,
        quantity: String,
        price: String,
        amount: String,
        purchase_date: String,
        reason: String,
        responsible: String,
        submitted_at: Option<String>,
        operator: String,
        /// The order line that it was linked to.
        order_line: Option<String>,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        return_reason: String,
        /// It came back, or is a draft: the hospital's turn.
        ours: bool,
        /// Queued or being sent again.
        waiting: bool,
    }
    struct FilingReq {
        filing: String,
    }
    struct FilingDetail {
        row: FilingRow,
        mcs_code: String,
        product: Option<String>,
        attachments: Vec<Attachment>,
        steps: Vec<DocumentStep>,
        /// To be corrected, where it is the hospital's turn: the person's own draft, else what the platform refused last, else
        /// what stands there.
        correction: Option<FilingDraft>,
        submissions: Vec<OutboxItem>,
    }
    struct FilingCheck {
        /// 单价 × 数量, rounded half up to the fen; blank where they can't be read.
        amount: String,
        /// What stands in the way, in the order of the form.
        faults: Vec<FieldFault>,
    }
    /// What is wrong with a field.
    struct FieldFault {
        /// As in the request.
        field: String,
        code: ErrorCode,
    }
    /// Send the draft of a filing, or throw it away.
    struct FilingDraftReq {
        id: String,
    }
    struct FilingDrafts {
        drafts: Vec<FilingDraft>,
    }
}
