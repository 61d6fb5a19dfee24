//! The hospital's ledger: importing it, and reconciling a month with it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sunbench_app::wire::{
    ImportProfileFileReq, LedgerDetectReq, LedgerImportReq, LedgerProblem, StatementFormat, StatementSaveReq,
};
use sunbench_app::{ApiError, App, ErrorCode};

use crate::Outcome;
use crate::document::snake_case;
use crate::message::{Failure, text};
use crate::office::tell;
use crate::terminal::one_line;

/// Characters of a profile's name that is made of the file's.
const LONGEST_NAME: usize = 40;
/// Refused rows that the text for people lists; the document has all of them.
const SHOWN: usize = 20;

/// Takes a ledger in, or only looks. What the headings mean comes from a remembered profile; where there is none yet it is
/// taken as detected, and remembered.
pub(crate) async fn import(
    app: &Arc<App>,
    profile: Option<String>,
    is_look: bool,
    period: Option<String>,
    file: &Path,
) -> Result<Outcome, Failure> {
    let path = file.to_string_lossy().into_owned();
    let about = |error: ApiError| of_file(file, &error);
    let (profile, mut save_as) = match profile {
        Some(profile) => remembered(app, profile).await?,
        None => (None, None),
    };
    let detect = LedgerDetectReq {
        path: Some(path.clone()),
        profile: profile.clone(),
        sheet: None,
        headings: Vec::new(),
    };
    let seen = app.ledger_detect(detect).await.map_err(about)?;
    if is_look {
        let refused = refused(&seen.problems);
        let mut line = format!(
            "{}：{} 行，可导入 {}（其中已有 {}），不能导入 {}",
            one_line(&seen.file_name),
            seen.rows,
            seen.accepted,
            seen.known,
            seen.refused
        );
        for column in &seen.columns {
            let _ = write!(line, "\n  {} → {}", one_line(&column.heading), field_text(&json!(column.field)));
        }
        append(&mut line, &seen.problems);
        let mut result = snake_case(serde_json::to_value(&seen).unwrap_or_default());
        result["refused"] = refused;
        result["batch"] = Value::Null;
        return Ok(Outcome::done(result, line));
    }
    if save_as.is_none() && seen.profile.is_none() {
        save_as = Some(new_name(app, file).await?);
    }
    let req = LedgerImportReq {
        path,
        sha256: seen.sha256,
        profile: seen.profile,
        sheet: None,
        headings: Vec::new(),
        period,
        save_as: save_as.clone(),
    };
    let taken = app.ledger_import(req).await.map_err(about)?;
    if let Some(name) = save_as {
        let used = seen.columns.iter().filter_map(|column| {
            let field = json!(column.field.as_ref()?);
            Some(format!("{} → {}", column.heading, field_text(&field)))
        });
        let used = used.collect::<Vec<_>>().join("，");
        tell(&format!("导入方案“{name}”是新的：各列按识别结果读取（{used}），已存下，以后照此读取"));
    }
    let mut line = format!(
        "{} 行：新增 {}，已有 {}，不能导入 {}{}",
        taken.rows,
        taken.added,
        taken.known,
        taken.refused,
        taken.batch.map(|batch| format!("；批次 {batch}")).unwrap_or_default()
    );
    append(&mut line, &taken.problems);
    let result = json!({
        "rows": taken.rows, "accepted": taken.accepted, "added": taken.added, "known": taken.known,
        "refused": refused(&taken.problems), "batch": taken.batch, "periods": taken.periods,
    });
    Ok(Outcome::done(result, line))
}

/// The name of a remembered profile, or else the new name under which one is to be remembered. A file is read and
/// remembered first.
async fn remembered(app: &Arc<App>, profile: String) -> Result<(Option<String>, Option<String>), Failure> {
    let profile = profile.trim().to_owned();
    if is_known(app, &profile).await? {
        return Ok((Some(profile), None));
    }
    let file = Path::new(&profile);
    if !file.is_file() {
        let is_path = profile.contains(['/', '\\']) || profile.to_lowercase().ends_with(".json");
        if !is_path && !profile.is_empty() {
            return Ok((None, Some(profile)));
        }
        let msg = format!("没有名为“{profile}”的导入方案，也没有这个文件");
        return Err(Failure::stated("badProfile", msg));
    }
    let req = ImportProfileFileReq { name: None, path: Some(profile.clone()) };
    app.import_profile_read(req).await.map_err(|error| of_file(file, &error))?;
    // As the program names it: by what the file says, else by what it is called.
    let said = std::fs::read(file).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let said = said.and_then(|carried| carried["name"].as_str().map(|name| name.trim().to_owned()));
    Ok((Some(said.filter(|name| !name.is_empty()).unwrap_or_else(|| stem(file))), None))
}

