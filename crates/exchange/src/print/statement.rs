//! The statement's pages.

use std::collections::{BTreeMap, BTreeSet};

use sunbench_domain::matching::{Difference, DifferenceKind, Pass, Rows};
use sunbench_domain::{Amount, Quantity};

use super::PrintError;
use super::figures::{grouped, long_date};
use super::font::Fonts;
use super::paper::{Align, Orientation, Paper, Style};
use super::table::{Column, Table, boxes, column};
use crate::statement::{Handling, Side, Statement, StatementLine};

const HEADING: Style = Style::bold(11.0);
const BODY: Style = Style::plain(9.0);
/// Of tables, in points.
const CELL: f32 = 7.8;
const GAP: f32 = 8.0;

/// The pages of a statement (对账单), to be signed and stamped: sums, differences by kind, what is to be confirmed, what is left,
/// what changed after the signature, and boxes for the signatures. A statement without a signature says that it
/// is a draft.
///
/// # Errors
///
/// The PDF cannot be made.
pub fn statement(statement: &Statement, fonts: Fonts) -> Result<Vec<u8>, PrintError> {
    let mut paper = Paper::new(fonts, Orientation::Landscape);
    head(&mut paper, statement);
    let mut number = 0;
    sums(&mut paper, &mut number, statement);
    differences(&mut paper, &mut number, statement);
    proposals(&mut paper, &mut number, statement);
    unmatched(&mut paper, &mut number, statement);
    adjustments(&mut paper, &mut number, statement);
    signatures(&mut paper, statement);

    let name = [statement.institution.as_str(), &statement.title, &statement.period]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("　");
    let state = match &statement.signature {
        Some(signature) => format!("摘要（SHA-256）{}", signature.digest),
        None => "草稿，未签核".to_owned(),
    };
    paper.finish(&name, statement.made_on, |page, pages| {
        (format!("{name}　　{state}"), format!("第 {page} 页　共 {pages} 页"))
    })
}

fn head(paper: &mut Paper, statement: &Statement) {
    if !statement.institution.is_empty() {
        paper.paragraph(&statement.institution, Style::plain(13.0), Align::Centre);
    }
    paper.paragraph(&statement.title, Style::bold(19.0), Align::Centre);
    if statement.signature.is_none() {
        paper.paragraph("（草稿，未签核，不作为结算依据）", Style::plain(10.0), Align::Centre);
    }
    paper.space(4.0);
    let made = statement.made_on.map(long_date).unwrap_or_default();
    let facts: Vec<String> = [
        ("对账期间", statement.period.as_str()),
        ("对方单位", &statement.counterpart),
        ("制表日期", &made),
        ("金额单位", "元"),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}：{value}"))
    .collect();
    paper.paragraph(&facts.join("　　　"), BODY, Align::Start);
    paper.space(2.0);
}

/// A section's heading, with its number and the beginning of what it is over.
fn section(paper: &mut Paper, number: &mut usize, title: &str) {
    const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];
    paper.space(GAP);
    paper.keep(HEADING.line_height() + 70.0);
    paper.paragraph(&format!("{}、{title}", NUMERALS[*number % NUMERALS.len()]), HEADING, Align::Start);
    paper.space(2.0);
    *number += 1;
}

fn sums(paper: &mut Paper, number: &mut usize, statement: &Statement) {
    let (found, stats) = (&statement.found, &statement.found.stats);
    section(paper, number, "汇总");
    let mut table = Table::new(
        paper,
        &[
            column("", 3.0, Align::Start),
            column("明细行数", 2.0, Align::End),
            column("已勾对行数", 2.0, Align::End),
            column("未勾对行数", 2.0, Align::End),
            column("金额合计", 3.0, Align::End),
        ],
        9.0,
    );
    for (name, lines, paired, left, amount) in [
        (
            &statement.left.name,
            stats.left_rows,
            stats.left_paired,
            found.unmatched_left.len(),
            stats.left_amount,
        ),
        (
            &statement.right.name,
            stats.right_rows,
            stats.right_paired,
            found.unmatched_right.len(),
            stats.right_amount,
        ),
    ] {
        table.row(&[name, &grouped(lines), &grouped(paired), &grouped(left), &grouped(amount)]);
    }
    let difference = stats
        .right_amount
        .units()
        .checked_sub(stats.left_amount.units())
        .map_or_else(|| "超出范围".to_owned(), |units| grouped(Amount::from_units(units)));
    let name = format!("差额（{}－{}）", statement.right.name, statement.left.name);
    table.total(&[&name, "", "", "", &difference]);
    table.finish();
    paper.space(4.0);

    let passes = [Pass::Key, Pass::Goods, Pass::Sum, Pass::Unit, Pass::Near, Pass::Hand];
    let by_pass: Vec<String> = passes
        .into_iter()
        .map(|pass| (pass, stats.pairs_by_pass[usize::from(pass.number())]))
        .filter(|(_, count)| *count > 0)
        .map(|(pass, count)| format!("{} {} 组", pass.text_zh(), grouped(count)))
        .collect();
    let by_pass = if by_pass.is_empty() { String::new() } else { format!("：{}", by_pass.join("，")) };
    paper.paragraph(
        &format!(
            "共勾对 {} 组{by_pass}；其中完全一致 {} 组。待确认 {} 组，差异 {} 项。",
            grouped(found.pairs.len()),
            grouped(stats.clean_pairs),
            grouped(found.proposals.len()),
            grouped(found.differences.len()),
        ),
        BODY,
        Align::Start,
    );
}

