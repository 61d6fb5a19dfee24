//! The way to the model: an in-process client that loses, repeats, delays, damages and mixes up by seed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use chrono::NaiveDate;
use fastrand::Rng;
use futures_util::stream;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    AttachmentState, Capabilities, ChangesQuery, DayDigest, Limits, Operator, SnapshotHead, SnapshotQuery,
    SubmissionResult, codes,
};
use sunbench_sync::client::{ByteStream, Items, Page, PlatformClient, SnapshotEvent, SnapshotStream};
use sunbench_sync::{ClientError, Clock, Session, SignIn};
use tokio_util::sync::CancellationToken;

use crate::platform::Platform;
use crate::world::percent;

/// Something that is wrong for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// More is promised and the cursor stays.
    Cursor,
    /// Page after page with a new cursor brings nothing.
    EmptyPages,
    /// Page after page brings what came before.
    OldPages,
    /// Page after page brings what cannot be read.
    UnreadablePages,
    /// The cursor has always expired.
    ExpiredCursor,
    /// A snapshot is cut before its first mark.
    CutSnapshot,
    /// A snapshot brings the same document and mark again and again.
    RepeatedMark,
    /// A snapshot has no end.
    EndlessSnapshot,
    /// Every submission brings the platform down.
    FailingSubmission,
    /// No submission is ever known.
    ForgottenSubmission,
    /// Nobody may ask what became of a submission.
    SilentSubmission,
    /// Every answer is damaged.
    Damage,
}

/// The network's mood.
pub(crate) struct Weather {
    pub(crate) random: Rng,
    /// Exchanges in a hundred that are spoiled.
    pub(crate) spoiled: usize,
    pub(crate) standing: Option<Standing>,
    /// Stops the run after so many exchanges.
    pub(crate) stop: Option<(u64, CancellationToken)>,
    /// Submissions that the network holds back and brings once more later.
    late: Vec<(String, Bytes)>,
    /// The places of the feed that were asked for, with the cursors' generation.
    asked: Vec<(String, u64)>,
}

/// One seat's client.
pub(crate) struct Network {
    platform: Arc<Mutex<Platform>>,
    user: String,
    pub(crate) weather: Mutex<Weather>,
    pub(crate) exchanges: AtomicU64,
}

/// What becomes of one exchange.
enum Fate {
    Fine,
    /// The platform never sees it.
    Lost(ClientError),
    /// The platform does it, and this is heard of it.
    Unheard(ClientError),
    Twice,
}

impl Network {
    pub(crate) fn new(platform: Arc<Mutex<Platform>>, user: &str, seed: u64, spoiled: usize) -> Self {
        let weather = Weather {
            random: Rng::with_seed(seed),
            spoiled,
            standing: None,
            stop: None,
            late: Vec::new(),
            asked: Vec::new(),
        };
        Self { platform, user: user.to_owned(), weather: Mutex::new(weather), exchanges: AtomicU64::new(0) }
    }

    pub(crate) fn platform(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().unwrap()
    }
    pub(crate) fn weather(&self) -> MutexGuard<'_, Weather> {
        self.weather.lock().unwrap()
    }
    fn standing(&self) -> Option<Standing> {
        self.weather().standing
    }

    /// Counts the exchange, lets late ones arrive, and says what becomes of it.
    async fn fate(&self) -> Fate {
        let count = self.exchanges.fetch_add(1, Ordering::Relaxed);
        let (fate, wait, late) = {
            let mut weather = self.weather();
            if let Some((after, token)) = &weather.stop
                && count >= *after
            {
                token.cancel();
            }
            let late =
                if percent(&mut weather.random, 30) { std::mem::take(&mut weather.late) } else { Vec::new() };
            if weather.standing == Some(Standing::Damage) {
                (Fate::Unheard(ClientError::BadAnswer("damaged".to_owned())), 0, late)
            } else if weather.spoiled > 0 && {
                let n = weather.spoiled;
                percent(&mut weather.random, n)
            } {
                let wait = [0, 0, 1, 29][weather.random.usize(..4)];
                (spoil(&mut weather.random, &self.platform()), wait, late)
            } else {
                (Fate::Fine, 0, late)
            }
        };
        for (key, body) in late {
            let _ = self.platform().submit(&self.user, &key, &body);
        }
        if wait > 0 {
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
        fate
    }

    async fn exchange<T>(
        &self,
        effect: impl Fn(&mut Platform) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let fate = self.fate().await;
        let mut platform = self.platform();
        let effect = |platform: &mut Platform| {
            if let Some(seconds) = platform.maintenance {
                return Err(platform.refuse(503, codes::MAINTENANCE, |p| {
                    (p.retryable, p.retry_after_s) = (true, Some(seconds));
                }));
            }
            if platform.quota == Some(0) {
                return Err(platform.refuse(429, codes::RATE_LIMITED, |p| {
                    (p.retryable, p.retry_after_s) = (true, Some(3_600));
                }));
            }
            platform.quota = platform.quota.map(|left| left - 1);
            effect(platform)
        };
        match fate {
            Fate::Fine => effect(&mut platform),
            Fate::Lost(error) => Err(error),
            Fate::Unheard(error) => {
                let _ = effect(&mut platform);
                Err(error)
            }
            Fate::Twice => {
                let _ = effect(&mut platform);
                effect(&mut platform)
            }
        }
    }

    fn head(&self) -> SnapshotHead {
        let platform = self.platform();
        let seq = platform.head();
        SnapshotHead { cursor: platform.cursor(seq), seq, total: 10, server_time: platform.time() }
    }

    fn page(&self, items: Items, next: u64, more: bool) -> Page {
        let platform = self.platform();
        Page { items, next_cursor: platform.cursor(next), has_more: more, server_time: platform.time() }
    }
}

