//! Promise G16: an amount is the same to its last place on the wire, in the database, in the window's answers and in what
//! the command prints. The sums of the wire are added up here, by arithmetic of its own.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use sunbench_app::wire::OrdersReq;
use sunbench_app::{App, AppConfig, SystemClock};
use sunbench_contract::time::Instant;
use sunbench_contract::{Resource, canonical_json};
use sunbench_platform::record::Record;

use crate::world::{Seat, World};

/// Places of the last digit that any value here has.
const PLACES: u32 = 4;

/// 1/10,000 of a decimal text, digit by digit.
fn units(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(fraction.len() <= PLACES as usize, "{text}");
    let digit = |sum: i128, c: char| sum * 10 + i128::from(c.to_digit(10).unwrap());
    let fraction = format!("{fraction:0<width$}", width = PLACES as usize);
    sign * whole.chars().chain(fraction.chars()).fold(0, digit)
}

/// The text of so many 1/10,000, with as many places as `places` at least.
fn decimal(units: i128, places: usize) -> String {
    let text = format!("{}.{:04}", units / 10_000, units % 10_000);
    let mut text = text.trim_end_matches('0').to_owned();
    let missing = places.saturating_sub(text.rsplit_once('.').map_or(0, |(_, fraction)| fraction.len()));
    text.push_str(&"0".repeat(missing));
    text.trim_end_matches('.').to_owned()
}

/// Price × quantity, rounded half up to the fen.
fn amount(price: i128, quantity: i128) -> i128 {
    (price * quantity + 500_000) / 1_000_000 * 100
}

/// A line's price and quantity in 1/10,000: everyday ones, the smallest, and very large ones.
fn lines() -> impl Strategy<Value = Vec<(i128, i128)>> {
    let line = prop_oneof![
        4 => (1..200_000_000_i128, 1..100_000_i128),
        2 => (1..20_000_i128, 1..20_000_i128),
        1 => (1_000_000_000..90_000_000_000_i128, 1..10_000_i128),
        // A half fen, where rounding could go either way.
        1 => (0..1_000_i128).prop_map(|n| (50 + 100 * n, 10_000)),
    ];
    prop::collection::vec(line, 1..40)
}

fn record(world: &World, resource: Resource, id: &str, doc: &str, amount: &str, data: &Value) -> Record {
    let at = Instant::parse("2026-11-20 08:00:00").unwrap();
    Record {
        institution: Some(world.access.institution.clone()),
        resource,
        id: id.to_owned(),
        upd_time: at,
        day: at.at().date_naive(),
        doc: doc.to_owned(),
        amount: amount.parse().unwrap(),
        data: canonical_json(data).unwrap(),
    }
}

/// Publishes one order and gives the sum of its lines as their texts on the wire say.
fn publish(world: &World, ids: &Value, code: &str, lines: &[(i128, i128)]) -> i128 {
    let at = "2026-11-20T08:00:00+08:00";
    let texts: Vec<String> = lines.iter().map(|(p, q)| decimal(amount(*p, *q), 2)).collect();
    let sum: i128 = texts.iter().map(|text| units(text)).sum();
    let header = json!({
        "orderId": code, "orderCode": code, "orderType": "普通", "hospitalDept": "", "operator": "buyer",
        "submitTime": at, "lineCount": lines.len(), "orderAmount": decimal(sum, 2), "remarks": "",
    });
    let mut records = vec![record(world, Resource::Order, code, code, &decimal(sum, 2), &header)];
    for (n, ((price, quantity), amount)) in lines.iter().zip(&texts).enumerate() {
        let id = format!("{code}-{}", n + 1);
        let line = json!({
            "orderDetailId": id, "orderId": code, "orderCode": code, "lineNo": n + 1,
            "procurecatalogId": ids["product"], "companyIdTb": ids["maker"],
            "companyIdPs": ids["supplier"], "unit": "个", "purchaseCount": decimal(*quantity, 0),
            "purchasePrice": decimal(*price, 2), "purchaseAmount": amount, "orderType": "普通",
            "orderDetailState": "2", "stateText": "待配送", "submitTime": at, "distributeCount": "0",
            "receivedCount": "0", "returnCount": "0", "urgent": false,
        });
        records.push(record(world, Resource::OrderLine, &id, code, amount, &line));
    }
    world.platform.publish(&records).unwrap();
    sum
}

