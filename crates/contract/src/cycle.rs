//! The records around a purchase: who may deliver, at what price, under which agreement, what is filed, negotiated,
//! reported and evaluated. As in [`crate::document`], a state travels as its raw code with its text.

#![allow(missing_docs)] // the field names are the subsystem's own and say what they hold

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_domain::{Amount, Price, Quantity};

use crate::document::{AttachmentRef, documents};
use crate::time::Instant;

documents! {
    /// 配送关系: a manufacturer lets a distributor deliver its goods.
    DistributionRelation {
        relation_id: String,
        company_id_tb: String,
        company_id_ps: String,
        /// The kinds of goods, such as 骨科、修补.
        #[serde(default)] scope: String,
        start_date: NaiveDate,
        end_date: NaiveDate,
        /// `1` 有效, `0` 已解除.
        state: String,
        state_text: String,
    }

    /// 价格表: the prices that come into force at one instant.
    PriceList {
        price_list_id: String,
        list_name: String,
        /// `volume` 集采中选, `linkage` 价格联动.
        kind: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] batch_name: Option<String>,
        /// From this instant on (00:00 of a day).
        effective_time: Instant,
        /// Stock bought at the old price may be used until the end of this day.
        transition_end: NaiveDate,
        items: Vec<PriceItem>,
    }

    /// 价格表明细.
    PriceItem {
        procurecatalog_id: String,
        old_price: Price,
        price: Price,
    }

    /// 购销合同, 廉洁购销合同.
    Contract {
        contract_id: String,
        contract_code: String,
        /// `purchase` 购销合同, `clean` 廉洁购销合同.
        kind: String,
        company_id_ps: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] sign_date: Option<NaiveDate>,
        start_date: NaiveDate,
        end_date: NaiveDate,
        /// Calendar days from acceptance to payment; absent in a clean-dealing contract.
        #[serde(default, skip_serializing_if = "Option::is_none")] payment_days: Option<u32>,
        /// `sunbench_domain::state::ContractState`.
        state: String,
        state_text: String,
    }

    /// 报量.
    DemandReport {
        demand_report_id: String,
        batch_name: String,
        variety_name: String,
        company_id_tb: String,
        procurecatalog_id: String,
        unit: String,
        /// 上年度实际采购量.
        last_year_count: Quantity,
        /// 需求量; a nought is an explicit answer.
        demand_count: Quantity,
        /// 偏差说明: needed for a cut of more than 20 %.
        explanation: String,
        /// Of each department.
        departments: Vec<DemandShare>,
        #[serde(default, skip_serializing_if = "Option::is_none")] submit_time: Option<Instant>,
        report_deadline: NaiveDate,
        /// `sunbench_domain::state::DemandReportState`.
        state: String,
        state_text: String,
        return_reason: String,
    }

    /// 科室需求: one department's part of a demand report.
    DemandShare {
        dept: String,
        count: Quantity,
    }

    /// 议价邀请.
    Negotiation {
        negotiation_id: String,
        procurecatalog_id: String,
        company_id_tb: String,
        /// 现价.
        price: Price,
        /// 期望价.
        target_price: Price,
        #[serde(default, skip_serializing_if = "Option::is_none")] answer_price: Option<Price>,
        invite_time: Instant,
        /// Five working days from the invitation.
        answer_due_date: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")] answer_time: Option<Instant>,
        remarks: String,
        /// 议价结论: why it was agreed or has failed.
        #[serde(default, skip_serializing_if = "String::is_empty")] conclusion: String,
        /// `sunbench_domain::state::NegotiationState`.
        state: String,
        state_text: String,
    }

    /// 备案补录: a purchase off the platform.
    Filing {
        filing_id: String,
        filing_code: String,
        goods_name: String,
        goods_spec: String,
        unit: String,
        company_name: String,
        /// The listed product, where it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")] procurecatalog_id: Option<String>,
        /// 国家医保耗材编码, where it has one.
        #[serde(default, skip_serializing_if = "String::is_empty")] mcs_code: String,
        count: Quantity,
        price: Price,
        amount: Amount,
        purchase_date: NaiveDate,
        reason: String,
        responsible: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] submit_time: Option<Instant>,
        /// 姓名 of who submitted it.
        #[serde(default, skip_serializing_if = "String::is_empty")] operator: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] attachments: Vec<AttachmentRef>,
        /// 医院自定义信息: the hospital's own key of the purchase in its ledger; at most one live filing has it.
        #[serde(default, skip_serializing_if = "Option::is_none")] filing_custom_info: Option<String>,
        /// The order line that it was linked to (补录).
        #[serde(default, skip_serializing_if = "Option::is_none")] order_detail_id: Option<String>,
        /// `sunbench_domain::state::FilingState`.
        state: String,
        state_text: String,
        return_reason: String,
    }

    /// 供应问题反馈.
    SupplyIssue {
        issue_id: String,
        issue_code: String,
        /// `short` 供应短缺, `refusal` 拒绝配送, `late` 配送不及时, `price` 价格异常.
        kind: String,
        procurecatalog_id: String,
        company_id_tb: String,
        company_id_ps: String,
        description: String,
        report_time: Instant,
        /// Two working days from the report.
        reply_due_date: NaiveDate,
        #[serde(default, skip_serializing_if = "Option::is_none")] reply_time: Option<Instant>,
        reply: String,
        /// 承诺到货日期: no later than five working days.
        #[serde(default, skip_serializing_if = "Option::is_none")] promised_date: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Option::is_none")] verify_time: Option<Instant>,
        order_detail_ids: Vec<String>,
        /// 受理机关: the office that it was told.
        #[serde(default, skip_serializing_if = "Option::is_none")] office_id: Option<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] attachments: Vec<AttachmentRef>,
        #[serde(default, skip_serializing_if = "String::is_empty")] operator: String,
        /// `sunbench_domain::state::SupplyIssueState`.
        state: String,
        state_text: String,
    }

    /// 满意度评价 of one company for one quarter.
    Evaluation {
        evaluation_id: String,
        /// `2026Q3`.
        period: String,
        /// `manufacturer` or `distributor`.
        target_type: String,
        company_id: String,
        due_date: NaiveDate,
        /// None while it is still to be made.
        scores: Vec<Score>,
        remarks: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] submit_time: Option<Instant>,
        /// `sunbench_domain::state::EvaluationState`.
        state: String,
        state_text: String,
    }

    /// 评分.
    Score {
        /// One of [`evaluation_items`].
        item: String,
        /// 1 to 5.
        score: u32,
    }

    /// 编码变更: a national consumable code was replaced or disabled.
    CodeChange {
        code_change_id: String,
        /// `recode` 变更, `disable` 停用.
        kind: String,
        procurecatalog_id: String,
        goods_name: String,
        old_code: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] new_code: Option<String>,
        effective_date: NaiveDate,
        reason: String,
    }
}

/// What is scored of a company of this [`Evaluation::target_type`], in this order (深医保发〔2022〕19号 三(一)7).
#[must_use]
pub fn evaluation_items(target_type: &str) -> [&'static str; 3] {
    if target_type == "distributor" {
        ["配送及时", "供应保障", "售后服务"]
    } else {
        ["产品质量", "供应保障", "售后服务"]
    }
}
