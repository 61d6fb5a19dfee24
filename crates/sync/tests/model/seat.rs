//! One PC of the hospital: the real engine over the real store, and the person who works with it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;
use sunbench_store::Store;
use sunbench_store::local::account::{self, Account};
use sunbench_store::local::attachment;
use sunbench_store::local::outbox::{self, NewItem, OutboxItem, OutboxState};
use sunbench_store::local::reply_draft::{self, ReplyDraft};
use sunbench_store::mirror::{digest, sync_state, tally};
use sunbench_sync::{SyncEngine, SyncReport};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::network::{Network, Pc};
use crate::platform::{ISSUED, Name, Platform, RETURNED, SIGNED};

/// A profile that many schedules use, one after the other.
pub(crate) struct Profile {
    store: Arc<Store>,
    reader: Reader,
    _dir: TempDir,
}

impl Profile {
    pub(crate) fn new() -> Self {
        // Nothing here is about power cuts, so memory will do where there is a folder of it.
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        let store = Arc::new(Store::create_for_tests(dir.path()));
        let reader = Reader::start(Arc::clone(&store));
        Self { store, reader, _dir: dir }
    }

    /// Nothing in it but a connection.
    fn emptied(&self, user: &str) -> Arc<Store> {
        let account = Account {
            adapter: "model".to_owned(),
            url: String::new(),
            institution: "H1".to_owned(),
            institution_name: "医院".to_owned(),
            user: user.to_owned(),
            user_name: user.to_owned(),
            roles: Vec::new(),
            app_key: "k".to_owned(),
            app_secret: "s".to_owned().into(),
            renewal_credential: "r".to_owned().into(),
            platform: "模型".to_owned(),
            epoch: String::new(),
            capabilities: String::new(),
            connected_at: 0,
        };
        self.store.write_mirror(sync_state::clear_mirror).unwrap();
        self.store
            .write_local(|tx| {
                tx.execute_batch(
                    "DELETE FROM outbox_attachment; DELETE FROM outbox; DELETE FROM attachment; DELETE FROM reply_draft;",
                )?;
                account::put(tx, &account)
            })
            .unwrap();
        Arc::clone(&self.store)
    }

    /// How often the reader has looked, and what it found torn.
    pub(crate) fn looked(&self) -> (u32, Option<String>) {
        (self.reader.looks.load(Ordering::Relaxed), self.reader.torn.lock().unwrap().clone())
    }
}

/// Reads all the time, and sees every document whole or not at all.
struct Reader {
    looks: Arc<AtomicU32>,
    torn: Arc<Mutex<Option<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

const TORN: &str = "
SELECT 'order ' || o.id FROM purchase_order o WHERE o.ver > 0
  AND (SELECT count(*) FROM order_line l WHERE l.order_key = o.key AND l.own_key = o.remarks) <> o.line_count
UNION ALL
SELECT 'lines of ' || o.id FROM purchase_order o JOIN order_line l ON l.order_key = o.key
  WHERE o.ver = 0 OR l.own_key <> o.remarks
UNION ALL
SELECT 'reply to ' || n.id FROM notice n WHERE n.state = 'REPLIED'
  AND NOT EXISTS (SELECT 1 FROM notice_reply r WHERE r.notice_id = n.id AND r.round = n.round)";

impl Reader {
    fn start(store: Arc<Store>) -> Self {
        let mut reader =
            Self { looks: Arc::default(), torn: Arc::default(), stop: Arc::default(), thread: None };
        let (looks, torn, stop) =
            (Arc::clone(&reader.looks), Arc::clone(&reader.torn), Arc::clone(&reader.stop));
        reader.thread = Some(std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let found = store
                    .read(|conn| {
                        let mut statement = conn.prepare_cached(TORN)?;
                        let mut rows = statement.query([])?;
                        rows.next()?.map(|row| row.get::<_, String>(0)).transpose().map_err(Into::into)
                    })
                    .unwrap();
                if let Some(found) = found {
                    torn.lock().unwrap().get_or_insert(found);
                }
                looks.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_micros(500));
            }
        }));
        reader
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) struct Seat {
    pub(crate) store: Arc<Store>,
    pub(crate) network: Arc<Network>,
    engine: SyncEngine,
    pub(crate) user: String,
    platform: Arc<Mutex<Platform>>,
    /// As this person saved them.
    drafts: BTreeMap<(String, u32), ReplyDraft>,
    /// With their bodies.
    keys: BTreeMap<String, String>,
    pub(crate) ahead_s: i64,
}

