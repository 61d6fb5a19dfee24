//! 季度自查: the hospital's own quarterly check, on the screen, as pages and as a workbook (豫医保办〔2025〕42号 二(九)).

use std::path::Path;
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use sunbench_domain::policy::{Formula, Level};
use sunbench_exchange::print::{self, SelfCheckPages, SelfCheckPaperRow};
use sunbench_exchange::table::{TableWriter, Value};
use sunbench_store::audit;

use super::{Measured, shown};
use crate::app::App;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{FileKind, unwritten, whole_by_path};
use crate::wire::{
    FileWritten, IndicatorRow, SelfCheck, SelfCheckFinding, SelfCheckReq, SelfCheckSaveReq, StatementFormat,
};

/// `2026Q3` → its first and last day.
fn quarter(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, number) = text.split_once('Q')?;
    let number: u32 = number.parse().ok().filter(|number| (1..=4).contains(number))?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, number * 3 - 2, 1)?;
    Some((first, first.checked_add_months(Months::new(3))?.pred_opt()?))
}

fn quarter_zh(first: NaiveDate) -> String {
    let number = ["一", "二", "三", "四"][(first.month0() / 3) as usize % 4];
    format!("{}年第{number}季度", first.year())
}

impl Context<'_> {
    /// The hospital at the end of a quarter, or as it stands in the present one, by the rules of that day.
    pub fn self_check(&self, req: &SelfCheckReq) -> ApiResult<SelfCheck> {
        let (_, measured) = self.checked(req)?;
        Ok(SelfCheck { quarter: req.quarter.clone(), list: measured.list(), findings: findings(&measured) })
    }

    fn checked(&self, req: &SelfCheckReq) -> ApiResult<(NaiveDate, Measured)> {
        let invalid = || ApiError::field(ErrorCode::FieldInvalid, "quarter");
        let (first, last) = quarter(&req.quarter).ok_or_else(invalid)?;
        if first > self.today() {
            return Err(invalid());
        }
        let as_of = last.min(self.today()).to_string();
        Ok((first, self.measured(Some(&as_of), req.pack.as_deref())?))
    }

    fn self_check_write(&self, req: &SelfCheckSaveReq, file: &Path) -> ApiResult<FileWritten> {
        let asked = SelfCheckReq { quarter: req.quarter.clone(), pack: req.pack.clone() };
        let (first, measured) = self.checked(&asked)?;
        let list = measured.list();
        let written = whole_by_path(file, |path| match req.format {
            StatementFormat::Xlsx => workbook(path, &list.rows).map_err(Into::into),
            StatementFormat::Pdf => {
                let found = findings(&measured);
                let pages = SelfCheckPages {
                    institution: self.account().map(|account| account.institution_name).unwrap_or_default(),
                    quarter: quarter_zh(first),
                    cut_off: Some(measured.as_of),
                    rules: format!("{}（{}）", list.pack_name, list.rule_version),
                    findings: found.iter().map(|one| format!("{}：{}", one.title, one.detail)).collect(),
                    rows: list.rows.iter().map(paper_row).collect(),
                    made_on: Some(self.today()),
                };
                let pdf = print::self_check(&pages, print::Fonts::with_system());
                pdf.map_err(std::io::Error::other).and_then(|pages| std::fs::write(path, pages))
            }
        });
        written.map_err(|error| unwritten(&error))?;
        let sha256 = crate::ledger::file_digest(file)?;
        let actor = self.actor()?;
        let subject = format!("self-check:{}", req.quarter);
        let entry = self.entry(&actor, "self-check.saved", &subject, serde_json::json!({ "sha256": sha256 }));
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(FileWritten { path: file.display().to_string(), sha256 })
    }
}

impl App {
    /// Writes a quarter's self-check as a workbook or as pages.
    pub async fn self_check_save(self: &Arc<Self>, req: SelfCheckSaveReq) -> ApiResult<FileWritten> {
        let (kind, extension) = match req.format {
            StatementFormat::Xlsx => (FileKind { name: "Excel 工作簿", extensions: &["xlsx"] }, "xlsx"),
            StatementFormat::Pdf => (FileKind { name: "PDF", extensions: &["pdf"] }, "pdf"),
        };
        if quarter(&req.quarter).is_none() {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "quarter"));
        }
        let name = format!("季度自查-{}.{extension}", req.quarter);
        let path = self.path_to_write(req.path.clone(), &name, &[kind]).await?;
        self.run(move |context, _| context.self_check_write(&req, &path)).await
    }
}

