//! Requests and answers of the calls that are not submissions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::resource::Change;
use crate::sign::SignType;
use crate::time::Instant;

/// Answer of `GET /capabilities`; asked without authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// The contract versions that the platform speaks.
    pub versions: Vec<u32>,
    /// 平台名称.
    pub platform: String,
    /// 行政区划代码.
    pub division_code: String,
    /// Identifies this data set; another value means another platform or a restored one.
    pub epoch: String,
    /// What one request may ask.
    pub limits: Limits,
    /// Kinds of signatures.
    pub sign_types: Vec<SignType>,
    /// Optional parts, such as `longPoll`, `ndjson`, `digest`.
    pub features: Vec<String>,
    /// The platform's clock.
    pub server_time: Instant,
}

/// What one request may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Items a page.
    pub page: u32,
    /// Submissions a batch.
    pub batch: u32,
    /// Seconds that a long poll may wait.
    pub wait_s: u32,
    /// Requests a second.
    pub rate_per_second: u32,
    /// Requests a day; absent when there is no quota.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_quota: Option<u32>,
    /// Bytes of one attachment.
    pub attachment_bytes: u64,
}

/// Body of `POST /token`: sign in by password, renew by the credential, or take a seat of its own (both signed).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", tag = "grant")]
pub enum TokenRequest {
    /// The first one, unsigned.
    #[serde(rename_all = "camelCase")]
    Password {
        /// 医疗机构代码.
        institution: String,
        /// 操作员.
        operator: String,
        /// Never logged.
        password: String,
    },
    /// Later ones, signed with the seat's secret.
    #[serde(rename_all = "camelCase")]
    Renew {
        /// From the first answer.
        renewal_credential: String,
    },
    /// A new seat for a computer that shares another one's, as after a backup was restored on it; signed with the shared
    /// seat's secret. The answer is that of a sign-in, and the shared seat goes on for the other computer.
    #[serde(rename_all = "camelCase")]
    NewSeat {
        /// From the shared seat's first answer.
        renewal_credential: String,
    },
}

/// Answer of `POST /token`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TokenResponse {
    /// This seat's key; not with a renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_key: Option<String>,
    /// This seat's secret; not with a renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_secret: Option<String>,
    /// Renews the access token; not with a renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal_credential: Option<String>,
    /// Sent as `Authorization: Bearer`.
    pub access_token: String,
    /// 机构交换密钥: 32 bytes in hex, the same for every seat of the institution. It seals the files by which computers
    /// without a network exchange with the platform; the platform itself never asks for it. Absent where a platform has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_key: Option<String>,
    /// Seconds that it lives.
    pub expires_in_s: u32,
    /// Who signed in.
    pub operator: Operator,
    /// The certificate that the seat signs in with; absent where a platform has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// The platform's clock.
    pub server_time: Instant,
}

/// CA 证书 of an operator: without a valid one the platform lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// 证书序列号.
    pub serial: String,
    /// 颁发机构.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub issuer: String,
    /// From this instant on.
    pub not_before: Instant,
    /// Until this instant.
    pub not_after: Instant,
}

/// 注销席位: answer of `DELETE /token`, which is signed and needs no access token. The seat's credentials and tokens are
/// taken from nobody any more: whoever asks with them is told [`crate::codes::CREDENTIAL_UNKNOWN`], also when he asks
/// for the same once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SeatClosed {
    /// The platform's clock.
    pub server_time: Instant,
}

/// 操作员.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Operator {
    /// Sign-in name.
    pub user: String,
    /// 姓名.
    pub name: String,
    /// 医疗机构代码.
    pub institution: String,
    /// 医疗机构名称.
    pub institution_name: String,
    /// Such as `buyer`, `receiver`, `reviewer`.
    pub roles: Vec<String>,
}

/// Query of `GET /changes`. An empty cursor is the feed's beginning.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct ChangesQuery {
    /// From the last page.
    pub cursor: String,
    /// Items at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Seconds to hold the request open until something changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// Answer of `GET /changes`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangesPage {
    /// In the order of `seq`.
    pub items: Vec<Change>,
    /// For the next request; strictly advances while there are items.
    pub next_cursor: String,
    /// Whether more is ready now.
    pub has_more: bool,
    /// The platform's clock.
    pub server_time: Instant,
}

/// 首次同步的部分: the parts of a snapshot, in the order in which a first sync takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Rules, calendar, organisations, products, agreements: all that lines refer to.
    Rules,
    /// Supervision notices and their replies, check-ins, announcements.
    Notices,
    /// Documents of the last 90 days, newest first.
    Recent,
    /// Documents before that, newest first.
    History,
}

impl Part {
    /// In the order of a first sync.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Notices, Self::Recent, Self::History];
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Notices => "notices",
            Self::Recent => "recent",
            Self::History => "history",
        }
    }
}

/// Query of `GET /snapshot`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct SnapshotQuery {
    /// Which part.
    pub part: Part,
    /// Go on after this resume mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Items between two resume marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// History: only documents of a day before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<NaiveDate>,
}