/// The differences of each kind, by their index.
fn by_kind(statement: &Statement) -> BTreeMap<DifferenceKind, Vec<usize>> {
    let mut kinds: BTreeMap<DifferenceKind, Vec<usize>> = BTreeMap::new();
    for (index, difference) in statement.found.differences.iter().enumerate() {
        kinds.entry(difference.kind).or_default().push(index);
    }
    kinds
}

/// Their sum, which a difference or two may push out of range.
fn sum_of<'d>(differences: impl Iterator<Item = &'d Difference>) -> String {
    let mut sum = 0_i64;
    for difference in differences {
        let Some(next) = sum.checked_add(difference.amount.units()) else { return "超出范围".to_owned() };
        sum = next;
    }
    grouped(Amount::from_units(sum))
}

fn differences(paper: &mut Paper, number: &mut usize, statement: &Statement) {
    let all = &statement.found.differences;
    if all.is_empty() {
        section(paper, number, "差异");
        paper.paragraph("无差异。", BODY, Align::Start);
        return;
    }
    let kinds = by_kind(statement);
    section(paper, number, "差异汇总");
    let mut table = Table::new(
        paper,
        &[
            column("差异种类", 3.0, Align::Start),
            column("项数", 1.5, Align::End),
            column("待处理", 1.5, Align::End),
            column("已转办", 1.5, Align::End),
            column("已备案", 1.5, Align::End),
            column("已认可", 1.5, Align::End),
            column("涉及金额", 2.5, Align::End),
        ],
        9.0,
    );
    let states = [Handling::Open, Handling::Waiting, Handling::Filed, Handling::Accepted];
    let counts = |indexes: &[usize]| {
        states.map(|state| {
            grouped(indexes.iter().filter(|index| statement.mark(**index).handling == state).count())
        })
    };
    for (kind, indexes) in &kinds {
        let [open, waiting, filed, accepted] = counts(indexes);
        let sum = sum_of(indexes.iter().map(|index| &all[*index]));
        table.row(&[kind.text_zh(), &grouped(indexes.len()), &open, &waiting, &filed, &accepted, &sum]);
    }
    let [open, waiting, filed, accepted] = counts(&(0..all.len()).collect::<Vec<_>>());
    table.total(&["合计", &grouped(all.len()), &open, &waiting, &filed, &accepted, &sum_of(all.iter())]);
    table.finish();

    section(paper, number, "差异明细");
    let left = statement.left.name.as_str();
    let mut table = Table::new(
        paper,
        &[
            column("序号", 26.0, Align::Centre),
            column("订单编号\n订单明细编号", 92.0, Align::Start),
            column("产品名称　规格型号\n医保编码", 150.0, Align::Start),
            column("批号", 52.0, Align::Start),
            column("日期", 47.0, Align::Centre),
            column(if left == "平台" { "平台\n数量 × 单价" } else { "一方\n数量 × 单价" }, 80.0, Align::End),
            column(
                if left == "平台" { "台账\n数量 × 单价" } else { "另一方\n数量 × 单价" },
                80.0,
                Align::End,
            ),
            column("差异金额", 62.0, Align::End),
            column("责任方\n处理", 80.0, Align::Start),
            column("状态\n备注", 88.0, Align::Start),
        ],
        CELL,
    );
    let mut item = 0;
    for (kind, indexes) in &kinds {
        let sum = sum_of(indexes.iter().map(|index| &all[*index]));
        table.band(&format!("{}　{} 项，{sum} 元", kind.text_zh(), grouped(indexes.len())));
        for index in indexes {
            item += 1;
            difference(&mut table, statement, *index, item);
        }
    }
    table.finish();
}

