//! 收货: scanned, received without a network, by two seats at once, in parts, confirmed.

use sunbench_app::ApiResult;
use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    DeliveriesReq, DeliveryDetail, DeliveryReq, DeliveryRow, LabelFit, OutboxItem, OutboxKeyReq, OutboxState,
    ReceiptConfirmReq, ReceiptDraftLine, ReceiptDraftReq, ReceiptReq, ScanFound, ScanReq, TaskKind,
};

use crate::world::{Seat, World, until};

impl Seat {
    async fn deliveries(&self, text: &str) -> Vec<DeliveryRow> {
        self.app.deliveries(DeliveriesReq { text: text.to_owned(), campus: None }).await.unwrap().rows
    }

    async fn delivery(&self, id: &str) -> DeliveryDetail {
        self.app.delivery(DeliveryReq { id: id.to_owned() }).await.unwrap()
    }

    async fn scan(&self, code: &str, delivery: Option<&str>) -> ScanFound {
        let req = ScanReq { code: code.to_owned(), delivery: delivery.map(str::to_owned) };
        self.app.delivery_scan(req).await.unwrap()
    }

    async fn receive(&self, delivery: &str, lines: Vec<ReceiptDraftLine>) -> ApiResult<OutboxItem> {
        let req = ReceiptDraftReq { delivery: delivery.to_owned(), lines, attachments: Vec::new() };
        self.app.receipt_draft_save(req).await.unwrap();
        self.app.receipt_submit(ReceiptReq { delivery: delivery.to_owned() }).await
    }
}

fn line(id: &str, received: &str, rejected: &str, reason: &str) -> ReceiptDraftLine {
    ReceiptDraftLine {
        line: id.to_owned(),
        received: received.to_owned(),
        rejected: rejected.to_owned(),
        reject_reason: reason.to_owned(),
        lot: String::new(),
        expires_on: None,
        udi: String::new(),
    }
}

/// A delivery that has come and that nobody has touched, with a line of at least two pieces.
async fn untouched(seat: &Seat) -> DeliveryDetail {
    for row in seat.deliveries("").await {
        let detail = seat.delivery(&row.id).await;
        let whole = detail.lines.iter().all(|line| line.left == line.delivered);
        if row.state == "CONFIRMED" && whole && detail.lines[0].left.parse::<u32>().is_ok_and(|n| n >= 2) {
            return detail;
        }
    }
    panic!("the demo has deliveries at the door");
}

