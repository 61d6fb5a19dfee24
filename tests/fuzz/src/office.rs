//! A platform's records all the way to the rooms: one bad record costs nothing but itself.

use std::cell::LazyCell;

use chrono::Days;
use sunbench_app::wire::{
    AttendanceReq, NoticeReq, NoticeScope, NoticesReq, OrderLineReq, OrdersPageReq, OrdersReq, SearchReq,
};
use sunbench_app::{ApiError, Context, Measurements, Views};
use sunbench_contract::Change;
use sunbench_contract::time::Instant;
use sunbench_store::local::account::{self, Account};
use sunbench_store::mirror::{digest, sync_state};
use sunbench_store::{Store, StoreError};
use sunbench_sync::adapters::reference::testing;
use sunbench_sync::client::{Items, SnapshotEvent};
use sunbench_workdays::Calendar;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A profile with a connection; it lives as long as its thread.
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) now: Instant,
    measurements: Measurements,
    _dir: TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let store = Store::create_for_tests(dir.path());
        let now = Instant::parse("2026-11-22T09:30:00+08:00").expect("an instant");
        let account = Account {
            adapter: "reference".to_owned(),
            url: "http://127.0.0.1:1/".to_owned(),
            institution: "H44030000001".to_owned(),
            institution_name: "第一医院".to_owned(),
            user: "buyer".to_owned(),
            user_name: "王芳".to_owned(),
            roles: vec!["buyer".to_owned()],
            app_key: "key".to_owned(),
            app_secret: Zeroizing::new("secret".to_owned()),
            renewal_credential: Zeroizing::new("credential".to_owned()),
            platform: "平台".to_owned(),
            epoch: "1".to_owned(),
            capabilities: "{}".to_owned(),
            connected_at: now.unix(),
        };
        store.write_local(|tx| account::put(tx, &account)).expect("a new profile can be written");
        Self { store, now, measurements: Measurements::default(), _dir: dir }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            store: &self.store,
            calendar: Calendar::built_in(),
            now: self.now,
            measurements: &self.measurements,
        }
    }
}

/// Items of a snapshot, whether or not it has a head and an end.
pub(crate) fn items(text: &[u8]) -> Option<Items> {
    let events = testing::snapshot([text]).ok()?;
    let mut items = Items::default();
    for event in events {
        if let SnapshotEvent::Items(more) = event {
            items.changes.extend(more.changes);
            items.bad.extend(more.bad);
        }
    }
    Some(items)
}

/// A snapshot's items are all applied, known already, or set aside; and every room opens with them.
pub(crate) fn office(input: &[u8]) {
    thread_local! {
        static OFFICE: LazyCell<Office> = LazyCell::new(Office::new);
    }
    let (Some(first), Some(again), Some(tail)) = (items(input), items(input), items(input)) else { return };
    OFFICE.with(|office| {
        let store = &office.store;
        store.write_mirror(sync_state::clear_mirror).expect("the mirror can be emptied");
        let sent = first.len() as u64;
        let ids: Vec<(String, String)> =
            first.changes.iter().map(|change| (change.resource.clone(), change.id.clone())).collect();

        let (applied, unchanged, quarantined) =
            testing::write(store, first, None, office.now).expect("no record stops the others");
        assert_eq!(applied + unchanged + quarantined, sent, "received = applied + unchanged + quarantined");
        let before = store.read(digest::content).expect("a digest");
        let repeated = testing::write(store, again, None, office.now).expect("the same once more");
        assert_eq!(repeated, (0, applied + unchanged, quarantined), "what comes twice changes nothing");
        assert_eq!(store.read(digest::content).expect("a digest"), before);
        staged(store, &tail.changes, office.now);

        rooms(office, &ids);
    });
}

/// What waits for the rest of its document is read back as it was.
fn staged(store: &Store, tail: &[Change], now: Instant) {
    testing::write(store, Items::default(), Some(tail), now).expect("a tail can be staged");
    let texts = store.read(sync_state::staged).expect("and read");
    let mut sent: Vec<String> =
        tail.iter().map(|change| serde_json::to_string(change).expect("an item has a JSON form")).collect();
    let mut kept: Vec<String> = texts
        .iter()
        .map(|text| {
            let change: Change = serde_json::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            serde_json::to_string(&change).expect("an item has a JSON form")
        })
        .collect();
    sent.sort();
    kept.sort();
    // The same place in the feed twice is the same item.
    sent.dedup();
    kept.dedup();
    let places: std::collections::BTreeSet<u64> = tail.iter().map(|change| change.seq).collect();
    assert!(kept.len() >= places.len().min(sent.len()), "staged {} of {}", kept.len(), sent.len());
}

fn opens<T>(room: &str, result: Result<T, ApiError>) -> T {
    result.unwrap_or_else(|error| panic!("{room}: {error:?}"))
}

fn rooms(office: &Office, ids: &[(String, String)]) {
    let context = office.context();
    opens("today", context.today_room());
    opens("open notices", context.notices_list(&NoticesReq { scope: NoticeScope::Open }));
    let notices = opens("notices", context.notices_list(&NoticesReq { scope: NoticeScope::All }));
    for row in &notices.rows {
        let detail = opens("a notice", context.notice_detail(&NoticeReq { id: row.id.clone() }));
        assert_eq!(detail.row.id, row.id);
    }
    let views = Views::default();
    let all = OrdersReq { text: String::new(), states: Vec::new(), from: None, to: None, campus: None };
    let list = opens("orders", context.orders_open(&views, &all));
    opens("a page of orders", context.orders_page(&views, &OrdersPageReq { view: list.view, page: 0 }));
    let (rows, _) = opens("orders for scripts", context.orders_after(&all, None, 100_000));
    assert_eq!(rows.len(), list.total as usize, "the tallies count what is there");
    for row in rows.iter().take(20) {
        opens("an order line", context.order_line(&OrderLineReq { id: row.id.clone() }));
    }
    for (_, id) in ids.iter().take(5) {
        opens("a search", context.search(&SearchReq { text: id.clone() }));
    }
    let month = office
        .now
        .at()
        .date_naive()
        .checked_sub_days(Days::new(0))
        .map(|day| day.format("%Y-%m").to_string());
    opens("attendance", context.attendance(&AttendanceReq { month: month.unwrap_or_default() }));
    opens("quarantine", context.quarantine_list());
    let verified = opens("verification", context.verify());
    assert!(!format!("{verified:?}").is_empty());
    let orphans: Result<(), StoreError> = office.store.read(|_| Ok(()));
    orphans.expect("the profile can be read");
}