fn lines<'s>(side: &'s Side, rows: &'s Rows) -> impl Iterator<Item = &'s StatementLine> + use<'s> {
    rows.iter().filter_map(|row| side.lines.get(row))
}

/// Values that differ, each once, one below the other.
fn stacked<'s>(values: impl Iterator<Item = &'s str>) -> String {
    let mut seen = BTreeSet::new();
    values.filter(|value| !value.is_empty() && seen.insert(*value)).collect::<Vec<_>>().join("\n")
}

fn quantity(line: &StatementLine) -> String {
    let quantity = line.quantity.map(grouped).unwrap_or_default();
    let price = line.price.map(|price| format!(" × {}", grouped(price))).unwrap_or_default();
    format!("{quantity} {}{price}", line.unit).trim().to_owned()
}

fn product(line: &StatementLine) -> String {
    let named = [line.name.as_str(), &line.spec];
    let named = named.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
    [named.as_str(), &line.code].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

fn difference(table: &mut Table<'_>, statement: &Statement, index: usize, item: usize) {
    let found = &statement.found.differences[index];
    let mark = statement.mark(index);
    let left: Vec<&StatementLine> = lines(&statement.left, &found.left).collect();
    let right: Vec<&StatementLine> = lines(&statement.right, &found.right).collect();
    let both = || left.iter().chain(&right).copied();
    let orders = stacked(both().flat_map(|line| [line.order.as_str(), &line.order_line]));
    let products: Vec<String> = both().map(product).collect();
    let products = stacked(products.iter().map(String::as_str));
    let lots = stacked(both().map(|line| line.lot.as_str()));
    let days: Vec<String> =
        both().filter_map(|line| line.date).map(|day| day.format("%Y-%m-%d").to_string()).collect();
    let side = |lines: &[&StatementLine], stated: Option<Quantity>| {
        let each: Vec<String> = lines.iter().map(|line| quantity(line)).collect();
        match stated {
            Some(sum) if lines.len() > 1 => format!("{}\n合计 {}", each.join("\n"), grouped(sum)),
            _ if lines.is_empty() => "无".to_owned(),
            _ => each.join("\n"),
        }
    };
    let stated = found.detail.quantity;
    let owner = mark.owner.unwrap_or(found.owner).text_zh();
    let mut state = mark.handling.text_zh().to_owned();
    if !mark.note.is_empty() {
        state = format!("{state}\n{}", mark.note);
    }
    table.row(&[
        &item.to_string(),
        &orders,
        &products,
        &lots,
        &stacked(days.iter().map(String::as_str)),
        &side(&left, stated.map(|(left, _)| left)),
        &side(&right, stated.map(|(_, right)| right)),
        &grouped(found.amount),
        &format!("{owner}\n{}", found.action.text_zh()),
        &state,
    ]);
}

/// The columns of a line.
const LINE: [Column; 9] = [
    column("订单编号\n订单明细编号", 92.0, Align::Start),
    column("产品名称　规格型号\n医保编码", 150.0, Align::Start),
    column("批号", 54.0, Align::Start),
    column("日期", 48.0, Align::Centre),
    column("数量", 44.0, Align::End),
    column("单位", 28.0, Align::Centre),
    column("单价", 54.0, Align::End),
    column("金额", 62.0, Align::End),
    column("配送企业", 84.0, Align::Start),
];

fn cells(line: &StatementLine) -> [String; 9] {
    [
        stacked([line.order.as_str(), &line.order_line].into_iter()),
        product(line),
        line.lot.clone(),
        line.date.map(|day| day.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        line.quantity.map(grouped).unwrap_or_default(),
        line.unit.clone(),
        line.price.map(grouped).unwrap_or_default(),
        line.amount.map(grouped).unwrap_or_default(),
        line.supplier.clone(),
    ]
}

fn line_row(table: &mut Table<'_>, before: &[&str], line: &StatementLine) {
    let cells = cells(line);
    let all: Vec<&str> = before.iter().copied().chain(cells.iter().map(String::as_str)).collect();
    table.row(&all);
}

fn proposals(paper: &mut Paper, number: &mut usize, statement: &Statement) {
    let all = &statement.found.proposals;
    if all.is_empty() {
        return;
    }
    section(paper, number, "待确认");
    let mut columns = vec![column("一方", 44.0, Align::Start), column("行", 28.0, Align::End)];
    columns.extend(LINE);
    let mut table = Table::new(paper, &columns, CELL);
    for (index, proposal) in all.iter().enumerate() {
        table.band(&format!("第 {} 组　{}", index + 1, proposal.reason.text_zh()));
        for (side, rows) in [(&statement.left, &proposal.left), (&statement.right, &proposal.right)] {
            for row in rows.iter() {
                if let Some(line) = side.lines.get(row) {
                    line_row(&mut table, &[&side.name, &row.to_string()], line);
                }
            }
        }
    }
    table.finish();
}

/// Lines in no pair and no proposal that no difference names: those it names are listed with it.
fn unmatched(paper: &mut Paper, number: &mut usize, statement: &Statement) {
    let found = &statement.found;
    let total = found.unmatched_left.len() + found.unmatched_right.len();
    section(paper, number, "未勾对");
    let named = |rows: fn(&Difference) -> &Rows| -> BTreeSet<u32> {
        found.differences.iter().flat_map(|difference| rows(difference).iter().copied()).collect()
    };
    let (left, right) = (named(|one| &one.left), named(|one| &one.right));
    let rest: Vec<(&Side, u32, &StatementLine)> =
        [(&statement.left, &found.unmatched_left, &left), (&statement.right, &found.unmatched_right, &right)]
            .into_iter()
            .flat_map(|(side, rows, named)| {
                rows.iter()
                    .filter(|row| !named.contains(row))
                    .filter_map(|row| Some((side, *row, side.lines.get(row)?)))
                    .collect::<Vec<_>>()
            })
            .collect();
    if total == 0 {
        paper.paragraph("无。", BODY, Align::Start);
        return;
    }
    let text = if rest.is_empty() {
        format!("未勾对的 {} 行均列于差异明细。", grouped(total))
    } else {
        format!(
            "未勾对 {} 行；已列于差异明细的不再列出，其余 {} 行如下。",
            grouped(total),
            grouped(rest.len())
        )
    };
    paper.paragraph(&text, BODY, Align::Start);
    if rest.is_empty() {
        return;
    }
    paper.space(3.0);
    let mut columns = vec![column("一方", 44.0, Align::Start), column("行", 28.0, Align::End)];
    columns.extend(LINE);
    let mut table = Table::new(paper, &columns, CELL);
    for (side, row, line) in rest {
        line_row(&mut table, &[&side.name, &row.to_string()], line);
    }
    table.finish();
}

fn adjustments(paper: &mut Paper, number: &mut usize, statement: &Statement) {
    if statement.adjustments.is_empty() {
        return;
    }
    section(paper, number, "签核后调整（不改变已签核的内容）");
    let mut columns = vec![
        column("调整", 28.0, Align::Centre),
        column("一方", 44.0, Align::Start),
        column("影响金额", 58.0, Align::End),
    ];
    columns.extend(LINE);
    let mut table = Table::new(paper, &columns, CELL);
    for adjustment in &statement.adjustments {
        let amount = grouped(adjustment.amount);
        line_row(&mut table, &[adjustment.kind.text_zh(), &adjustment.side, &amount], &adjustment.line);
    }
    table.finish();
}

fn signatures(paper: &mut Paper, statement: &Statement) {
    /// Of a box, in points: room for a name and a stamp.
    const HEIGHT: f32 = 62.0;
    paper.space(GAP);
    let signed = statement.signature.as_ref().map(|signature| {
        let mut text =
            format!("签核人：{}　　签核时间：{}", signature.by, signature.at.format("%Y-%m-%d %H:%M"));
        if !signature.note.is_empty() {
            text = format!("{text}　　签核意见：{}", signature.note);
        }
        format!("{text}\n对账单摘要（SHA-256）：{}", signature.digest)
    });
    // The names stand on one page with the boxes, unless the note is a story.
    paper.keep(HEIGHT + BODY.line_height() * 4.0);
    if let Some(text) = signed {
        paper.paragraph(&text, BODY, Align::Start);
        paper.space(4.0);
    }
    boxes(paper, &["经办人（签字）：", "复核人（签字）：", "科室负责人（签字）：", "日期、盖章："], HEIGHT);
}
