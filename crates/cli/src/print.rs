//! `print`: an acceptance slip, a letter, an answer to a notice, as PDF.

use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::json;
use sunbench_app::App;
use sunbench_app::wire::{PrintKind, PrintReq};

use crate::Outcome;
use crate::message::Failure;

/// What is printed; the names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Paper {
    /// 验收单；编号为收货单
    Slip,
    /// 供应问题反馈函，致医保部门；编号为供应问题
    OfficeLetter,
    /// 供应问题反馈函，致配送企业；编号为供应问题
    SupplierLetter,
    /// 督办整改反馈；编号为通知
    Reply,
}

pub(crate) async fn print(
    app: &Arc<App>,
    paper: Paper,
    id: String,
    file: &Path,
    addressee: Option<String>,
) -> Result<Outcome, Failure> {
    let kind = match paper {
        Paper::Slip => PrintKind::AcceptanceSlip,
        Paper::OfficeLetter => PrintKind::OfficeLetter,
        Paper::SupplierLetter => PrintKind::SupplierLetter,
        Paper::Reply => PrintKind::NoticeReply,
    };
    let path = file.to_str().ok_or_else(|| Failure::usage("usage", "文件名不是有效的文本"))?.to_owned();
    let req = PrintReq {
        kind,
        id,
        number: String::new(),
        addressee: addressee.unwrap_or_default(),
        text: String::new(),
        path: Some(path),
    };
    let written = app.print_save(req).await?;
    let line = format!("已写入 {}", written.path);
    Ok(Outcome::done(json!({ "file": written.path, "sha256": written.sha256 }), line))
}
