//! The verbs that need no profile.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use serde_json::json;
use sunbench_app::{Clock as _, SystemClock};
use sunbench_domain::codes::{self, CodeKind};
use sunbench_workdays::{Calendar, DateError};

use crate::Outcome;
use crate::message::Failure;

impl From<DateError> for Failure {
    fn from(error: DateError) -> Self {
        Self::stated(error.code(), error.text_zh())
    }
}

fn value<T: serde::Serialize>(of: &T) -> serde_json::Value {
    serde_json::to_value(of).unwrap_or_default()
}

pub(crate) fn calendar(from: NaiveDate, to: NaiveDate) -> Result<Outcome, Failure> {
    let days = Calendar::built_in().days(from, to)?;
    let text = days.iter().map(|listed| {
        let day = &listed.day;
        let kind = if day.working { "工作日" } else { "休息日" };
        let name = day.name.as_deref().unwrap_or_default();
        format!("{} {kind} {name}{}", day.date, if day.provisional { "（暂定）" } else { "" })
    });
    let text = text.collect::<Vec<_>>().join("\n");
    Ok(Outcome::done(value(&days), text))
}

/// RFC 3339; a bare date, or a time without seconds or offset, is not an instant.
fn instant(text: &str) -> Result<DateTime<FixedOffset>, Failure> {
    DateTime::parse_from_rfc3339(text).map_err(|_| {
        Failure::usage("badInstant", format!("“{text}”不是 RFC 3339 时刻，例如 2026-11-22T09:30:00+08:00"))
    })
}

pub(crate) fn deadline(
    from: &str,
    working_days: Option<u32>,
    hours: Option<u32>,
) -> Result<Outcome, Failure> {
    let calendar = Calendar::built_in();
    let from = instant(from)?;
    let deadline = match (working_days, hours) {
        (Some(n), _) => calendar.working_days(&from, n)?,
        (None, Some(n)) => calendar.hours(&from, n)?,
        (None, None) => return Err(Failure::usage("usage", "需要 --working-days 或 --hours")),
    };
    let bounds = match (deadline.earliest_date, deadline.latest_date) {
        (Some(earliest), Some(latest)) => format!("（暂定，最早 {earliest}，最迟 {latest}）"),
        _ => String::new(),
    };
    let counted = deadline.counted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let text =
        format!("到期 {} 止于 {}{bounds}\n计入 {counted}", deadline.due_date, deadline.due_at.to_rfc3339());
    Ok(Outcome::done(value(&deadline), text))
}

pub(crate) fn check_code(kind: &str, code: &str) -> Result<Outcome, Failure> {
    let kind: CodeKind = kind.parse().map_err(|_| {
        Failure::usage("unknownKind", format!("“{kind}”不是编码种类：mcs、udi、gtin、uscc、institution"))
    })?;
    // Two-digit years are read from the current one.
    let check = codes::check_at(kind, code, SystemClock.now().at().year());
    let mut lines = vec![format!("{} {}", if check.valid { "有效" } else { "无效" }, check.normalized)];
    lines.extend(check.reason.clone());
    lines.extend(check.parts.iter().map(|(name, part)| format!("{name} {part}")));
    // The name of the fault is for our own programs; scripts read the documented keys.
    let mut document = json!({
        "kind": check.kind.name(), "valid": check.valid, "normalized": check.normalized, "parts": check.parts,
    });
    if let (Some(reason), Some(fields)) = (check.reason, document.as_object_mut()) {
        fields.insert("reason".to_owned(), json!(reason));
    }
    Ok(Outcome::done(document, lines.join("\n")))
}
