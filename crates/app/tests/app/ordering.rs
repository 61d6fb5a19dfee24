//! 下单前后: departments' requests gathered, templates, lines refused one by one, sudden needs reported, goods lent between
//! hospitals, photos of goods, caps and assembled systems, the certificate's end.

use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    DeliveriesReq, DeliveryReq, DepartmentRequestsReq, Nothing, OrderDraft, OrderDraftLine, OrderDraftReq,
    OrderLineReq, OrderTemplateReq, OrderTemplateSaveReq, OutboxKeyReq, OutboxState, PaperKind, PrintKind,
    PrintReq, ProductDetail, ProductReq, ReceiptDraftLine, ReceiptDraftReq, ReceiptReq, RequestEntry,
    RequestRemoveReq, RequestState, RequestsGatherReq, RequestsSaveReq, SurgeReq, SyncPhase, TaskKind,
    TransferReq, TransferSaveReq, TransfersReq, Urgency,
};
use sunbench_contract::codes;
use sunbench_contract::time::Instant;
use sunbench_domain::Price;
use sunbench_store::mirror::{catalogue as mirror, purchase};

use crate::cycle::catalogue_of;
use crate::world::{Seat, World};

const EARLIER: &str = "0190f0b0-0000-7000-8000-0000000000c0";
const DRAFT: &str = "0190f0b0-0000-7000-8000-0000000000c1";

fn asked(dept: &str, product: &ProductDetail, quantity: &str) -> RequestEntry {
    RequestEntry {
        id: None,
        dept: dept.to_owned(),
        item: product.row.name.clone(),
        product: Some(product.row.id.clone()),
        quantity: quantity.to_owned(),
        unit: product.row.unit.clone(),
        needed_by: Some("2026-11-27".to_owned()),
        note: String::new(),
    }
}

fn print(kind: PrintKind, id: &str, addressee: &str, text: &str) -> PrintReq {
    PrintReq {
        kind,
        id: id.to_owned(),
        number: String::new(),
        addressee: addressee.to_owned(),
        text: text.to_owned(),
        path: None,
    }
}

impl Seat {
    /// Products that one distributor may deliver, and that it delivered last.
    async fn of_one_distributor(&self, wanted: usize) -> (Vec<ProductDetail>, String) {
        let mut found: Vec<(String, ProductDetail)> = Vec::new();
        for row in self.app.catalogue(catalogue_of("导管")).await.unwrap().rows {
            if !row.listed {
                continue;
            }
            let product = self.app.product(ProductReq { product: row.id }).await.unwrap();
            let last = product.orders.first().map(|order| order.supplier.clone());
            let Some(supplier) = product.suppliers.iter().find(|one| Some(&one.name) == last.as_ref()) else {
                continue;
            };
            found.push((supplier.id.clone(), product));
            for (supplier, _) in &found {
                let same: Vec<&ProductDetail> =
                    found.iter().filter(|(other, _)| other == supplier).map(|(_, product)| product).collect();
                if same.len() == wanted {
                    return (same.into_iter().cloned().collect(), supplier.clone());
                }
            }
        }
        panic!("the demo's distributors deliver several catheters each");
    }

    async fn requests(&self) -> Vec<sunbench_app::wire::DepartmentRequest> {
        let all = DepartmentRequestsReq { text: String::new(), open: false };
        self.app.department_requests(all).await.unwrap().rows
    }

    async fn gather(&self) -> sunbench_app::wire::RequestsGathered {
        self.app.requests_gather(RequestsGatherReq { ids: Vec::new() }).await.unwrap()
    }

    async fn enter(&self, rows: Vec<RequestEntry>) -> Vec<sunbench_app::wire::DepartmentRequest> {
        self.app.requests_save(RequestsSaveReq { rows }).await.unwrap().rows
    }
}

fn line(product: &str, supplier: &str, quantity: &str) -> OrderDraftLine {
    OrderDraftLine {
        product: product.to_owned(),
        supplier: supplier.to_owned(),
        quantity: quantity.to_owned(),
        price: "0.01".to_owned(),
        agreement: None,
        filing: None,
        own_key: None,
        requests: Vec::new(),
    }
}

