//! The records of the feed that have no type in `sunbench_contract`: their fields, once and for all.
//!
//! States are raw codes with their text, as in the contract's own records.

#![allow(clippy::struct_field_names)] // the names on the wire

use chrono::NaiveDate;
use serde::Serialize;
use sunbench_contract::time::Instant;
use sunbench_domain::{Amount, Price, Quantity};

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Serialize)]
        #[cfg_attr(test, derive(serde::Deserialize))]
        #[cfg_attr(test, serde(deny_unknown_fields))]
        #[serde(rename_all = "camelCase")]
        pub(super) struct $name { $($(#[$field_doc])* pub(super) $field: $kind,)* }
    )*};
}

shapes! {
    /// 配送关系: a manufacturer lets a distributor deliver its goods.
    DistributionRelation {
        relation_id: String,
        company_id_tb: String,
        company_id_ps: String,
        /// The kinds of goods, such as 骨科、修补.
        scope: String,
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
        #[serde(skip_serializing_if = "Option::is_none")]
        batch_name: Option<String>,
        /// From this instant on (00:00 of a day).
        effective_time: Instant,
        /// Stock bought at the old price may be used until the end of this day.
        transition_end: NaiveDate,
        items: Vec<PriceItem>,
    }

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
        #[serde(skip_serializing_if = "Option::is_none")]
        sign_date: Option<NaiveDate>,
        start_date: NaiveDate,
        end_date: NaiveDate,
        /// Calendar days from acceptance to payment; absent in a clean-dealing contract.
        #[serde(skip_serializing_if = "Option::is_none")]
        payment_days: Option<u32>,
        /// `0` 待签订, `1` 已签订, `2` 已到期.
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
        #[serde(skip_serializing_if = "Option::is_none")]
        submit_time: Option<Instant>,
        report_deadline: NaiveDate,
        /// `sunbench_domain::state::DemandReportState`.
        state: String,
        state_text: String,
        return_reason: String,
    }

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
        #[serde(skip_serializing_if = "Option::is_none")]
        answer_price: Option<Price>,
        invite_time: Instant,
        /// Five working days from the invitation.
        answer_due_date: NaiveDate,
        #[serde(skip_serializing_if = "Option::is_none")]
        answer_time: Option<Instant>,
        remarks: String,
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
        count: Quantity,
        price: Price,
        amount: Amount,
        purchase_date: NaiveDate,
        reason: String,
        responsible: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        submit_time: Option<Instant>,
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
        #[serde(skip_serializing_if = "Option::is_none")]
        reply_time: Option<Instant>,
        reply: String,
        /// 承诺到货日期: no later than five working days.
        #[serde(skip_serializing_if = "Option::is_none")]
        promised_date: Option<NaiveDate>,
        #[serde(skip_serializing_if = "Option::is_none")]
        verify_time: Option<Instant>,
        order_detail_ids: Vec<String>,
        /// `0` 已上报, `1` 企业已回复, `2` 已核实, `3` 核实不属实, `4` 已解决.
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
        /// 1 to 5 each; none while it is still to be made.
        scores: Vec<Score>,
        remarks: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        submit_time: Option<Instant>,
        /// `0` 待评价, `1` 已评价.
        state: String,
        state_text: String,
    }

    Score {
        /// 供应保障, 配送及时, 产品质量, 售后服务.
        item: String,
        score: u32,
    }

    /// 排名 of the hospitals by one indicator.
    Ranking {
        ranking_id: String,
        indicator_id: String,
        name: String,
        /// `yyyy-MM`.
        period: String,
        rows: Vec<RankingRow>,
    }

    RankingRow {
        rank: u32,
        institution: String,
        institution_name: String,
        /// A decimal as text.
        value: String,
    }

    /// 政策规则调整.
    RuleChange {
        rule_id: String,
        /// Rises with each change of the same parameter.
        version: u32,
        indicator_id: String,
        /// `threshold.warning`, `parameter.hours` …
        parameter: String,
        old_value: String,
        value: String,
        effective_time: Instant,
        /// Title and number of the document.
        source: String,
        clause: String,
    }

    /// 工作日历: which version the platform computes with.
    CalendarNotice {
        calendar_id: String,
        version: String,
        first_day: NaiveDate,
        /// The days after it are expected, not published.
        last_published_day: NaiveDate,
    }

    /// 编码变更.
    CodeChange {
        code_change_id: String,
        /// `recode` 变更, `disable` 停用.
        kind: String,
        procurecatalog_id: String,
        goods_name: String,
        old_code: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        new_code: Option<String>,
        effective_date: NaiveDate,
        reason: String,
    }
}
