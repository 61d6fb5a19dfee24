//! 季度自查报告: a quarter's indicators with what was found.

use chrono::NaiveDate;

use super::PrintError;
use super::figures::long_date;
use super::font::Fonts;
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, column};

/// One indicator's line; every value as it is to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelfCheckPaperRow {
    /// 指标.
    pub name: String,
    /// 范围.
    pub scope: String,
    /// 结果.
    pub value: String,
    /// 分子 / 分母.
    pub parts: String,
    /// 限值.
    pub threshold: String,
    /// 级别.
    pub level: String,
    /// 措施.
    pub action: String,
    /// 条款.
    pub clause: String,
}

/// 季度自查报告.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelfCheckPages {
    /// 机构.
    pub institution: String,
    /// Such as 2026年第三季度.
    pub quarter: String,
    /// 截止日.
    pub cut_off: Option<NaiveDate>,
    /// The rules and their version.
    pub rules: String,
    /// 发现的问题.
    pub findings: Vec<String>,
    /// 指标.
    pub rows: Vec<SelfCheckPaperRow>,
    /// 制表日期.
    pub made_on: Option<NaiveDate>,
}

/// The pages of a quarterly self-check (季度自查报告).
///
/// # Errors
///
/// The PDF cannot be made.
pub fn self_check(pages: &SelfCheckPages, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    const HEADING: Style = Style::bold(11.0);
    const BODY: Style = Style::plain(9.5);
    let mut paper = Paper::new(fonts, Orientation::Landscape);
    paper.paragraph(&pages.institution, Style::plain(13.0), Align::Centre);
    paper.paragraph(&format!("{}采购执行情况自查报告", pages.quarter), Style::bold(19.0), Align::Centre);
    paper.space(4.0);
    let cut_off = pages.cut_off.map(long_date).unwrap_or_default();
    paper.paragraph(&format!("数据截止：{cut_off}　　　适用规则：{}", pages.rules), BODY, Align::Start);
    paper.space(8.0);
    paper.paragraph("一、发现的问题", HEADING, Align::Start);
    if pages.findings.is_empty() {
        paper.paragraph("未发现达到预警级别的问题。", BODY, Align::Start);
    }
    for (number, finding) in (1..).zip(&pages.findings) {
        paper.paragraph(&format!("{number}. {finding}"), BODY, Align::Start);
    }
    paper.space(8.0);
    paper.paragraph("二、指标", HEADING, Align::Start);
    paper.space(2.0);
    let mut table = Table::new(
        &mut paper,
        &[
            column("指标", 2.2, Align::Start),
            column("范围", 3.6, Align::Start),
            column("结果", 1.4, Align::End),
            column("分子 / 分母", 2.6, Align::End),
            column("限值", 1.2, Align::End),
            column("级别", 0.9, Align::Centre),
            column("措施", 4.2, Align::Start),
            column("条款", 1.5, Align::Start),
        ],
        8.2,
    );
    for row in &pages.rows {
        table.row(&[
            &row.name,
            &row.scope,
            &row.value,
            &row.parts,
            &row.threshold,
            &row.level,
            &row.action,
            &row.clause,
        ]);
    }
    table.finish();
    let name = format!("{}　{}自查报告", pages.institution, pages.quarter);
    paper.finish(&name, pages.made_on, |page, pages| (name.clone(), format!("第 {page} 页　共 {pages} 页")))
}