fn draft(lines: Vec<OrderDraftLine>) -> OrderDraft {
    OrderDraft {
        id: DRAFT.to_owned(),
        kind: "普通".to_owned(),
        dept: String::new(),
        remarks: String::new(),
        lines,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_departments_ask_for_becomes_one_order_a_distributor() {
    let world = World::start().await;
    let seat = world.seat().await;
    let (products, supplier) = seat.of_one_distributor(2).await;

    // All of a paste is saved, or nothing.
    for (change, field) in [
        ((|row: &mut RequestEntry| row.dept.clear()) as fn(&mut RequestEntry), "rows[1].dept"),
        (|row| row.item.clear(), "rows[1].item"),
        (|row| row.quantity = "0".to_owned(), "rows[1].quantity"),
        (|row| row.quantity = "三".to_owned(), "rows[1].quantity"),
        (|row| row.needed_by = Some("明天".to_owned()), "rows[1].neededBy"),
        (|row| row.product = Some("nowhere".to_owned()), "rows[1].product"),
    ] {
        let mut rows = vec![asked("骨科", &products[0], "3"), asked("ICU", &products[0], "2")];
        change(&mut rows[1]);
        let error = seat.app.requests_save(RequestsSaveReq { rows }).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
        assert!(seat.requests().await.is_empty(), "{field}");
    }

    let mut unknown = asked("手术室", &products[0], "1");
    unknown.product = None;
    unknown.needed_by = None;
    let mut boxes = asked("手术室", &products[1], "1");
    boxes.unit = "箱".to_owned();
    let rows = vec![
        asked("骨科", &products[0], "３"),
        asked("ICU", &products[0], "2"),
        asked("ICU", &products[1], "4"),
        unknown,
        boxes,
    ];
    let saved = seat.enter(rows).await;
    assert_eq!(saved.len(), 5);
    assert!(saved.iter().all(|row| row.state == RequestState::Open));
    assert!(saved[4].needed_by.is_none(), "what is needed by no day comes last");

    let gathered = seat.gather().await;
    let [order] = gathered.drafts.as_slice() else { panic!("one distributor, one draft: {gathered:?}") };
    assert!(order.lines.iter().all(|line| line.supplier == supplier));
    let of =
        |product: &ProductDetail| order.lines.iter().find(|line| line.product == product.row.id).unwrap();
    assert_eq!((of(&products[0]).quantity.as_str(), of(&products[0]).requests.len()), ("5", 2));
    assert_eq!(of(&products[1]).quantity, "4");
    assert_eq!(order.remarks, "科室申请汇总：ICU、骨科");
    let reasons: Vec<&str> = gathered.left.iter().map(|left| left.reason.as_str()).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("未对应")), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("箱")), "{reasons:?}");
    // Nothing is gathered twice, and what is in a draft stays as it is.
    assert!(seat.gather().await.drafts.is_empty());
    let drafted = seat.requests().await.into_iter().find(|row| row.state == RequestState::Drafted).unwrap();
    assert_eq!(drafted.order.as_ref(), Some(&order.id));
    let error = seat.app.request_remove(RequestRemoveReq { id: drafted.id }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);

    // A draft that is thrown away frees its requests.
    seat.app.order_draft_remove(OrderDraftReq { id: order.id.clone() }).await.unwrap();
    assert!(seat.requests().await.iter().all(|row| row.state == RequestState::Open));
    let mut order = seat.gather().await.drafts.remove(0);
    // The platform takes any price up to the listed one; so the line is found again.
    for line in &mut order.lines {
        line.price = "0.01".to_owned();
        line.agreement = None;
    }
    order.kind = "普通".to_owned();
    seat.app.order_draft_save(order.clone()).await.unwrap();
    let queued = seat.app.order_submit(OrderDraftReq { id: order.id.clone() }).await.unwrap();
    let ordered = seat.requests().await.into_iter().filter(|row| row.state == RequestState::Ordered).count();
    assert_eq!(ordered, 3);
    seat.accepted(&queued).await;
    world.caught_up(&seat).await;
    let lines = seat.lines("", "SUBMITTED").await;
    let sent = lines.iter().find(|row| row.price == "0.01" && row.quantity == "5").unwrap();
    let detail = seat.app.order_line(OrderLineReq { id: sent.id.clone() }).await.unwrap();
    assert_eq!(detail.requested_by, "ICU 2、骨科 3", "the order's line says for whom it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_order_leaves_its_requests_open() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let (products, _) = seat.of_one_distributor(1).await;
    seat.enter(vec![asked("骨科", &products[0], "3")]).await;
    let order = seat.gather().await.drafts.remove(0);
    world.go_down().await;
    let queued = seat.app.order_submit(OrderDraftReq { id: order.id }).await.unwrap();
    assert_eq!(seat.requests().await[0].state, RequestState::Ordered);
    seat.withdraw(&queued.key).await.unwrap();
    assert_eq!(seat.requests().await[0].state, RequestState::Open);
    assert_eq!(seat.gather().await.drafts.len(), 1, "it is gathered again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_kept_as_a_template() {
    let world = World::start().await;
    let seat = world.seat().await;
    let (products, supplier) = seat.of_one_distributor(2).await;
    let mut order = draft(products.iter().map(|product| line(&product.row.id, &supplier, "2")).collect());
    order.lines[0].own_key = Some("once".to_owned());
    order.lines[0].requests = vec!["r".to_owned()];
    let save = |id: Option<&str>, name: &str, order: Option<&OrderDraft>| OrderTemplateSaveReq {
        id: id.map(str::to_owned),
        name: name.to_owned(),
        order: order.cloned(),
    };
    for (req, code, field) in [
        (save(None, " ", Some(&order)), ErrorCode::FieldRequired, "name"),
        (save(None, "每周导管", None), ErrorCode::FieldRequired, "lines"),
        (save(None, "每周导管", Some(&draft(Vec::new()))), ErrorCode::FieldRequired, "lines"),
    ] {
        let error = seat.app.order_template_save(req).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, Some(field)));
    }
    seat.app.order_template_save(save(None, "每周导管", Some(&order))).await.unwrap();
    let error = seat.app.order_template_save(save(None, "每周导管", Some(&order))).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("name"), "a name is one template's");
    let rows = seat.app.order_template_save(save(None, "介入常用", Some(&order))).await.unwrap().rows;
    assert_eq!(rows.len(), 2);
    let kept = rows.iter().find(|row| row.name == "每周导管").unwrap();
    assert!(
        kept.order.id.is_empty() && kept.order.lines[0].own_key.is_none(),
        "what is one order's is left out"
    );
    assert!(kept.order.lines[0].requests.is_empty() && kept.goods.contains(&products[0].row.name));
    let rows = seat.app.order_template_save(save(Some(&kept.id), "每月导管", None)).await.unwrap().rows;
    let renamed = rows.iter().find(|row| row.id == kept.id).unwrap();
    assert_eq!((renamed.name.as_str(), renamed.order.lines.len()), ("每月导管", 2));
    let remove = OrderTemplateReq { id: kept.id.clone() };
    assert_eq!(seat.app.order_template_remove(remove.clone()).await.unwrap().rows.len(), 1);
    assert_eq!(seat.app.order_template_remove(remove).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_the_platform_refused_go_into_a_new_draft() {
    let world = World::start().await;
    let seat = world.seat().await;
    let (products, supplier) = seat.of_one_distributor(2).await;
    // The platform takes each of the hospital's own keys once.
    let mut known = line(&products[1].row.id, &supplier, "2");
    known.own_key = Some("HIS-20261120-7".to_owned());
    let earlier = OrderDraft { id: EARLIER.to_owned(), ..draft(vec![known.clone()]) };
    seat.app.order_draft_save(earlier).await.unwrap();
    let sent = seat.app.order_submit(OrderDraftReq { id: EARLIER.to_owned() }).await.unwrap();
    seat.accepted(&sent).await;
    let order = draft(vec![line(&products[0].row.id, &supplier, "2"), known]);
    seat.app.order_draft_save(order).await.unwrap();
    let queued = seat.app.order_submit(OrderDraftReq { id: DRAFT.to_owned() }).await.unwrap();
    let item = seat.settled(&queued.key, OutboxState::NeedsDecision).await;
    assert!(item.is_partial && item.other.is_none());
    let [refused] = item.refused.as_slice() else { panic!("one line is refused: {item:?}") };
    assert_eq!((refused.line, refused.code.as_str()), (2, codes::DUPLICATE));
    assert!(refused.what.contains(&products[1].row.name) && !refused.reason.is_empty());
    assert_eq!(refused.quantity, "2");

    let key = OutboxKeyReq { key: queued.key.clone() };
    let taken = seat.app.order_refused_take(key.clone()).await.unwrap();
    assert_ne!(taken.id, DRAFT);
    assert_eq!(taken.lines.len(), 1);
    assert_eq!(taken.lines[0].product, products[1].row.id);
    assert_eq!(
        seat.app.order_drafts(Nothing {}).await.unwrap().drafts,
        [taken],
        "it is a draft like any other"
    );
    let settled = seat.item(&queued.key).await;
    assert_eq!(settled.state, OutboxState::Accepted, "what was taken stands");
    assert!(!settled.is_partial && settled.accepted_at.is_some() && settled.refused.len() == 1);
    let error = seat.app.order_refused_take(key.clone()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState, "once");
    assert_eq!(seat.app.outbox_acknowledge(key).await.unwrap_err().code, ErrorCode::WrongState);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sudden_need_is_reported_with_its_figures() {
    let world = World::start().await;
    let seat = world.seat().await;
    let mut often = None;
    for row in seat.app.catalogue(catalogue_of("")).await.unwrap().rows {
        let product = seat.app.product(ProductReq { product: row.id }).await.unwrap();
        let lately = product.orders.iter().filter(|order| order.submitted_at.as_str() > "2026").count();
        if lately >= 3 && product.suppliers.len() > 1 {
            often = Some(product);
            break;
        }
    }
    let product = often.expect("the demo orders some goods again and again");
    let supplier = product.suppliers[0].id.clone();
    let product = product.row.id;
    seat.app.order_draft_save(draft(vec![line(&product, &supplier, "90000")])).await.unwrap();
    let check = seat.app.order_check(draft(vec![line(&product, &supplier, "90000")])).await.unwrap();
    assert!(check.lines[0].obstacles.iter().any(|obstacle| obstacle.code == "surge"), "{check:?}");
    let req = SurgeReq { order: DRAFT.to_owned() };
    let report = seat.app.surge_report(req.clone()).await.unwrap();
    let [row] = report.rows.as_slice() else { panic!("one product is wanted suddenly: {report:?}") };
    assert_eq!((row.product.as_str(), row.quantity.as_str()), (product.as_str(), "90000"));
    assert!(row.percent > 300 && row.lines >= 3, "{row:?}");
    assert!(!report.offices.is_empty());
    for (addressee, text, field) in [("", "甲流高发", "addressee"), ("市局药械科", " ", "text")] {
        let error =
            seat.app.print_save(print(PrintKind::SurgeReport, DRAFT, addressee, text)).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
    }
    let letter = print(PrintKind::SurgeReport, DRAFT, "市局药械科", "甲型流感高发，ICU 收治人数骤增");
    let written = seat.app.print_save(letter).await.unwrap();
    assert!(std::fs::read(written.path).unwrap().starts_with(b"%PDF"));

    // An order as usual has nothing to report.
    seat.app.order_draft_save(draft(vec![line(&product, &supplier, "0.0001")])).await.unwrap();
    assert!(seat.app.surge_report(req).await.unwrap().rows.is_empty());
    let error = seat.app.print_save(print(PrintKind::SurgeReport, DRAFT, "局", "无")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_lent_between_hospitals_are_recorded_and_count_as_no_purchase() {
    let world = World::start().await;
    let seat = world.seat().await;
    let paper = seat.attach("调剂协议.pdf", b"%PDF-1.4 loan").await.unwrap();
    let good = TransferSaveReq {
        id: None,
        incoming: true,
        other: "望溪区人民医院".to_owned(),
        product: None,
        name: "一次性使用输液器".to_owned(),
        spec: "0.7×25".to_owned(),
        unit: "套".to_owned(),
        quantity: "２００".to_owned(),
        lot: "20260801".to_owned(),
        expires_on: Some("2028-07-31".to_owned()),
        reason: "配送延误，急诊存量不足一日".to_owned(),
        moved_on: "2026-11-20".to_owned(),
        handled_by: "周敏".to_owned(),
        attachments: vec![paper],
    };
    for (change, field) in [
        ((|req: &mut TransferSaveReq| req.other.clear()) as fn(&mut TransferSaveReq), "other"),
        (|req| req.name.clear(), "name"),
        (|req| req.quantity = "-1".to_owned(), "quantity"),
        (|req| req.lot.clear(), "lot"),
        (|req| req.expires_on = Some("2028".to_owned()), "expiresOn"),
        (|req| req.reason.clear(), "reason"),
        (|req| req.moved_on = "2027-01-01".to_owned(), "movedOn"),
        (|req| req.handled_by.clear(), "handledBy"),
        (|req| req.product = Some("nowhere".to_owned()), "product"),
        (|req| req.attachments[0].sha256 = "0".repeat(64), "调剂协议.pdf"),
    ] {
        let mut req = good.clone();
        change(&mut req);
        let error = seat.app.transfer_save(req).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
    }
    let before =
        seat.app.indicators(sunbench_app::wire::IndicatorsReq { as_of: None, pack: None }).await.unwrap();
    let kept = seat.app.transfer_save(good.clone()).await.unwrap();
    assert_eq!((kept.quantity.as_str(), kept.attachments.len()), ("200", 1));
    let corrected = TransferSaveReq { id: Some(kept.id.clone()), quantity: "150".to_owned(), ..good };
    seat.app.transfer_save(corrected).await.unwrap();
    let list = |text: &str| TransfersReq { text: text.to_owned() };
    let all = seat.app.transfers(list("")).await.unwrap();
    assert_eq!((all.rows.len(), all.rows[0].quantity.as_str()), (1, "150"));
    assert_eq!(all.hospitals, ["望溪区人民医院"]);
    assert!(seat.app.transfers(list("20260801")).await.unwrap().rows.len() == 1);
    assert!(seat.app.transfers(list("骨科")).await.unwrap().rows.is_empty());
    let after =
        seat.app.indicators(sunbench_app::wire::IndicatorsReq { as_of: None, pack: None }).await.unwrap();
    assert_eq!(after.rows, before.rows, "no indicator counts it");
    let slip = seat.app.print_save(print(PrintKind::TransferSlip, &kept.id, "", "")).await.unwrap();
    assert!(std::fs::read(slip.path).unwrap().starts_with(b"%PDF"));
    let remove = TransferReq { id: kept.id };
    assert!(seat.app.transfer_remove(remove.clone()).await.unwrap().rows.is_empty());
    assert_eq!(seat.app.transfer_remove(remove).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_of_goods_go_with_the_receipt() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let open = seat.app.deliveries(DeliveriesReq { text: String::new(), campus: None }).await.unwrap().rows;
    let id = open.into_iter().find(|row| row.receivable).unwrap().id;
    let detail = seat.app.delivery(DeliveryReq { id: id.clone() }).await.unwrap();
    let lines: Vec<ReceiptDraftLine> = detail
        .lines
        .iter()
        .filter(|line| line.left != "0")
        .map(|line| ReceiptDraftLine {
            line: line.id.clone(),
            received: line.left.clone(),
            rejected: "0".to_owned(),
            reject_reason: String::new(),
            lot: String::new(),
            expires_on: None,
            udi: String::new(),
        })
        .collect();
    let photo = seat.attach("外箱.jpg", b"\xff\xd8\xff\xe0 box").await.unwrap();
    world.go_down().await;
    let draft = ReceiptDraftReq { delivery: id.clone(), lines, attachments: vec![photo.clone()] };
    seat.app.receipt_draft_save(draft).await.unwrap();
    let kept = seat.app.delivery(DeliveryReq { id: id.clone() }).await.unwrap().draft.unwrap();
    assert_eq!(kept.attachments, std::slice::from_ref(&photo));
    let queued = seat.app.receipt_submit(ReceiptReq { delivery: id.clone() }).await.unwrap();
    assert_eq!(queued.files, std::slice::from_ref(&photo), "the proof names them");
    world.come_back().await;
    seat.accepted(&queued).await;
    world.caught_up(&seat).await;
    let receipts = seat.app.delivery(DeliveryReq { id }).await.unwrap().receipts;
    let receipt =
        receipts.iter().find(|receipt| !receipt.attachments.is_empty()).expect("the platform has them");
    assert_eq!(receipt.attachments, [photo]);
    let slip = seat.app.print_save(print(PrintKind::AcceptanceSlip, &receipt.id, "", "")).await.unwrap();
    assert!(std::fs::read(slip.path).unwrap().starts_with(b"%PDF"));
}

#[tokio::test(flavor = "multi_thread")]
async fn caps_and_assembled_systems_are_told_before_ordering() {
    let world = World::start().await;
    let seat = world.seat().await;
    let found: Vec<purchase::Product> = {
        let store = seat.app.store().unwrap();
        let all = store.read(mirror::all).unwrap();
        let known = |id: &str| store.read(|conn| purchase::product(conn, id)).unwrap().unwrap();
        let known = all.iter().map(|product| known(&product.id));
        known.filter(|known| known.price_cap.is_some() || !known.assembled_from.is_empty()).collect()
    };
    for known in &found {
        let mut one = line(&known.id, "nowhere", "1");
        let cap = known.price_cap.unwrap_or_default();
        one.price = Price::from_units(cap.units() + 1).to_string();
        let check = seat.app.order_check(draft(vec![one])).await.unwrap();
        let warns = |code: &str| {
            let found = check.lines[0].obstacles.iter().find(|obstacle| obstacle.code == code);
            found.is_some_and(|found| !found.refusal && found.clause.contains("豫医保办〔2025〕42号"))
        };
        assert_eq!(warns("aboveCap"), known.price_cap.is_some(), "{known:?}");
        assert_eq!(warns("assembled"), !known.assembled_from.is_empty(), "{known:?}");
    }
    assert!(found.iter().any(|known| known.price_cap.is_some()), "the demo caps prices");
    let set = found.iter().find(|known| !known.assembled_from.is_empty()).expect("and lists sets");
    let detail = seat.app.product(ProductReq { product: set.id.clone() }).await.unwrap();
    assert_eq!(detail.parts.len(), set.assembled_from.len());
    assert!(detail.parts.iter().all(|part| !part.name.is_empty() && !part.price.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_certificate_is_told() {
    let mut world = World::start().await;
    let seat = world.seat().await;
    let ends = {
        let store = seat.app.store().unwrap();
        let known = store.read(|conn| sunbench_sync::state::certificate(conn, &world.access.user)).unwrap();
        known.expect("the platform told it at the sign-in").not_after
    };
    world.go_down().await;
    // An answer that was on its way tells the time of before.
    _ = seat.app.sync_now(Nothing {}).await;
    seat.phase(SyncPhase::Offline).await;
    for (days_before, stage, urgency) in [
        (31, None, Urgency::Later),
        (30, Some(30), Urgency::Later),
        (15, Some(15), Urgency::Soon),
        (7, Some(7), Urgency::Today),
        (-1, Some(0), Urgency::Overdue),
    ] {
        let at = Instant::from_unix(ends.unix() - days_before * 86_400 - 8 * 3_600).unwrap();
        world.clock.set(at);
        let papers = seat.app.papers(Nothing {}).await.unwrap().rows;
        let paper = papers.iter().find(|paper| paper.kind == PaperKind::Certificate);
        assert_eq!(paper.map(|paper| paper.stage), stage, "{days_before}");
        let Some(paper) = paper else { continue };
        let groups = seat.today().await.groups;
        let group = groups.iter().find(|group| group.kind == TaskKind::Paper).unwrap();
        let task = group.tasks.iter().find(|task| task.id == paper.id);
        assert!(task.is_none_or(|task| task.urgency == urgency), "{days_before} {task:?}");
    }
}