async fn is_known(app: &Arc<App>, name: &str) -> Result<bool, Failure> {
    let known = app.import_profiles(sunbench_app::wire::Nothing {}).await?.profiles;
    Ok(known.iter().any(|one| one.name == name))
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().trim().to_owned()
}

/// A name for a profile that nobody has named: the file's, with a number where that is taken.
async fn new_name(app: &Arc<App>, file: &Path) -> Result<String, Failure> {
    let stem: String = stem(file).chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let mut name = if stem.is_empty() { "台账".to_owned() } else { stem.clone() };
    let mut number = 1;
    while is_known(app, &name).await? {
        number += 1;
        name = format!("{stem} {number}");
    }
    Ok(name)
}

/// What is wrong with a file, with its name and the row.
pub(crate) fn of_file(file: &Path, error: &ApiError) -> Failure {
    let mut failure = Failure::from(error.clone());
    let is_row = error.field.as_ref().is_some_and(|field| field.bytes().all(|byte| byte.is_ascii_digit()));
    if error.code == ErrorCode::NotFound && error.field.is_none() {
        failure.msg = format!("{}：没有这个文件", file.display());
    } else if is_row {
        let row = error.field.as_deref().unwrap_or_default();
        failure.msg = format!("{}：第 {row} 行：{}", file.display(), text(error.code));
    } else {
        failure.msg = format!("{}：{}", file.display(), failure.msg);
    }
    failure
}

fn refused(problems: &[LedgerProblem]) -> Value {
    let refused = problems.iter().filter(|problem| problem.refused).map(|problem| {
        json!({
            "row": problem.row, "sheet_row": problem.sheet_row, "column": problem.column,
            "value": problem.value, "reason": problem.reason,
        })
    });
    Value::Array(refused.collect())
}

fn append(line: &mut String, problems: &[LedgerProblem]) {
    for problem in problems.iter().take(SHOWN) {
        let outcome = if problem.refused { "，此行未导入" } else { "" };
        let _ = write!(
            line,
            "\n  第 {} 行“{}”：{} {}{outcome}",
            problem.sheet_row,
            one_line(&problem.column),
            one_line(&problem.value),
            problem.reason
        );
    }
}

fn field_text(field: &Value) -> &str {
    field.as_str().unwrap_or("不用")
}

/// A month that is none, with the form of one.
fn bad_period(period: &str, error: ApiError) -> Failure {
    let is_period = error.code == ErrorCode::FieldInvalid && error.field.as_deref() == Some("period");
    let mut failure = Failure::from(error);
    if is_period {
        failure.msg = format!("--period“{period}”不是月份：格式为 yyyy-MM，如 2026-10");
    }
    failure
}

/// Reconciles a month, and writes the statement where it is wanted.
pub(crate) async fn reconcile(
    app: &Arc<App>,
    period: &str,
    out: Option<&Path>,
    pdf: Option<&Path>,
) -> Result<Outcome, Failure> {
    let document = app.reconcile_document(period).await.map_err(|error| bad_period(period, error))?;
    for (file, format) in [(out, StatementFormat::Xlsx), (pdf, StatementFormat::Pdf)] {
        if let Some(file) = file {
            let path = Some(file.to_string_lossy().into_owned());
            let req = StatementSaveReq { period: period.to_owned(), format, path };
            app.reconcile_save(req).await.map_err(|error| of_file(file, &error))?;
        }
    }
    let summary = &document.summary;
    let mut line = format!(
        "{period}：平台 {} 行 {} 元，台账 {} 行 {} 元；勾对 {} 组，待确认 {} 组，待处理差异 {} 项",
        summary.platform_lines,
        summary.platform_amount,
        summary.ledger_lines,
        summary.ledger_amount,
        summary.pairs,
        summary.proposals,
        summary.open
    );
    for kind in &summary.kinds {
        let _ =
            write!(line, "\n  {} 待处理 {}，已处理 {}，{} 元", kind.text, kind.open, kind.done, kind.amount);
    }
    let result = serde_json::to_value(&document)
        .map_err(|error| Failure::stated("internal", format!("结果无法写出：{error}")))?;
    Ok(Outcome::done(result, line))
}

/// Writes a listing to a file.
pub(crate) async fn export(
    app: &Arc<App>,
    kind: &str,
    file: &Path,
    period: Option<String>,
) -> Result<Outcome, Failure> {
    let done = app.export(kind, file, period).await.map_err(|error| of_file(file, &error))?;
    let line = format!("已导出 {} 行到 {}", done.rows, one_line(&file.display().to_string()));
    let result = json!({ "rows": done.rows, "file": file.to_string_lossy(), "sha256": done.sha256 });
    Ok(Outcome::done(result, line))
}
