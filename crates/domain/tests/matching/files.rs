//! The generated ledgers as files, so that two builds of the program can be compared on them
//! (`crates/exchange/benches/same_results.sh`).

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::generator::{Row, case};
use crate::random::Random;
use crate::setting;
use crate::style::{HARD_STYLES, STYLES, Style};

const HEADER: &str =
    "订单编号,订单明细编号,医保编码,产品名称,规格型号,配送企业,批号,有效期至,入库日期,数量,单位,单价,金额";

fn table(rows: &[Row]) -> String {
    let mut text = format!("{HEADER}\n");
    let field = |text: &str| {
        let is_plain = !text.contains([',', '"', '\n']);
        if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    };
    for row in rows {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let texts = [&row.order, &row.order_line, &row.code, &row.name, &row.spec, &row.supplier, &row.lot]
            .map(|t| field(t));
        writeln!(
            text,
            "{},{},{},{},{},{},{}",
            texts.join(","),
            day(row.expiry),
            day(row.date),
            row.quantity,
            field(&row.unit),
            sunbench_domain::Price::from_units(row.price),
            row.amount()
        )
        .unwrap();
    }
    text
}

/// Every second right ledger is in no order.
#[test]
#[ignore = "writes files, to the folder SUNBENCH_LEDGERS"]
fn write_ledgers() {
    let folder = PathBuf::from(std::env::var("SUNBENCH_LEDGERS").unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let (seed, cases) = (setting("SUNBENCH_SEED", 7), setting("CASES", 80));
    let mut random = Random::new(seed);
    let styles: Vec<&Style> = STYLES.iter().chain(&HARD_STYLES).collect();
    for number in 0..cases {
        for (at, style) in styles.iter().enumerate() {
            let small = Style { lines: 300, products: style.products / 6 + 4, ..(*style).clone() };
            let mut case = case(random.next(), if number % 20 == 0 { style } else { &small });
            if number % 2 == 1 {
                random.shuffle(&mut case.right);
            }
            for (side, rows) in [("left", &case.left), ("right", &case.right)] {
                std::fs::write(folder.join(format!("{side}-{at:02}-{number:03}.csv")), table(rows)).unwrap();
            }
        }
    }
}
