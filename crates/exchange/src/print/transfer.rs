//! 院间调剂单: goods that go from one hospital to another, with boxes for both sides' signatures.

use chrono::NaiveDate;
use sunbench_domain::Quantity;

use super::PrintError;
use super::figures::{grouped, long_date};
use super::font::Fonts;
use super::letter::{BODY, indented};
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, boxes, column};

/// 院间调剂单.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferSlip {
    /// 调出医院.
    pub from: String,
    /// 调入医院.
    pub to: String,
    /// 产品名称.
    pub name: String,
    /// 规格型号.
    pub spec: String,
    /// 单位.
    pub unit: String,
    /// 数量.
    pub quantity: Quantity,
    /// 批号.
    pub lot: String,
    /// 有效期至.
    pub expiry: Option<NaiveDate>,
    /// 调剂日期.
    pub moved_on: Option<NaiveDate>,
    /// 调剂原因.
    pub reason: String,
    /// 经办人.
    pub handled_by: String,
    /// 附件: names.
    pub attachments: Vec<String>,
}

/// The page of a transfer between hospitals (院间调剂单).
///
/// # Errors
///
/// The PDF cannot be made.
pub fn transfer_slip(slip: &TransferSlip, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    let mut paper = Paper::new(fonts, Orientation::Portrait);
    paper.space(14.0);
    paper.paragraph("医用耗材院间调剂单", Style::bold(20.0), Align::Centre);
    paper.space(12.0);
    let day = slip.moved_on.map(long_date).unwrap_or_default();
    for (name, value) in
        [("调出医院", &slip.from), ("调入医院", &slip.to), ("调剂日期", &day), ("经办人", &slip.handled_by)]
    {
        paper.paragraph(&format!("{name}：{value}"), BODY, Align::Start);
        paper.space(2.0);
    }
    paper.space(6.0);
    let mut table = Table::new(
        &mut paper,
        &[
            column("产品名称\n规格型号", 208.0, Align::Start),
            column("单位", 40.0, Align::Centre),
            column("数量", 70.0, Align::End),
            column("批号", 110.0, Align::Start),
            column("有效期至", 80.0, Align::Centre),
        ],
        10.0,
    );
    let spec = if slip.spec.is_empty() { String::new() } else { format!("\n{}", slip.spec) };
    table.row(&[
        &format!("{}{spec}", slip.name),
        &slip.unit,
        &grouped(slip.quantity),
        &slip.lot,
        &slip.expiry.map(|day| day.to_string()).unwrap_or_default(),
    ]);
    if !slip.attachments.is_empty() {
        table.band(&format!("附件　{}", slip.attachments.join("、")));
    }
    table.finish();
    paper.space(9.0);
    indented(&mut paper, &format!("调剂原因：{}", slip.reason));
    indented(&mut paper, "本次为医疗机构间应急调剂，不作为采购入账，不计入采购量。");
    paper.space(8.0);
    boxes(&mut paper, &["调出医院（盖章）：", "调入医院（盖章）：", "经办人：", "日期："], 64.0);
    let name = format!("医用耗材院间调剂单　{day}");
    paper.finish(name.trim_end(), slip.moved_on, |page, pages| {
        (name.trim_end().to_owned(), format!("第 {page} 页　共 {pages} 页"))
    })
}
