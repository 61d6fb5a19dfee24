//! The verbs that work on a profile.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use sunbench_app::wire::{
    ConnectReq, Nothing, NoticeScope, NoticesReq, OrdersReq, OutboxReq, ProfileCreateReq, ProfileStatus,
};
use sunbench_app::{ApiError, App, AppConfig, ErrorCode, SystemClock};
use sunbench_domain::state::{OrderLineState, State as _};
use sunbench_exchange::open_regular;
use zeroize::Zeroizing;

use crate::arguments::Verb;
use crate::document::snake_case;
use crate::message::{Failure, text};
use crate::terminal::one_line;
use crate::{Outcome, audit, backup, bundle, indicators, ledger, print, receive, review};

/// The passphrase file that the environment names. An empty one would be a profile that anybody opens.
fn passphrase_file() -> Result<Option<PathBuf>, Failure> {
    let named = std::env::var_os("SUNBENCH_PASSPHRASE_FILE").filter(|file| !file.is_empty());
    let Some(file) = named.map(PathBuf::from) else { return Ok(None) };
    let failed =
        |why: String| Failure::stated("passphraseFile", format!("口令文件 {} {why}", file.display()));
    let text = Zeroizing::new(std::fs::read_to_string(&file).map_err(|e| failed(format!("无法读取：{e}")))?);
    if text.trim().is_empty() {
        return Err(failed("是空的".to_owned()));
    }
    Ok(Some(file))
}

/// A script waits for a sign-in that fails for reasons which pass.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a verb on the profile in `data`.
pub(crate) fn run(data: Option<PathBuf>, verb: Verb) -> Result<Outcome, Failure> {
    let passphrase_file = passphrase_file()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::stated("internal", error.to_string()))?;
    runtime.block_on(async {
        let app = App::new(AppConfig {
            data_dir: data
                .or_else(default_folder)
                .ok_or_else(|| Failure::usage("usage", "请用 --data 指明档案文件夹"))?,
            clock: Arc::new(SystemClock),
            demo: None,
            passphrase_file,
            files: None,
            viewer: None,
        });
        let outcome = verb_on(&app, verb).await;
        app.shutdown().await;
        outcome
    })
}

fn default_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "sunbench").map(|dirs| dirs.data_dir().to_owned())
}

async fn verb_on(app: &Arc<App>, verb: Verb) -> Result<Outcome, Failure> {
    if let Verb::Connect { url, institution, user, password_file, adapter } = verb {
        return connect(app, url, institution, user, &password_file, &adapter).await;
    }
    match &verb {
        Verb::Reply { notice, text_file, attach } => return reply(app, notice, text_file, attach).await,
        Verb::Receive { delivery, file, all: _ } => {
            return receive::receive(app, delivery, file.as_deref()).await;
        }
        Verb::Restore { file, recovery_code_file } => {
            return backup::restore(app, file, recovery_code_file.as_deref()).await;
        }
        Verb::RotateKey => return backup::rotate_key(app).await,
        _ => {}
    }
    app.open().await?;
    match verb {
        Verb::Sync => sync(app).await,
        Verb::Status => status(app).await,
        Verb::Notices { open } => notices(app, open).await,
        Verb::Orders { text, state, from, to, campus, limit, after } => {
            let req = OrdersReq {
                text,
                states: state.iter().map(|s| s.to_uppercase()).collect(),
                from: from.map(|d| d.to_string()),
                to: to.map(|d| d.to_string()),
                campus,
            };
            orders(app, req, after, limit).await
        }
        Verb::Outbox => outbox(app).await,
        Verb::Review { step } => review::step(app, step).await,
        Verb::Indicators { as_of, pack } => indicators::indicators(app, as_of, pack).await,
        Verb::Verify => verify(app).await,
        Verb::Audit { step } => audit::step(app, step).await,
        Verb::Bundle { step } => bundle::step(app, &step).await,
        Verb::Backup { file } => backup::backup(app, &file).await,
        Verb::Import { profile, detect, period, file } => {
            ledger::import(app, profile, detect, period, &file).await
        }
        Verb::Print { kind, id, file, addressee } => print::print(app, kind, id, &file, addressee).await,
        Verb::Export { kind, file, period } => ledger::export(app, &kind, &file, period).await,
        Verb::Reconcile { period: Some(period), out, pdf, .. } => {
            ledger::reconcile(app, &period, out.as_deref(), pdf.as_deref()).await
        }
        // The others need no profile, or were handled above.
        Verb::Restore { .. }
        | Verb::RotateKey
        | Verb::Reply { .. }
        | Verb::Receive { .. }
        | Verb::Reconcile { .. }
        | Verb::Calendar { .. }
        | Verb::Deadline { .. }
        | Verb::CheckCode { .. }
        | Verb::Connect { .. } => Err(Failure::usage("usage", "此命令不使用档案")),
    }
}