/// One of everything that goes wrong on the way.
fn spoil(random: &mut Rng, platform: &Platform) -> Fate {
    let by_proxy = |status, retry_after_s| ClientError::Refused { status, problem: None, retry_after_s };
    let text = || "on the way".to_owned();
    let error = match random.usize(..16) {
        0 => return Fate::Twice,
        1 => return Fate::Lost(ClientError::Unreachable(text())),
        // A request that was damaged: the platform says so.
        2 | 4 | 5 => return Fate::Lost(platform.refuse(401, codes::BAD_SIGNATURE, |p| p.retryable = true)),
        3 => return Fate::Lost(platform.refuse(400, codes::BAD_REQUEST, |p| p.retryable = true)),
        6 => {
            let seconds = *random.choice(&[1, 120, u32::MAX]).unwrap();
            return Fate::Lost(platform.refuse(503, codes::MAINTENANCE, |p| {
                (p.retryable, p.retry_after_s) = (true, Some(seconds));
            }));
        }
        7 => by_proxy(429, Some(*random.choice(&[1, 30, u32::MAX]).unwrap())),
        8 => by_proxy(*random.choice(&[401, 403, 404, 407]).unwrap(), None),
        9 => by_proxy(*random.choice(&[400, 409, 412, 413, 422]).unwrap(), None),
        10 => by_proxy(*random.choice(&[500, 502, 503, 504]).unwrap(), None),
        11 | 12 => ClientError::BadAnswer(text()),
        13 => ClientError::TimedOut,
        _ => ClientError::Cut(text()),
    };
    if percent(random, 50) { Fate::Lost(error) } else { Fate::Unheard(error) }
}

#[async_trait::async_trait]
impl PlatformClient for Network {
    async fn capabilities(&self) -> Result<Capabilities, ClientError> {
        self.exchange(|platform| {
            Ok(Capabilities {
                versions: vec![1],
                platform: "模型".to_owned(),
                division_code: "440300".to_owned(),
                epoch: "e1".to_owned(),
                limits: Limits {
                    page: 3,
                    batch: 10,
                    wait_s: 25,
                    rate_per_second: 50,
                    daily_quota: None,
                    attachment_bytes: 1 << 20,
                },
                sign_types: Vec::new(),
                features: Vec::new(),
                server_time: platform.time(),
            })
        })
        .await
    }

    async fn sign_in(&self, _: &SignIn) -> Result<Operator, ClientError> {
        Err(ClientError::SignInNeeded)
    }

    async fn snapshot(&self, query: &SnapshotQuery) -> Result<SnapshotStream, ClientError> {
        let after = query.after.clone();
        let (documents, size) = self
            .exchange(|platform| {
                let place = after.as_ref().map_or(Ok(String::new()), |mark| platform.place(mark))?;
                Ok((platform.documents(query.part, &place), platform.page))
            })
            .await?;
        let mut events = vec![Ok(SnapshotEvent::Head(self.head()))];
        let (mut since, mut count) = (0, 0);
        let standing = self.standing();
        for (doc, items) in documents {
            since += items.len();
            count += items.len() as u64;
            events.push(Ok(SnapshotEvent::Items(items)));
            if since >= size || standing == Some(Standing::RepeatedMark) {
                since = 0;
                events.push(Ok(SnapshotEvent::Mark(self.platform().mark(&doc))));
            }
        }
        events.push(Ok(SnapshotEvent::End(count)));
        match standing {
            Some(Standing::CutSnapshot) => events.truncate(2),
            Some(Standing::RepeatedMark) => {
                let mark = after.unwrap_or_else(|| self.platform().mark(""));
                events.truncate(2);
                events.push(Ok(SnapshotEvent::Mark(mark)));
            }
            Some(Standing::EndlessSnapshot) => drop(events.pop()),
            _ => {
                let mut weather = self.weather();
                let spoiled = weather.spoiled;
                if percent(&mut weather.random, spoiled) {
                    let length = weather.random.usize(..=events.len());
                    events.truncate(length);
                    events.push(Err(ClientError::BadAnswer("damaged".to_owned())));
                }
            }
        }
        Ok(Box::pin(stream::iter(events)))
    }