impl Seat {
    pub(crate) fn new(
        profile: &Profile,
        platform: &Arc<Mutex<Platform>>,
        user: &str,
        (seed, spoiled, ahead_s): (u64, usize, i64),
    ) -> Self {
        let store = profile.emptied(user);
        let network = Arc::new(Network::new(Arc::clone(platform), user, seed, spoiled));
        let engine = engine(&store, &network, platform, ahead_s);
        let (drafts, keys) = (BTreeMap::new(), BTreeMap::new());
        Self {
            store,
            network,
            engine,
            user: user.to_owned(),
            platform: Arc::clone(platform),
            drafts,
            keys,
            ahead_s,
        }
    }

    /// As after a restart of the program, on a PC whose clock is `ahead_s` ahead.
    pub(crate) fn restart(&mut self, ahead_s: i64) {
        self.ahead_s = ahead_s;
        self.engine = engine(&self.store, &self.network, &self.platform, ahead_s);
    }

    fn now(&self) -> i64 {
        self.platform.lock().unwrap().now + self.ahead_s
    }

    pub(crate) async fn sync(&self) -> SyncReport {
        self.sync_until(&CancellationToken::new()).await
    }

    pub(crate) async fn sync_until(&self, cancel: &CancellationToken) -> SyncReport {
        let report = self.engine.run_once(Duration::from_mins(1), cancel).await;
        assert_eq!(report.pulled, report.applied + report.unchanged + report.quarantined, "{report:?}");
        assert!(report.complete || report.failure.is_some(), "an end without a reason: {report:?}");
        report
    }

    /// Stopped after some exchanges.
    pub(crate) async fn sync_stopped(&self, after: u64) -> SyncReport {
        let cancel = CancellationToken::new();
        let at = self.network.exchanges.load(Ordering::Relaxed) + after;
        self.network.weather().stop = Some((at, cancel.clone()));
        let report = self.sync_until(&cancel).await;
        self.network.weather().stop = None;
        report
    }

