//! Indicators from a real profile: the same numbers as the platform counts, with the lines behind them.

use std::collections::BTreeMap;

use sunbench_app::wire::{
    AnalysisReq, ExemptionRemoveReq, ExemptionReq, IndicatorLinesReq, IndicatorsReq, Nothing, PolicyPackReq,
    SelfCheckReq, SelfCheckSaveReq, StatementFormat,
};
use sunbench_app::{ApiError, ErrorCode};
use sunbench_contract::Indicator;
use sunbench_store::mirror::document;

use crate::world::{Seat, World};

const YESTERDAY: &str = "2026-11-19";

fn as_of(day: &str) -> IndicatorsReq {
    IndicatorsReq { as_of: Some(day.to_owned()), pack: None }
}

/// The platform's own results, by indicator and scope.
fn published(seat: &Seat) -> BTreeMap<(String, String), Indicator> {
    let store = seat.app.store().unwrap();
    let found = store.read(|conn| document::list(conn, "indicator", 5_000)).unwrap();
    let read = found.iter().map(|record| serde_json::from_str::<Indicator>(&record.data).unwrap());
    read.map(|one| ((one.indicator_id.clone(), one.scope.clone()), one)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_and_the_platform_come_to_the_same_numbers() {
    let world = World::start().await;
    let done = world.platform.supervise().unwrap();
    assert!(done.indicators > 40 && done.notices > 0, "{done:?}");
    let seat = world.seat().await;
    let list = seat.app.indicators(as_of(YESTERDAY)).await.unwrap();
    assert_eq!(list.pack, "national-base");
    assert_eq!((list.not_applied, list.unknown_units), (0, 0));
    let published = published(&seat);
    let mut compared = BTreeMap::new();
    for row in &list.rows {
        // The bureau does not see drafts of evaluations, and counts those by their due date.
        if row.id == "evaluation-completion" {
            continue;
        }
        let Some(platform) = published.get(&(row.id.clone(), row.scope_text.clone())) else { continue };
        let (ours, theirs) = (row.value.clone(), platform.value.clone());
        // Four places: ours half up, the platform's down.
        let units = |text: &Option<String>| {
            text.as_ref().map(|text| text.parse::<sunbench_domain::Quantity>().unwrap().units())
        };
        let apart = units(&ours).zip(units(&theirs)).map(|(a, b)| (a - b).abs());
        assert!(
            ours.is_some() == theirs.is_some() && apart.is_none_or(|apart| apart <= 1),
            "{row:?} {platform:?}"
        );
        assert_eq!(row.level, platform.level, "{row:?} {platform:?}");
        *compared.entry(row.id.clone()).or_insert(0) += 1;
    }
    let ids: Vec<_> = compared.keys().map(String::as_str).collect();
    assert_eq!(
        ids,
        [
            "agreement-progress",
            "attendance",
            "code-coverage",
            "delivery-rate",
            "delivery-timeliness",
            "non-selected-share",
            "online-purchase-rate",
            "online-settlement-rate",
            "payment-timeliness",
            "progress-lag",
            "receipt-timeliness",
            "rectification-timeliness",
            "response-rate",
        ]
    );
    assert!(compared["progress-lag"] > 10 && compared["non-selected-share"] > 5, "{compared:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_pushed_counts_from_its_instant_on() {
    let world = World::start().await;
    let seat = world.seat().await;
    let limit = |rows: Vec<sunbench_app::wire::IndicatorRow>| {
        let row = rows.into_iter().find(|row| row.id == "response-rate").unwrap();
        (row.threshold.unwrap(), row.rule_version)
    };
    let before = limit(seat.app.indicators(as_of("2026-11-20")).await.unwrap().rows);
    world.platform.adjust_rule("response-rate", "threshold.warning", "97").unwrap();
    world.platform.adjust_rule("response-rate", "threshold.colour", "97").unwrap_err();
    world.platform.adjust_rule("nothing", "threshold.warning", "97").unwrap_err();
    seat.up_to_date().await;
    let after = limit(seat.app.indicators(as_of("2026-11-20")).await.unwrap().rows);
    assert_eq!((before.0.as_str(), after.0.as_str()), ("0.95", "0.97"));
    assert_ne!(before.1, after.1);
    // Yesterday is measured as the rules stood then.
    assert_eq!(limit(seat.app.indicators(as_of(YESTERDAY)).await.unwrap().rows), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_behind_a_number_can_be_looked_at() {
    let world = World::start().await;
    let seat = world.seat().await;
    let list = seat.app.indicators(as_of(YESTERDAY)).await.unwrap();
    let mut with_lines = 0;
    for row in &list.rows {
        let mut req = IndicatorLinesReq {
            id: row.id.clone(),
            scope: row.scope.clone(),
            as_of: Some(YESTERDAY.to_owned()),
            pack: None,
            after: None,
        };
        let page = seat.app.indicator_lines(req.clone()).await.unwrap();
        assert!(page.rows.is_empty() || row.has_lines, "{row:?}");
        if let Some(next) = page.next {
            req.after = Some(next);
            let second = seat.app.indicator_lines(req).await.unwrap();
            assert!(second.rows.iter().all(|line| page.rows.iter().all(|seen| seen.id != line.id)));
            with_lines += 1;
        }
        if row.id == "non-selected-share" && row.numerator != "0" {
            assert!(!page.rows.is_empty(), "{row:?}");
        }
    }
    assert!(with_lines > 0);
    let nothing = IndicatorLinesReq {
        id: "savings".to_owned(),
        scope: "agreement:none".to_owned(),
        as_of: None,
        pack: None,
        after: None,
    };
    let error = seat.app.indicator_lines(nothing).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_board_analysis_and_self_check_agree_with_each_other() {
    let world = World::start().await;
    let seat = world.seat().await;
    let progress = seat.app.agreements_progress(as_of("2026-11-20")).await.unwrap();
    let agreements: Vec<_> = progress.batches.iter().flat_map(|batch| &batch.agreements).collect();
    assert!(progress.batches.len() > 3 && agreements.len() > 10);
    let behind = agreements.iter().find(|one| one.level == "serious" || one.level == "warning").unwrap();
    let action = behind.action.as_ref().unwrap();
    assert!(action.kind == "order" && action.text.contains(&action.amount), "{behind:?}");
    let board = seat.app.board(Nothing {}).await.unwrap();
    assert_eq!(board.batches, progress.batches);
    assert!(board.listed_products > 1_000 && board.rankings.len() == 4, "{board:?}");

    let by = |by: &str| AnalysisReq {
        by: by.to_owned(),
        from: "2025-12".to_owned(),
        to: "2026-11".to_owned(),
        most: 100,
    };
    let mut sums = Vec::new();
    for kind in ["product", "supplier", "department", "category", "month"] {
        let found = seat.app.analysis(by(kind)).await.unwrap();
        assert!(!found.rows.is_empty() && found.rows.iter().all(|row| !row.name.is_empty()), "{kind}");
        sums.push((found.lines, found.amount));
    }
    assert!(sums.windows(2).all(|pair| pair[0] == pair[1]), "{sums:?}");
    assert_eq!(
        seat.app.analysis(by("colour")).await.unwrap_err(),
        ApiError::field(ErrorCode::FieldInvalid, "by")
    );

    let quarter = |quarter: &str| SelfCheckReq { quarter: quarter.to_owned(), pack: None };
    let check = seat.app.self_check(quarter("2026Q3")).await.unwrap();
    assert_eq!(check.list.as_of, "2026-09-30");
    let lag = check.findings.iter().find(|found| found.title == "进度滞后").unwrap();
    assert!(lag.detail.contains("%，限值 -") && lag.detail.ends_with('%'), "{}", lag.detail);
    assert_eq!(seat.app.self_check(quarter("2027Q1")).await.unwrap_err().code, ErrorCode::FieldInvalid);
    for format in [StatementFormat::Pdf, StatementFormat::Xlsx] {
        let req = SelfCheckSaveReq { quarter: "2026Q3".to_owned(), pack: None, format, path: None };
        let written = seat.app.self_check_save(req).await.unwrap();
        let bytes = std::fs::read(&written.path).unwrap();
        assert!(
            bytes.len() > 4_000 && (bytes.starts_with(b"%PDF") || bytes.starts_with(b"PK")),
            "{written:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_and_exemptions_are_chosen_recorded_and_taken_back() {
    let world = World::start().await;
    let seat = world.seat().await;
    let packs =
        seat.app.policy_pack_set(PolicyPackReq { pack: Some("quanzhou-2024".to_owned()) }).await.unwrap();
    assert_eq!((packs.pack.as_str(), packs.own.as_str()), ("quanzhou-2024", "national-base"));
    assert!(packs.packs.iter().all(|pack| pack.is_built_in) && packs.unreadable.is_empty(), "{packs:?}");
    let rules = seat.app.policy_rules(PolicyPackReq { pack: None }).await.unwrap();
    assert_eq!((rules.pack.id.as_str(), rules.in_force.as_str()), ("quanzhou-2024", "quanzhou-2024"));
    let reply = rules.deadlines.iter().find(|rule| rule.id == "notice-reply").unwrap();
    assert_eq!((reply.amount, reply.unit.as_str(), reply.clause.as_str()), (5, "working-day", "四（五）"));
    assert!(reply.source.contains("深医保发〔2022〕19号"), "{}", reply.source);
    let verified = rules.exemptions.iter().find(|rule| rule.kind == "verified-supply-problem").unwrap();
    assert!(verified.is_granted && verified.source.contains("泉州"), "{verified:?}");
    let nowhere = PolicyPackReq { pack: Some("nowhere".to_owned()) };
    assert_eq!(
        seat.app.policy_rules(nowhere).await.unwrap_err(),
        ApiError::field(ErrorCode::FieldInvalid, "pack")
    );
    assert_eq!(seat.app.indicators(as_of(YESTERDAY)).await.unwrap().pack, "quanzhou-2024");
    seat.app.policy_pack_set(PolicyPackReq { pack: Some("nowhere".to_owned()) }).await.unwrap_err();
    assert_eq!(seat.app.policy_pack_set(PolicyPackReq { pack: None }).await.unwrap().pack, "national-base");

    let progress = seat.app.agreements_progress(as_of("2026-11-20")).await.unwrap();
    let one = &progress.batches[0].agreements[0];
    let mut req = ExemptionReq {
        kind: "clinical-need".to_owned(),
        agreement: Some(one.agreements[0].clone()),
        product: None,
        maker: None,
        relief: "1".to_owned(),
        from: "2026-11-01".to_owned(),
        through: "2026-12-31".to_owned(),
        reason: "术式改变".to_owned(),
        evidence: "药事会纪要〔2026〕11号".to_owned(),
    };
    let recorded = seat.app.exemption_add(req.clone()).await.unwrap();
    assert!(recorded.rows.len() == 1 && recorded.rows[0].is_granted);
    assert!(recorded.rows[0].subject.contains(&one.variety), "{:?}", recorded.rows[0]);
    assert!(!recorded.rows[0].unit.is_empty());
    let relieved = seat.app.agreements_progress(as_of("2026-11-20")).await.unwrap();
    let found =
        relieved.batches.iter().flat_map(|batch| &batch.agreements).find(|other| other.scope == one.scope);
    assert_eq!(found.unwrap().relief, "1");
    let taken = seat.app.exemption_remove(ExemptionRemoveReq { exemption: recorded.rows[0].exemption }).await;
    assert_eq!(taken.unwrap().rows, []);
    assert_eq!(seat.app.agreements_progress(as_of("2026-11-20")).await.unwrap(), progress);
    req.reason.clear();
    let refused = seat.app.exemption_add(req).await.unwrap_err();
    assert_eq!(refused, ApiError::field(ErrorCode::FieldRequired, "reason"));
}
