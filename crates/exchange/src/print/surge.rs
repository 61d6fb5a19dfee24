//! 应急保供报备函: a hospital tells the office of a sudden need, with the figures behind it.

use chrono::NaiveDate;
use sunbench_domain::Quantity;

use super::PrintError;
use super::figures::grouped;
use super::font::Fonts;
use super::letter::{BODY, indented, sign_off};
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, column};

/// 报备明细: a product that is needed far more than usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurgeLine {
    /// 产品名称.
    pub name: String,
    /// 规格型号.
    pub spec: String,
    /// 单位.
    pub unit: String,
    /// 本次数量.
    pub quantity: Quantity,
    /// 平时每次: the median order line of a year.
    pub usual: Quantity,
    /// 近 30 天数量.
    pub month: Quantity,
    /// 近一年数量.
    pub year: Quantity,
    /// 近一年次数.
    pub lines: u32,
    /// 本次为平时的倍数, in words, such as 4.5 倍.
    pub multiple: String,
}

/// 应急保供报备函 (泉州 2024-05-30 四).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurgeLetter {
    /// 机构: the hospital that writes.
    pub institution: String,
    /// 文号; may be empty.
    pub number: String,
    /// 受理机关.
    pub office: String,
    /// 明细.
    pub lines: Vec<SurgeLine>,
    /// 需求激增原因; paragraphs between line ends.
    pub reason: String,
    /// 联系人.
    pub contact: String,
    /// 函件日期.
    pub dated: Option<NaiveDate>,
}

/// The pages of a report of sudden need (应急保供报备函).
///
/// # Errors
///
/// The PDF cannot be made.
pub fn surge_letter(letter: &SurgeLetter, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    let mut paper = Paper::new(fonts, Orientation::Portrait);
    paper.space(14.0);
    paper.paragraph(&letter.institution, Style::plain(15.0), Align::Centre);
    paper.paragraph("应急保供报备函", Style::bold(22.0), Align::Centre);
    if !letter.number.is_empty() {
        paper.paragraph(&letter.number, Style::plain(11.0), Align::Centre);
    }
    paper.space(14.0);
    paper.paragraph(&format!("{}：", letter.office), BODY, Align::Start);
    paper.space(3.0);
    let count = letter.lines.len();
    indented(
        &mut paper,
        &format!(
            "我院下列 {count} 项中选产品短期内需求激增，本次采购数量明显高于平时，现将情况及依据报备如下："
        ),
    );
    paper.space(3.0);
    let mut table = Table::new(
        &mut paper,
        &[
            column("序号", 24.0, Align::Centre),
            column("产品名称\n规格型号", 168.0, Align::Start),
            column("单位", 30.0, Align::Centre),
            column("本次\n数量", 54.0, Align::End),
            column("平时\n每次", 54.0, Align::End),
            column("倍数", 44.0, Align::End),
            column("近30天\n数量", 54.0, Align::End),
            column("近一年\n数量（次）", 80.0, Align::End),
        ],
        9.0,
    );
    for (index, line) in letter.lines.iter().enumerate() {
        let spec = if line.spec.is_empty() { String::new() } else { format!("\n{}", line.spec) };
        table.row(&[
            &(index + 1).to_string(),
            &format!("{}{spec}", line.name),
            &line.unit,
            &grouped(line.quantity),
            &grouped(line.usual),
            &line.multiple,
            &grouped(line.month),
            &format!("{}（{}）", grouped(line.year), line.lines),
        ]);
    }
    table.finish();
    paper.space(4.0);
    paper.paragraph(
        "注：“平时每次”为近一年各次订购数量的中位数；数量取自采购平台订单，不含本次。",
        Style::plain(9.0),
        Align::Start,
    );
    paper.space(7.0);
    indented(&mut paper, &format!("需求激增原因：{}", letter.reason));
    indented(&mut paper, "我院将按实际需要采购，不囤积、不闲置。请予知悉，并协调有关企业保障供应。");
    indented(&mut paper, "特此报备。");
    if !letter.contact.is_empty() {
        indented(&mut paper, &format!("联系人：{}", letter.contact));
    }
    sign_off(&mut paper, &letter.institution, letter.dated);
    let name = format!("{}　应急保供报备函　{}", letter.institution, letter.number);
    paper.finish(name.trim_end(), letter.dated, |page, pages| {
        (name.trim_end().to_owned(), format!("第 {page} 页　共 {pages} 页"))
    })
}
