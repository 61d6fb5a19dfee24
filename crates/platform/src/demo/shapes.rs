//! The records of the feed that have no type in `sunbench_contract`: their fields, once and for all.
//!
//! States are raw codes with their text, as in the contract's own records.

#![allow(clippy::struct_field_names)] // the names on the wire

use chrono::NaiveDate;
use serde::Serialize;
use sunbench_contract::time::Instant;

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

}
