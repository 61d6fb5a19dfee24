//! The business records in [`crate::Change::data`]. Field names follow the national subsystem's own.
//!
//! A state travels as the platform's raw code with its text; see `sunbench_domain::state`.

#![allow(missing_docs)] // the field names are the subsystem's own and say what they hold

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_domain::{Amount, Price, Quantity};

use crate::time::Instant;

macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
    )*};
}
pub(crate) use documents;

documents! {
    /// 机构.
    Org {
        org_id: String,
        /// `hospital`, `manufacturer`, `distributor`, `office`.
        org_type: String,
        org_name: String,
        /// 统一社会信用代码.
        #[serde(default, skip_serializing_if = "Option::is_none")] uscc: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] contact: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] phone: Option<String>,
    }

    /// 挂网产品.
    Product {
        procurecatalog_id: String,
        goods_name: String,
        goods_spec: String,
        goods_model: String,
        /// 国家医保耗材编码, 27 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")] mcs_code: Option<String>,
        /// UDI-DI (GTIN).
        #[serde(default, skip_serializing_if = "Option::is_none")] udi_di: Option<String>,
        unit: String,
        /// 类别, the first level's name.
        category: String,
        company_id_tb: String,
        /// 注册证号.
        reg_no: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] reg_expiry: Option<NaiveDate>,
        /// 采购类别: 带量, 阳光, 联盟 …
        purchase_type: String,
        /// 是否中选.
        selected: bool,
        price: Price,
        /// 非中选产品限价: what a product that was not selected may cost at most, where the platform states it.
        #[serde(default, skip_serializing_if = "Option::is_none")] price_cap: Option<Price>,
        /// 组套: the listed products that it is assembled from; none of a single product.
        #[serde(default, skip_serializing_if = "Vec::is_empty")] assembled_from: Vec<String>,
        /// 挂网状态: `1` listed, `0` suspended.
        state: String,
    }

    /// 院内耗材对照.
    HospItem {
        hosp_item_id: String,
        item_code: String,
        item_name: String,
        procurecatalog_id: String,
        /// The hospital's own unit.
        unit: String,
        /// One hospital unit is `factor_num / factor_den` of the product's unit.
        factor_num: u32,
        factor_den: u32,
    }

    /// 带量采购协议.
    Agreement {
        agreement_id: String,
        batch_name: String,
        /// 品种.
        variety_name: String,
        procurecatalog_id: String,
        company_id_tb: String,
        company_id_ps: String,
        unit: String,
        /// 约定采购量.
        agreed_count: Quantity,
        start_date: NaiveDate,
        end_date: NaiveDate,
        sign_deadline: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")] sign_time: Option<Instant>,
        /// 异议原因.
        #[serde(default, skip_serializing_if = "String::is_empty")] dispute_reason: String,
        /// `sunbench_domain::state::AgreementState`.
        state: String,
        state_text: String,
    }

    /// 订单.
    Order {
        order_id: String,
        order_code: String,
        order_type: String,
        #[serde(default)] hospital_dept: String,
        operator: String,
        submit_time: Instant,
        /// How many lines the order has.
        line_count: u32,
        order_amount: Amount,
        #[serde(default)] remarks: String,
    }

    /// 订单明细.
    OrderLine {
        order_detail_id: String,
        order_id: String,
        order_code: String,
        line_no: u32,
        procurecatalog_id: String,
        company_id_tb: String,
        company_id_ps: String,
        unit: String,
        purchase_count: Quantity,
        purchase_price: Price,
        purchase_amount: Amount,
        /// 订单类型: 普通, 补录, 临时, 备案, 带量, 应急.
        order_type: String,
        order_detail_state: String,
        state_text: String,
        submit_time: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")] response_time: Option<Instant>,
        /// 配送时限, as the platform states it.
        #[serde(default, skip_serializing_if = "Option::is_none")] delivery_due_time: Option<Instant>,
        distribute_count: Quantity,
        received_count: Quantity,
        return_count: Quantity,
        #[serde(default)] urgent: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")] agreement_id: Option<String>,
        /// 医院自定义信息: the hospital's own key of the line.
        #[serde(default, skip_serializing_if = "Option::is_none")] order_custom_info: Option<String>,
    }

    /// 配送单.
    Delivery {
        distribute_id: String,
        distribute_code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] order_id: Option<String>,
        company_id_ps: String,
        state: String,
        state_text: String,
        distribute_time: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")] arrive_time: Option<Instant>,
        #[serde(default)] carrier: String,
        #[serde(default)] express_no: String,
        lines: Vec<DeliveryLine>,
    }

    /// 配送明细.
    DeliveryLine {
        distribute_detail_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] order_detail_id: Option<String>,
        procurecatalog_id: String,
        distribute_count: Quantity,
        #[serde(default)] lot_no: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] prod_date: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")] expiry_date: Option<NaiveDate>,
        #[serde(default)] udi: String,
    }

    /// 收货（验收）单.
    Receipt {
        receipt_id: String,
        receipt_code: String,
        distribute_id: String,
        company_id_ps: String,
        state: String,
        state_text: String,
        receive_time: Instant,
        operator: String,
        lines: Vec<ReceiptLine>,
        /// 附件: photos and papers of the goods.
        #[serde(default, skip_serializing_if = "Vec::is_empty")] attachments: Vec<AttachmentRef>,
    }

    /// 收货明细.
    ReceiptLine {
        receipt_detail_id: String,
        distribute_detail_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] order_detail_id: Option<String>,
        received_count: Quantity,
        rejected_count: Quantity,
        #[serde(default)] reject_reason: String,
        #[serde(default)] lot_no: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] expiry_date: Option<NaiveDate>,
        #[serde(default)] udi: String,
    }

    /// 退货单.
    Return {
        return_id: String,
        return_code: String,
        /// `goods` 退货, `price` 退价差.
        kind: String,
        company_id_ps: String,
        state: String,
        state_text: String,
        return_time: Instant,
        #[serde(default)] reason: String,
        /// 企业拒绝原因.
        #[serde(default, skip_serializing_if = "String::is_empty")] refuse_reason: String,
        lines: Vec<ReturnLine>,
    }

    /// 退货明细.
    ReturnLine {
        return_detail_id: String,
        order_detail_id: String,
        return_count: Quantity,
        return_amount: Amount,
        #[serde(default)] lot_no: String,
    }

    /// 发票.
    Invoice {
        invoice_id: String,
        /// 全电发票号码: twenty digits, text.
        invoice_no: String,
        /// `blue` 蓝字, `red` 红字.
        kind: String,
        company_id_ps: String,
        invoice_date: NaiveDate,
        amount: Amount,
        tax_amount: Amount,
        state: String,
        state_text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] red_of: Option<String>,
        /// 两票制: the manufacturer's invoice to the distributor.
        #[serde(default)] upstream_invoice_no: String,
        /// 退回原因.
        #[serde(default, skip_serializing_if = "String::is_empty")] refuse_reason: String,
        lines: Vec<InvoiceLine>,
    }

    /// 发票明细.
    InvoiceLine {
        invoice_detail_id: String,
        order_detail_id: String,
        invoice_count: Quantity,
        invoice_amount: Amount,
    }

    /// 结算单.
    Settlement {
        settlement_id: String,
        settlement_code: String,
        /// `hospital` 医院结算, `fund` 医保基金直接结算.
        kind: String,
        company_id_ps: String,
        /// `yyyy-MM`.
        period: String,
        state: String,
        state_text: String,
        amount: Amount,
        due_date: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")] paid_time: Option<Instant>,
        invoice_ids: Vec<String>,
        create_time: Instant,
        /// 异议原因.
        #[serde(default, skip_serializing_if = "String::is_empty")] dispute_reason: String,
    }

    /// 督办通知.
    Notice {
        notice_id: String,
        notice_code: String,
        title: String,
        body: String,
        /// 预警级别: `notice` 提示, `warning` 预警, `serious` 严重.
        level: String,
        /// The indicator that gave rise to it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")] indicator_id: Option<String>,
        /// 依据: the rule's name.
        rule_name: String,
        /// 条款.
        clause: String,
        /// 发文机关.
        issuer: String,
        issue_time: Instant,
        /// 反馈时限 of the first round in working days from the issue.
        reply_working_days: u32,
        /// The due instant where the platform states one; a returned notice's does. The whole of a day is
        /// stated as its last second, 23:59:59.
        #[serde(default, skip_serializing_if = "Option::is_none")] due_time: Option<Instant>,
        state: String,
        state_text: String,
        /// Which answer is awaited or was given; begins with 1.
        round: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")] sign_time: Option<Instant>,
        /// 姓名.
        #[serde(default, skip_serializing_if = "Option::is_none")] signed_by: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] return_time: Option<Instant>,
        #[serde(default)] return_reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] close_time: Option<Instant>,
        evidence: Vec<Evidence>,
    }

    /// 佐证明细: a line of evidence behind a notice.
    Evidence {
        label: String,
        value: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] order_detail_id: Option<String>,
    }

    /// 督办反馈: one round's answer.
    NoticeReply {
        reply_id: String,
        notice_id: String,
        round: u32,
        /// 原因分析.
        cause: String,
        /// 整改措施.
        measures: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] finish_by: Option<NaiveDate>,
        /// 责任人.
        responsible: String,
        attachments: Vec<AttachmentRef>,
        /// 姓名.
        operator: String,
        submit_time: Instant,
        client_key: String,
    }

    /// 附件: named by its content.
    AttachmentRef {
        /// Lower-case hex.
        sha256: String,
        name: String,
        /// Bytes.
        size: u64,
    }

    /// 指标, as the platform computes it.
    Indicator {
        indicator_id: String,
        name: String,
        scope: String,
        /// A decimal as text; absent when there is nothing to divide by.
        #[serde(default, skip_serializing_if = "Option::is_none")] value: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] threshold: Option<String>,
        level: String,
        cut_off: Instant,
    }

    /// 公告.
    Announcement {
        announcement_id: String,
        title: String,
        body: String,
        issuer: String,
        publish_time: Instant,
    }

    /// 打卡记录.
    CheckIn {
        check_in_id: String,
        /// The sign-in name: a check-in is this one account's.
        operator: String,
        date: NaiveDate,
        time: Instant,
    }
}
