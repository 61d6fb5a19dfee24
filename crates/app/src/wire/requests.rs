//! 订单模板、科室申请、应急保供报备、院间调剂, and the lines that the platform refused.

use super::notices::Attachment;
use super::purchase::OrderDraft;
use super::wire;

wire! {
    /// Where a department's request stands.
    enum RequestState {
        /// 待汇总.
        Open,
        /// In an order that is being written.
        Drafted,
        /// In an order that was sent.
        Ordered,
        /// In an order that came back.
        CameBack,
    }
}

wire! {
    /// A line that the platform refused by itself.
    struct RefusedLine {
        /// Its place in what was sent, from 1.
        line: u32,
        /// The goods; empty where they are not known here.
        what: String,
        quantity: String,
        unit: String,
        /// The platform's code.
        code: String,
        /// For people, in the platform's words.
        reason: String,
    }

    struct OrderTemplates {
        /// By name.
        rows: Vec<OrderTemplate>,
    }
    /// 订单模板.
    struct OrderTemplate {
        id: String,
        name: String,
        /// What a new order begins with; its own name is blank.
        order: OrderDraft,
        /// The goods of the first lines, for people.
        goods: String,
        saved_at: String,
        saved_by: String,
    }
    struct OrderTemplateSaveReq {
        /// None makes a new one; the name is no other's.
        id: Option<String>,
        name: String,
        /// None only changes the name.
        order: Option<OrderDraft>,
    }
    struct OrderTemplateReq {
        id: String,
    }

    struct DepartmentRequests {
        /// What is open first, by the day on which it is needed; then the newest.
        rows: Vec<DepartmentRequest>,
        /// How many are open.
        open: u32,
        /// The departments that ever asked.
        departments: Vec<String>,
    }
    /// 科室申请.
    struct DepartmentRequest {
        id: String,
        dept: String,
        /// As it was written.
        item: String,
        /// 挂网产品, where it is known.
        product: Option<String>,
        product_name: String,
        spec: String,
        quantity: String,
        unit: String,
        needed_by: Option<String>,
        note: String,
        state: RequestState,
        /// The draft or the order it is in.
        order: Option<String>,
        entered_at: String,
        entered_by: String,
    }
    struct DepartmentRequestsReq {
        /// Narrows by department, goods or note; blank is all.
        text: String,
        /// Those that are open, drafted or came back.
        open: bool,
    }
    /// Requests as they were typed or pasted; all of them or none are saved.
    struct RequestsSaveReq {
        rows: Vec<RequestEntry>,
    }
    struct RequestEntry {
        /// None is a new one.
        id: Option<String>,
        dept: String,
        item: String,
        product: Option<String>,
        quantity: String,
        unit: String,
        needed_by: Option<String>,
        note: String,
    }
    struct RequestRemoveReq {
        id: String,
    }
    struct RequestsGatherReq {
        /// Open ones with a product; empty is all of these.
        ids: Vec<String>,
    }
    /// One draft for each distributor, and what could be ordered of nobody.
    struct RequestsGathered {
        drafts: Vec<OrderDraft>,
        /// Requests that are in none, with the reason.
        left: Vec<RequestLeft>,
    }
    struct RequestLeft {
        id: String,
        item: String,
        reason: String,
    }

    struct Transfers {
        /// The newest first.
        rows: Vec<Transfer>,
        /// Hospitals that goods went to or came from.
        hospitals: Vec<String>,
    }
    struct TransfersReq {
        /// Narrows by goods, hospital, lot or reason; blank is all.
        text: String,
    }
    /// 院间调剂: counted nowhere as a purchase.
    struct Transfer {
        id: String,
        /// 调入; else 调出.
        incoming: bool,
        /// The other hospital.
        other: String,
        product: Option<String>,
        name: String,
        spec: String,
        unit: String,
        quantity: String,
        lot: String,
        expires_on: Option<String>,
        reason: String,
        moved_on: String,
        handled_by: String,
        attachments: Vec<Attachment>,
        recorded_at: String,
        recorded_by: String,
    }
    struct TransferSaveReq {
        /// None is a new one.
        id: Option<String>,
        incoming: bool,
        other: String,
        product: Option<String>,
        name: String,
        spec: String,
        unit: String,
        quantity: String,
        lot: String,
        expires_on: Option<String>,
        reason: String,
        moved_on: String,
        handled_by: String,
        attachments: Vec<Attachment>,
    }
    struct TransferReq {
        id: String,
    }

    /// 应急保供报备: how far an order departs from what is usual, before it is reported upward.
    struct SurgeReq {
        /// An order that is being written or waits, by its draft's name, or one that the platform has, by its id.
        order: String,
    }
    struct SurgeReport {
        /// Of the goods that depart from what is usual; the greatest multiple first.
        rows: Vec<SurgeRow>,
        /// An organisation of kind `office` that it may go to.
        offices: Vec<String>,
    }
    struct SurgeRow {
        product: String,
        name: String,
        spec: String,
        unit: String,
        quantity: String,
        /// The median line of the year before.
        usual: String,
        /// The greatest one.
        most: String,
        /// Lines of the year before, and what they add up to.
        lines: u32,
        year: String,
        /// Of the last thirty days.
        month: String,
        /// The quantity in hundredths of the usual one.
        percent: u32,
    }
}
