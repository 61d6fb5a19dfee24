//! Times on the wire: RFC 3339 with `+08:00`; `yyyy-MM-dd HH:mm:ss` is read as Shanghai time.

use chrono::{DateTime, FixedOffset, NaiveDateTime, SecondsFormat, TimeZone};
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
    /// From [`Instant::unix`]; `None` outside the calendar's range.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(Self::new)
    }
    /// Reads RFC 3339, or `yyyy-MM-dd HH:mm:ss` as Shanghai time.
    ///
    /// ```
    /// use sunbench_contract::time::Instant;
    /// let a = Instant::parse("2026-11-22T08:00:00+08:00").unwrap();
    /// assert_eq!(Some(a), Instant::parse("2026-11-22 08:00:00"));
    /// assert_eq!(Some(a), Instant::parse("2026-11-22T00:00:00Z"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::new(at));
        }
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
        shanghai().from_local_datetime(&naive).single().map(Self)
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
