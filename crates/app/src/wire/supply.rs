//! 供应: supply problems and negotiations, with their clocks.

use super::notices::Attachment;
use super::outbox::OutboxItem;
use super::today::Urgency;
use super::wire;

wire! {
    /// What happened to a document.
    enum StepKind {
        /// 上报.
        Reported,
        /// 企业回复.
        Replied,
        /// 承诺到货.
        Promised,
        /// 核实属实.
        Verified,
        /// 核实不属实.
        Unfounded,
        /// 解决.
        Resolved,
        /// 邀请.
        Invited,
        /// 应答.
        Answered,
        /// 拒绝.
        Refused,
        /// 逾期.
        Expired,
        /// 议价成功.
        Agreed,
        /// 议价失败.
        Failed,
        /// 提交.
        Submitted,
        /// 审核通过.
        Approved,
        /// 退回.
        Returned,
        /// 关联订单.
        Linked,
        /// 签订.
        Signed,
        /// 异议.
        Disputed,
        /// 确认.
        Confirmed,
        /// 开票.
        Invoiced,
        /// 付款.
        Paid,
        /// 函件.
        Letter,
    }
    /// Why a supply problem is to be taken to the bureau (豫医保办〔2025〕42号 二(八)).
    enum Escalation {
        /// Two working days have passed without an answer.
        NoReply,
        /// More than five working days were asked for, or no day was named.
        PromiseTooLate,
        /// The promised day has passed, and nobody has said that the goods came.
        PromiseBroken,
    }
}

wire! {
    /// A deadline that is a day.
    struct DayClock {
        due_date: String,
        /// After today; 0 on the due date, negative when overdue.
        remaining_working_days: i32,
        urgency: Urgency,
        /// The holidays of that year are not published yet.
        provisional: bool,
    }
    /// One step in a document's life, oldest first in a list.
    struct DocumentStep {
        kind: StepKind,
        at: String,
        /// Only the date counts.
        date_only: bool,
        by: Option<String>,
        /// What was said; may be empty.
        text: String,
    }
    /// An organisation to choose.
    struct OrgChoice {
        id: String,
        name: String,
    }
    struct SupplyIssuesReq {
        /// Narrows by number, product, specification, supplier or description; blank is all.
        text: String,
        /// Only those that are not settled.
        open: bool,
    }
    struct SupplyIssueList {
        /// Open ones first, by their nearest clock; then the newest.
        rows: Vec<SupplyIssueRow>,
        /// Told here, not yet at the platform or refused by it.
        pending: Vec<OutboxItem>,
        /// 受理机关 that a problem may be told.
        offices: Vec<OrgChoice>,
    }
    /// 供应问题反馈.
    struct SupplyIssueRow {
        id: String,
        code: String,
        /// `short`, `refusal`, `late` or `price`; another one of a later platform.
        kind: String,
        product_id: String,
        product: String,
        spec: String,
        maker: String,
        supplier_id: String,
        supplier: String,
        description: String,
        reported_at: String,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// Neither resolved nor unfounded.
        open: bool,
        /// The company's two working days; while it has not answered.
        reply_clock: Option<DayClock>,
        /// The promised day, or the fifth working day after the answer where none was named; until it is settled.
        promise_clock: Option<DayClock>,
        /// The clock that has run out, where one has: write to the office.
        escalation: Option<Escalation>,
        /// 受理机关.
        office: Option<String>,
        /// 已核实: its purchases of the reserve supplier count as selected (泉州 2024-05-30 五).
        verified: bool,
        /// The hospital may close it now.
        closable: bool,
        /// Its closing is queued or being sent.
        waiting: bool,
    }
    struct SupplyIssueDetailReq {
        issue: String,
    }
    struct SupplyIssueDetail {
        row: SupplyIssueRow,
        /// The company's answer; may be empty.
        reply: String,
        promised_date: Option<String>,
        /// 佐证明细.
        evidence: Vec<SupplyEvidence>,
        attachments: Vec<Attachment>,
        steps: Vec<DocumentStep>,
        /// About its closing, oldest first.
        submissions: Vec<OutboxItem>,
    }
    /// An order line that shows the problem.
    struct SupplyEvidence {
        order_line: String,
        /// What follows is blank where the line is not here.
        order_code: String,
        line_no: u32,
        quantity: String,
        delivered: String,
        received: String,
        unit: String,
        submitted_at: String,
        delivery_due_at: Option<String>,
        state: String,
        state_text: String,
        /// The platform says late, or the delivery clock ran out.
        late: bool,
    }
    struct NegotiationsReq {
        /// Narrows by product, specification or manufacturer; blank is all.
        text: String,
        /// Only those that wait for the company or for the hospital.
        open: bool,
    }
    struct NegotiationList {
        /// Those that wait for the hospital first, then by the company's clock, then the newest.
        rows: Vec<NegotiationRow>,
        /// Invitations from here that the platform does not have, or refused.
        pending: Vec<OutboxItem>,
    }
    /// 议价邀请.
    struct NegotiationRow {
        id: String,
        product_id: String,
        product: String,
        spec: String,
        unit: String,
        maker: String,
        /// 现价 when it was invited.
        price: String,
        target_price: String,
        answer_price: Option<String>,
        invited_at: String,
        /// The company's five working days (深医保发〔2022〕19号 四(五)); while it has not answered.
        clock: Option<DayClock>,
        answered_at: Option<String>,
        remarks: String,
        /// Why it was agreed or has failed.
        conclusion: String,
        /// Canonical state code, empty where this version does not know it.
        state: String,
        state_text: String,
        /// The company has answered: the hospital decides.
        ours: bool,
        /// A decision is queued or being sent.
        waiting: bool,
    }
    struct NegotiationReq {
        negotiation: String,
    }
    struct NegotiationDetail {
        row: NegotiationRow,
        steps: Vec<DocumentStep>,
        /// Earlier and later ones about the same product, the newest first.
        others: Vec<NegotiationRow>,
        submissions: Vec<OutboxItem>,
    }
    struct NegotiationInviteReq {
        /// 挂网产品; a listed one that was not selected, with no negotiation open.
        product: String,
        /// Below the listed price in force.
        target_price: String,
        remarks: String,
    }
    struct NegotiationDecideReq {
        negotiation: String,
        agreed: bool,
        /// Needed when it is not agreed.
        reason: String,
    }
}
