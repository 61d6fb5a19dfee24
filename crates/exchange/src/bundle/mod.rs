//! 摆渡包: one file that carries what waits to a platform, and the platform's answers back, for a computer that has
//! no network to it.
//!
//! The inner computer exports, any connected computer of the institution relays, the inner one imports; the same file
//! goes round. It holds, one after the other, what the export asked for and what each relay brought, so that a relay
//! may be repeated or gone on with, and an import too.
//!
//! # The file
//!
//! An [age](https://age-encryption.org/v1) file for one X25519 recipient. Inside: [`MAGIC`], [`VERSION`], then frames
//! under one zstd frame: number (1 byte), length (4 bytes, big endian), content (JSON; pieces of attachments are
//! binary). Frame 0 ends it and is the seal: HMAC-SHA-256 over everything before.
//!
//! # Whom it trusts
//!
//! The key is one that the platform gives to every seat of one institution ([`ExchangeKey`]). So nobody has to pair
//! computers, and whoever finds the stick can neither read nor change nor invent a bundle. Whoever holds a profile
//! of the institution can do all three: he could sign in to the platform as well. The encryption alone
//! would not keep a stranger from writing a file for a public key that he knows; the seal does.
//!
//! The relaying computer reads the submissions, because it signs the requests anew with its own seat (a request's
//! signature is valid for five minutes, so the inner computer cannot sign in advance), and the answers, because they
//! are said to it. Drafts, credentials, the local plane and the mirror are never in a bundle.
//!
//! # Bounds
//!
//! A frame has at most [`MAX_FRAME`] bytes and is the most that is held at once; a file that decompresses to a
//! thousand times its size is refused.

mod error;
mod frame;
mod key;
mod read;
mod write;

pub use error::BundleError;
pub use frame::{
    Answer, AttachmentPiece, Bad, Export, Frame, Items, Mark, PIECE, PageEnd, PartEnd, PartStart, Reached,
    Rebuild, Relay, Said, Submission, Waits,
};
pub use key::{ExchangeKey, KEY_BYTES};
pub use read::{Contents, Reader, check, read};
pub use write::Writer;

/// What an opened bundle begins with.
pub const MAGIC: &[u8; 15] = b"sunbench bundle";
/// The version of the format, four bytes after the [`MAGIC`].
pub const VERSION: u32 = 1;
/// Bytes of one frame at most.
pub const MAX_FRAME: usize = 32 << 20;
