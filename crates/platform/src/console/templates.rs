//! 督办模板: what a supervisor starts from.

/// A prepared notice.
pub(super) struct Template {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    pub(super) level: &'static str,
    pub(super) rule: &'static str,
    pub(super) clause: &'static str,
    /// The indicator that it is about; what is issued from this indicator starts from this template.
    pub(super) indicator: &'static str,
}

const WORK_PLAN: &str = "医用耗材阳光交易监管工作方案";

pub(super) const TEMPLATES: [Template; 6] = [
    Template {
        key: "progress",
        title: "关于带量采购协议执行进度滞后的督办通知",
        body: "经平台监测，你院带量采购协议完成率低于序时进度。请分析原因，制定补采计划，确保协议期内完成约定采购量，\
               并在规定时限内通过系统反馈整改情况。",
        level: "serious",
        rule: WORK_PLAN,
        clause: "集中带量采购执行",
        indicator: "agreement-progress",
    },
    Template {
        key: "nonselected",
        title: "关于非中选产品采购占比偏高的督办通知",
        body: "经平台监测，你院部分品种非中选产品采购占比高于预警线。请核实临床必要性，优先采购和使用中选产品，\
               并在规定时限内反馈。",
        level: "warning",
        rule: WORK_PLAN,
        clause: "中选与非中选产品采购",
        indicator: "non-selected-share",
    },
    Template {
        key: "filing",
        title: "关于网下采购未备案补录的督办通知",
        body: "经比对，你院线上采购率低于要求，部分网下采购未办理备案补录。请逐笔核实并补录，应当网采的转为线上采购，\
               并在规定时限内反馈。",
        level: "warning",
        rule: WORK_PLAN,
        clause: "线上采购与备案补录",
        indicator: "online-purchase-rate",
    },
    Template {
        key: "settlement",
        title: "关于线上结算率偏低的督办通知",
        body: "经平台监测，你院线上结算率低于要求。请核实未通过平台结算的款项，抓紧办理，并在规定时限内反馈。",
        level: "warning",
        rule: WORK_PLAN,
        clause: "线上集中结算",
        indicator: "online-settlement-rate",
    },
    Template {
        key: "evaluation",
        title: "关于满意度评价未完成的督办通知",
        body: "你院对生产、配送企业的满意度评价尚未完成。请组织使用科室尽快完成，并在规定时限内反馈。",
        level: "notice",
        rule: WORK_PLAN,
        clause: "满意度评价",
        indicator: "evaluation-completion",
    },
    Template {
        key: "attendance",
        title: "关于监管系统登录打卡缺勤的督办通知",
        body: "经平台统计，你院监管系统专人登录打卡有缺勤。请落实专人每个工作日登录，并在规定时限内反馈。",
        level: "notice",
        rule: WORK_PLAN,
        clause: "打卡考勤",
        indicator: "attendance",
    },
];
