//! The office as several people: a second person reviews, a deputy covers, departments belong to campuses.

use sunbench_app::ApiResult;
use sunbench_app::ErrorCode;
use sunbench_app::wire::{
    AbsenceRemoveReq, AbsenceReq, AnalysisReq, AuditExplainReq, BundleReq, Campus, CampusesReq, ConnectReq,
    DeliveriesReq, DutyArea, DutySetReq, Nothing, OrderDraftReq, OrdersReq, OutboxItem, OutboxKeyReq,
    OutboxState, ReviewBar, ReviewCounts, ReviewReturnReq, ReviewRuleReq, ReviewSubject, SyncPhase,
};

use crate::world::{Seat, World, until};

const PASSWORD: &str = "liu-at-the-platform";

/// Liu, a colleague on the same computer.
fn liu(world: &World, roles: &[&str]) -> ConnectReq {
    world.platform.add_operator(&world.access.institution, "liuyang", "刘洋", PASSWORD, roles).unwrap();
    ConnectReq { user: "liuyang".into(), password: PASSWORD.into(), ..world.connect_req() }
}

impl Seat {
    async fn require(&self, kind: &str, required: bool) -> ApiResult<()> {
        self.app.review_rule_set(ReviewRuleReq { kind: kind.to_owned(), required }).await.map(drop)
    }

    async fn approve(&self, key: &str) -> ApiResult<OutboxItem> {
        self.app.review_approve(OutboxKeyReq { key: key.to_owned() }).await
    }

    async fn return_to_maker(&self, key: &str, reason: &str) -> ApiResult<OutboxItem> {
        let request = ReviewReturnReq { key: key.to_owned(), reason: reason.to_owned() };
        self.app.review_return(request).await
    }

    async fn subject(&self, key: &str) -> ReviewSubject {
        self.app.review_subject(OutboxKeyReq { key: key.to_owned() }).await.unwrap()
    }

    /// To review, awaiting, returned: of the person at work.
    async fn in_review(&self) -> (u32, u32, u32) {
        let ReviewCounts { to_review, awaiting, returned } = self.today().await.review;
        (to_review, awaiting, returned)
    }

    async fn account_of(&self, key: &str) -> String {
        let request = AuditExplainReq { from: None, to: None, about: Some(key.to_owned()) };
        let account = self.app.audit_explain(request).await.unwrap();
        let entry = account.entries.into_iter().find(|entry| entry.key.as_deref() == Some(key)).unwrap();
        entry.text
    }

