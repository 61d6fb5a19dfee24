//! A month of the demo hospital: the ledger is imported, matched, worked through, signed; what comes later stands beside it.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    DifferenceKind, FieldMark, ItemOrder, ItemScope, ItemSort, ItemState, LedgerBatchReq, LedgerDetectReq,
    LedgerFault, LedgerImportReq, LedgerImported, LedgerSide, LineGroup, Nothing, OutboxState, PeriodReq,
    PeriodState, ReconcileDone, ReconcileFileReq, ReconcileItemReq, ReconcileItemsReq, ReconcileLinkReq,
    ReconcileMarkReq, ReconcilePageReq, ReconcileReq, ReconcileRow, ReconcileSearchReq, ReconcileSignReq,
    ReconcileView, StatementFormat, StatementSaveReq,
};
use sunbench_domain::{Amount, Price, Quantity};
use sunbench_store::local::statement;
use sunbench_store::mirror::goods::{self, GoodsKind, GoodsLine, Span};

use crate::world::{Seat, World};

const PERIOD: &str = "2026-10";

/// A row of the hospital's ledger.
#[derive(Debug, Clone)]
struct Row {
    order: String,
    order_line: String,
    code: String,
    name: String,
    spec: String,
    lot: String,
    date: NaiveDate,
    quantity: Quantity,
    unit: String,
    price: Price,
    supplier: String,
    is_return: bool,
}

impl Row {
    fn of(line: &GoodsLine) -> Self {
        let at = sunbench_contract::time::Instant::from_unix(line.at).unwrap();
        Self {
            order: line.order.clone(),
            order_line: line.order_line.clone(),
            code: line.mcs_code.clone(),
            name: line.name.clone(),
            spec: [line.spec.as_str(), line.model.as_str()].join(" ").trim().to_owned(),
            lot: line.lot.clone(),
            date: at.at().date_naive(),
            quantity: line.quantity,
            unit: line.unit.clone(),
            price: line.price.unwrap(),
            supplier: line.supplier.clone(),
            is_return: line.kind == GoodsKind::Return,
        }
    }
}

const HEADINGS: &str =
    "订单编号,订单明细编号,医保编码,产品名称,规格型号,批号,入库日期,数量,单位,单价,金额,配送企业,业务类型\n";

fn csv(rows: &[Row]) -> String {
    let mut text = HEADINGS.to_owned();
    for row in rows {
        let amount = Amount::of(row.price, row.quantity).unwrap();
        let kind = if row.is_return { "退货" } else { "入库" };
        writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{amount},{},{kind}",
            row.order,
            row.order_line,
            row.code,
            row.name,
            row.spec,
            row.lot,
            row.date,
            row.quantity,
            row.unit,
            row.price,
            row.supplier
        )
        .unwrap();
    }
    text
}

/// The platform's own lines of the month.
fn platform_lines(seat: &Seat) -> Vec<GoodsLine> {
    let day = |text: &str| {
        text.parse::<NaiveDate>().unwrap().signed_duration_since(NaiveDate::default()).num_days()
    };
    let span = Span { first: day("2026-10-01"), last: day("2026-10-31") };
    let mut lines = seat.app.store().unwrap().read(|conn| goods::received(conn, span)).unwrap();
    lines.sort_by(|a, b| (&a.document, &a.line).cmp(&(&b.document, &b.line)));
    lines
}

