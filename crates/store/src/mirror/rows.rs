//! The rows of the mirror, as sync hands them over.

use sunbench_domain::{Amount, Price, Quantity};

use super::table::{DateText, OrderId, OrgId, ProductId, Seconds, mirror_table};

mirror_table! {
    /// 机构.
    OrgRow, "org" in "org" referred {
        kind: String, name: String, uscc: Option<String>, contact: Option<String>, phone: Option<String>,
    }
}
mirror_table! {
    /// 挂网产品.
    ProductRow, "product" in "product" referred {
        name: String, spec: String, model: String, mcs_code: Option<String>, udi_di: Option<String>,
        unit: String, category: String, maker_key: OrgId, reg_no: String, reg_expires_on: Option<DateText>,
        purchase_type: String, selected: bool, price: Price, raw_state: String, price_cap: Option<Price>,
        /// JSON array of product ids.
        assembled_from: String,
    }
}
mirror_table! {
    /// 院内耗材对照.
    HospItemRow, "hospItem" in "hosp_item" {
        code: String, name: String, product_key: ProductId, unit: String, factor_num: u32, factor_den: u32,
    }
}
mirror_table! {
    /// 带量采购协议.
    AgreementRow, "agreement" in "agreement" {
        batch: String, variety: String, product_key: ProductId, maker_key: OrgId, supplier_key: OrgId,
        unit: String, agreed: Quantity, starts_on: DateText, ends_on: DateText, sign_by_on: DateText,
        raw_state: String, state_text: String, signed_at: Option<Seconds>, dispute_reason: String,
    }
}
mirror_table! {
    /// 订单.
    OrderRow, "order" in "purchase_order" referred {
        code: String, kind: String, dept: String, operator: String, submit_at: Seconds,
        line_count: u32, amount: Amount, remarks: String,
    }
}
mirror_table! {
    /// 订单明细.
    OrderLineRow, "orderLine" in "order_line" {
        order_key: OrderId, line_no: u32, product_key: ProductId, maker_key: OrgId, supplier_key: OrgId,
        unit: String, quantity: Quantity, price: Price, amount: Amount,
        kind: String, raw_state: String, state_text: String,
        /// Canonical code, or empty where this version does not know the raw one.
        state: &'static str,
        late: bool, submit_at: Seconds, response_at: Option<Seconds>, delivery_due_at: Option<Seconds>,
        delivered: Quantity, received: Quantity, returned: Quantity,
        urgent: bool, agreement_id: Option<String>, own_key: Option<String>,
    }
}
mirror_table! {
    /// 配送单, without its lines.
    DeliveryRow, "delivery" in "delivery" {
        code: String, order_id: Option<String>, supplier_key: OrgId,
        raw_state: String, state_text: String, state: &'static str,
        shipped_at: Seconds, arrived_at: Option<Seconds>, carrier: String, express_no: String,
    }
}
mirror_table! {
    /// 收货单, without its lines.
    ReceiptRow, "receipt" in "receipt" {
        code: String, delivery_id: String, supplier_key: OrgId,
        raw_state: String, state_text: String, state: &'static str,
        received_at: Seconds, operator: String,
        /// JSON array of `{sha256, name, size}`.
        attachments: String,
    }
}
mirror_table! {
    /// 退货单, without its lines.
    ReturnRow, "return" in "goods_return" {
        code: String, kind: String, supplier_key: OrgId,
        raw_state: String, state_text: String, state: &'static str,
        returned_at: Seconds, reason: String, amount: Amount, refuse_reason: String,
    }
}
mirror_table! {
    /// 发票, without its lines.
    InvoiceRow, "invoice" in "invoice" {
        number: String, kind: String, supplier_key: OrgId, invoiced_on: DateText, amount: Amount, tax: Amount,
        raw_state: String, state_text: String, state: &'static str,
        red_of: Option<String>, upstream_number: String, refuse_reason: String,
    }
}
mirror_table! {
    /// 结算单, without its invoices.
    SettlementRow, "settlement" in "settlement" {
        code: String, kind: String, supplier_key: OrgId, period: String,
        raw_state: String, state_text: String, state: &'static str,
        amount: Amount, due_on: DateText, paid_at: Option<Seconds>, created_at: Seconds, dispute_reason: String,
    }
}
mirror_table! {
    /// 督办通知.
    NoticeRow, "notice" in "notice" {
        code: String, title: String, body: String, level: String, indicator_id: Option<String>,
        rule_name: String, clause: String, issuer: String,
        issued_at: Seconds, reply_working_days: u32, stated_due_at: Option<Seconds>,
        raw_state: String, state_text: String, state: &'static str, round: u32,
        signed_at: Option<Seconds>, signed_by: Option<String>, returned_at: Option<Seconds>,
        return_reason: String, closed_at: Option<Seconds>,
        /// JSON array of `{label, value, orderDetailId?}`.
        evidence: String,
    }
}
mirror_table! {
    /// 督办反馈.
    NoticeReplyRow, "noticeReply" in "notice_reply" {
        notice_id: String, round: u32, cause: String, measures: String, finish_by_on: Option<DateText>,
        responsible: String,
        /// JSON array of `{sha256, name, size}`.
        attachments: String,
        operator: String, submitted_at: Seconds, client_key: String,
    }
}
mirror_table! {
    /// 打卡记录.
    CheckInRow, "checkIn" in "check_in" {
        operator: String, checked_on: DateText, checked_at: Seconds,
    }
}

/// 配送明细.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DeliveryLineRow {
    pub id: String,
    pub order_line_id: Option<String>,
    pub product: ProductId,
    pub quantity: Quantity,
    pub lot: String,
    pub made_on: Option<DateText>,
    pub expires_on: Option<DateText>,
    pub udi: String,
}
/// 收货明细.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ReceiptLineRow {
    pub id: String,
    pub delivery_line_id: String,
    pub order_line_id: Option<String>,
    pub received: Quantity,
    pub rejected: Quantity,
    pub reject_reason: String,
    pub lot: String,
    pub expires_on: Option<DateText>,
    pub udi: String,
}
/// 退货明细.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ReturnLineRow {
    pub id: String,
    pub order_line_id: String,
    pub quantity: Quantity,
    pub amount: Amount,
    pub lot: String,
}
/// 发票明细.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct InvoiceLineRow {
    pub id: String,
    pub order_line_id: String,
    pub quantity: Quantity,
    pub amount: Amount,
}
/// A record without a table of its own, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DocumentRow {
    /// The name on the wire, known to this version or not.
    pub resource: String,
    pub id: String,
    pub ver: i64,
    pub hash: [u8; 16],
    pub updated_at: Seconds,
    pub data: String,
}
/// A record that the platform took back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct DeleteRow {
    pub resource: String,
    pub id: String,
    pub ver: i64,
}