    /// Writes an answer to the first notice that awaits one and has none from here, and submits it.
    pub(crate) fn answer(&mut self, key: &str, text: &str) {
        let open = self
            .store
            .read(|conn| {
                let mut statement =
                    conn.prepare_cached("SELECT id, ver, raw_state, round FROM notice ORDER BY id")?;
                let rows = statement.query_map([], |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get(1)?,
                        row.get::<_, String>(2)?,
                        row.get::<_, u32>(3)?,
                    ))
                })?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?)
            })
            .unwrap();
        let next = open.into_iter().find(|(id, _, state, round)| {
            [ISSUED, SIGNED, RETURNED].contains(&state.as_str())
                && !self.drafts.contains_key(&(id.clone(), *round))
        });
        let Some((id, ver, state, round)) = next else { return };
        let draft = ReplyDraft {
            cause: text.to_owned(),
            measures: format!("整改 {key}"),
            attachments: "[]".to_owned(),
            edited_at: self.now(),
            edited_by: self.user.clone(),
            ..ReplyDraft::default()
        };
        // An attachment now and then.
        let content = text.as_bytes();
        let sha256 = sunbench_contract::sign::hex(&<sha2::Sha256 as sha2::Digest>::digest(content));
        let attachments = if text.len().is_multiple_of(2) { vec![sha256.clone()] } else { Vec::new() };
        let named: Vec<_> = attachments
            .iter()
            .map(|a| json!({"sha256": a, "name": "a.txt", "size": content.len()}))
            .collect();
        let document = format!("notice:{id}");
        let sign = json!({"noticeId": id}).to_string();
        let reply = json!({
            "noticeId": id, "round": round, "cause": draft.cause, "measures": draft.measures, "responsible": "王",
            "attachments": named
        });
        let reply = reply.to_string();
        let (sign_key, at) = (format!("{key}-sign"), self.now());
        let new = |key, kind, body| NewItem {
            key,
            kind,
            document: &document,
            body,
            base_ver: Some(ver),
            attachments: &[],
            actor: &self.user,
            at,
        };
        self.store
            .write_local(|tx| {
                reply_draft::put(tx, &id, round, &draft)?;
                attachment::add(tx, &sha256, content, at)?;
                if state == ISSUED {
                    outbox::add(tx, &new(&sign_key, "notice.sign", &sign))?;
                }
                outbox::add(tx, &NewItem { attachments: &attachments, ..new(key, "notice.reply", &reply) })
            })
            .unwrap();
        if state == ISSUED {
            self.keys.insert(sign_key, sign);
        }
        self.keys.insert(key.to_owned(), reply);
        self.drafts.insert((id, round), draft);
    }

    pub(crate) fn check_in(&mut self, key: &str, date: &str) {
        let body = json!({"date": date, "actedAt": "2026-11-20T08:55:00+08:00"}).to_string();
        let document = format!("checkIn:{date}");
        let item = NewItem {
            key,
            kind: "checkIn",
            document: &document,
            body: &body,
            base_ver: None,
            attachments: &[],
            actor: &self.user,
            at: self.now(),
        };
        self.store.write_local(|tx| outbox::add(tx, &item)).unwrap();
        self.keys.insert(key.to_owned(), body);
    }

    pub(crate) fn outbox(&self) -> Vec<OutboxItem> {
        self.store.read(|conn| outbox::latest(conn, None, 1_000)).unwrap()
    }

    /// Nothing that a person wrote is lost or changed (G4); every submission had its effect once, or visibly waits,
    /// or was visibly refused (G2).
    pub(crate) fn check_own(&self) {
        for ((notice, round), draft) in &self.drafts {
            let kept = self.store.read(|conn| reply_draft::get(conn, notice, *round, &self.user)).unwrap();
            assert_eq!(kept.as_ref(), Some(draft), "the draft for {notice}, round {round}");
        }
        let outbox = self.outbox();
        assert_eq!(outbox.len(), self.keys.len());
        let platform = self.platform.lock().unwrap();
        for item in &outbox {
            assert_eq!(self.keys.get(&item.key), Some(&item.body), "{}: what was written", item.key);
            let accepted = platform
                .submissions
                .get(&item.key)
                .map(|kept| kept.answer.outcome == sunbench_contract::Outcome::Accepted);
            let fits = match item.state {
                OutboxState::Accepted => accepted == Some(true),
                OutboxState::Refused | OutboxState::NeedsDecision => accepted != Some(true),
                // An earlier attempt may have come late; the next one has the same key and hears of it.
                OutboxState::Queued => accepted != Some(true) || item.attempts > 0,
                // It may have arrived; it is asked about before it is sent again.
                OutboxState::Sending => true,
                // Nobody withdraws or reviews in the model.
                OutboxState::Withdrawn | OutboxState::AwaitingReview | OutboxState::Returned => false,
            };
            assert!(fits, "the platform has {accepted:?} of {item:?}");
        }
    }

    /// In the end nothing waits but what builds upon a decision.
    pub(crate) fn check_settled(&self) {
        let outbox = self.outbox();
        for item in &outbox {
            let waits = matches!(item.state, OutboxState::Queued | OutboxState::Sending);
            let blocked = outbox.iter().any(|earlier| {
                earlier.document == item.document
                    && earlier.seq < item.seq
                    && earlier.state == OutboxState::NeedsDecision
            });
            assert!(!waits || (blocked && item.state == OutboxState::Queued), "{item:?}");
        }
    }

    /// The mirror is what the platform says (G3, G14).
    pub(crate) fn check_mirror(&self) {
        let (content, counts, quarantined, extra, staged) = self
            .store
            .read(|conn| {
                let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, u64>(0));
                Ok((
                    digest::content(conn)?,
                    tally::counts(conn)?,
                    sync_state::quarantined(conn, 1_000)?,
                    number("SELECT count(*) FROM org WHERE ver > 0 AND extra LIKE '%tomorrow%'")?,
                    number("SELECT count(*) FROM staging")?,
                ))
            })
            .unwrap();
        let platform = self.platform.lock().unwrap();
        let (expected, expected_counts) = platform.content();
        assert_eq!(content, expected);
        let counts: BTreeMap<_, _> = counts.into_iter().filter(|(_, n)| *n > 0).collect();
        assert_eq!(counts, expected_counts);
        let names: Vec<Name> = quarantined.into_iter().map(|bad| (bad.resource, bad.id)).collect();
        assert_eq!(names, platform.quarantine(), "the quarantine");
        let colours = platform
            .objects
            .values()
            .filter_map(|o| o.data.as_ref().filter(|_| o.form == crate::platform::Form::Good));
        assert_eq!(extra, colours.filter(|data| data.contains("tomorrow")).count() as u64, "unknown fields");
        assert_eq!(staged, 0);
    }
}

fn engine(
    store: &Arc<Store>,
    network: &Arc<Network>,
    platform: &Arc<Mutex<Platform>>,
    ahead_s: i64,
) -> SyncEngine {
    let clock = Arc::new(Pc { platform: Arc::clone(platform), ahead_s });
    SyncEngine::new(Arc::clone(store), network.clone(), clock, 7)
}
