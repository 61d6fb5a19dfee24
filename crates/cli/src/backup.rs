//! Backups, restoring, a new key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use sunbench_app::App;
use sunbench_app::wire::BackupNowReq;
use zeroize::Zeroizing;

use crate::Outcome;
use crate::message::Failure;
use crate::office::tell;

fn absolute(file: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(file).map_err(|error| Failure::usage("usage", format!("{}：{error}", file.display())))
}

/// Writes a verified backup of the open profile.
pub(crate) async fn backup(app: &Arc<App>, file: &Path) -> Result<Outcome, Failure> {
    let file = absolute(file)?.display().to_string();
    let made = app.backup_now(BackupNowReq { file: Some(file), choose: false }).await?;
    let bytes: u64 = made.bytes.parse().unwrap_or(0);
    let line = format!("已备份到 {}（{bytes} 字节，已验证）", made.file);
    let result = json!({
        "file": made.file, "bytes": bytes, "created_at": made.created_at, "sha256": made.sha256,
        "verified": made.verified,
    });
    Ok(Outcome::done(result, line))
}

/// Puts a backup in the place of the profile that is not open.
pub(crate) async fn restore(
    app: &Arc<App>,
    file: &Path,
    code_file: Option<&Path>,
) -> Result<Outcome, Failure> {
    let code = match code_file {
        Some(path) => Some(Zeroizing::new(std::fs::read_to_string(path).map_err(|error| {
            Failure::stated("recoveryCodeFile", format!("恢复码文件 {} 无法读取：{error}", path.display()))
        })?)),
        None => None,
    };
    let restored = app.restore_once(absolute(file)?, code).await?;
    let mut line = format!("已恢复 {} 的备份；{} 件待发", restored.created_at, restored.waiting);
    if restored.uncertain > 0 {
        line.push_str("，下次同步先向平台核对，已送达的不会重发");
    }
    if let Some(folder) = &restored.moved_to {
        line = format!("{line}\n原档案保存在 {folder}");
    }
    let result = json!({
        "restored": true, "created_at": restored.created_at, "epoch": restored.epoch, "waiting": restored.waiting,
        "uncertain": restored.uncertain, "moved_to": restored.moved_to,
    });
    Ok(Outcome::done(result, line))
}

/// Encrypts the profile that is not open anew.
pub(crate) async fn rotate_key(app: &Arc<App>) -> Result<Outcome, Failure> {
    let made = app.rotate_key_once().await?;
    // Shown once, to the person and never in the script's document.
    tell(&format!("新的恢复码（只显示一次，请抄存；旧的只能打开以前的备份）：{}", made.recovery_code));
    Ok(Outcome::done(json!({ "rotated": true }), "密钥已更换"))
}
