//! 指标、预警、分析.

use super::orders::OrderRow;
use super::reconcile::StatementFormat;
use super::wire;

wire! {
    /// Measure the hospital.
    struct IndicatorsReq {
        /// As it stood at the end of this day; today where it is not said.
        as_of: Option<String>,
        /// Another pack than the institution's own.
        pack: Option<String>,
    }
    struct IndicatorList {
        as_of: String,
        pack: String,
        pack_name: String,
        rule_version: String,
        rows: Vec<IndicatorRow>,
        /// Adjustments that the platform pushed and that this version does not understand.
        not_applied: u32,
        /// Lines whose unit has no known relation to the product's: they are in no quantity.
        unknown_units: u32,
    }
    /// 指标结果. Numbers are decimal text; rates are fractions, such as `0.9`.
    struct IndicatorRow {
        id: String,
        name: String,
        /// `hospital`, `agreement:…`, `variety:…`, `report:…`, `period:…`.
        scope: String,
        scope_text: String,
        /// None is shown as "—".
        value: Option<String>,
        /// Whether the value is a fraction, to be shown as per cent.
        is_rate: bool,
        numerator: String,
        denominator: String,
        /// `count`, `quantity`, `amount`, `seconds`, `share`.
        basis: String,
        /// Left out by exemptions, in the basis.
        exempted: String,
        /// The amount concerned, where the formula knows one.
        amount: Option<String>,
        /// What that is made up of; one line may have several causes.
        causes: Vec<IndicatorCause>,
        /// The warning's limit.
        threshold: Option<String>,
        /// `at-least`: below it is bad; `at-most`: above it.
        direction: String,
        /// `normal`, `notice`, `warning`, `serious`.
        level: String,
        from: String,
        through: String,
        /// When the next worse limit is expected to be passed.
        forecast_date: Option<String>,
        forecast_level: Option<String>,
        month_end: Option<String>,
        quarter_end: Option<String>,
        cycle_end: Option<String>,
        action: Option<IndicatorAction>,
        /// 依据: title and number of the notice.
        source: String,
        clause: String,
        rule_version: String,
        /// Whether [`IndicatorLinesReq`] finds order lines behind it.
        has_lines: bool,
    }
    /// 原因: `listed`, above the listed price; `history`, far above the hospital's own last price.
    struct IndicatorCause {
        cause: String,
        lines: u32,
        amount: String,
    }
    /// 最小措施.
    struct IndicatorAction {
        /// `order`, `improve`, `refrain`, `pay`, `file`, `answer`, `check-in`, `evaluate`, `explain`.
        kind: String,
        amount: String,
        what: String,
        unit: String,
        before: String,
        /// The sentence for people.
        text: String,
    }
    /// 穿透: the lines or records behind a result.
    struct IndicatorLinesReq {
        id: String,
        scope: String,
        as_of: Option<String>,
        pack: Option<String>,
        /// Where the page before ended.
        after: Option<String>,
    }
    struct IndicatorLines {
        rows: Vec<OrderRow>,
        /// Settlements, notices, evaluations, reports, filings, days: where the result counts those.
        records: Vec<IndicatorRecord>,
        next: Option<String>,
    }
    struct IndicatorRecord {
        kind: String,
        id: String,
        title: String,
        detail: String,
        on: String,
        /// It counts above the line.
        counts: bool,
    }
    /// 执行进度 of the agreements, by batch.
    struct AgreementsProgress {
        as_of: String,
        rule_version: String,
        batches: Vec<BatchProgress>,
    }
    struct BatchProgress {
        batch: String,
        /// The mean of its agreements' progress, each with the same weight.
        value: Option<String>,
        schedule: Option<String>,
        behind: u32,
        agreements: Vec<AgreementProgress>,
    }
    struct AgreementProgress {
        scope: String,
        agreements: Vec<String>,
        variety: String,
        maker: String,
        unit: String,
        done: String,
        agreed: String,
        relief: String,
        /// 完成率: the bar.
        value: Option<String>,
        /// 序时进度: the mark on the bar.
        schedule: Option<String>,
        level: String,
        starts_on: String,
        ends_on: String,
        /// At the end of the cycle, at the present pace.
        cycle_end: Option<String>,
        forecast_date: Option<String>,
        action: Option<IndicatorAction>,
    }
    /// 大屏: what the bureau's own screen shows, for this hospital.
    struct Board {
        as_of: String,
        listed_products: u32,
        negotiations: u32,
        contracts: u32,
        /// This year's, settled through the platform.
        settled_amount: String,
        /// This year's, accepted.
        online_amount: String,
        /// This year's.
        savings: String,
        warnings: u32,
        serious: u32,
        batches: Vec<BatchProgress>,
        rates: Vec<IndicatorRow>,
        rankings: Vec<BoardRanking>,
    }
    struct BoardRanking {
        name: String,
        period: String,
        rank: Option<u32>,
        of: u32,
        value: Option<String>,
    }
    /// 综合分析.
    struct AnalysisReq {
        /// `product`, `supplier`, `department`, `campus`, `category` or `month`.
        by: String,
        /// yyyy-MM, both included.
        from: String,
        to: String,
        /// Rows wanted; the others are summed.
        most: u32,
    }
    struct Analysis {
        /// The largest amounts first; months in their order.
        rows: Vec<AnalysisRow>,
        lines: u32,
        amount: String,
        /// Rows beyond those shown, and their amount.
        more: u32,
        more_amount: String,
    }
    struct AnalysisRow {
        key: String,
        name: String,
        lines: u32,
        amount: String,
        /// Of the whole.
        share: Option<String>,
        /// The same months a year before.
        year_before: String,
    }
    /// 季度自查.
    struct SelfCheckReq {
        /// Such as `2026Q3`.
        quarter: String,
        pack: Option<String>,
    }
    /// Without a path the system's dialog asks.
    struct SelfCheckSaveReq {
        quarter: String,
        pack: Option<String>,
        format: StatementFormat,
        path: Option<String>,
    }
    struct SelfCheck {
        quarter: String,
        list: IndicatorList,
        /// What HA 二(九) names: weak execution, low delivery, lagging progress, high non-selected share, substitutes.
        findings: Vec<SelfCheckFinding>,
    }
    struct SelfCheckFinding {
        title: String,
        detail: String,
        level: String,
    }
    /// 豁免记录.
    struct ExemptionReq {
        /// `reserve-supplier`, `cheaper-equal-product`, `clinical-need`.
        kind: String,
        agreement: Option<String>,
        product: Option<String>,
        /// 备供企业; none: who makes the product.
        maker: Option<String>,
        /// 减免数量, for a changed clinical need.
        relief: String,
        from: String,
        through: String,
        reason: String,
        evidence: String,
    }
    struct ExemptionRemoveReq {
        exemption: u32,
    }
    struct Exemptions {
        rows: Vec<ExemptionRow>,
    }
    struct ExemptionRow {
        exemption: u32,
        kind: String,
        agreement: Option<String>,
        product: Option<String>,
        maker: Option<String>,
        relief: String,
        from: String,
        through: String,
        reason: String,
        evidence: String,
        recorded_at: String,
        recorded_by: String,
        /// What it concerns, by name.
        subject: String,
        /// Of the relieved quantity.
        unit: String,
        /// Whether the pack grants it for consumables; else it changes nothing.
        is_granted: bool,
    }
    /// 政策包.
    struct PolicyPacks {
        /// The one in use.
        pack: String,
        /// The institution's own, in use unless a person chose another.
        own: String,
        packs: Vec<PolicyPack>,
        /// Files of the profile that no rule is taken from.
        unreadable: Vec<UnreadablePack>,
    }
    struct PolicyPack {
        id: String,
        name: String,
        /// Rises with each edition.
        version: u32,
        /// The pack that it builds on, which holds outside its validity.
        extends: Option<String>,
        valid_from: String,
        valid_to: Option<String>,
        /// Comes with the program; else from the profile's folder `policies`.
        is_built_in: bool,
    }
    /// 无法读取的政策包.
    struct UnreadablePack {
        file: String,
        /// File, key and reason in Chinese.
        text: String,
        /// The same in English.
        text_en: String,
    }
    struct PolicyPackReq {
        /// None: the institution's own.
        pack: Option<String>,
    }
    /// 政策包详情: its rules as they stand today.
    struct PolicyRules {
        pack: PolicyPack,
        /// The one whose rules hold today: the pack, or what it extends outside its validity.
        in_force: String,
        /// Such as `quanzhou-2024/1+3`.
        rule_version: String,
        sources: Vec<PolicySource>,
        deadlines: Vec<PolicyDeadline>,
        /// With the adjustments in force.
        indicators: Vec<PolicyIndicator>,
        exemptions: Vec<PolicyExemption>,
        /// The platform's, the latest first.
        adjustments: Vec<PolicyAdjustment>,
    }
    struct PolicySource {
        title: String,
        /// 文号.
        number: Option<String>,
        date: String,
    }
    /// 时限.
    struct PolicyDeadline {
        id: String,
        name: String,
        amount: u32,
        /// `working-day`, `natural-hour`, `calendar-day`.
        unit: String,
        /// What it runs from, such as `notice-issued`.
        trigger: String,
        source: String,
        clause: String,
    }
    /// 指标规则.
    struct PolicyIndicator {
        id: String,
        name: String,
        /// `cycle`, `month`, `quarter`, `year`, `90 days`, `7 months`.
        window: String,
        /// `at-least` or `at-most`: which side of the limits is good.
        direction: String,
        /// What the limits are stated in: `percent`, `hours`, `yuan`.
        unit: String,
        notice: Option<String>,
        warning: Option<String>,
        serious: Option<String>,
        /// The platform's adjustments made it what it is.
        is_adjusted: bool,
        source: String,
        clause: String,
    }
    /// 豁免规则.
    struct PolicyExemption {
        kind: String,
        /// For consumables; a notice may grant it for drugs alone.
        is_granted: bool,
        source: String,
        clause: String,
    }
    /// 规则调整.
    struct PolicyAdjustment {
        id: String,
        version: u32,
        indicator: String,
        /// The indicator's name; its id where the pack has none such.
        name: String,
        /// Such as `threshold.warning`.
        parameter: String,
        value: String,
        effective_at: String,
        source: String,
        clause: String,
        state: AdjustmentState,
    }
}

wire! {
    /// 调整的状态.
    enum AdjustmentState {
        /// Holds now.
        InForce,
        /// Holds from a later instant.
        Announced,
        /// Another of the same parameter came after it.
        Superseded,
        /// This version of the program cannot follow it; it changes nothing.
        NotUnderstood,
    }
}