/// Every line as it was delivered.
fn whole(detail: &DeliveryDetail) -> Vec<ReceiptDraftLine> {
    detail.lines.iter().map(|of| line(&of.id, &of.left, "0", "")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_scanned_and_received_without_a_network() {
    let mut world = World::start().await;
    let mut seat = world.seat().await;
    let rows = seat.deliveries("").await;
    let came = rows.iter().take_while(|row| row.receivable).count();
    assert!(came > 0 && rows[came..].iter().all(|row| !row.receivable), "what has come stands first");
    assert!(rows.iter().any(|row| row.clock_hours.is_some_and(|hours| [4, 24, 48].contains(&hours))));
    let detail = untouched(&seat).await;
    let id = detail.row.id.clone();
    assert_eq!(seat.deliveries(&detail.row.code.to_lowercase()).await, std::slice::from_ref(&detail.row));

    // The label leads to its line; a code that is none is said to be none.
    let labelled = rows.iter().filter(|row| row.receivable);
    let mut scanned = false;
    for row in labelled {
        for of in seat.delivery(&row.id).await.lines.iter().filter(|of| !of.udi.is_empty() && of.left != "0")
        {
            let found = seat.scan(&of.udi, Some(&row.id)).await;
            assert!(found.valid && found.lines.iter().any(|hit| hit.line.id == of.id), "{of:?} {found:?}");
            assert_eq!(found.lines[0].fit, LabelFit::Same);
            assert_eq!(found.label.unwrap().lot.as_deref(), Some(of.lot.as_str()));
            scanned = true;
        }
    }
    assert!(scanned, "the demo's goods have labels");
    let odd = seat.scan("条码坏了", None).await;
    assert!(!odd.valid && odd.reason.is_some() && odd.lines.is_empty());

    // The network goes. What is typed is kept, over a restart as well.
    world.go_down().await;
    let mut half = whole(&detail);
    half[0] = line(&detail.lines[0].id, "1", "1", "外包装破损");
    let req = ReceiptDraftReq { delivery: id.clone(), lines: half.clone(), attachments: Vec::new() };
    seat.app.receipt_draft_save(req).await.unwrap();
    seat.close().await;
    seat.start().await;
    let kept = seat.delivery(&id).await;
    assert_eq!(kept.draft.unwrap().lines, half);
    assert!(kept.row.has_draft && !kept.row.receipt_waiting);

    for (lines, code, field) in [
        (vec![line(&detail.lines[0].id, "9999999", "0", "")], ErrorCode::MoreThanLeft, "lines[0].received"),
        (vec![line(&detail.lines[0].id, "-1", "0", "")], ErrorCode::FieldInvalid, "lines[0].received"),
        (vec![line(&detail.lines[0].id, "一", "0", "")], ErrorCode::FieldInvalid, "lines[0].received"),
        (vec![line(&detail.lines[0].id, "0", "1", " ")], ErrorCode::FieldRequired, "lines[0].rejectReason"),
        (vec![line("nowhere", "1", "0", "")], ErrorCode::FieldInvalid, "lines[0].line"),
        (vec![line(&detail.lines[0].id, "", "", "")], ErrorCode::FieldRequired, "lines"),
    ] {
        let error = seat.receive(&id, lines.clone()).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, Some(field)), "{lines:?}");
    }

    let queued = seat.receive(&id, half).await.unwrap();
    assert_eq!((queued.kind.as_str(), queued.state), ("receipt.create", OutboxState::Queued));
    let after = seat.delivery(&id).await;
    assert!(after.row.receipt_waiting && after.draft.is_none());
    assert_eq!(after.lines[0].waiting, "2");
    // Nothing is received twice, not even before the platform knows.
    let error = seat.receive(&id, whole(&detail)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::MoreThanLeft);
    // The rest of the first line goes after it, and neither holds the other up.
    let rest = after.lines[0].left.clone();
    let second = match rest.as_str() {
        "0" => None,
        rest => Some(seat.receive(&id, vec![line(&detail.lines[0].id, rest, "", "")]).await.unwrap()),
    };

    world.come_back().await;
    seat.up_to_date().await;
    seat.settled(&queued.key, OutboxState::Accepted).await;
    if let Some(second) = second {
        seat.settled(&second.key, OutboxState::Accepted).await;
    }
    let done = seat.delivery(&id).await;
    assert_eq!((done.row.state.as_str(), done.row.receivable), ("STORED", false));
    assert_eq!((done.lines[0].rejected.as_str(), done.lines[0].left.as_str()), ("1", "0"));
    assert!(done.lines.iter().all(|of| of.waiting == "0" && of.left == "0"));
    assert!(!seat.deliveries("").await.iter().any(|row| row.id == id));
    let error = seat.receive(&id, whole(&detail)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::WrongState);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_seats_that_receive_one_delivery_end_in_a_decision() {
    let mut world = World::start().await;
    let seats = [world.seat().await, world.seat().await];
    let detail = untouched(&seats[0]).await;
    let id = detail.row.id.clone();
    world.go_down().await;
    let one = line(&detail.lines[0].id, "1", "", "");
    let keys = [
        seats[0].receive(&id, vec![one.clone()]).await.unwrap().key,
        seats[1].receive(&id, vec![one.clone()]).await.unwrap().key,
    ];
    world.come_back().await;
    let mut states = Vec::new();
    for (seat, key) in seats.iter().zip(&keys) {
        seat.up_to_date().await;
        states.push(seat.item(key).await.state);
    }
    // Either may be the faster one.
    let faster = usize::from(states[0] != OutboxState::Accepted);
    assert_eq!((states[faster], states[1 - faster]), (OutboxState::Accepted, OutboxState::NeedsDecision));
    let (second, theirs) = (&seats[1 - faster], &keys[1 - faster]);
    let other = until("the colleague's receipt", || async {
        second.item(theirs).await.other.ok_or("what the colleague received is shown")
    })
    .await;
    assert!(other.text.contains("收 1"), "{other:?}");
    // What was written is still there, and the colleague's receipt beside it.
    let seen = second.delivery(&id).await;
    assert_eq!(seen.draft.unwrap().lines[0].received, "1");
    assert_eq!((seen.receipts.len(), seen.lines[0].received.as_str()), (1, "1"));
    // It was another piece: it is sent again, on what is known now.
    let again = second.app.outbox_resend(OutboxKeyReq { key: theirs.clone() }).await.unwrap();
    second.up_to_date().await;
    second.settled(&again.key, OutboxState::Accepted).await;
    until("both pieces", || async {
        let received = second.delivery(&id).await.lines[0].received.clone();
        if received == "2" { Ok(()) } else { Err(received) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pre_acceptance_is_accepted_or_rejected_once() {
    let world = World::start().await;
    let seat = world.seat().await;
    let groups = seat.today().await.groups;
    let waiting: Vec<String> = groups
        .into_iter()
        .find(|group| group.kind == TaskKind::Receipt)
        .map(|group| group.tasks.into_iter().map(|task| task.id).collect())
        .unwrap();
    assert!(waiting.len() >= 2);
    let confirm = |receipt: &str, accepted: bool, reason: &str| {
        let req = ReceiptConfirmReq { receipt: receipt.to_owned(), accepted, reason: reason.to_owned() };
        seat.app.receipt_confirm(req)
    };
    let accepted = confirm(&waiting[0], true, "").await.unwrap();
    assert_eq!(confirm(&waiting[0], true, "").await.unwrap().key, accepted.key, "twice queues once");
    let error = confirm(&waiting[1], false, " ").await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::FieldRequired, Some("reason")));
    let rejected = confirm(&waiting[1], false, "与订单不符").await.unwrap();
    seat.up_to_date().await;
    seat.settled(&accepted.key, OutboxState::Accepted).await;
    seat.settled(&rejected.key, OutboxState::Accepted).await;
    let left = seat.today().await.groups.into_iter().find(|group| group.kind == TaskKind::Receipt);
    assert!(!left.is_some_and(|group| group.tasks.iter().any(|task| waiting[..2].contains(&task.id))));
    let error = confirm("nowhere", true, "").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_is_refused_leaves_no_draft() {
    let world = World::start().await;
    let seat = world.seat().await;
    let delivery = untouched(&seat).await;
    let id = delivery.row.id.clone();
    for (delivery, lines, code) in [
        ("nowhere", vec![line("1", "1", "0", "")], ErrorCode::NotFound),
        (id.as_str(), vec![line("nowhere", "1", "0", "")], ErrorCode::FieldInvalid),
        (id.as_str(), vec![line(&delivery.lines[0].id, "999999", "0", "")], ErrorCode::MoreThanLeft),
    ] {
        let error = seat.app.receive_with(delivery.to_owned(), Some(lines)).await.unwrap_err();
        assert_eq!(error.code, code, "{error:?}");
        let store = seat.app.store().unwrap();
        let document = format!("delivery:{delivery}");
        let left = store.read(|conn| sunbench_store::local::draft::others(conn, &document, "")).unwrap();
        assert!(left.is_empty(), "{delivery}: {left:?}");
    }
    // What a person is writing stays while a script receives.
    seat.app
        .receipt_draft_save(ReceiptDraftReq {
            delivery: id.clone(),
            lines: whole(&delivery),
            attachments: Vec::new(),
        })
        .await
        .unwrap();
    seat.app.receive_with(id.clone(), None).await.unwrap();
    assert!(seat.delivery(&id).await.draft.is_some());
}
