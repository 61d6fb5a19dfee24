//! 审计日志: whether it is whole, its export, and the account of what was sent.

mod explain;
mod export;
mod words;

use sunbench_store::audit::{ChainFault, ChainReport};

use std::path::PathBuf;
use std::sync::Arc;

use crate::app::App;
use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::files::FileKind;
use crate::outbox::small;
use crate::wire::{AuditExported, AuditFault, AuditState, Nothing};

const EXPORT: FileKind = FileKind { name: "审计日志", extensions: &["jsonl"] };

impl Context<'_> {
    /// Walks the whole log and compares its end with the file beside the database.
    pub fn audit_verify(&self) -> ApiResult<AuditState> {
        Ok(state(self.store.verify_audit()?))
    }
}

fn state(report: ChainReport) -> AuditState {
    AuditState {
        ok: report.ok,
        entries: small(report.entries),
        fault: report.fault.map(|fault| match fault {
            ChainFault::Changed => AuditFault::Changed,
            ChainFault::Missing => AuditFault::Missing,
            ChainFault::End => AuditFault::End,
            ChainFault::Replaced => AuditFault::Replaced,
            ChainFault::AnchorLost => AuditFault::AnchorLost,
        }),
        first_bad: report.first_bad.map(|seq| u32::try_from(seq).unwrap_or(u32::MAX)),
        head: report.head,
        head_at: report.head_at,
    }
}

impl App {
    /// Exports the log to where the system's dialog says.
    pub async fn audit_export(self: &Arc<Self>, _: Nothing) -> ApiResult<AuditExported> {
        let chooser = self.config.files.clone().ok_or(ErrorCode::NotFound)?;
        let name = self.run(|context, _| Ok(format!("审计日志-{}.jsonl", context.today()))).await?;
        let file = chooser.choose_save(&name, &[EXPORT]).await.ok_or(ErrorCode::Cancelled)?;
        self.audit_export_to(file).await
    }

    /// [`Context::audit_export`].
    pub async fn audit_export_to(self: &Arc<Self>, file: PathBuf) -> ApiResult<AuditExported> {
        self.run(move |context, _| context.audit_export(&file)).await
    }
}
