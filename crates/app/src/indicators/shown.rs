//! Results as the window and scripts see them.

use std::cmp::Reverse;

use chrono::NaiveDate;
use sunbench_domain::policy::{
    Action, ActionKind, Basis, Cause, Level, LimitUnit, Pack, Ratio, Reading, Rules,
};

use crate::wire::{IndicatorAction, IndicatorCause, IndicatorRow};

fn text(value: Option<Ratio>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// 依据: the notice's title with its number; empty where the pack names none by this key.
pub(super) fn source(pack: &Pack, key: &str) -> String {
    let found = pack.sources.iter().find(|source| source.key == key);
    found.map_or_else(String::new, |source| match &source.number {
        Some(number) => format!("{}（{number}）", source.title),
        None => source.title.clone(),
    })
}

/// When a limit is expected to be passed: within the next working days as the past year has it, else at an even pace.
fn expected(reading: &Reading) -> Option<(NaiveDate, Level)> {
    reading.forecast.soon.map(|soon| (soon.day, soon.level)).or(reading.forecast.crosses)
}

/// The order of the list.
pub(super) fn urgency(reading: &Reading) -> (Reverse<Level>, bool, bool, Option<NaiveDate>) {
    let expected = expected(reading).map(|(day, _)| day);
    let due = reading.forecast.action.as_ref().map(|action| action.before).or(expected);
    (Reverse(reading.level), reading.forecast.soon.is_none(), due.is_none(), due)
}

pub(super) fn row(rules: &Rules, reading: &Reading) -> IndicatorRow {
    let forecast = &reading.forecast;
    let (key, clause) = &reading.basis_clause;
    let direction = rules.pack.indicators.iter().find(|one| one.id == reading.indicator);
    IndicatorRow {
        id: reading.indicator.clone(),
        name: reading.name.clone(),
        scope: reading.scope.key(),
        scope_text: reading.scope.text_zh(),
        value: text(reading.value()),
        is_rate: reading.formula.limit_unit() == LimitUnit::Hundredths,
        numerator: reading.basis.text(reading.numerator),
        denominator: reading.basis.text(reading.denominator),
        basis: reading.basis.name().to_owned(),
        exempted: exempted(reading),
        amount: reading.amount.map(|units| Basis::Amount.text(units)),
        causes: reading.causes.iter().map(cause).collect(),
        threshold: text(reading.threshold_ratio()),
        direction: direction.map_or("", |one| one.direction.name()).to_owned(),
        level: reading.level.name().to_owned(),
        from: reading.from.to_string(),
        through: reading.through.to_string(),
        forecast_date: expected(reading).map(|(day, _)| day.to_string()),
        forecast_level: expected(reading).map(|(_, level)| level.name().to_owned()),
        month_end: text(forecast.month_end),
        quarter_end: text(forecast.quarter_end),
        cycle_end: text(forecast.cycle_end),
        action: forecast.action.as_ref().map(|action| self::action(reading, action)),
        source: source(&rules.pack, key),
        clause: clause.clone(),
        rule_version: rules.version.clone(),
        has_lines: super::lines::behind(rules, reading).is_some(),
    }
}

fn cause(cause: &Cause) -> IndicatorCause {
    IndicatorCause {
        cause: cause.kind.name().to_owned(),
        lines: u32::try_from(cause.count).unwrap_or_default(),
        amount: Basis::Amount.text(cause.amount),
    }
}

/// A relieved quantity is one even where the value is a difference of shares.
fn exempted(reading: &Reading) -> String {
    let basis = if reading.basis == Basis::Share { Basis::Quantity } else { reading.basis };
    basis.text(reading.exempted)
}

pub(super) fn action(reading: &Reading, action: &Action) -> IndicatorAction {
    let basis = if action.kind == ActionKind::Order { Basis::Quantity } else { reading.basis };
    let amount = basis.text(action.amount);
    IndicatorAction {
        kind: action.kind.name().to_owned(),
        text: sentence(reading, action, &amount),
        amount,
        what: action.what.clone(),
        unit: action.unit.clone(),
        before: action.before.to_string(),
    }
}

/// 最小措施, in words.
fn sentence(reading: &Reading, action: &Action, amount: &str) -> String {
    let Action { what, unit, before, .. } = action;
    let yuan = reading.basis == Basis::Amount;
    match action.kind {
        ActionKind::Order => format!("请在 {before} 前再采购 {what} {amount}{unit}"),
        ActionKind::Improve if yuan => format!("请在 {before} 前再完成 {amount} 元（{what}）"),
        ActionKind::Improve => format!("请在 {before} 前再有 {amount} 笔达标（{what}）"),
        ActionKind::Refrain => {
            format!("{before} 前须再有 {amount} 笔正常业务才能降回限值（{what}），期间不要再发生")
        }
        ActionKind::Pay if yuan => format!("请在 {before} 前再结算 {amount} 元"),
        ActionKind::Pay => format!("请在 {before} 前付清到期的 {amount} 笔结算单"),
        ActionKind::File => format!("{before} 前线下采购过多：须有 {amount} 元改为平台采购"),
        ActionKind::Answer => format!("请在 {before} 前反馈 {amount} 份督办通知"),
        ActionKind::CheckIn => format!("请在 {before} 登录打卡"),
        ActionKind::Evaluate => format!("请在 {before} 前完成 {amount} 家企业的评价"),
        ActionKind::Explain => format!("请在 {before} 前更正报量（至少增加 {amount}）或填写说明（{what}）"),
    }
}
