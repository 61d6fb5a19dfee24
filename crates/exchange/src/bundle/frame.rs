//! What a bundle is made of, in order.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sunbench_contract::time::Instant;
use sunbench_contract::{Capabilities, Change, Part, Problem, SnapshotHead, SubmissionResult};

use super::BundleError;

/// Bytes of one attachment piece.
pub const PIECE: usize = 1 << 20;

/// 导出: the first frame of every bundle, and what it asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Export {
    /// A UUID of its own.
    pub id: String,
    /// The profile that made it and that alone takes its answers.
    pub profile: String,
    /// Its number among that profile's.
    pub seq: u64,
    /// The one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predecessor: Option<String>,
    /// 医疗机构代码.
    pub institution: String,
    /// 操作员 of the profile that made it.
    pub user: String,
    /// The platform's data set as far as the profile knows it; empty before the first sync.
    pub epoch: String,
    /// By the platform's clock, as far as it is known.
    pub made_at: Instant,
    /// The program's version.
    pub program: String,
    /// How many submissions follow.
    pub submissions: u32,
    /// Where the profile stands in the feed and in the snapshot.
    pub position: Box<RawValue>,
}

/// 待发的提交: an item of the outbox. The pieces of its attachments follow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The hospital's own key.
    pub key: String,
    /// The kind on the wire.
    pub kind: String,
    /// Order is kept within one document.
    pub document: String,
    /// 操作员 who entered it.
    pub actor: String,
    /// 复核人 who approved it and may send it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_by: Option<String>,
    /// The payload, byte for byte.
    pub body: String,
    /// The version that it builds upon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ver: Option<i64>,
    /// It has been sent before, so that the base version must stay.
    #[serde(default)]
    pub firm: bool,
    /// Digests of its attachments, in the order in which they follow.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// A piece of an attachment; pieces follow each other without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentPiece {
    /// SHA-256 of the whole, in lower-case hex.
    pub sha256: String,
    /// Bytes of the whole.
    pub total: u64,
    /// This piece.
    pub bytes: Vec<u8>,
}

/// 中继: begins what one exchange with the platform brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relay {
    /// A UUID of its own.
    pub id: String,
    /// By the platform's clock.
    pub at: Instant,
    /// Whose connection was used.
    pub user: String,
    /// The platform as it described itself.
    pub platform: Capabilities,
}

/// What the platform said to a submission.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The submission's key.
    pub key: String,
    /// Its answer.
    pub said: Said,
}

/// An answer, as it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Said {
    /// A result, now or earlier.
    Result(Box<SubmissionResult>),
    /// A refusal with the platform's reasons.
    #[serde(rename_all = "camelCase")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reasons.
        problem: Box<Problem>,
    },
}

/// Why a submission was not sent, or not answered: it waits on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waits {
    /// The submission's key.
    pub key: String,
    /// The platform's code, or one of the program's own.
    pub code: String,
    /// In the platform's words, or technical.
    pub text: String,
}

/// The platform's cursor has expired, or it has another data set: what follows builds the mirror anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuild {
    /// The data set from here on.
    pub epoch: String,
    /// The cursor that has expired; none when the data set is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired: Option<String>,
}

/// Begins items of a part of the snapshot, from its start or after a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartStart {
    /// Which part.
    pub part: Part,
    /// Goes on after this mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Where the feed is followed from, and how much there is.
    pub head: SnapshotHead,
}

/// Items as the platform gave them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Items {
    /// Those that can be read.
    pub changes: Vec<Change>,
    /// Those that cannot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bad: Vec<Bad>,
}

/// An item whose envelope cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bad {
    /// As it came.
    pub raw: String,
    /// Why.
    pub reason: String,
}

/// Everything of the part up to here is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// The resume mark.
    pub mark: String,
}

/// Ends a page of the feed; its items are those since the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageEnd {
    /// The cursor that was asked.
    pub from: String,
    /// The highest `seq` that the feed had brought before; 0 where that is not known.
    pub from_seq: u64,
    /// For the next request.
    pub next: String,
    /// Whether more was ready.
    pub has_more: bool,
}

