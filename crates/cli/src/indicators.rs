//! `indicators`: what the hospital comes to, by the rules of a day.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use sunbench_app::wire::{IndicatorRow, IndicatorsReq};
use sunbench_app::{App, ErrorCode};

use crate::Outcome;
use crate::message::Failure;

/// The results of a pack, worst first for people, in the pack's order for scripts.
pub(crate) async fn indicators(
    app: &Arc<App>,
    as_of: Option<NaiveDate>,
    pack: Option<String>,
) -> Result<Outcome, Failure> {
    let req = IndicatorsReq { as_of: as_of.map(|day| day.to_string()), pack };
    let list = loop {
        match app.indicators(req.clone()).await {
            // After an update each question counts a portion anew, which stays; a script waits for the last.
            Err(error) if error.code == ErrorCode::IndicatorsCounting => {}
            answer => break answer?,
        }
    };
    let result: Vec<Value> = list.rows.iter().map(stated).collect();
    let mut text = format!("{} {}（{}）", list.as_of, list.pack_name, list.rule_version);
    let mut rows: Vec<&IndicatorRow> = list.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(severity(&row.level)));
    for row in rows {
        let value = row.value.as_deref().unwrap_or("—");
        let _ = write!(
            text,
            "\n{} {} {} {value}（{} / {}）",
            level(&row.level),
            row.name,
            row.scope_text,
            row.numerator,
            row.denominator
        );
        if let Some(threshold) = &row.threshold {
            let _ = write!(text, " 限值 {threshold}");
        }
        if let Some(day) = &row.forecast_date {
            let _ = write!(text, "，预计 {day} 越限");
        }
        if let Some(action) = &row.action {
            let _ = write!(text, "；{}", action.text);
        }
    }
    Ok(Outcome::done(Value::Array(result), text))
}

fn stated(row: &IndicatorRow) -> Value {
    let mut one = Map::new();
    let mut put = |key: &str, value: Value| one.insert(key.to_owned(), value);
    put("id", json!(row.id));
    put("name", json!(row.name));
    put("scope", json!(row.scope));
    put("scope_text", json!(row.scope_text));
    put("value", json!(row.value));
    put("numerator", json!(row.numerator));
    put("denominator", json!(row.denominator));
    put("basis", json!(row.basis));
    put("exempted", json!(row.exempted));
    put("threshold", json!(row.threshold));
    put("level", json!(row.level));
    put("from", json!(row.from));
    put("cut_off", json!(row.through));
    for (key, value) in [
        ("forecast_date", &row.forecast_date),
        ("forecast_level", &row.forecast_level),
        ("month_end", &row.month_end),
        ("quarter_end", &row.quarter_end),
        ("cycle_end", &row.cycle_end),
    ] {
        if let Some(value) = value {
            put(key, json!(value));
        }
    }
    if let Some(action) = &row.action {
        put("action", json!(action.text));
        put(
            "action_detail",
            json!({
                "kind": action.kind, "amount": action.amount, "what": action.what, "unit": action.unit,
                "before": action.before,
            }),
        );
    }
    if let Some(amount) = &row.amount {
        put("amount", json!(amount));
    }
    if !row.causes.is_empty() {
        let causes = row.causes.iter();
        let causes =
            causes.map(|one| json!({ "cause": one.cause, "lines": one.lines, "amount": one.amount }));
        put("causes", causes.collect());
    }
    put("source", json!(row.source));
    put("clause", json!(row.clause));
    put("rule_version", json!(row.rule_version));
    Value::Object(one)
}

fn severity(level: &str) -> u8 {
    match level {
        "serious" => 3,
        "warning" => 2,
        "notice" => 1,
        _ => 0,
    }
}

fn level(level: &str) -> &'static str {
    match level {
        "serious" => "【严重】",
        "warning" => "【预警】",
        "notice" => "【提示】",
        _ => "【正常】",
    }
}
