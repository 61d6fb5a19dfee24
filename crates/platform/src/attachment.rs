//! Attachments: named by their content, kept by hospital, sent in pieces.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use sunbench_contract::codes;
use sunbench_contract::sign::hex;

use crate::error::Refusal;

/// The folder of attachments: `<hospital>/<sha256>`, and `<sha256>.part` while it is being sent.
pub(crate) struct Attachments {
    dir: PathBuf,
    limit: u64,
    /// One write at a time.
    writing: Mutex<()>,
}

/// How much of an attachment is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) received: u64,
    pub(crate) complete: bool,
}

/// Which bytes a `PUT` brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) from: u64,
    pub(crate) total: u64,
}

impl Piece {
    /// Reads `bytes a-b/total`; `len` is the number of bytes that came.
    pub(crate) fn parse(range: Option<&str>, len: u64) -> Option<Self> {
        let Some(range) = range else { return Some(Self { from: 0, total: len }) };
        let (bounds, total) = range.strip_prefix("bytes ")?.split_once('/')?;
        let (from, to) = bounds.split_once('-')?;
        let (from, to, total): (u64, u64, u64) =
            (from.trim().parse().ok()?, to.trim().parse().ok()?, total.trim().parse().ok()?);
        (to < total && to.checked_sub(from)?.checked_add(1)? == len).then_some(Self { from, total })
    }
}

/// Reads `bytes=a-` or `bytes=a-b` of a `GET`: the first byte and the one after the last.
pub(crate) fn parse_range(range: &str, total: u64) -> Option<(u64, u64)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.trim().parse().ok()?;
    let end =
        if to.trim().is_empty() { total } else { to.trim().parse::<u64>().ok()?.checked_add(1)?.min(total) };
    (from < end).then_some((from, end))
}

impl Attachments {
    pub(crate) fn new(dir: PathBuf, limit: u64) -> Self {
        Self { dir, limit, writing: Mutex::default() }
    }

    fn file(&self, institution: &str, sha256: &str) -> PathBuf {
        // Never a path of the hospital's own making.
        let owner = &hex(&Sha256::digest(institution.as_bytes()))[..24];
        self.dir.join(owner).join(sha256)
    }

    fn part(&self, institution: &str, sha256: &str) -> PathBuf {
        self.file(institution, sha256).with_extension("part")
    }

    /// What is there; `None` when nothing is.
    pub(crate) fn held(&self, institution: &str, sha256: &str) -> Option<Held> {
        if let Ok(found) = fs::metadata(self.file(institution, sha256)) {
            return Some(Held { received: found.len(), complete: true });
        }
        let found = fs::metadata(self.part(institution, sha256)).ok()?;
        Some(Held { received: found.len(), complete: false })
    }

    /// Takes a piece. What is already there is skipped; a gap is refused.
    pub(crate) fn put(
        &self,
        institution: &str,
        sha256: &str,
        piece: Piece,
        bytes: &[u8],
    ) -> Result<Held, Refusal> {
        if piece.total > self.limit {
            let mib = self.limit / (1024 * 1024);
            return Err(Refusal::too_large(format!("附件超过 {mib} MB，请压缩后再上传")));
        }
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, part) = (self.file(institution, sha256), self.part(institution, sha256));
        let held = self.held(institution, sha256).unwrap_or(Held { received: 0, complete: false });
        if held.complete {
            return Ok(held);
        }
        let Some(skip) = held.received.checked_sub(piece.from) else {
            let msg = format!("平台只收到 {} 字节，请从该处继续上传", held.received);
            return Err(Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, codes::BAD_REQUEST, msg)
                .field("Content-Range")
                .retryable());
        };
        if let Some(parent) = part.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut target = OpenOptions::new().create(true).append(true).open(&part)?;
        let fresh = bytes.get(skip as usize..).unwrap_or_default();
        target.write_all(fresh)?;
        target.sync_data()?;
        drop(target);
        let received = held.received + fresh.len() as u64;
        if received < piece.total {
            return Ok(Held { received, complete: false });
        }
        if digest(&part)? != sha256 {
            fs::remove_file(&part)?;
            return Err(Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                codes::DIGEST_MISMATCH,
                "附件内容与其校验值不符，请重新上传",
            )
            .retryable());
        }
        fs::rename(&part, &file)?;
        Ok(Held { received, complete: true })
    }

    /// The bytes from `from` up to `end` of a complete attachment.
    pub(crate) fn read(
        &self,
        institution: &str,
        sha256: &str,
        from: u64,
        end: u64,
    ) -> Result<Vec<u8>, Refusal> {
        let mut file = File::open(self.file(institution, sha256))?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::with_capacity((end - from) as usize);
        file.take(end - from).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn digest(file: &std::path::Path) -> Result<String, Refusal> {
    let mut hash = Sha256::new();
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}

/// Whether the text is a SHA-256 in lower-case hex.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (range, len, expected) in [
            (None, 5, Some((0, 5))),
            (Some("bytes 0-4/10"), 5, Some((0, 10))),
            (Some("bytes 5-9/10"), 5, Some((5, 10))),
            (Some("bytes 5-9/10"), 4, None),
            (Some("bytes 5-10/10"), 6, None),
            (Some("bytes 9-5/10"), 5, None),
            (Some("bytes 0-4/*"), 5, None),
            (Some("0-4/10"), 5, None),
        ] {
            let got = Piece::parse(range, len).map(|p| (p.from, p.total));
            assert_eq!(got, expected, "{range:?}");
        }
        for (range, expected) in [
            ("bytes=0-", Some((0, 10))),
            ("bytes=4-", Some((4, 10))),
            ("bytes=4-5", Some((4, 6))),
            ("bytes=4-99", Some((4, 10))),
            ("bytes=10-", None),
            ("bytes=-3", None),
            ("lines=1-", None),
        ] {
            assert_eq!(parse_range(range, 10), expected, "{range}");
        }
    }
}