/// Where a relay ended: a later one goes on from here.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// As [`Export::position`].
    pub position: Box<RawValue>,
    /// By the platform's clock.
    pub at: Instant,
}

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident($kind:ty) = $number:literal,)*) => {
        /// A piece of a bundle. Numbers are for ever; a reader passes over those that it does not know.
        #[derive(Debug, Clone)]
        pub enum Frame {
            $($(#[$doc])* $name($kind),)*
            /// One of a later version.
            Unknown,
        }

        impl Frame {
            /// Number and content; `None` for what this version does not know.
            pub(super) fn encode(&self) -> Result<Option<(u8, Vec<u8>)>, serde_json::Error> {
                Ok(match self {
                    $(Self::$name(content) => Some(($number, content.to_bytes()?)),)*
                    Self::Unknown => None,
                })
            }
            pub(super) fn decode(number: u8, bytes: &[u8]) -> Result<Self, BundleError> {
                Ok(match number {
                    $($number => Self::$name(<$kind>::from_bytes(bytes)?),)*
                    _ => Self::Unknown,
                })
            }
        }
    };
}

frames! {
    /// The first frame.
    Export(Export) = 1,
    /// An item of the outbox.
    Submission(Submission) = 2,
    /// A piece of an attachment of the submission before it.
    Attachment(AttachmentPiece) = 3,
    /// An exchange with the platform begins.
    Relay(Relay) = 4,
    /// The answer to a submission.
    Answer(Answer) = 5,
    /// A submission that waits on.
    Waits(Waits) = 6,
    /// The mirror is built anew.
    Rebuild(Rebuild) = 7,
    /// A part of the snapshot begins.
    Part(PartStart) = 8,
    /// Items of the part or of the page.
    Items(Items) = 9,
    /// A resume mark.
    Mark(Mark) = 10,
    /// The part is complete.
    PartEnd(PartEnd) = 11,
    /// A page of the feed is complete.
    Page(PageEnd) = 12,
    /// An exchange with the platform has ended here.
    Reached(Reached) = 13,
}

/// The number of the seal, which ends every bundle.
pub(super) const SEAL: u8 = 0;

/// A part of the snapshot is complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartEnd {
    /// Items of the platform's answer.
    pub end: u64,
}

trait Content: Sized {
    fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error>;
    fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError>;
}

macro_rules! json {
    ($($kind:ty)*) => {$(
        impl Content for $kind {
            fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
                serde_json::to_vec(self)
            }
            fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
                serde_json::from_slice(bytes).map_err(|_| BundleError::Damaged("a frame that cannot be read"))
            }
        }
    )*};
}
json! { Export Submission Relay Answer Waits Rebuild PartStart Items Mark PartEnd PageEnd Reached }

/// Binary: eight bytes of total length, the digest in hex, a line feed, the piece.
impl Content for AttachmentPiece {
    fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut out = Vec::with_capacity(72 + self.bytes.len());
        out.extend_from_slice(&self.total.to_be_bytes());
        out.extend_from_slice(self.sha256.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(&self.bytes);
        Ok(out)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        const BAD: BundleError = BundleError::Damaged("a piece of an attachment that cannot be read");
        let (total, rest) = bytes.split_first_chunk::<8>().ok_or(BAD)?;
        let (sha256, rest) = rest.split_at_checked(64).ok_or(BAD)?;
        let (newline, piece) = rest.split_first().ok_or(BAD)?;
        let sha256 = std::str::from_utf8(sha256).map_err(|_| BAD)?;
        let is_hex = sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hex || *newline != b'\n' || piece.len() > PIECE {
            return Err(BAD);
        }
        Ok(Self { sha256: sha256.to_owned(), total: u64::from_be_bytes(*total), bytes: piece.to_vec() })
    }
}