/// What the command prints for an order's lines, or for all of them.
fn printed(seat: &Seat, text: &str) -> (usize, i128) {
    let (mut rows, mut sum, mut after) = (0, 0, None::<String>);
    loop {
        let mut arguments = vec!["orders", "--text", text, "--limit", "100000"];
        if let Some(after) = &after {
            arguments.extend(["--after", after]);
        }
        let page = seat.json(&arguments);
        for row in page["rows"].as_array().unwrap() {
            rows += 1;
            sum += units(row["amount"].as_str().unwrap());
        }
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return (rows, sum),
        }
    }
}

/// Opens the profile as a program would, between two runs of the command.
fn opened<T>(seat: &Seat, work: impl AsyncFnOnce(Arc<App>) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = App::new(AppConfig {
            data_dir: seat.folder(),
            clock: Arc::new(SystemClock),
            demo: None,
            passphrase_file: Some(seat.folder().parent().unwrap().join("passphrase")),
            files: None,
            viewer: None,
        });
        app.open().await.unwrap();
        let done = work(Arc::clone(&app)).await;
        app.shutdown().await;
        done
    })
}

/// What the window is answered, and what the database holds: total of all lines, of each order, sum in the database.
fn inside(seat: &Seat, codes: &[String]) -> (i128, Vec<i128>, i128) {
    opened(seat, async |app: Arc<App>| {
        let mut totals = Vec::new();
        for text in std::iter::once("").chain(codes.iter().map(String::as_str)) {
            let req =
                OrdersReq { text: text.to_owned(), states: Vec::new(), from: None, to: None, campus: None };
            totals.push(units(&app.orders_open(req).await.unwrap().amount.unwrap()));
        }
        let sql = "SELECT sum(amount) FROM order_line";
        let kept: i64 =
            app.store().unwrap().read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).unwrap();
        (totals[0], totals.split_off(1), i128::from(kept))
    })
}

/// The ids of a product and two companies of the demo, for lines that look like its own.
fn ids(seat: &Seat) -> Value {
    opened(seat, async |app: Arc<App>| {
        let found = app.store().unwrap().read(|conn| {
            let one = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, String>(0));
            Ok(json!({
                "product": one("SELECT id FROM product LIMIT 1")?,
                "maker": one("SELECT id FROM org LIMIT 1")?,
                "supplier": one("SELECT id FROM org LIMIT 1 OFFSET 1")?,
            }))
        });
        found.unwrap()
    })
}

#[test]
fn an_amount_is_the_same_everywhere() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let orders = 25 * number("TORTURE").unwrap_or(1).max(1);
    let seed = number("SUNBENCH_SEED").unwrap_or(20_261_120);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));

    let world = World::start();
    let seat = world.synced_seat();
    let ids = ids(&seat);
    let (rows_before, before) = printed(&seat, "");
    let mut codes = Vec::new();
    let (mut wire, mut lines_made) = (Vec::new(), 0);
    for n in 0..orders {
        let lines = lines().new_tree(&mut runner).unwrap().current();
        let code = format!("ZZG16{n:05}");
        lines_made += lines.len();
        wire.push(publish(&world, &ids, &code, &lines));
        codes.push(code);
    }
    assert_eq!(seat.json(&["sync"])["complete"], true);

    let (rows, after) = printed(&seat, "");
    let sum: i128 = wire.iter().sum();
    assert_eq!((rows, after), (rows_before + lines_made, before + sum), "seed {seed}: the command");
    let (shown, each, kept) = inside(&seat, &codes);
    assert_eq!((shown, kept), (after, after), "seed {seed}: the window's total and the database");
    assert_eq!(each, wire, "seed {seed}: the window's sum of each order");
    for (code, sum) in codes.iter().zip(&wire).take(10) {
        assert_eq!(printed(&seat, code).1, *sum, "seed {seed}: {code}");
    }
    println!(
        "promise G16: {orders} orders of {lines_made} lines beside {rows_before} of the demo: wire, database, window and \
         command agree to 1/10,000, seed {seed}"
    );
}
