//! Submissions (提交): the only way to write.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_domain::Quantity;

use crate::document::AttachmentRef;
use crate::time::Instant;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $name:literal)*) => {
        /// What is submitted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SubmissionKind { $($(#[$doc])* $variant,)* }

        impl SubmissionKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
            /// From the name on the wire.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    /// 打卡.
    CheckIn "checkIn"
    /// 提交订单.
    OrderSubmit "order.submit"
    /// 撤单.
    OrderCancel "order.cancel"
    /// 收货.
    ReceiptCreate "receipt.create"
    /// 实际验收.
    ReceiptConfirm "receipt.confirm"
    /// 退货.
    ReturnCreate "return.create"
    /// 备案补录.
    FilingCreate "filing.create"
    /// 报量.
    DemandReportSubmit "demandReport.submit"
    /// 签订协议.
    AgreementSign "agreement.sign"
    /// 反馈供应问题.
    SupplyIssueCreate "supplyIssue.create"
    /// 供应问题已解决.
    SupplyIssueClose "supplyIssue.close"
    /// 满意度评价.
    EvaluationCreate "evaluation.create"
    /// 督办签收.
    NoticeSign "notice.sign"
    /// 督办反馈.
    NoticeReply "notice.reply"
    /// 邀请议价.
    NegotiationInvite "negotiation.invite"
    /// 议价结论.
    NegotiationDecide "negotiation.decide"
    /// 发票验证.
    InvoiceVerify "invoice.verify"
    /// 创建结算单.
    SettlementCreate "settlement.create"
    /// 确认结算单.
    SettlementConfirm "settlement.confirm"
}

/// The body of `PUT /submissions/{clientKey}`, and an element of a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// [`SubmissionKind::name`].
    pub kind: String,
    /// One of the payloads below.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub payload: serde_json::Value,
    /// The version of the record that the user saw; 412 when it has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ver: Option<u64>,
}

/// One element of `POST /submissions/batch`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct KeyedSubmission {
    /// The hospital's own UUIDv7.
    pub client_key: String,
    /// The submission.
    #[serde(flatten)]
    pub submission: Submission,
}

/// The body of `POST /submissions/batch`: each is judged alone, in this order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubmissionBatch {
    /// At most [`crate::Limits::batch`] of them.
    pub submissions: Vec<KeyedSubmission>,
}

/// The answer to a [`SubmissionBatch`]. A refused one has [`Outcome::Refused`] and its problem.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubmissionBatchResult {
    /// In the order of the batch.
    pub results: Vec<SubmissionResult>,
    /// The platform's clock.
    pub server_time: Instant,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Done.
    Accepted,
    /// Refused as a whole.
    Refused,
    /// Some lines were refused.
    Partial,
}

/// The answer to a submission; the same for every repeat of the key with the same body.
///
/// A refusal is kept as well, unless its problem is retryable: that one leaves the key free.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubmissionResult {
    /// The hospital's own key.
    pub client_key: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The record that it made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its version afterwards: the base version of the next submission for the same document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ver: Option<u64>,
    /// That base version, where the document is another record: a receipt's is its delivery's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ver: Option<u64>,
    /// When the platform took it.
    pub accepted_at: Instant,
    /// Per line, in the payload's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineResult>,
    /// Why it was refused; with [`Outcome::Accepted`] one of class notice: it had already been done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<crate::problem::Problem>,
    /// The platform's clock.
    pub server_time: Instant,
}

impl SubmissionResult {
    /// The base version of the next submission for the same document.
    #[must_use]
    pub fn next_base(&self) -> Option<u64> {
        self.base_ver.or(self.ver)
    }
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineResult {
    /// Place in the payload, from 1.
    pub line: u32,
    /// Done.
    pub ok: bool,
    /// Machine-readable reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For people, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg: Option<String>,
}

/// Payload of [`SubmissionKind::CheckIn`]: the day that the operator signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckInPayload {
    /// The Shanghai date of the act.
    pub date: NaiveDate,
    /// When the operator signed in or unlocked.
    pub acted_at: Instant,
}

/// Payload of [`SubmissionKind::NoticeSign`].
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NoticeSignPayload {
    /// The notice.
    pub notice_id: String,
}

/// Payload of [`SubmissionKind::NoticeReply`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NoticeReplyPayload {
    /// The notice.
    pub notice_id: String,
    /// Which round is answered.
    pub round: u32,
    /// 原因分析.
    pub cause: String,
    /// 整改措施.
    pub measures: String,
    /// 完成时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_by: Option<NaiveDate>,
    /// 责任人.
    pub responsible: String,
    /// Uploaded before.
    #[serde(default)]
    pub attachments: Vec<AttachmentRef>,
}

/// Payload of [`SubmissionKind::ReceiptCreate`]: one delivery, or a part of it.
///
/// A line that breaks a rule is refused by itself: received and rejected together never exceed what the
/// delivery still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReceiptCreatePayload {
    /// 配送单.
    pub distribute_id: String,
    /// When the goods were checked; the platform's time of acceptance when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receive_time: Option<Instant>,
    /// The lines checked.
    pub lines: Vec<ReceiptCreateLine>,
    /// Photos and papers of the goods; uploaded before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentRef>,
}

/// One line of a [`ReceiptCreatePayload`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReceiptCreateLine {
    /// 配送明细.
    pub distribute_detail_id: String,
    /// 验收合格数量.
    pub received_count: Quantity,
    /// 拒收数量.
    #[serde(default)]
    pub rejected_count: Quantity,
    /// 拒收原因; needed when something is rejected.
    #[serde(default)]
    pub reject_reason: String,
    /// 批号; the delivery's own when empty.
    #[serde(default)]
    pub lot_no: String,
    /// 有效期至; the delivery's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<NaiveDate>,
    /// As scanned; the delivery's own when empty.
    #[serde(default)]
    pub udi: String,
}

/// Payload of [`SubmissionKind::OrderCancel`]: a line that is already shipped is refused by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelPayload {
    /// 订单.
    pub order_id: String,
    /// 订单明细; all that can still be cancelled when empty.
    #[serde(default)]
    pub order_detail_ids: Vec<String>,
    /// 撤单原因.
    pub reason: String,
}
