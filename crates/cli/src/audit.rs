//! `audit verify`, `audit export`, `audit explain`.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sunbench_app::App;
use sunbench_app::wire::{AuditExplainReq, AuditFault, AuditState, Nothing};

use crate::Outcome;
use crate::arguments::AuditStep;
use crate::document::snake_case;
use crate::message::Failure;
use crate::terminal::one_line;

pub(crate) async fn step(app: &Arc<App>, step: AuditStep) -> Result<Outcome, Failure> {
    match step {
        AuditStep::Verify => verify(app).await,
        AuditStep::Export { file } => export(app, &file).await,
        AuditStep::Explain { on, from, to, about } => {
            let req = AuditExplainReq {
                from: on.or(from).map(|date| date.to_string()),
                to: on.or(to).map(|date| date.to_string()),
                about,
            };
            explain(app, req).await
        }
    }
}

fn document(chain: &AuditState) -> Value {
    json!({
        "ok": chain.ok, "entries": chain.entries, "fault": chain.fault, "first_bad": chain.first_bad,
        "head": chain.head, "head_at": chain.head_at,
    })
}

fn broken(chain: &AuditState) -> Option<Failure> {
    let what = match chain.fault? {
        AuditFault::Changed => "有记录被改动",
        AuditFault::Missing => "缺少记录",
        AuditFault::End => "末尾被截断或添加",
        AuditFault::Replaced => "日志被整体改写，或数据库被换成了较早的副本",
        AuditFault::AnchorLost => "数据库旁的 audit-head 文件缺失或损坏",
    };
    let at = chain.first_bad.unwrap_or_default();
    Some(Failure::stated("auditBroken", format!("审计日志不完整：{what}（第 {at} 条）")))
}

fn in_words(chain: &AuditState) -> String {
    let head = chain.head.as_deref().unwrap_or("无");
    match broken(chain) {
        None => format!("审计日志完整，{} 条，最新摘要 {head}", chain.entries),
        Some(failure) => failure.msg,
    }
}

async fn verify(app: &Arc<App>) -> Result<Outcome, Failure> {
    let chain = app.audit_verify(Nothing {}).await?;
    Ok(Outcome { result: document(&chain), text: in_words(&chain), failure: broken(&chain) })
}

async fn export(app: &Arc<App>, file: &Path) -> Result<Outcome, Failure> {
    let done = app.audit_export_to(file.to_owned()).await.map_err(|error| {
        let mut failure = Failure::from(error);
        failure.msg = format!("{}：{}", file.display(), failure.msg);
        failure
    })?;
    let line = format!(
        "已导出 {} 条到 {}；最新摘要 {}，文件摘要 {}",
        done.entries,
        one_line(&done.file),
        done.head.as_deref().unwrap_or("无"),
        done.sha256
    );
    let result =
        json!({ "file": done.file, "entries": done.entries, "head": done.head, "sha256": done.sha256 });
    Ok(Outcome::done(result, line))
}

async fn explain(app: &Arc<App>, req: AuditExplainReq) -> Result<Outcome, Failure> {
    let account = app.audit_explain(req).await?;
    let mut lines: Vec<String> = account.entries.iter().map(|entry| one_line(&entry.text)).collect();
    if lines.is_empty() {
        lines.push(format!("{} 至 {}：没有发送，也没有其他记录", account.from, account.to));
    }
    if account.cut {
        lines.push("记录太多，只列出一部分：请缩小日期范围".to_owned());
    }
    lines.push(in_words(&account.chain));
    let failure = broken(&account.chain);
    let mut result = snake_case(serde_json::to_value(&account).unwrap_or_default());
    result["chain"] = document(&account.chain);
    Ok(Outcome { result, text: lines.join("\n"), failure })
}
