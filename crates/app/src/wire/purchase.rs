//! 采购: orders, returns, supply problems, evaluations, demand reports.

use super::filing::FieldFault;
use super::notices::Attachment;
use super::{wire, wire_edited};

wire_edited! {
    /// 订单 that is being written.
    struct OrderDraft {
        /// Made by the window (UUID); the draft's name for good.
        id: String,
        /// 普通, 临时, 应急, 带量, 补录 or 备案.
        kind: String,
        dept: String,
        remarks: String,
        lines: Vec<OrderDraftLine>,
    }
    struct OrderDraftLine {
        /// 挂网产品.
        product: String,
        /// 配送企业.
        supplier: String,
        quantity: String,
        price: String,
        agreement: Option<String>,
        /// With orders of kind 补录 and 备案.
        filing: Option<String>,
        /// The hospital's own key of the line; the platform takes each once.
        own_key: Option<String>,
        /// 科室申请 that the line was gathered from.
        #[serde(default)]
        requests: Vec<String>,
    }
}

wire! {
    /// Where a suggested demand comes from.
    enum DemandSource {
        /// 近 12 个月收货减退货.
        Received,
        /// 上年度实际采购量 as the platform states it.
        LastYear,
        Nothing,
    }
}

wire! {
    struct OrderDrafts {
        drafts: Vec<OrderDraft>,
    }
    /// Send the draft of an order, or throw it away.
    struct OrderDraftReq {
        id: String,
    }
    struct OrderCheck {
        /// In the draft's order.
        lines: Vec<OrderLineCheck>,
        amount: String,
        /// Nothing that the platform would refuse.
        sendable: bool,
    }
    struct OrderLineCheck {
        /// Empty where quantity or price can't be read.
        amount: String,
        /// 现行挂网价.
        listed_price: Option<String>,
        obstacles: Vec<OrderObstacle>,
    }
    /// What stands against a line.
    struct OrderObstacle {
        /// Closed: see `sunbench_domain::purchase::order::Obstacle`; `quantity` and `price` are fields that can't be read.
        code: String,
        /// The platform would refuse the line; otherwise the person decides.
        refusal: bool,
        /// For people.
        text: String,
        /// The notice and clause behind it; may be empty.
        clause: String,
    }
    struct OrderCancelReq {
        /// 订单明细 of one order; at least one.
        lines: Vec<String>,
        /// All of the order that can still be cancelled, not these lines alone.
        whole: bool,
        reason: String,
    }
    /// 退货、退价差 to one distributor.
    struct ReturnReq {
        /// `goods` or `price`.
        kind: String,
        reason: String,
        lines: Vec<ReturnReqLine>,
    }
    struct ReturnReqLine {
        order_line: String,
        quantity: String,
        /// The difference claimed back; of goods it is computed.
        amount: Option<String>,
        lot: String,
    }
    /// 供应问题反馈.
    struct SupplyIssueReq {
        /// `short`, `refusal`, `late` or `price`.
        kind: String,
        description: String,
        /// 佐证明细: at least one; all of one product and one distributor.
        order_lines: Vec<String>,
        /// 受理机关, where one is chosen.
        office: Option<String>,
        attachments: Vec<Attachment>,
    }
    struct SupplyIssueCloseReq {
        issue: String,
    }
    struct EvaluationList {
        rows: Vec<EvaluationRow>,
    }
    /// 满意度评价 of one company for one quarter.
    struct EvaluationRow {
        id: String,
        period: String,
        /// `manufacturer` or `distributor`.
        target: String,
        company: String,
        due_date: String,
        overdue: bool,
        /// What is to be scored, in this order.
        items: Vec<String>,
        /// As made; empty while it is due.
        scores: Vec<u32>,
        remarks: String,
        made: bool,
        /// Queued or being sent.
        waiting: bool,
    }
    struct EvaluationReq {
        evaluation: String,
        /// 1 to 5, in the order of the row's items.
        scores: Vec<u32>,
        /// Needed with a score of 1 or 2.
        remarks: String,
    }
    struct DemandReportList {
        rows: Vec<DemandReportRow>,
    }
    /// 报量 of one variety of a batch.
    struct DemandReportRow {
        id: String,
        batch: String,
        variety: String,
        product: String,
        unit: String,
        last_year: String,
        demand: String,
        explanation: String,
        departments: Vec<DepartmentDemand>,
        deadline: String,
        /// Canonical state code; `DRAFT` and `RETURNED` are the hospital's turn.
        state: String,
        state_text: String,
        return_reason: String,
        /// Queued or being sent.
        waiting: bool,
    }
    struct DepartmentDemand {
        dept: String,
        count: String,
    }
    /// Suggestions for the rows of a batch that are the hospital's turn.
    struct DemandPrefillReq {
        batch: String,
    }
    struct DemandPrefill {
        rows: Vec<DemandSuggestion>,
    }
    /// A demand from history; the person takes it or does not.
    struct DemandSuggestion {
        report: String,
        /// None where there is no history at all.
        demand: Option<String>,
        source: DemandSource,
        /// The days that were looked at, both included.
        from: String,
        to: String,
        /// Of each department, adding up to the demand; empty where an order named none.
        departments: Vec<DepartmentDemand>,
    }
    /// 整批: the answers to the rows of a batch that are the hospital's turn.
    struct DemandBatchReq {
        batch: String,
        rows: Vec<DemandReportReq>,
    }
    struct DemandBatchCheck {
        /// Every row of the batch that is the hospital's turn, answered or not.
        rows: Vec<DemandRowCheck>,
        /// Without an answer; a nought is one.
        blank: u32,
        /// Cut by more than a fifth.
        cuts: u32,
        sendable: bool,
    }
    struct DemandRowCheck {
        report: String,
        /// More than 20 % below last year: to be explained.
        cut: bool,
        /// Against last year, in whole percent; none where there was nothing.
        change_percent: Option<i32>,
        faults: Vec<FieldFault>,
    }
    struct DemandReportReq {
        report: String,
        /// A nought is an explicit answer; blank is none.
        demand: String,
        /// Needed for a cut of more than 20 % against last year.
        explanation: String,
        /// Adds up to the demand unless it is empty.
        departments: Vec<DepartmentDemand>,
    }
}
