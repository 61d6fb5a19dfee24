//! The payloads of a purchase's submissions.
//!
//! Where a payload has lines, a line that breaks a rule is refused by itself and the rest goes through, save that all of
//! a return is refused or accepted together.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_domain::{Amount, Price, Quantity};

use crate::cycle::{DemandShare, Score};
use crate::document::{AttachmentRef, documents};

documents! {
    /// Payload of [`crate::SubmissionKind::OrderSubmit`]: 提交订单.
    OrderSubmitPayload {
        /// 订单类型: 普通, 临时, 应急 (delivered within 4 h), 带量 (each line under an agreement), 补录 and 备案 (each line
        /// links an approved filing). A line with an agreement in an order of type 普通 becomes one of type 带量.
        order_type: String,
        /// 申领科室.
        #[serde(default)]
        hospital_dept: String,
        /// 备注.
        #[serde(default)]
        remarks: String,
        /// At least one.
        lines: Vec<OrderSubmitLine>,
    }

    /// One line of an [`OrderSubmitPayload`].
    OrderSubmitLine {
        /// 挂网产品.
        procurecatalog_id: String,
        /// 配送企业.
        company_id_ps: String,
        /// 采购数量, in the product's unit.
        purchase_count: Quantity,
        /// 采购单价: never above the listed price in force.
        purchase_price: Price,
        /// 带量协议.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreement_id: Option<String>,
        /// 备案: with order types 补录 and 备案.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filing_id: Option<String>,
        /// 医院自定义信息: the hospital's own key of the line; the platform takes each once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order_custom_info: Option<String>,
    }

    /// Payload of [`crate::SubmissionKind::ReceiptConfirm`]: 实际验收 of a pre-acceptance (预验收).
    ReceiptConfirmPayload {
        /// 收货单.
        receipt_id: String,
        /// Whether the goods are accepted; otherwise the whole receipt is rejected.
        accepted: bool,
        /// 拒收原因; needed when they are not.
        #[serde(default)]
        reason: String,
    }

    /// Payload of [`crate::SubmissionKind::ReturnCreate`]: goods or a price difference, from one distributor.
    ///
    /// Returned never exceeds received, counting what still waits for the company.
    ReturnCreatePayload {
        /// `goods` 退货, `price` 退价差.
        kind: String,
        /// 配送企业.
        company_id_ps: String,
        /// 退货原因.
        reason: String,
        /// At least one.
        lines: Vec<ReturnCreateLine>,
    }

    /// One line of a [`ReturnCreatePayload`].
    ReturnCreateLine {
        /// 订单明细.
        order_detail_id: String,
        /// 退货数量; in a return of kind `price` how many the difference concerns, which stay.
        return_count: Quantity,
        /// 退货金额: quantity times the line's price rounded half up to the fen, or the difference that is claimed back.
        return_amount: Amount,
        /// 批号.
        #[serde(default)]
        lot_no: String,
    }

    /// Payload of [`crate::SubmissionKind::FilingCreate`]: a purchase off the platform is filed, or a returned filing is
    /// submitted again.
    FilingCreatePayload {
        /// 备案: one that was returned, or is a draft at the platform; a new one when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filing_id: Option<String>,
        /// 产品名称.
        goods_name: String,
        /// 规格型号.
        #[serde(default)]
        goods_spec: String,
        /// 单位.
        unit: String,
        /// 供货企业.
        company_name: String,
        /// The listed product, where it is one; needed to link an order line later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        procurecatalog_id: Option<String>,
        /// 国家医保耗材编码, where it has one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        mcs_code: String,
        /// 采购数量; more than nought.
        count: Quantity,
        /// 采购单价.
        price: Price,
        /// 采购金额: price times quantity, rounded half up to the fen.
        amount: Amount,
        /// 采购日期: not after today.
        purchase_date: NaiveDate,
        /// 线下采购原因.
        reason: String,
        /// 责任人.
        responsible: String,
        /// 医院自定义信息: the hospital's own key of the purchase; the platform keeps at most one live filing for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filing_custom_info: Option<String>,
        /// Uploaded before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentRef>,
    }

    /// Payload of [`crate::SubmissionKind::DemandReportSubmit`]: one row of a batch's demand (报量).
    DemandReportSubmitPayload {
        /// 报量.
        demand_report_id: String,
        /// 需求量; a nought is an explicit answer.
        demand_count: Quantity,
        /// 偏差说明: needed for a cut of more than 20 % against last year, and for a nought where there is history.
        #[serde(default)]
        explanation: String,
        /// What the departments asked for; adds up to the demand unless it is empty.
        #[serde(default)]
        departments: Vec<DemandShare>,
    }

    /// Payload of [`crate::SubmissionKind::AgreementSign`]: exactly one of the two ids.
    AgreementSignPayload {
        /// 带量协议.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreement_id: Option<String>,
        /// 购销合同 or 廉洁购销合同.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contract_id: Option<String>,
        /// Whether it is signed; otherwise it is disputed, which a contract can't be.
        accepted: bool,
        /// 异议原因; needed when it is disputed.
        #[serde(default)]
        reason: String,
    }

    /// Payload of [`crate::SubmissionKind::SupplyIssueCreate`]: 反馈供应问题.
    SupplyIssueCreatePayload {
        /// `short` 供应短缺, `refusal` 拒绝配送, `late` 配送不及时, `price` 价格异常.
        kind: String,
        /// 挂网产品.
        procurecatalog_id: String,
        /// 配送企业.
        company_id_ps: String,
        /// 情况说明.
        description: String,
        /// 佐证明细: order lines of this product and distributor.
        #[serde(default)]
        order_detail_ids: Vec<String>,
        /// 受理机关: an organisation of kind `office`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        office_id: Option<String>,
        /// Uploaded before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentRef>,
    }

    /// Payload of [`crate::SubmissionKind::SupplyIssueClose`]: the goods have come (已解决).
    SupplyIssueClosePayload {
        /// 供应问题.
        issue_id: String,
    }

    /// Payload of [`crate::SubmissionKind::EvaluationCreate`]: 满意度评价 that was due.
    EvaluationCreatePayload {
        /// 评价任务.
        evaluation_id: String,
        /// Each item of [`crate::evaluation_items`] once, 1 to 5.
        scores: Vec<Score>,
        /// 评价意见; needed with a score of 1 or 2.
        #[serde(default)]
        remarks: String,
    }

    /// Payload of [`crate::SubmissionKind::NegotiationInvite`]: 邀请议价.
    NegotiationInvitePayload {
        /// 挂网产品; never a selected one, whose price is fixed.
        procurecatalog_id: String,
        /// 期望价: below the listed price in force.
        target_price: Price,
        /// 说明.
        #[serde(default)]
        remarks: String,
    }

    /// Payload of [`crate::SubmissionKind::NegotiationDecide`]: the hospital takes the company's answer, or not.
    NegotiationDecidePayload {
        /// 议价邀请.
        negotiation_id: String,
        /// Whether the answered price is agreed.
        agreed: bool,
        /// 结论说明; needed when it is not.
        #[serde(default)]
        reason: String,
    }

    /// Payload of [`crate::SubmissionKind::InvoiceVerify`]: 发票验证.
    InvoiceVerifyPayload {
        /// 发票.
        invoice_id: String,
        /// Whether it agrees with what was received; otherwise it goes back to the company.
        accepted: bool,
        /// 退回原因; needed when it does not.
        #[serde(default)]
        reason: String,
    }

    /// Payload of [`crate::SubmissionKind::SettlementCreate`]: 创建结算单 of verified invoices of one distributor.
    SettlementCreatePayload {
        /// A draft at the platform; a new settlement when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        settlement_id: Option<String>,
        /// `hospital` 医院结算, `fund` 医保基金直接结算.
        kind: String,
        /// 配送企业.
        company_id_ps: String,
        /// 结算月份, `yyyy-MM`.
        period: String,
        /// Verified, and in no other settlement.
        invoice_ids: Vec<String>,
    }

    /// Payload of [`crate::SubmissionKind::SettlementConfirm`]: 确认结算单 while it is being reconciled.
    SettlementConfirmPayload {
        /// 结算单.
        settlement_id: String,
        /// Whether it agrees; otherwise it is disputed.
        accepted: bool,
        /// 异议原因; needed when it does not.
        #[serde(default)]
        reason: String,
    }
}
