//! 退货, 发票, 结算.

use super::orders::StateCount;
use super::outbox::OutboxItem;
use super::supply::{DayClock, DocumentStep};
use super::wire;

wire! {
    /// A page of returns, invoices or settlements, the newest first.
    struct BillsReq {
        /// Part of the number, or a supplier's name, pinyin initials or code; blank is all.
        text: String,
        /// One canonical state code; none is all.
        state: Option<String>,
        /// `next` of the page before it; none is the first page.
        after: Option<String>,
    }
    struct ReturnList {
        /// At most a hundred.
        rows: Vec<ReturnRow>,
        /// For the next page, where there is one.
        next: Option<String>,
        /// Of all returns, whatever is asked for.
        states: Vec<StateCount>,
        /// From here, and the platform does not have them, or refused them. With the first page.
        pending: Vec<OutboxItem>,
    }
    /// 退货单.
    struct ReturnRow {
        id: String,
        code: String,
        /// `goods` 退货, `price` 退价差.
        kind: String,
        supplier_id: String,
        supplier: String,
        returned_at: String,
        reason: String,
        /// Why the company refused it; may be empty.
        refuse_reason: String,
        amount: String,
        lines: u32,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
    }
    struct ReturnDetailReq {
        id: String,
    }
    struct ReturnDetail {
        row: ReturnRow,
        lines: Vec<ReturnLineRow>,
        steps: Vec<DocumentStep>,
    }
    /// 退货明细.
    struct ReturnLineRow {
        order_line: String,
        order_code: String,
        line_no: u32,
        product: String,
        spec: String,
        unit: String,
        quantity: String,
        amount: String,
        lot: String,
    }
    /// What of some order lines may go back.
    struct ReturnableReq {
        order_lines: Vec<String>,
    }
    struct Returnable {
        /// In the request's order, without lines that are not here.
        rows: Vec<ReturnableLine>,
        /// They are all of one distributor: one return may hold them.
        one_supplier: bool,
    }
    struct ReturnableLine {
        order_line: String,
        product: String,
        spec: String,
        unit: String,
        supplier: String,
        price: String,
        received: String,
        /// Gone back, or on its way at the company or in the outbox.
        returned: String,
        /// Received less all of that.
        left: String,
        lots: Vec<ReturnableLot>,
    }
    struct ReturnableLot {
        lot: String,
        received: String,
    }
}

wire! {
    struct InvoiceList {
        /// At most a hundred.
        rows: Vec<InvoiceRow>,
        next: Option<String>,
        /// Of all invoices, whatever is asked for.
        states: Vec<StateCount>,
    }
    /// 发票.
    struct InvoiceRow {
        id: String,
        /// 全电发票号码: twenty digits, text.
        number: String,
        /// `blue` 蓝字, `red` 红字.
        kind: String,
        supplier_id: String,
        supplier: String,
        invoiced_on: String,
        amount: String,
        tax: String,
        /// Of a red letter: the number of the invoice that it offsets.
        red_of: Option<String>,
        /// 两票制: the manufacturer's invoice to the distributor; may be empty.
        upstream_number: String,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// It waits for the hospital's verification.
        ours: bool,
        /// Queued or being sent.
        waiting: bool,
    }
    struct InvoiceReq {
        id: String,
    }
    struct InvoiceDetail {
        row: InvoiceRow,
        lines: Vec<InvoiceLineRow>,
        /// What stands against it; those of a line name its place in `lines`.
        faults: Vec<InvoiceFinding>,
        /// Nothing that the platform would refuse.
        acceptable: bool,
        /// Red letters that offset it, or the invoice that it offsets.
        related: Vec<InvoiceRow>,
        /// The settlement that it is in.
        settlement: Option<String>,
        refuse_reason: String,
        submissions: Vec<OutboxItem>,
    }
    /// 发票明细 against its order line.
    struct InvoiceLineRow {
        order_line: String,
        order_code: String,
        line_no: u32,
        product: String,
        spec: String,
        unit: String,
        /// 采购单价; none where the order line is not here.
        price: Option<String>,
        quantity: String,
        amount: String,
        received: String,
        returned: String,
        /// By other verified and paid invoices, red letters taken off.
        billed: String,
    }
    struct InvoiceFinding {
        /// See `sunbench_domain::purchase::invoice::InvoiceFault`.
        code: String,
        /// The platform would refuse to verify it; otherwise the person decides.
        refusal: bool,
        /// For people.
        text: String,
        /// Place in `lines`, from 0.
        line: Option<u32>,
    }
    struct InvoiceVerifyReq {
        invoice: String,
        /// Otherwise it goes back to the company.
        accepted: bool,
        /// Needed when it goes back.
        reason: String,
    }
}

wire! {
    struct SettlementList {
        /// At most a hundred.
        rows: Vec<SettlementRow>,
        next: Option<String>,
        /// Of all settlements, whatever is asked for.
        states: Vec<StateCount>,
        /// From here, and the platform does not have them, or refused them. With the first page.
        pending: Vec<OutboxItem>,
    }
    /// 结算单.
    struct SettlementRow {
        id: String,
        code: String,
        /// `hospital` 医院结算, `fund` 医保基金直接结算.
        kind: String,
        supplier_id: String,
        supplier: String,
        /// yyyy-MM.
        period: String,
        amount: String,
        invoices: u32,
        due_on: String,
        /// While it is not paid.
        due_clock: Option<DayClock>,
        paid_at: Option<String>,
        created_at: String,
        dispute_reason: String,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// It is being reconciled, or a draft: the hospital's turn.
        ours: bool,
        waiting: bool,
    }
    struct SettlementReq {
        id: String,
    }
    struct SettlementDetail {
        row: SettlementRow,
        invoices: Vec<InvoiceRow>,
        steps: Vec<DocumentStep>,
        submissions: Vec<OutboxItem>,
    }
    struct SettlementCandidates {
        /// One for each distributor and month, those to be paid first at the top.
        groups: Vec<SettlementCandidate>,
    }
    /// Verified invoices of one distributor and month that are in no settlement.
    struct SettlementCandidate {
        supplier_id: String,
        supplier: String,
        /// yyyy-MM of the invoices.
        period: String,
        amount: String,
        /// When the first of the goods was accepted.
        accepted_on: Option<String>,
        /// Calendar days from acceptance to payment in the purchase contract; 30 where none states any.
        payment_days: u32,
        /// Acceptance and those days (阜新 2020-06-30 三(二)).
        pay_by: Option<DayClock>,
        invoices: Vec<InvoiceRow>,
        /// A settlement of these is queued or being sent.
        waiting: bool,
    }
    struct SettlementCreateReq {
        /// A draft at the platform; a new settlement when absent.
        settlement: Option<String>,
        /// `hospital` or `fund`.
        kind: String,
        /// yyyy-MM.
        period: String,
        /// Verified, in no other settlement, all of one distributor; at least one.
        invoices: Vec<String>,
    }
    struct SettlementConfirmReq {
        settlement: String,
        /// Otherwise it is disputed.
        accepted: bool,
        /// Needed with a dispute.
        reason: String,
    }
    struct PaymentList {
        /// Settlements that are not paid, the most overdue first.
        rows: Vec<SettlementRow>,
        /// Sum and number of those past their day.
        overdue: u32,
        overdue_amount: String,
        /// Sum and number of those due within thirty days.
        soon: u32,
        soon_amount: String,
    }
}
