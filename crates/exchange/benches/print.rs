//! How long a statement's pages take, by its lines.
//!
//! `cargo bench -p sunbench-exchange --bench print -- [LINES...]`

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a benchmark prints

use std::time::Instant;

use sunbench_domain::Amount;
use sunbench_domain::matching::{Action, Detail, Difference, DifferenceKind, LedgerLine, Owner, Rows};
use sunbench_exchange::print::{self, Fonts};
use sunbench_exchange::statement::{Statement, StatementLine};

/// Each line is a difference: the longest statement that so many lines can make.
fn statement(lines: u32) -> Statement {
    let mut statement = Statement {
        title: "对账单".to_owned(),
        institution: "江州市第一人民医院".to_owned(),
        made_on: "2026-04-03".parse().ok(),
        ..Statement::default()
    };
    for row in 1..=lines {
        let (order, order_line, lot) = (format!("PO{row:08}"), format!("PO{row:08}-1"), format!("L{row}"));
        let line = StatementLine::from(&LedgerLine {
            order: &order,
            order_line: &order_line,
            code: "C0201010010100201001",
            name: "一次性使用无菌导管鞘套件（带止血阀）",
            spec: "6F 11cm",
            lot: &lot,
            date: "2026-03-02".parse().ok(),
            quantity: "3".parse().ok(),
            unit: "套",
            price: "128.50".parse().ok(),
            amount: "385.50".parse().ok(),
            supplier: "江州医药集团有限公司",
            ..LedgerLine::default()
        });
        statement.left.lines.insert(row, line);
        statement.found.differences.push(Difference {
            kind: DifferenceKind::NotInLedger,
            left: Rows::one(row),
            right: Rows::none(),
            amount: Amount::from_units(-3_855_000),
            owner: Owner::Store,
            action: Action::ReceiveOrAsk,
            detail: Detail::default(),
        });
    }
    statement
}

fn main() {
    let named: Vec<u32> = std::env::args().skip(1).filter_map(|count| count.parse().ok()).collect();
    for lines in if named.is_empty() { vec![100, 1_000, 10_000] } else { named } {
        let statement = statement(lines);
        let start = Instant::now();
        let pdf = print::statement(&statement, Fonts::embedded()).unwrap();
        println!("{lines} lines: {:.2?}, {} kB", start.elapsed(), pdf.len() / 1_000);
    }
}