/// What the notice names, each with the results that bear it out.
fn findings(measured: &Measured) -> Vec<SelfCheckFinding> {
    let mut found = Vec::new();
    for (title, formulas) in [
        ("执行不力", &[Formula::InHospitalRate, Formula::OnlinePurchaseRate][..]),
        ("配送率低", &[Formula::DeliveryRate, Formula::DeliveryTimeliness]),
        ("进度滞后", &[Formula::ProgressLag]),
        ("非中选占比高", &[Formula::NonSelectedShare]),
        ("可替代产品采购量异常增长", &[Formula::SubstituteGrowth]),
    ] {
        for reading in measured.readings.iter().filter(|one| formulas.contains(&one.formula)) {
            if reading.level < Level::Warning {
                continue;
            }
            let row = shown::row(&measured.rules, reading);
            let (value, limit) = (shown_value(&row), shown_limit(&row));
            let limit = if limit.is_empty() { limit } else { format!("，限值 {limit}") };
            found.push(SelfCheckFinding {
                title: title.to_owned(),
                detail: format!("{} {} {value}{limit}", row.scope_text, row.name),
                level: row.level,
            });
        }
    }
    found
}

fn level_zh(level: &str) -> &'static str {
    match level {
        "notice" => "提示",
        "warning" => "预警",
        "serious" => "严重",
        _ => "正常",
    }
}

fn shown_value(row: &IndicatorRow) -> String {
    match &row.value {
        None => "—".to_owned(),
        Some(value) if row.is_rate => percent(value),
        Some(value) => value.clone(),
    }
}

fn shown_limit(row: &IndicatorRow) -> String {
    let limit = row.threshold.as_deref().unwrap_or_default();
    if row.is_rate && !limit.is_empty() { percent(limit) } else { limit.to_owned() }
}

/// `0.8734` → `87.34%`.
fn percent(value: &str) -> String {
    value.parse::<sunbench_domain::Quantity>().map_or_else(
        |_| value.to_owned(),
        |value| format!("{}%", sunbench_domain::Quantity::from_units(value.units().saturating_mul(100))),
    )
}

fn paper_row(row: &IndicatorRow) -> SelfCheckPaperRow {
    SelfCheckPaperRow {
        name: row.name.clone(),
        scope: row.scope_text.clone(),
        value: shown_value(row),
        parts: if row.basis == "share" {
            String::new()
        } else {
            format!("{} / {}", row.numerator, row.denominator)
        },
        threshold: shown_limit(row),
        level: level_zh(&row.level).to_owned(),
        action: row.action.as_ref().map(|action| action.text.clone()).unwrap_or_default(),
        clause: row.clause.clone(),
    }
}

fn workbook(path: &Path, rows: &[IndicatorRow]) -> Result<(), sunbench_exchange::table::TableError> {
    let headings = [
        "指标",
        "范围",
        "结果",
        "分子",
        "分母",
        "限值",
        "级别",
        "起",
        "止",
        "预计越限日",
        "措施",
        "依据",
        "条款",
        "规则版本",
    ];
    let mut table = TableWriter::workbook(path, "季度自查", &headings)?;
    let text = |value: &str| Value::Text(value.to_owned());
    let day =
        |value: Option<&String>| value.and_then(|day| day.parse().ok()).map_or(Value::Empty, Value::Day);
    // A difference of shares has no parts of its own.
    let part = |row: &IndicatorRow, value: &str| match value.parse::<sunbench_domain::Quantity>() {
        Ok(number) if row.basis != "share" => Value::Decimal(number.units()),
        _ => Value::Empty,
    };
    for row in rows {
        let paper = paper_row(row);
        table.row(&[
            text(&row.name),
            text(&row.scope_text),
            text(&paper.value),
            part(row, &row.numerator),
            part(row, &row.denominator),
            text(&paper.threshold),
            text(&paper.level),
            day(Some(&row.from)),
            day(Some(&row.through)),
            day(row.forecast_date.as_ref()),
            text(&paper.action),
            text(&row.source),
            text(&row.clause),
            text(&row.rule_version),
        ])?;
    }
    table.finish()
}