fn write(seat: &Seat, name: &str, text: &str) -> PathBuf {
    let path = seat.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

async fn import(seat: &Seat, path: &std::path::Path) -> LedgerImported {
    let path = path.display().to_string();
    let detect =
        LedgerDetectReq { path: Some(path.clone()), profile: None, sheet: None, headings: Vec::new() };
    let seen = seat.app.ledger_detect(detect).await.unwrap();
    let req = LedgerImportReq {
        path,
        sha256: seen.sha256,
        profile: None,
        sheet: None,
        headings: Vec::new(),
        period: None,
        save_as: Some("库房月报".to_owned()),
    };
    seat.app.ledger_import(req).await.unwrap()
}

fn request(scope: ItemScope) -> ReconcileReq {
    ReconcileReq {
        period: PERIOD.to_owned(),
        scope,
        kinds: Vec::new(),
        states: Vec::new(),
        owners: Vec::new(),
        text: String::new(),
        order: ItemOrder::Amount,
        least_amount: None,
        least_age: None,
    }
}

async fn open(seat: &Seat, scope: ItemScope) -> ReconcileView {
    seat.app.reconcile_open(request(scope)).await.unwrap()
}

/// Every item of a scope, page by page.
async fn all(seat: &Seat, scope: ItemScope) -> Vec<ReconcileRow> {
    let view = open(seat, scope).await;
    let mut rows = Vec::new();
    for page in 0..view.total.div_ceil(view.page_size) {
        rows.extend(seat.app.reconcile_page(ReconcilePageReq { view: view.view, page }).await.unwrap().rows);
    }
    assert_eq!(rows.len(), view.total as usize);
    assert_eq!(rows[..view.first.len()], view.first);
    rows
}

async fn of_kind(seat: &Seat, kind: DifferenceKind) -> Vec<ReconcileRow> {
    all(seat, ItemScope::Differences).await.into_iter().filter(|row| row.kind == Some(kind)).collect()
}

fn items(rows: &[&ReconcileRow]) -> ReconcileItemsReq {
    ReconcileItemsReq { period: PERIOD.to_owned(), items: rows.iter().map(|row| row.item.clone()).collect() }
}

fn month() -> PeriodReq {
    PeriodReq { period: PERIOD.to_owned() }
}

async fn undo(seat: &Seat) -> ReconcileDone {
    seat.app.reconcile_undo(month()).await.unwrap()
}

/// The month's ledger as the platform has it, with differences that are known.
struct Planted {
    rows: Vec<Row>,
    short: usize,
    price: usize,
    lot: usize,
    /// Booked in the next month.
    moved: usize,
    missing: Row,
}

fn planted(lines: &[GoodsLine]) -> Planted {
    let mut rows: Vec<Row> = lines.iter().map(Row::of).collect();
    // Lines that nothing else in the month resembles.
    let plain: Vec<usize> = (0..rows.len())
        .filter(|at| {
            let row = &rows[*at];
            let alone = rows.iter().filter(|other| other.order_line == row.order_line).count() == 1;
            alone && !row.is_return && !row.lot.is_empty() && row.quantity.units() > 50_000
        })
        .collect();
    let last = *plain.iter().max_by_key(|at| rows[**at].date).unwrap();
    let plain: Vec<usize> = plain.into_iter().filter(|at| *at != last).collect();
    rows[last].date = "2026-11-02".parse().unwrap();
    let [short, price, lot, gone] = plain[..4] else { panic!("the demo's month has too few lines") };
    rows[short].quantity += "-1".parse::<Quantity>().unwrap();
    rows[price].price = Price::from_units(rows[price].price.units() + 30_000);
    rows[lot].lot = format!("{}Z9", rows[lot].lot);
    let missing = rows.remove(gone);
    let shift = |at: usize| if at > gone { at - 1 } else { at };
    Planted { short: shift(short), price: shift(price), lot: shift(lot), moved: shift(last), missing, rows }
}

fn off_platform() -> Row {
    Row {
        order: String::new(),
        order_line: String::new(),
        code: String::new(),
        name: "一次性使用无菌敷料".to_owned(),
        spec: "10cm×12cm".to_owned(),
        lot: "WX2610".to_owned(),
        date: "2026-10-14".parse().unwrap(),
        quantity: "20".parse().unwrap(),
        unit: "片".to_owned(),
        price: "3.65".parse().unwrap(),
        supplier: "本地门店".to_owned(),
        is_return: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_from_the_ledger_to_the_signature() {
    let world = World::start().await;
    let seat = world.seat().await;
    let lines = platform_lines(&seat);
    assert!(lines.len() > 50, "the demo's October has lines: {}", lines.len());
    let Planted { mut rows, short, price, lot, moved, missing } = planted(&lines);
    let moved = rows[moved].clone();
    let (short, price, lot) = (rows[short].clone(), rows[price].clone(), rows[lot].clone());
    rows.push(off_platform());
    let whole = rows.len() as u32;
    let text = format!(
        "{},\n{}合计,,,,,,,1,,,,,\n,,C1,坏行,,,2026-10-09,三盒,盒,1,1,某公司,入库\n",
        "十月入库",
        csv(&rows)
    );
    let file = write(&seat, "十月.csv", &text);

    // What is in the file, before anything is kept.
    let detect = LedgerDetectReq {
        path: Some(file.display().to_string()),
        profile: None,
        sheet: None,
        headings: Vec::new(),
    };
    let seen = seat.app.ledger_detect(detect).await.unwrap();
    assert_eq!((seen.rows, seen.accepted, seen.refused, seen.known), (whole + 1, whole, 1, 0));
    assert_eq!((seen.heading_row, seen.periods.join(" ").as_str()), (2, "2026-10 2026-11"));
    let problem = seen.problems.iter().find(|problem| problem.refused).unwrap();
    assert_eq!(
        (problem.sheet_row, problem.column.as_str(), problem.value.as_str(), problem.fault),
        (whole + 4, "数量", "三盒", LedgerFault::NotANumber)
    );
    assert!(seat.app.ledger_batches(Nothing {}).await.unwrap().batches.is_empty());

    let taken = import(&seat, &file).await;
    assert_eq!((taken.batch, taken.added, taken.known, taken.refused), (Some(1), whole, 0, 1));
    // The same file once more, and the same rows in another order and another file.
    let again = import(&seat, &file).await;
    assert_eq!((again.batch, again.added, again.known), (None, 0, whole));
    let turned = write(&seat, "十月反.csv", &csv(&rows.iter().rev().cloned().collect::<Vec<_>>()));
    let turned = import(&seat, &turned).await;
    assert_eq!((turned.batch, turned.added, turned.known), (Some(2), 0, whole));
    let undone = seat.app.ledger_undo(LedgerBatchReq { batch: 2 }).await.unwrap();
    assert!(undone.batches[0].undone_at.is_some());

    // What was planted is found, as what it is.
    let view = open(&seat, ItemScope::Todo).await;
    let seat = &seat;
    let one = |kind| of_kind(seat, kind);
    for (kind, row) in [
        (DifferenceKind::QuantityShort, &short),
        (DifferenceKind::PriceDiffers, &price),
        (DifferenceKind::LotDiffers, &lot),
        (DifferenceKind::NotInLedger, &missing),
        (DifferenceKind::NotOnPlatform, &off_platform()),
    ] {
        let found = one(kind).await;
        assert_eq!(found.len(), 1, "{kind:?}: {found:#?}");
        assert_eq!(found[0].name, row.name, "{kind:?}");
    }
    assert_eq!(view.summary.state, PeriodState::Open);
    assert_eq!(view.summary.ledger_lines, whole - 1, "one is booked in November");
    let pairs = all(seat, ItemScope::Pairs).await;
    assert!(
        pairs.iter().any(|row| row.name == moved.name && row.order == moved.order),
        "and paired all the same"
    );
    assert_eq!(view.summary.platform_lines, lines.len() as u32);
    let start = view.summary.digest.clone();

    // Both sides of a difference, field by field.
    let item = one(DifferenceKind::PriceDiffers).await.remove(0);
    let detail = seat
        .app
        .reconcile_item(ReconcileItemReq { period: PERIOD.to_owned(), item: item.item.clone() })
        .await
        .unwrap();
    assert_eq!((detail.platform.len(), detail.ledger.len(), detail.editable), (1, 1, true));
    let mark = |name: &str| detail.fields.iter().find(|field| field.field == name).unwrap().mark;
    assert_eq!(
        (mark("单价"), mark("批号"), mark("数量")),
        (FieldMark::Differ, FieldMark::Agree, FieldMark::Agree)
    );
    assert!(detail.ledger[0].source.starts_with("十月.csv 第 "), "{}", detail.ledger[0].source);

    // Accept, note, take apart, link by hand; and back, step by step, to the same digests.
    let mut digests = vec![start.clone()];
    let done = seat.app.reconcile_accept(items(&[&item])).await.unwrap();
    assert_eq!(done.summary.done, 1);
    digests.push(done.summary.digest);
    let req = ReconcileMarkReq {
        period: PERIOD.to_owned(),
        items: vec![item.item.clone()],
        state: Some(ItemState::Waiting),
        owner: None,
        note: Some("已问企业".to_owned()),
    };
    digests.push(seat.app.reconcile_mark(req).await.unwrap().summary.digest);
    let pair = all(seat, ItemScope::Pairs).await.into_iter().find(|row| row.name == lot.name).unwrap();
    let detail = seat
        .app
        .reconcile_item(ReconcileItemReq { period: PERIOD.to_owned(), item: pair.item.clone() })
        .await
        .unwrap();
    let done = seat.app.reconcile_unlink(items(&[&pair])).await.unwrap();
    digests.push(done.summary.digest);
    let like = ReconcileSearchReq {
        period: PERIOD.to_owned(),
        side: LedgerSide::Platform,
        text: String::new(),
        like: Some(detail.ledger[0].id.clone()),
        paired: false,
    };
    let likely = seat.app.reconcile_search(like).await.unwrap();
    assert_eq!(likely.lines[0].id, detail.platform[0].id, "the line that was taken apart is the likeliest");
    let group = LineGroup {
        platform: vec![detail.platform[0].id.clone()],
        ledger: vec![detail.ledger[0].id.clone()],
    };
    let req = ReconcileLinkReq { period: PERIOD.to_owned(), groups: vec![group.clone()] };
    digests.push(seat.app.reconcile_link(req).await.unwrap().summary.digest);
    let twice = ReconcileLinkReq { period: PERIOD.to_owned(), groups: vec![group.clone(), group] };
    assert_eq!(seat.app.reconcile_link(twice).await.unwrap_err().code, ErrorCode::FieldInvalid);
    assert!(digests.windows(2).all(|two| two[0] != two[1]), "each decision shows");
    while let Some(now) = digests.pop() {
        assert_eq!(open(seat, ItemScope::Todo).await.summary.digest, now);
        if !digests.is_empty() {
            undo(seat).await;
        }
    }
    assert_eq!(seat.app.reconcile_undo(month()).await.unwrap_err().code, ErrorCode::NotFound);

    // What never was on the platform is filed there.
    let strange = one(DifferenceKind::NotOnPlatform).await.remove(0);
    let of_item = || ReconcileItemReq { period: PERIOD.to_owned(), item: strange.item.clone() };
    let mut draft = seat.app.reconcile_filing(of_item()).await.unwrap();
    assert_eq!((draft.goods_name.as_str(), draft.amount.as_str()), ("一次性使用无菌敷料", "73.00"));
    let file_req = |draft| ReconcileFileReq { period: PERIOD.to_owned(), item: strange.item.clone(), draft };
    let error = seat.app.reconcile_file(file_req(draft.clone())).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::FieldRequired, Some("reason")));
    draft.reason = "夜间急诊，平台无货".to_owned();
    let queued = seat.app.reconcile_file(file_req(draft.clone())).await.unwrap();
    let twice = seat.app.reconcile_file(file_req(draft)).await.unwrap();
    assert_eq!(twice.key, queued.key, "a second click files nothing twice");
    seat.settled(&queued.key, OutboxState::Accepted).await;
    let strange = one(DifferenceKind::NotOnPlatform).await.remove(0);
    assert_eq!((strange.state, strange.filing.unwrap().state), (ItemState::Filed, OutboxState::Accepted));
    assert_eq!(
        seat.app.reconcile_undo(month()).await.unwrap_err().code,
        ErrorCode::WrongState,
        "what the platform has taken is not taken back"
    );

    // The signature.
    let rest = all(seat, ItemScope::Todo).await;
    let rest: Vec<&ReconcileRow> = rest.iter().filter(|row| row.sort == ItemSort::Difference).collect();
    let done = seat.app.reconcile_accept(items(&rest)).await.unwrap();
    let sign = |digest: &str| ReconcileSignReq {
        period: PERIOD.to_owned(),
        digest: digest.to_owned(),
        note: "差异均已说明".to_owned(),
    };
    assert_eq!(seat.app.reconcile_sign(sign(&start)).await.unwrap_err().code, ErrorCode::DataChanged);
    let running = ReconcileSignReq { period: "2026-11".to_owned(), ..sign("") };
    assert_eq!(seat.app.reconcile_sign(running).await.unwrap_err().code, ErrorCode::WrongState);
    let signed = seat.app.reconcile_sign(sign(&done.summary.digest)).await.unwrap();
    assert_eq!((signed.summary.state, signed.adjustments.len()), (PeriodState::Signed, 0));
    let kept = || seat.app.store().unwrap().read(|conn| statement::get(conn, PERIOD)).unwrap().unwrap();
    let body = kept().body;

    // What it paired is not offered to November.
    let november = ReconcileReq { period: "2026-11".to_owned(), ..request(ItemScope::All) };
    let next = seat.app.reconcile_open(november).await.unwrap();
    assert_eq!((next.summary.settled_elsewhere, next.summary.ledger_lines), (1, 0));

    // Nothing changes it any more.
    assert_eq!(seat.app.reconcile_accept(items(&rest)).await.unwrap_err().code, ErrorCode::PeriodSigned);
    assert_eq!(seat.app.reconcile_undo(month()).await.unwrap_err().code, ErrorCode::PeriodSigned);
    let error = seat.app.ledger_undo(LedgerBatchReq { batch: 1 }).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::PeriodSigned, Some(PERIOD)));
    let late = Row { name: "补记的敷料".to_owned(), lot: "WX2611".to_owned(), ..off_platform() };
    let late_file = write(seat, "补记.csv", &csv(&[late]));
    assert_eq!(import(seat, &late_file).await.added, 1);
    let after = open(seat, ItemScope::All).await;
    assert_eq!((after.summary.state, after.summary.adjustments), (PeriodState::Adjusted, 1));
    let months = seat.app.reconcile_periods(Nothing {}).await.unwrap().periods;
    let listed = months.iter().find(|month| month.period == PERIOD).unwrap();
    assert_eq!((listed.state, listed.ledger_lines), (PeriodState::Adjusted, whole));
    assert_eq!(after.summary.digest, done.summary.digest);
    let info = seat.app.reconcile_statement(month()).await.unwrap();
    assert_eq!(
        (info.digest.as_str(), info.adjustments[0].amount.as_str()),
        (signed.digest.as_str(), "73.00")
    );
    assert_eq!(info.adjustments[0].line.name, "补记的敷料");
    assert_eq!(kept().body, body);
    seat.app
        .store()
        .unwrap()
        .write_local(|tx| Ok(tx.execute("UPDATE statement SET note = ''", [])?))
        .unwrap_err();

    // On paper.
    for (format, magic) in [(StatementFormat::Xlsx, &b"PK"[..]), (StatementFormat::Pdf, b"%PDF")] {
        let path = seat.folder().with_file_name("out").with_extension(if format == StatementFormat::Pdf {
            "pdf"
        } else {
            "xlsx"
        });
        let req =
            StatementSaveReq { period: PERIOD.to_owned(), format, path: Some(path.display().to_string()) };
        seat.app.reconcile_save(req).await.unwrap();
        assert!(std::fs::read(&path).unwrap().starts_with(magic), "{format:?}");
    }
    seat.app.reconcile_show(month()).await.unwrap();
    seat.close().await;
}