    /// Everything is fetched; what awaits review stays here.
    async fn synced(&self) {
        self.app.sync_now(Nothing {}).await.unwrap();
        self.phase(SyncPhase::UpToDate).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_out_when_a_second_person_has_approved_it() {
    let world = World::start().await;
    let (notice, other) = (world.issue_notice("两人复核", "请反馈"), world.issue_notice("在途", "请反馈"));
    let seat = world.seat().await;

    // One person alone would lock the office out.
    let alone = seat.require("notice.reply", true).await.unwrap_err();
    assert_eq!((alone.code, alone.field.as_deref()), (ErrorCode::NeedsTwoPeople, Some("notice.reply")));
    for kind in ["checkIn", "notice.sign", "no.such"] {
        assert_eq!(seat.require(kind, true).await.unwrap_err().code, ErrorCode::FieldInvalid, "{kind}");
    }
    let second = liu(&world, &["buyer", "reviewer"]);
    seat.app.connect(second.clone()).await.unwrap();
    seat.up_to_date().await;
    seat.app.connect(world.connect_req()).await.unwrap();
    seat.require("notice.reply", true).await.unwrap();

    // The maker's answer is on disk and goes nowhere: not to the platform, not into a bundle; its own signature does.
    let item = seat.answer(&notice, 1, "库存盘点滞后").await;
    assert_eq!(item.state, OutboxState::AwaitingReview);
    until("the signature", || async {
        let detail = seat.notice(&notice).await;
        (detail.row.state == "SIGNED").then_some(()).ok_or(detail.row.state)
    })
    .await;
    seat.synced().await;
    assert_eq!(seat.item(&item.key).await.state, OutboxState::AwaitingReview);
    let row = seat.notice(&notice).await;
    assert!(row.replies.is_empty() && row.row.reply_waiting && row.row.reply_in_review);
    let folder = tempfile::tempdir().unwrap();
    let file = Some(folder.path().join("out.sbb").display().to_string());
    let carried = seat.app.bundle_export(BundleReq { path: file }).await.unwrap();
    assert_eq!(carried.submissions, 0, "what awaits review stays here");
    let again = seat.reply(&notice, 1).await.unwrap();
    assert_eq!(again.key, item.key, "asked for twice, queued once");
    assert_eq!(seat.in_review().await, (0, 1, 0));
    assert_eq!(seat.subject(&item.key).await.bar, Some(ReviewBar::OwnWork));
    assert_eq!(seat.approve(&item.key).await.unwrap_err().code, ErrorCode::OwnWork);

    // The second person sees all of it, and returns it with a reason.
    seat.app.connect(second.clone()).await.unwrap();
    assert_eq!(seat.in_review().await, (1, 0, 0));
    let subject = seat.subject(&item.key).await;
    assert_eq!((subject.bar, subject.item.subject_title.as_str()), (None, "两人复核"));
    let says = |field: &str| {
        let fields = &subject.parts[0].fields;
        fields.iter().find(|one| one.field == field).map(|one| (one.value.clone(), one.meaning.clone()))
    };
    assert_eq!(says("cause"), Some(("库存盘点滞后".to_owned(), None)));
    assert_eq!(says("noticeId"), Some((notice.clone(), Some("两人复核".to_owned()))));
    assert!(subject.body.contains("库存盘点滞后"));
    let silent = seat.return_to_maker(&item.key, " ").await.unwrap_err();
    assert_eq!((silent.code, silent.field.as_deref()), (ErrorCode::FieldRequired, Some("reason")));
    seat.return_to_maker(&item.key, "请补充整改时间").await.unwrap();
    assert_eq!(seat.approve(&item.key).await.unwrap_err().code, ErrorCode::WrongState, "it awaits nobody");

    // Its maker has the text and the reason, corrects it and submits anew: the old one is withdrawn.
    seat.app.connect(world.connect_req()).await.unwrap();
    assert_eq!(seat.in_review().await, (0, 0, 1));
    let returned = seat.item(&item.key).await;
    assert_eq!(returned.state, OutboxState::Returned);
    assert_eq!(returned.review_reason.as_deref(), Some("请补充整改时间"));
    assert_eq!(returned.reviewer.as_deref(), Some("刘洋"));
    assert_eq!(seat.notice(&notice).await.draft.unwrap().cause, "库存盘点滞后");
    let better = seat.answer(&notice, 1, "库存盘点滞后，12月10日前完成").await;
    assert_eq!(better.state, OutboxState::AwaitingReview);
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Withdrawn);

    // A change of the rule does not touch what waits; what is written after it goes out at once.
    seat.require("notice.reply", false).await.unwrap();
    let at_once = seat.answer(&other, 1, "不再复核").await;
    seat.settled(&at_once.key, OutboxState::Accepted).await;
    assert_eq!(seat.item(&better.key).await.state, OutboxState::AwaitingReview);

    // Approved, the same bytes go out; the second person is at work and may answer notices, so by his sign-in.
    seat.app.connect(second).await.unwrap();
    let approved = seat.approve(&better.key).await.unwrap();
    assert_eq!(approved.digest, better.digest);
    let accepted = seat.settled(&better.key, OutboxState::Accepted).await;
    assert_eq!((accepted.actor_name.as_str(), accepted.reviewer.as_deref()), ("周敏", Some("刘洋")));
    let replies = until("the reply in the feed", || async {
        let replies = seat.notice(&notice).await.replies;
        (!replies.is_empty()).then_some(replies).ok_or("not yet")
    })
    .await;
    assert_eq!((replies.len(), replies[0].client_key.as_str()), (1, better.key.as_str()));
    let account = seat.account_of(&better.key).await;
    assert!(
        account.contains("周敏") && account.contains("刘洋复核通过") && account.contains("已受理"),
        "{account}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_order_is_its_makers_draft_again_and_what_waits_survives_a_restart() {
    let world = World::start().await;
    let second = liu(&world, &["buyer"]);
    let mut seat = world.seat().await;
    seat.app.connect(second.clone()).await.unwrap();
    // A buyer leads nobody.
    assert_eq!(seat.require("order.submit", true).await.unwrap_err().code, ErrorCode::NotPermitted);
    seat.app.connect(world.connect_req()).await.unwrap();
    seat.require("order.submit", true).await.unwrap();
    let id = "0190f0b0-0000-7000-8000-0000000000b1";
    let draft = seat.order(id).await;
    seat.app.order_draft_save(draft.clone()).await.unwrap();
    let order = || OrderDraftReq { id: id.to_owned() };
    let item = seat.app.order_submit(order()).await.unwrap();
    assert_eq!(item.state, OutboxState::AwaitingReview);
    assert!(seat.app.order_drafts(Nothing {}).await.unwrap().drafts.is_empty());

    seat.close().await;
    seat.start().await;
    seat.synced().await;
    assert_eq!(seat.item(&item.key).await.state, OutboxState::AwaitingReview);

    seat.app.connect(second.clone()).await.unwrap();
    let subject = seat.subject(&item.key).await;
    let line = subject.parts.iter().find(|part| part.list == "lines" && part.row == 1).unwrap();
    let product = line.fields.iter().find(|field| field.field == "procurecatalogId").unwrap();
    assert!(product.meaning.as_ref().is_some_and(|name| name.contains("导管")), "{product:?}");
    seat.return_to_maker(&item.key, "数量偏多").await.unwrap();
    assert!(seat.app.order_drafts(Nothing {}).await.unwrap().drafts.is_empty(), "it is its maker's");

    seat.app.connect(world.connect_req()).await.unwrap();
    let drafts = seat.app.order_drafts(Nothing {}).await.unwrap().drafts;
    assert_eq!((drafts.len(), drafts[0].lines[0].quantity.as_str()), (1, "2"));
    let mut fewer = drafts[0].clone();
    fewer.lines[0].quantity = "1".to_owned();
    seat.app.order_draft_save(fewer).await.unwrap();
    let again = seat.app.order_submit(order()).await.unwrap();
    assert_eq!(seat.item(&item.key).await.state, OutboxState::Withdrawn);
    // The maker takes it back by himself.
    assert_eq!(seat.withdraw(&again.key).await.unwrap().state, OutboxState::Withdrawn);
    assert_eq!(seat.in_review().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_covers_while_the_first_is_away_and_the_proof_says_for_whom() {
    let world = World::start().await;
    let notice = world.issue_notice("代办", "请反馈");
    let second = liu(&world, &["buyer"]);
    let seat = world.seat().await;
    let app = &seat.app;
    let first = world.access.user.clone();
    app.connect(second.clone()).await.unwrap();
    let set = |a: &str, b: &str| DutySetReq {
        area: DutyArea::Notices,
        a: Some(a.to_owned()),
        b: Some(b.to_owned()),
    };
    let away = |user: &str| AbsenceReq {
        user: user.to_owned(),
        from: "2026-11-20".to_owned(),
        through: "2026-11-24".to_owned(),
        note: "培训".to_owned(),
    };
    // A buyer says nothing of others; the own absence is his to tell.
    assert_eq!(app.duty_set(set(&first, "liuyang")).await.unwrap_err().code, ErrorCode::NotPermitted);
    assert_eq!(app.absence_add(away(&first)).await.unwrap_err().code, ErrorCode::NotPermitted);
    let own = app.absence_add(away("liuyang")).await.unwrap().absences;
    assert_eq!((own[0].name.as_str(), own[0].now, own[0].may_remove), ("刘洋", true, true));
    assert!(app.absence_remove(AbsenceRemoveReq { id: own[0].id }).await.unwrap().absences.is_empty());

    app.connect(world.connect_req()).await.unwrap();
    assert_eq!(app.duty_set(set(&first, "nobody")).await.unwrap_err().field.as_deref(), Some("b"));
    assert_eq!(app.duty_set(set(&first, &first)).await.unwrap_err().field.as_deref(), Some("b"));
    app.duty_set(set(&first, "liuyang")).await.unwrap();
    let notices = || async {
        let duties = seat.today().await.duties;
        let one = duties.into_iter().find(|duty| duty.area == DutyArea::Notices).unwrap();
        (one.mine, one.responsible, one.covers)
    };
    assert_eq!(notices().await, (true, Some("周敏".to_owned()), None));
    let backwards = AbsenceReq { through: "2026-11-19".to_owned(), ..away(&first) };
    assert_eq!(app.absence_add(backwards).await.unwrap_err().field.as_deref(), Some("through"));
    app.absence_add(away(&first)).await.unwrap();
    assert_eq!(notices().await, (false, Some("刘洋".to_owned()), None));

    // Nobody is hindered: the first may act all the same. The deputy's act says for whom.
    app.connect(second).await.unwrap();
    assert_eq!(notices().await, (true, Some("刘洋".to_owned()), Some("周敏".to_owned())));
    let item = seat.answer(&notice, 1, "已代为核对").await;
    assert_eq!(item.on_behalf_of.as_deref(), Some("周敏"));
    seat.settled(&item.key, OutboxState::Accepted).await;
    let account = seat.account_of(&item.key).await;
    assert!(account.contains("刘洋（liuyang）（代周敏）"), "{account}");

    // He is back on the day after his last one away.
    world.clock.advance_s(5 * 86_400);
    assert_eq!(notices().await, (false, Some("周敏".to_owned()), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn departments_belong_to_campuses_and_lists_are_narrowed_by_them() {
    let world = World::start().await;
    let seat = world.seat().await;
    let app = &seat.app;
    let lines = |campus: Option<String>, text: &str| {
        let req = OrdersReq { text: text.to_owned(), states: Vec::new(), from: None, to: None, campus };
        async move { app.orders_open(req).await }
    };
    let all = lines(None, "").await.unwrap();
    let departments = app.campuses(Nothing {}).await.unwrap().unplaced;
    assert!(departments.len() > 2, "the demo's departments order: {departments:?}");
    let (east, rest) = (departments[0].clone(), departments[1..].to_vec());
    let campus = |name: &str, departments: &[String]| Campus {
        id: String::new(),
        name: name.to_owned(),
        departments: departments.to_vec(),
    };
    let twice = CampusesReq {
        campuses: vec![
            campus("东院区", std::slice::from_ref(&east)),
            campus("本部", std::slice::from_ref(&east)),
        ],
    };
    let error = app.campuses_set(twice).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("campuses[1].departments"), "a department is at one place");
    let list = vec![campus("东院区", std::slice::from_ref(&east)), campus("本部", &rest)];
    let kept = app.campuses_set(CampusesReq { campuses: list }).await.unwrap();
    assert!(kept.unplaced.is_empty(), "{:?}", kept.unplaced);
    let (of_east, of_main) = (kept.campuses[0].id.clone(), kept.campuses[1].id.clone());

    // Together they are everything; each line is of its campus's departments.
    let east_lines = lines(Some(of_east.clone()), "").await.unwrap();
    let main_lines = lines(Some(of_main), "").await.unwrap();
    assert!(east_lines.total > 0 && main_lines.total > 0);
    assert_eq!(east_lines.total + main_lines.total, all.total);
    assert!(east_lines.first.iter().all(|row| row.dept == east), "{:?}", east_lines.first);
    let narrowed = lines(Some("东院区".to_owned()), "导管").await.unwrap();
    assert!(narrowed.total <= east_lines.total && narrowed.total <= lines(None, "导管").await.unwrap().total);
    let unknown = lines(Some("西院区".to_owned()), "").await.unwrap_err();
    assert_eq!((unknown.code, unknown.field.as_deref()), (ErrorCode::NotFound, Some("campus")));

    let open = |campus: Option<String>| async {
        let rows = app.deliveries(DeliveriesReq { text: String::new(), campus }).await.unwrap().rows;
        rows.len()
    };
    let (everywhere, here, there) =
        (open(None).await, open(Some(of_east)).await, open(Some("本部".to_owned())).await);
    assert!(here + there <= everywhere && there > 0, "{here} + {there} of {everywhere}");

    let req =
        |by: &str| AnalysisReq { by: by.to_owned(), from: "2026-01".into(), to: "2026-11".into(), most: 100 };
    let by_campus = app.analysis(req("campus")).await.unwrap();
    let by_department = app.analysis(req("department")).await.unwrap();
    assert_eq!((by_campus.lines, &by_campus.amount), (by_department.lines, &by_department.amount));
    let names: Vec<&str> = by_campus.rows.iter().map(|row| row.name.as_str()).collect();
    assert!(names.contains(&"本部") && names.contains(&"东院区"), "{names:?}");
}