async fn connect(
    app: &Arc<App>,
    url: String,
    institution: String,
    user: String,
    password_file: &Path,
    adapter: &str,
) -> Result<Outcome, Failure> {
    let password = std::fs::read_to_string(password_file)
        .map_err(|error| Failure::stated("passwordFile", format!("密码文件无法读取：{error}")))?;
    let password = password.strip_suffix('\n').unwrap_or(&password);
    let password = password.strip_suffix('\r').unwrap_or(password).to_owned();
    let state = app.app_state(Nothing {}).await?;
    if state.profile == ProfileStatus::None {
        let created = app.profile_create(ProfileCreateReq { passphrase: None }).await?;
        // Shown once, to the person and never in the script's document.
        tell(&format!("新建档案。恢复码（只显示一次，请抄存）：{}", created.recovery_code));
    } else {
        app.open().await?;
    }
    app.sign_in(ConnectReq { url, institution, user, password }, adapter, false, PATIENCE).await?;
    // What the platform did not confirm now stays in the outbox; the connection stands all the same.
    let sent = app.send_once().await;
    if let Some(failure) = sent.ok().and_then(|report| report.failure.or(report.unsent)) {
        tell(&format!("打卡尚未送达（{}），下次同步时发送", failure.detail));
    }
    let connection = app
        .app_state(Nothing {})
        .await?
        .connection
        .ok_or_else(|| Failure::from(error(ErrorCode::NotConnected)))?;
    let result = json!({
        "connected": true,
        "operator": {
            "user": connection.user, "name": connection.user_name, "institution": connection.institution,
            "institution_name": connection.institution_name, "roles": connection.roles,
        },
        "platform": connection.platform,
    });
    Ok(Outcome::done(result, one_line(&format!("已连接 {}：{}", connection.platform, connection.user_name))))
}

async fn sync(app: &Arc<App>) -> Result<Outcome, Failure> {
    let report = app.sync_once().await?;
    let failure = report.failure.as_ref().or(report.unsent.as_ref()).map(|failed| {
        let code = sunbench_app::sync_failure(failed.code);
        let mut failure = Failure::from(error(code));
        if let Some(words) = &failed.platform_text {
            failure.msg = format!("{}：{words}", text(code));
        }
        if report.failure.is_none() {
            failure.msg = format!("有提交未能送达，仍在待发箱，请稍后再同步（{}）", failure.msg);
        }
        failure
    });
    let complete = report.complete && report.unsent.is_none();
    let line = format!(
        "收到 {} 条，发送 {} 件，待发 {} 件，需处理 {} 件{}",
        report.pulled,
        report.pushed,
        report.waiting,
        report.refused,
        if complete { "，已是最新" } else { "，尚未完成" }
    );
    let result = json!({
        "pulled": report.pulled, "pushed": report.pushed, "waiting": report.waiting, "refused": report.refused,
        "cursor": report.cursor, "complete": complete, "duration_ms": report.duration_ms,
    });
    Ok(Outcome { result, text: line, failure })
}

