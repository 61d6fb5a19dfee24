//! The log in a file that an auditor can verify without this program.

use std::path::Path;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_store::audit;
use sunbench_store::durable::OutputFault;

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{unwritten, write_whole};
use crate::outbox::small;
use crate::wire::AuditExported;

/// How the chain is computed again; the first line of every export says it.
const METHOD: &str = "每行一个 JSON。第一行是说明，最后一行是总数与最新摘要，其余每行是一条审计记录。\
每条记录的 hash = SHA-256( UTF-8(\"sunbench audit v1\") 与一个 0 字节，接 seq（8 字节大端整数），\
再依次接 at、actor、action、subject、detail 的 UTF-8 字节与 prev 的 32 个字节，每项之前先接它的字节数（8 字节大端整数）)，\
以小写十六进制写出。prev 是上一条记录的 hash，第一条为 32 个 0 字节。seq 从 1 起连续。detail 是原样的 JSON 文本，不可改写其空白或次序。\
核对：逐条重算 hash，检查 prev 与 seq 相连，最后一条的 hash 等于末行的 head。内容摘要（detail 中的 body、answer）是所发内容与平台答复原文的 SHA-256。\
| One JSON per line. hash = SHA-256(\"sunbench audit v1\" 0x00 || be64(seq) || for each of at, actor, action, subject, detail (UTF-8) and prev (32 raw bytes): be64(length) || bytes). \
prev is the hash of the entry before, 32 zero bytes for the first; seq counts up from 1; the last entry's hash equals head in the last line.";

fn written(error: &std::io::Error) -> ApiError {
    match error.kind() {
        _ if OutputFault::of(error).is_some() => unwritten(error),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull.into(),
        std::io::ErrorKind::NotFound => ErrorCode::NotFound.into(),
        _ => ErrorCode::ReadOnly.into(),
    }
}

/// Passes bytes on and hashes them.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: std::io::Write> Hashed<W> {
    fn line(&mut self, value: &serde_json::Value) -> std::io::Result<()> {
        let line = format!("{value}\n");
        self.hash.update(&line);
        self.out.write_all(line.as_bytes())
    }
}

impl Context<'_> {
    /// Writes the whole log to `file`, which appears only when it is whole, and notes the export in the log.
    ///
    /// # Errors
    /// [`ErrorCode::DiskFull`], [`ErrorCode::ReadOnly`]; an earlier file of that name is then as it was.
    pub fn audit_export(&self, file: &Path) -> ApiResult<AuditExported> {
        let account = self.store.read(sunbench_store::local::account::get)?;
        let (mut entries, mut head, mut sha256) = (0_u64, None, String::new());
        let mut failed = None;
        let done = write_whole(file, |out| {
            let mut out = Hashed { out, hash: Sha256::new() };
            out.line(&json!({
                "format": "sunbench-audit", "version": 1, "method": METHOD,
                "exportedAt": self.now.to_string(), "profile": self.store.profile_id().to_string(),
                "institution": account.as_ref().map(|a| &a.institution),
                "institutionName": account.as_ref().map(|a| &a.institution_name),
                "platform": account.as_ref().map(|a| &a.platform),
            }))?;
            let mut write = |record: &audit::Record| {
                (entries, head) = (entries + 1, Some(record.hash()));
                out.line(&json!({
                    "seq": record.seq, "at": record.at, "actor": record.actor, "action": record.action,
                    "subject": record.subject, "detail": record.detail, "prev": record.prev(), "hash": record.hash(),
                }))
                .map_err(|error| written(&error))
            };
            if let Err(error) = self.store.try_read(|conn| audit::each(conn, &mut write)) {
                failed = Some(error);
                return Err(std::io::ErrorKind::Other.into());
            }
            out.line(&json!({ "entries": entries, "head": head }))?;
            sha256 = hex(&out.hash.finalize());
            Ok(())
        });
        match (failed, done) {
            (Some(error), _) => return Err(error),
            (None, Err(error)) => return Err(written(&error)),
            (None, Ok(())) => {}
        }
        let actor = self.actor()?;
        let detail = json!({ "entries": entries, "head": head, "sha256": sha256 });
        let entry = self.entry(&actor, "audit.exported", "profile", detail);
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(AuditExported { file: file.display().to_string(), entries: small(entries), head, sha256 })
    }
}
