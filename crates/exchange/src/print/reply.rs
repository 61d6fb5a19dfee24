//! 整改反馈: the answer to a supervision notice, on paper.

use chrono::NaiveDate;

use super::PrintError;
use super::figures::long_date;
use super::font::Fonts;
use super::letter::{BODY, indented, sign_off};
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, boxes, column};

/// 整改反馈: the answer to a supervision notice (督办通知), to be stamped and scanned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeReply {
    /// 机构: the hospital that answers.
    pub institution: String,
    /// 主送: the authority that supervises; may be empty.
    pub authority: String,
    /// 督办编号.
    pub notice: String,
    /// 督办标题.
    pub title: String,
    /// 依据: the clause that the notice names; may be empty.
    pub clause: String,
    /// 下发日期.
    pub issued_on: Option<NaiveDate>,
    /// 反馈期限.
    pub due_on: Option<NaiveDate>,
    /// 反馈轮次, from 1; later ones answer a notice that was sent back.
    pub round: u32,
    /// 原因说明.
    pub cause: String,
    /// 整改措施.
    pub measures: String,
    /// 完成时限.
    pub finish_by: Option<NaiveDate>,
    /// 责任人.
    pub responsible: String,
    /// 附件: their names.
    pub attachments: Vec<String>,
    /// 提交凭证: the submission's key on the platform, where it was sent; may be empty.
    pub receipt: String,
    /// 反馈日期.
    pub dated: Option<NaiveDate>,
}

/// The pages of an answer to a supervision notice (整改反馈).
///
/// # Errors
///
/// The PDF cannot be made.
pub fn notice_reply(reply: &NoticeReply, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    const HEADING: Style = Style::bold(12.5);
    let mut paper = Paper::new(fonts, Orientation::Portrait);
    paper.space(14.0);
    paper.paragraph(&reply.institution, Style::plain(15.0), Align::Centre);
    paper.paragraph("督办事项整改反馈", Style::bold(22.0), Align::Centre);
    paper.space(12.0);

    let day = |day: Option<NaiveDate>| day.map(long_date).unwrap_or_default();
    let mut table = Table::new(
        &mut paper,
        &[
            column("", 20.0, Align::Centre),
            column("", 40.0, Align::Start),
            column("", 20.0, Align::Centre),
            column("", 40.0, Align::Start),
        ],
        10.5,
    );
    let round =
        if reply.round > 1 { format!("第 {} 次反馈", reply.round) } else { "首次反馈".to_owned() };
    let (issued, due, finish) = (day(reply.issued_on), day(reply.due_on), day(reply.finish_by));
    table.row(&["督办编号", &reply.notice, "反馈轮次", &round]);
    table.row(&["督办事项", &reply.title, "依据", &reply.clause]);
    table.row(&["下发日期", &issued, "反馈期限", &due]);
    table.row(&["责任人", &reply.responsible, "完成时限", &finish]);
    table.finish();
    paper.space(12.0);

    if !reply.authority.is_empty() {
        paper.paragraph(&format!("{}：", reply.authority), BODY, Align::Start);
        paper.space(3.0);
    }
    indented(&mut paper, &format!("《{}》收悉。我院高度重视，现将核查及整改情况反馈如下：", reply.title));
    for (title, text) in [("一、原因说明", &reply.cause), ("二、整改措施", &reply.measures)] {
        paper.keep(HEADING.line_height() + BODY.line_height() * 2.0);
        paper.space(4.0);
        paper.paragraph(&format!("　　{title}"), HEADING, Align::Start);
        paper.space(3.0);
        indented(&mut paper, text);
    }
    if !reply.attachments.is_empty() {
        paper.space(6.0);
        for (index, name) in reply.attachments.iter().enumerate() {
            let label = if index == 0 { "附件：" } else { "　　　" };
            paper.paragraph(&format!("　　{label}{}. {name}", index + 1), BODY, Align::Start);
            paper.space(2.0);
        }
    }
    sign_off(&mut paper, &reply.institution, reply.dated);
    paper.space(16.0);
    boxes(&mut paper, &["经办人：", "复核人：", "科室负责人：", "分管院领导："], 56.0);

    let name = format!("{}　整改反馈　{}", reply.institution, reply.notice);
    let receipt = if reply.receipt.is_empty() {
        String::new()
    } else {
        format!("　　提交凭证 {}", reply.receipt)
    };
    paper.finish(&name, reply.dated, |page, pages| {
        (format!("{name}{receipt}"), format!("第 {page} 页　共 {pages} 页"))
    })
}