async fn status(app: &Arc<App>) -> Result<Outcome, Failure> {
    let status = app.status().await?;
    let line = format!(
        "上次同步 {}；待发 {} 件，需处理 {} 件；打卡：{}；督办：未办结 {}，临近 {}，逾期 {}",
        status.last_sync.as_deref().unwrap_or("无"),
        status.waiting,
        status.refused,
        if status.check_in.done { "已完成" } else { "未完成" },
        status.notices.open,
        status.notices.due_soon,
        status.notices.overdue,
    );
    Ok(Outcome::done(serde_json::to_value(&status).unwrap_or_default(), line))
}

async fn notices(app: &Arc<App>, open: bool) -> Result<Outcome, Failure> {
    let scope = if open { NoticeScope::Open } else { NoticeScope::All };
    let rows = app.notices_list(NoticesReq { scope }).await?.rows;
    let lines = rows.iter().map(|row| {
        format!(
            "{} {} {} 剩 {} 个工作日 {}",
            one_line(&row.id),
            one_line(&row.state_text),
            row.deadline.due_date,
            row.deadline.remaining_working_days,
            one_line(&row.title)
        )
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    let result: Value = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id, "title": row.title, "issued_at": row.issued_at, "due_date": row.deadline.due_date,
                "due_at": row.deadline.due_at, "provisional": row.deadline.provisional,
                "remaining_working_days": row.deadline.remaining_working_days, "state": row.state, "round": row.round,
            })
        })
        .collect();
    Ok(Outcome::done(result, lines))
}

/// The first paragraph is the cause, the rest the measures; a single paragraph serves for both.
fn paragraphs(answer: &str) -> (String, String) {
    let answer = answer.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let answer = answer.trim();
    match answer.split_once("\n\n") {
        Some((cause, measures)) if !measures.trim().is_empty() => {
            (cause.trim().to_owned(), measures.trim().to_owned())
        }
        _ => (answer.to_owned(), answer.to_owned()),
    }
}

async fn reply(app: &Arc<App>, notice: &str, file: &Path, attach: &[PathBuf]) -> Result<Outcome, Failure> {
    let answer = std::fs::read(file).map_err(|error| {
        Failure::stated("textFile", format!("正文文件 {} 无法读取：{error}", file.display()))
    })?;
    let answer = String::from_utf8(answer)
        .map_err(|_| Failure::stated("textFile", format!("正文文件 {} 不是 UTF-8 文本", file.display())))?;
    let (cause, measures) = paragraphs(&answer);
    let files = attach.iter().map(|path| read_steadily(path)).collect::<Result<Vec<_>, _>>()?;
    // Only now: whatever the files wait for, nobody else waits for the profile.
    app.open().await?;
    let item = app.reply_with(notice.to_owned(), cause, measures, files).await.map_err(not_taken)?;
    Ok(review::queued(&item))
}

/// Why a notice takes no (other) answer now.
fn not_taken(error: ApiError) -> Failure {
    let why = match (error.code, error.field.as_deref()) {
        (ErrorCode::WrongState, Some("reply")) => {
            "本轮已有一份反馈正在发送、已送达、待裁定，或由他人提交，不能替换；这次的文字和附件已存为草稿，请查看待发箱"
        }
        (ErrorCode::WrongState, None) => "此通知已反馈或已办结，现在不接受反馈",
        _ => return error.into(),
    };
    Failure { msg: why.to_owned(), ..error.into() }
}

