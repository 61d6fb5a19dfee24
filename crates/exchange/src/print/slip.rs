//! 验收单: what was accepted of a delivery.

use chrono::NaiveDate;
use sunbench_domain::{Amount, Price, Quantity};

use super::PrintError;
use super::figures::{capitals, grouped, long_date};
use super::font::Fonts;
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Table, boxes, column};

/// 验收单明细.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlipLine {
    /// 医保编码.
    pub code: String,
    /// 产品名称.
    pub name: String,
    /// 规格型号.
    pub spec: String,
    /// 生产企业.
    pub manufacturer: String,
    /// 注册证号.
    pub registration: String,
    /// 批号; a serial number where there is no lot.
    pub lot: String,
    /// 有效期至.
    pub expiry: Option<NaiveDate>,
    /// 单位.
    pub unit: String,
    /// 配送数量.
    pub delivered: Option<Quantity>,
    /// 验收合格数量.
    pub accepted: Quantity,
    /// 拒收数量.
    pub refused: Quantity,
    /// 单价, in yuan.
    pub price: Option<Price>,
    /// 金额 of what was accepted, in yuan.
    pub amount: Option<Amount>,
    /// 备注, such as why goods were refused.
    pub note: String,
}

/// 验收单: the slip that goes with accepted goods, with boxes for the signatures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AcceptanceSlip {
    /// 机构: the hospital.
    pub institution: String,
    /// 院区; may be empty.
    pub campus: String,
    /// 验收单号.
    pub number: String,
    /// 订单编号.
    pub order: String,
    /// 配送单号.
    pub delivery: String,
    /// 配送企业.
    pub supplier: String,
    /// 收货部门.
    pub department: String,
    /// 验收日期.
    pub accepted_on: Option<NaiveDate>,
    /// 明细.
    pub lines: Vec<SlipLine>,
    /// 验收结论, in words.
    pub conclusion: String,
    /// 附件: the names of the photos and papers that are kept with it.
    pub attachments: Vec<String>,
}

/// The pages of an acceptance slip (验收单).
///
/// # Errors
///
/// The PDF cannot be made.
pub fn acceptance_slip(slip: &AcceptanceSlip, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    const FACT: Style = Style::plain(9.5);
    let mut paper = Paper::new(fonts, Orientation::Landscape);
    paper.paragraph(&slip.institution, Style::plain(13.0), Align::Centre);
    paper.paragraph("医用耗材验收单", Style::bold(19.0), Align::Centre);
    paper.space(4.0);
    let day = slip.accepted_on.map(long_date).unwrap_or_default();
    for facts in [
        [("验收单号", slip.number.as_str()), ("订单编号", &slip.order), ("配送单号", &slip.delivery)]
            .as_slice(),
        [
            ("配送企业", slip.supplier.as_str()),
            ("院区", &slip.campus),
            ("收货部门", &slip.department),
            ("验收日期", &day),
        ]
        .as_slice(),
    ] {
        let said: Vec<String> = facts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}：{value}"))
            .collect();
        paper.paragraph(&said.join("　　"), FACT, Align::Start);
    }
    paper.space(4.0);

    let mut table = Table::new(
        &mut paper,
        &[
            column("序号", 26.0, Align::Centre),
            column("产品名称　规格型号\n医保编码", 160.0, Align::Start),
            column("生产企业\n注册证号", 110.0, Align::Start),
            column("批号", 56.0, Align::Start),
            column("有效期至", 50.0, Align::Centre),
            column("单位", 28.0, Align::Centre),
            column("配送\n数量", 40.0, Align::End),
            column("合格\n数量", 40.0, Align::End),
            column("拒收\n数量", 40.0, Align::End),
            column("单价\n（元）", 54.0, Align::End),
            column("金额\n（元）", 62.0, Align::End),
            column("备注", 76.0, Align::Start),
        ],
        8.2,
    );
    let joined = |parts: &[&str], between: &str| {
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
    };
    for (index, line) in slip.lines.iter().enumerate() {
        table.row(&[
            &(index + 1).to_string(),
            &joined(&[&joined(&[&line.name, &line.spec], "　"), &line.code], "\n"),
            &joined(&[&line.manufacturer, &line.registration], "\n"),
            &line.lot,
            &line.expiry.map(|day| day.to_string()).unwrap_or_default(),
            &line.unit,
            &line.delivered.map(grouped).unwrap_or_default(),
            &grouped(line.accepted),
            &grouped(line.refused),
            &line.price.map(grouped).unwrap_or_default(),
            &line.amount.map(grouped).unwrap_or_default(),
            &line.note,
        ]);
    }
    let sum = slip
        .lines
        .iter()
        .filter_map(|line| line.amount)
        .try_fold(Amount::default(), Amount::checked_add)
        .ok_or_else(|| PrintError::Write("the amounts are past what can be added".to_owned()))?;
    table.band(&format!("合计　¥{}　　人民币（大写）{}", grouped(sum), capitals(sum)));
    if !slip.conclusion.is_empty() {
        table.band(&format!("验收结论　{}", slip.conclusion));
    }
    if !slip.attachments.is_empty() {
        table.band(&format!("附件　{}", slip.attachments.join("、")));
    }
    table.finish();
    paper.space(8.0);
    boxes(&mut paper, &["验收人：", "库管员：", "送货人：", "科室负责人：", "日期、盖章："], 56.0);

    let name = format!("{}　验收单　{}", slip.institution, slip.number);
    paper
        .finish(&name, slip.accepted_on, |page, pages| (name.clone(), format!("第 {page} 页　共 {pages} 页")))
}