/// One line of a snapshot in NDJSON (`Accept: application/x-ndjson`).
///
/// The stream is a `head`, then items with a `mark` after every `limit` of them (never inside a
/// document), then an `end`. A stream without `end` was cut: go on with `after=` the last mark.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", untagged)]
pub enum SnapshotLine {
    /// An item; by far the most frequent.
    Item(Change),
    /// The first line.
    Head(SnapshotHead),
    /// Resume here.
    #[serde(rename_all = "camelCase")]
    Mark {
        /// Opaque.
        mark: String,
        /// [`crate::integrity::Running`] of everything before this line.
        #[serde(skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
    },
    /// The last line.
    #[serde(rename_all = "camelCase")]
    End {
        /// Items in this answer.
        end: u64,
        /// [`crate::integrity::Running`] of everything before this line.
        #[serde(skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
    },
}

impl SnapshotLine {
    /// Reads one line.
    pub fn parse(line: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Mark {
            mark: String,
            digest: Option<String>,
        }
        #[derive(Deserialize)]
        struct End {
            end: u64,
            digest: Option<String>,
        }
        // A record's raw text cannot pass through serde's buffer for untagged enums, so by trial.
        let as_item = match serde_json::from_str(line) {
            Ok(item) => return Ok(Self::Item(item)),
            Err(error) => error,
        };
        serde_json::from_str(line)
            .map(|Mark { mark, digest }| Self::Mark { mark, digest })
            .or_else(|_| serde_json::from_str(line).map(|End { end, digest }| Self::End { end, digest }))
            .or_else(|_| serde_json::from_str(line).map(Self::Head))
            .map_err(|_| as_item)
    }
}

/// The first line of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SnapshotHead {
    /// The feed's head when the snapshot began: follow `/changes` from here.
    pub cursor: String,
    /// The feed's highest `seq` then: of two snapshots the one with the higher is the later.
    #[serde(default)]
    pub seq: u64,
    /// How many items this part holds in all, for the progress display.
    pub total: u64,
    /// The platform's clock.
    pub server_time: Instant,
}

/// A page of a snapshot where the client does not take NDJSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SnapshotPage {
    /// As in [`SnapshotHead`].
    pub cursor: String,
    /// As in [`SnapshotHead`].
    pub total: u64,
    /// The platform's clock.
    pub server_time: Instant,
    /// Whole documents.
    pub items: Vec<Change>,
    /// Go on after this; absent when this part is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Answer of `GET /digest?resource=&day=` (对数): what the hospital should hold of one resource's records
/// whose business day is `day`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DayDigest {
    /// [`crate::Resource::name`].
    pub resource: String,
    /// The business day.
    pub day: NaiveDate,
    /// How many.
    pub count: u64,
    /// The sum of the records' amounts, where they have one.
    pub sum: sunbench_domain::Amount,
    /// Lower-case hex of the wrapping sum of [`crate::item_hash`].
    pub hash: String,
    /// The platform's clock.
    pub server_time: Instant,
}

/// The headers that say what an answer without a JSON body cannot say.
pub mod answer_header {
    /// On every answer: the platform's clock, as in `serverTime`.
    pub const SERVER_TIME: &str = "x-server-time";
    /// On `HEAD /attachments/{sha256}`: [`super::AttachmentState::received`].
    pub const RECEIVED: &str = "x-received";
    /// On `HEAD /attachments/{sha256}`: [`super::AttachmentState::complete`], `true` or `false`.
    pub const COMPLETE: &str = "x-complete";
}

/// Answer of `PUT /attachments/{sha256}`; that of `HEAD` is in [`answer_header`], and 404 when the platform
/// holds nothing. A `PUT` without `Content-Range` brings the whole attachment; one with `bytes a-b/total`
/// brings a piece, and `a` may not be past `received` (416).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttachmentState {
    /// Lower-case hex.
    pub sha256: String,
    /// Bytes that the platform holds; go on from here with `Content-Range`.
    pub received: u64,
    /// Whole and with the right digest.
    pub complete: bool,
    /// The platform's clock.
    pub server_time: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshot_lines() {
        for (line, expected) in [
            (r#"{"cursor":"c","total":3,"serverTime":"2026-11-22T08:00:00+08:00"}"#, "head"),
            (
                r#"{"seq":1,"resource":"org","op":"upsert","id":"1","ver":1,"updTime":"2026-11-22T08:00:00+08:00","data":{}}"#,
                "item",
            ),
            (r#"{"mark":"m"}"#, "mark"),
            (r#"{"mark":"m","digest":"ab"}"#, "mark"),
            (r#"{"end":3}"#, "end"),
            (r#"{"end":3,"digest":"ab"}"#, "end"),
            (r#"{"seq":1}"#, "error"),
            ("", "error"),
        ] {
            let got = match SnapshotLine::parse(line) {
                Ok(SnapshotLine::Head(_)) => "head",
                Ok(SnapshotLine::Item(_)) => "item",
                Ok(SnapshotLine::Mark { .. }) => "mark",
                Ok(SnapshotLine::End { .. }) => "end",
                Err(_) => "error",
            };
            assert_eq!(got, expected, "{line}");
        }
    }
}