/// Reads a file and refuses one that changes meanwhile.
fn read_steadily(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let failed =
        |why: String| Failure::stated("attachmentUnreadable", format!("附件 {} {why}", path.display()));
    let mut file = open_regular(path).map_err(|error| failed(format!("无法读取：{error}")))?;
    let look = || std::fs::metadata(path).and_then(|m| Ok((m.len(), m.modified()?)));
    let before = look().map_err(|error| failed(format!("无法读取：{error}")))?;
    let mut content = Vec::new();
    file.read_to_end(&mut content).map_err(|error| failed(format!("无法读取：{error}")))?;
    let after = look().map_err(|error| failed(format!("无法读取：{error}")))?;
    if before != after || before.0 != content.len() as u64 {
        return Err(failed("读取时被改动，请保存关闭后再试".to_owned()));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((name, content))
}

async fn orders(
    app: &Arc<App>,
    req: OrdersReq,
    after: Option<String>,
    limit: u32,
) -> Result<Outcome, Failure> {
    let said = (req.states.join("、"), after.clone().unwrap_or_default());
    let found = app.run(move |context, _| context.orders_after(&req, after.as_deref(), limit)).await;
    let (rows, next) = found.map_err(|error| {
        let why = match (error.code, error.field.as_deref()) {
            (ErrorCode::FieldInvalid, Some("states")) => {
                let codes: Vec<&str> = OrderLineState::ALL.iter().map(|state| state.code()).collect();
                format!("--state“{}”不是状态代码；可用的有 {}", said.0, codes.join("、"))
            }
            (ErrorCode::FieldInvalid, Some("after")) => {
                format!("--after“{}”不是上一页给出的 next", said.1)
            }
            _ => return Failure::from(error),
        };
        Failure { msg: why, ..error.into() }
    })?;
    let lines = rows.iter().map(|row| {
        one_line(&format!(
            "{}-{} {} {} {} {} {}",
            row.order_code, row.line_no, row.product, row.spec, row.quantity, row.unit, row.state_text
        ))
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    let rows: Value =
        rows.iter().map(|row| snake_case(serde_json::to_value(row).unwrap_or_default())).collect();
    let lines = if lines.is_empty() { "没有符合条件的订单明细".to_owned() } else { lines };
    Ok(Outcome::done(json!({ "rows": rows, "next": next }), lines))
}

async fn outbox(app: &Arc<App>) -> Result<Outcome, Failure> {
    let mut items = Vec::new();
    let mut before = None;
    loop {
        let page = app.outbox_list(OutboxReq { before }).await?;
        items.extend(page.items);
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    let name = |state| sunbench_app::outbox_state_name(state);
    let lines = items.iter().map(|item| format!("{} {} {}", item.key, item.kind, name(item.state)));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let result: Value = items
        .iter()
        .map(|item| {
            let mut row = json!({
                "key": item.key, "kind": item.kind, "state": name(item.state), "attempts": item.attempts,
                "created_at": item.created_at,
            });
            if let (Some(error), Some(fields)) =
                (item.error_text.as_ref().or(item.error_code.as_ref()), row.as_object_mut())
            {
                fields.insert("last_error".to_owned(), json!(error));
            }
            for (name, value) in [
                ("on_behalf_of", &item.on_behalf_of),
                ("reviewer", &item.reviewer),
                ("reviewed_at", &item.reviewed_at),
                ("review_reason", &item.review_reason),
            ] {
                if let Some(value) = value {
                    row[name] = json!(value);
                }
            }
            row
        })
        .collect();
    Ok(Outcome::done(result, lines))
}

async fn verify(app: &Arc<App>) -> Result<Outcome, Failure> {
    let found = app.verify(Nothing {}).await?;
    let failure =
        (!found.integrity || !found.audit_chain).then(|| Failure::stated("damaged", "档案或审计日志不完整"));
    let result = json!({
        "integrity": found.integrity, "audit_chain": found.audit_chain, "cursor": found.cursor, "orphans": found.orphans,
    });
    let line = format!(
        "数据库{}，审计日志{}（{} 条），孤立记录 {} 条",
        if found.integrity { "完好" } else { "受损" },
        if found.audit_chain { "完整" } else { "断裂" },
        found.audit_entries,
        found.orphans
    );
    Ok(Outcome { result, text: line, failure })
}

fn error(code: ErrorCode) -> ApiError {
    code.into()
}

pub(crate) fn tell(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "sunbench: {}", one_line(line));
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn an_answer_has_two_parts() {
        for (text, cause, measures) in [
            ("一段。", "一段。", "一段。"),
            ("原因。\n\n措施一。\n\n措施二。\n", "原因。", "措施一。\n\n措施二。"),
            ("\u{feff}原因。\r\n\r\n措施。", "原因。", "措施。"),
            ("原因。\n\n  \n", "原因。", "原因。"),
        ] {
            assert_eq!(paragraphs(text), (cause.to_owned(), measures.to_owned()), "{text:?}");
        }
    }
}
