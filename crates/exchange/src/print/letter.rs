//! 供应问题反馈函: a letter to a supplier, or to the office that handles supply problems.

use chrono::NaiveDate;
use sunbench_domain::Quantity;

use super::PrintError;
use super::figures::{grouped, long_date};
use super::font::Fonts;
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, column};

/// 供应问题: goods that did not come, or not as they should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplyProblem {
    /// 订单编号.
    pub order: String,
    /// 产品名称.
    pub name: String,
    /// 规格型号.
    pub spec: String,
    /// 订购数量.
    pub ordered: Option<Quantity>,
    /// 已到数量.
    pub delivered: Option<Quantity>,
    /// 单位.
    pub unit: String,
    /// 下单日期.
    pub ordered_on: Option<NaiveDate>,
    /// 问题, such as 逾期未配送.
    pub problem: String,
}

/// 供应问题反馈函.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplyLetter {
    /// 机构: the hospital that writes.
    pub institution: String,
    /// 文号; may be empty.
    pub number: String,
    /// 受理机关: the letter goes to this office and tells of the supplier; when empty it goes to the supplier.
    pub office: String,
    /// 供货企业; 主送 unless there is an office.
    pub supplier: String,
    /// 问题.
    pub problems: Vec<SupplyProblem>,
    /// 要求: what the supplier is asked to do; paragraphs between line ends.
    pub request: String,
    /// 答复期限.
    pub answer_by: Option<NaiveDate>,
    /// 联系人.
    pub contact: String,
    /// 联系电话.
    pub telephone: String,
    /// 函件日期.
    pub dated: Option<NaiveDate>,
}

/// A letter's body; 小四.
pub(super) const BODY: Style = Style::plain(12.0);

/// A paragraph with its first line indented by two characters.
pub(super) fn indented(paper: &mut Paper, text: &str) {
    for paragraph in text.split('\n') {
        let paragraph = paragraph.trim_start_matches(['　', ' ']);
        paper.paragraph(&format!("　　{paragraph}"), BODY, Align::Start);
        paper.space(3.0);
    }
}

/// 落款: who writes and when, on the right, with room for the stamp.
pub(super) fn sign_off(paper: &mut Paper, institution: &str, dated: Option<NaiveDate>) {
    let day = dated.map_or_else(|| "　　　　年　　月　　日".to_owned(), long_date);
    paper.keep(BODY.line_height() * 5.0);
    paper.space(BODY.line_height() * 1.5);
    for line in [format!("{institution}（盖章）"), day] {
        paper.paragraph(&format!("{line}　　"), BODY, Align::End);
        paper.space(3.0);
    }
}

/// The pages of a letter about supply problems (供应问题反馈函), with a slip for the supplier's answer unless it goes to
/// an office.
///
/// # Errors
///
/// The PDF cannot be made.
pub fn supply_letter(letter: &SupplyLetter, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    let mut paper = Paper::new(fonts, Orientation::Portrait);
    paper.space(14.0);
    paper.paragraph(&letter.institution, Style::plain(15.0), Align::Centre);
    paper.paragraph("供应问题反馈函", Style::bold(22.0), Align::Centre);
    if !letter.number.is_empty() {
        paper.paragraph(&letter.number, Style::plain(11.0), Align::Centre);
    }
    paper.space(14.0);
    let to_office = !letter.office.is_empty();
    let (addressee, company) =
        if to_office { (&letter.office, letter.supplier.as_str()) } else { (&letter.supplier, "贵公司") };
    paper.paragraph(&format!("{addressee}："), BODY, Align::Start);
    paper.space(3.0);
    let count = letter.problems.len();
    indented(
        &mut paper,
        &format!("我院在采购平台向{company}订购的下列 {count} 项产品存在供应问题，现反馈如下："),
    );
    paper.space(3.0);
    let mut table = Table::new(
        &mut paper,
        &[
            column("序号", 24.0, Align::Centre),
            column("订单编号\n下单日期", 92.0, Align::Start),
            column("产品名称\n规格型号", 150.0, Align::Start),
            column("订购\n数量", 46.0, Align::End),
            column("已到\n数量", 46.0, Align::End),
            column("单位", 30.0, Align::Centre),
            column("问题", 120.0, Align::Start),
        ],
        9.0,
    );
    for (index, problem) in letter.problems.iter().enumerate() {
        let day = problem.ordered_on.map(|day| format!("\n{day}")).unwrap_or_default();
        let spec = if problem.spec.is_empty() { String::new() } else { format!("\n{}", problem.spec) };
        table.row(&[
            &(index + 1).to_string(),
            &format!("{}{day}", problem.order),
            &format!("{}{spec}", problem.name),
            &problem.ordered.map(grouped).unwrap_or_default(),
            &problem.delivered.map(grouped).unwrap_or_default(),
            &problem.unit,
            &problem.problem,
        ]);
    }
    table.finish();
    paper.space(9.0);
    if !letter.request.is_empty() {
        indented(&mut paper, &letter.request);
    }
    if let Some(day) = letter.answer_by {
        indented(
            &mut paper,
            &format!("请贵公司于{}前书面答复（可填写下方回执，盖章后寄回）。", long_date(day)),
        );
    }
    indented(&mut paper, "特此函告。");
    let contact: Vec<String> = [("联系人", &letter.contact), ("联系电话", &letter.telephone)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}：{value}"))
        .collect();
    if !contact.is_empty() {
        indented(&mut paper, &contact.join("　　"));
    }
    sign_off(&mut paper, &letter.institution, letter.dated);
    if !to_office {
        answer_slip(&mut paper, letter);
    }

    let name = format!("{}　供应问题反馈函　{}", letter.institution, letter.number);
    paper.finish(name.trim_end(), letter.dated, |page, pages| {
        (name.trim_end().to_owned(), format!("第 {page} 页　共 {pages} 页"))
    })
}

/// 回执, below a line to cut along.
fn answer_slip(paper: &mut Paper, letter: &SupplyLetter) {
    const TEXT: Style = Style::plain(10.5);
    paper.keep(170.0);
    paper.space(14.0);
    let (left, right, y) = (paper.left(), paper.left() + paper.measure(), paper.y);
    let mut x = left;
    while x < right {
        paper.rule((x, y), ((x + 4.0).min(right), y));
        x += 8.0;
    }
    paper.space(8.0);
    paper.paragraph("回　执", Style::bold(13.0), Align::Centre);
    paper.space(4.0);
    let number = if letter.number.is_empty() { String::new() } else { format!("（{}）", letter.number) };
    paper.paragraph(&format!("{}：", letter.institution), TEXT, Align::Start);
    paper.paragraph(&format!("　　贵院供应问题反馈函{number}收悉，答复如下："), TEXT, Align::Start);
    for line in ["原因：", "解决办法及完成时间："] {
        paper.space(6.0);
        paper.paragraph(line, TEXT, Align::Start);
        paper.space(12.0);
        let y = paper.y;
        paper.rule((left, y), (right, y));
    }
    paper.space(6.0);
    paper.paragraph(
        &format!("{}（盖章）　　经办人：　　　　　　　　　　年　　月　　日", letter.supplier),
        TEXT,
        Align::End,
    );
}
