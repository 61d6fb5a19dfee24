//! Times on the wire: RFC 3339 with `+08:00`; `yyyy-MM-dd HH:mm:ss` is read as Shanghai time.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, SecondsFormat, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// 北京时间 (Asia/Shanghai): eight hours east, without summer time since 1991.
#[must_use]
pub fn shanghai() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset")
}

/// An instant, written in Shanghai time to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<FixedOffset>);

impl Instant {
    /// From any offset.
    #[allow(clippy::needless_pass_by_value)] // a DateTime is a value
    pub fn new<Tz: TimeZone>(at: DateTime<Tz>) -> Self {
        Self(at.with_timezone(&shanghai()))
    }
    /// The instant, with Shanghai's offset.
    #[must_use]
    pub const fn at(self) -> DateTime<FixedOffset> {
        self.0
    }
    /// Whole seconds since 1970, UTC; how the database keeps an instant.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.timestamp()
    }
    /// From [`Instant::unix`]; `None` outside the years 0 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(Self::new).filter(|at| at.is_writable())
    }
    /// RFC 3339 has years of four digits: any other instant could be kept, but never be read again.
    fn is_writable(self) -> bool {
        (0..=9999).contains(&self.0.year())
    }
    /// Reads RFC 3339, or `yyyy-MM-dd HH:mm:ss` as Shanghai time; `None` also outside the years 0 to 9999.
    ///
    /// ```
    /// use sunbench_contract::time::Instant;
    /// let a = Instant::parse("2026-11-22T08:00:00+08:00").unwrap();
    /// assert_eq!(Some(a), Instant::parse("2026-11-22 08:00:00"));
    /// assert_eq!(Some(a), Instant::parse("2026-11-22T00:00:00Z"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let at = if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            Self::new(at)
        } else {
            let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
            Self(shanghai().from_local_datetime(&naive).single()?)
        };
        Some(at).filter(|at| at.is_writable())
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, false))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("RFC 3339 with +08:00, to the second"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Instant {}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Instant;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a time as RFC 3339")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
                Instant::parse(text).ok_or_else(|| E::custom("not a time"))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_written_is_read() {
        for (text, expected) in [
            ("2016-12-31T23:59:60Z", Some("2017-01-01T07:59:60+08:00")),
            ("9999-12-31T23:59:59+08:00", Some("9999-12-31T23:59:59+08:00")),
            ("9999-12-31T23:59:59Z", None),
            ("0000-01-01T00:00:00+08:00", Some("0000-01-01T00:00:00+08:00")),
            ("0000-01-01T00:00:00+23:00", None),
            ("+10000-01-01 00:00:00", None),
            ("-0001-01-01 00:00:00", None),
            ("2026-11-22", None),
            ("2026-11-22 24:00:00", None),
        ] {
            let at = Instant::parse(text);
            assert_eq!(at.map(|at| at.to_string()).as_deref(), expected, "{text}");
            assert_eq!(at.and_then(|at| Instant::parse(&at.to_string())), at);
        }
        assert_eq!(Instant::from_unix(i64::MAX), None);
        assert_eq!(Instant::from_unix(253_402_271_999).map(Instant::unix), Some(253_402_271_999));
        assert_eq!(Instant::from_unix(253_402_272_000), None);
    }
}