    async fn changes(&self, query: &ChangesQuery) -> Result<Page, ClientError> {
        let limit = query.limit.unwrap_or(3) as usize;
        let place = self.exchange(|platform| platform.place(&query.cursor)).await?;
        let after: u64 = place.split('~').next().unwrap().parse().unwrap();
        let step = self.requests_sent();
        // Another cursor for the same place.
        let aside = |items| {
            let page = self.page(items, after, true);
            let next_cursor = format!("{}~{step}", page.next_cursor);
            Ok(Page { next_cursor, ..page })
        };
        let unreadable = || {
            let raw = format!(r#"{{"resource":"org","id":"unreadable","step":{step}}}"#);
            let bad = vec![sunbench_sync::client::BadItem { raw, reason: String::new() }];
            Items { changes: Vec::new(), bad }
        };
        match self.standing() {
            Some(Standing::Cursor) => return Ok(self.page(Items::default(), after, true)),
            Some(Standing::EmptyPages) => return aside(Items::default()),
            Some(Standing::UnreadablePages) => return aside(unreadable()),
            Some(Standing::OldPages) => {
                let items = self.platform().feed(0, 2).0;
                return aside(items);
            }
            Some(Standing::ExpiredCursor) => {
                return Err(self.platform().refuse(410, codes::CURSOR_EXPIRED, |_| {}));
            }
            _ => {}
        }
        // The answer to an earlier request comes in this one's place.
        let generation = query.cursor.split(':').next().unwrap_or_default().to_owned();
        let from = {
            let mut weather = self.weather();
            weather.asked.retain(|(its, _)| *its == generation);
            weather.asked.push((generation, after));
            let spoiled = weather.spoiled;
            let asked = weather.asked.len();
            let earlier = weather.random.usize(..asked);
            if percent(&mut weather.random, spoiled / 3) { weather.asked[earlier].1 } else { after }
        };
        let (items, last, more) = self.platform().feed(from, limit);
        Ok(self.page(items, last, more))
    }

    async fn digest(&self, _: &str, _: NaiveDate) -> Result<DayDigest, ClientError> {
        Err(ClientError::SignInNeeded)
    }

    async fn submit(&self, key: &str, body: Bytes) -> Result<SubmissionResult, ClientError> {
        {
            let mut weather = self.weather();
            let spoiled = weather.spoiled;
            if percent(&mut weather.random, spoiled / 2) {
                weather.late.push((key.to_owned(), body.clone()));
            }
        }
        match self.standing() {
            Some(Standing::FailingSubmission) => {
                self.fate().await;
                return Err(self.platform().refuse(500, codes::INTERNAL, |_| {}));
            }
            Some(Standing::ForgottenSubmission) => {
                self.fate().await;
                return Err(ClientError::Cut(String::new()));
            }
            _ => {}
        }
        self.exchange(|platform| platform.submit(&self.user, key, &body)).await
    }

    async fn submission_status(&self, key: &str) -> Result<Option<SubmissionResult>, ClientError> {
        if self.standing() == Some(Standing::SilentSubmission) {
            self.fate().await;
            return Err(self.platform().refuse(403, codes::FORBIDDEN, |_| {}));
        }
        self.exchange(|platform| Ok(platform.submissions.get(key).map(|kept| kept.answer.clone()))).await
    }

    async fn attachment_state(&self, sha256: &str) -> Result<AttachmentState, ClientError> {
        self.exchange(|platform| {
            let received = platform.attachments.get(sha256).map(Vec::len);
            let time = platform.time();
            let complete = received.is_some();
            let received = received.unwrap_or(0) as u64;
            Ok(AttachmentState { sha256: sha256.to_owned(), received, complete, server_time: time })
        })
        .await
    }

    async fn put_attachment(
        &self,
        sha256: &str,
        _: u64,
        total: u64,
        bytes: Bytes,
    ) -> Result<AttachmentState, ClientError> {
        self.exchange(|platform| {
            platform.attachments.insert(sha256.to_owned(), bytes.to_vec());
            let time = platform.time();
            Ok(AttachmentState {
                sha256: sha256.to_owned(),
                received: total,
                complete: true,
                server_time: time,
            })
        })
        .await
    }

    async fn get_attachment(&self, _: &str, _: u64) -> Result<ByteStream, ClientError> {
        Err(ClientError::SignInNeeded)
    }

    fn session(&self) -> Option<Session> {
        None
    }
    fn clock_offset_s(&self) -> Option<i64> {
        None
    }
    fn requests_sent(&self) -> u64 {
        self.exchanges.load(Ordering::Relaxed)
    }
}

/// The PC's clock: the platform's, and so many seconds more.
pub(crate) struct Pc {
    pub(crate) platform: Arc<Mutex<Platform>>,
    pub(crate) ahead_s: i64,
}

impl Clock for Pc {
    fn now(&self) -> Instant {
        let now = self.platform.lock().unwrap().now;
        Instant::from_unix(now + self.ahead_s).unwrap()
    }
}
