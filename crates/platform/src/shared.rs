//! What every request shares.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use rusqlite::Connection;
use sunbench_contract::time::Instant;
use tokio::sync::watch;

use crate::attachment::Attachments;
use crate::clock::Clock;
use crate::config::Config;
use crate::console::Sessions;
use crate::database::{Database, meta};
use crate::error::{Error, Refusal};
use crate::limiter::Limiter;
use crate::object::{Publisher, head};
use crate::token::Secret;

/// Seconds that a request's clock may be off.
const SKEW_S: i64 = 300;
/// Seconds for which a nonce is remembered.
const NONCE_S: i64 = 600;

pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) config: Config,
    pub(crate) secret: Secret,
    pub(crate) epoch: String,
    pub(crate) attachments: Attachments,
    pub(crate) sessions: Sessions,
    /// Requests of one seat.
    pub(crate) rate: Limiter,
    /// Refused sign-ins of one account.
    pub(crate) sign_ins: Limiter,
    /// The feed's last number; who waits for changes watches it.
    pub(crate) head: watch::Sender<u64>,
    /// Set when the platform is to stop.
    pub(crate) closing: watch::Sender<bool>,
    clock: Arc<dyn Clock>,
    /// What the platform's clock is ahead of `clock`, in seconds.
    offset_s: AtomicI64,
    /// Cursors of an earlier generation have expired.
    generation: AtomicU64,
    /// Seconds to wait during maintenance; 0 when there is none.
    maintenance_s: AtomicU32,
    nonces: Mutex<Nonces>,
    quota: RwLock<HashMap<String, (NaiveDate, u32)>>,
}

#[derive(Default)]
struct Nonces {
    seen: HashMap<String, i64>,
    swept: i64,
}

impl Shared {
    pub(crate) fn open(dir: &Path, clock: Arc<dyn Clock>, config: Config) -> Result<Self, Error> {
        make_private(dir)?;
        let database = Database::open(&dir.join("platform.sqlite3"))?;
        let (secret, epoch) = database.write(|tx| identity(tx))?;
        let number = |name: &'static str| {
            database.read::<_, Error>(|c| {
                Ok(meta(c, name)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0))
            })
        };
        let offset_s = number("clock_offset_s")?;
        let generation = number("cursor_generation")?;
        let maintenance_s = number("maintenance_s")?;
        let last = database.read(head)?;
        Ok(Self {
            rate: Limiter::new(config.limits.rate_per_second, Duration::from_secs(1)),
            sign_ins: Limiter::new(config.refused_sign_ins, Duration::from_mins(1)),
            attachments: Attachments::new(dir.join("attachments"), config.limits.attachment_bytes),
            sessions: Sessions::default(),
            head: watch::Sender::new(last),
            closing: watch::Sender::new(false),
            offset_s: AtomicI64::new(offset_s),
            generation: AtomicU64::new(generation as u64),
            maintenance_s: AtomicU32::new(maintenance_s as u32),
            nonces: Mutex::default(),
            quota: RwLock::default(),
            database,
            config,
            secret,
            epoch,
            clock,
        })
    }

    /// The platform's clock.
    pub(crate) fn now(&self) -> Instant {
        let offset = TimeDelta::seconds(self.offset_s.load(Ordering::Relaxed));
        Instant::new(self.clock.now().at() + offset)
    }

    /// The computer's clock.
    pub(crate) fn real_now(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn set_offset_s(&self, seconds: i64) {
        self.offset_s.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.now().at().date_naive()
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }

    pub(crate) fn set_generation(&self, generation: u64) {
        self.generation.store(generation, Ordering::Relaxed);
    }

    /// Seconds to wait, during maintenance.
    pub(crate) fn maintenance(&self) -> Option<u32> {
        Some(self.maintenance_s.load(Ordering::Relaxed)).filter(|seconds| *seconds > 0)
    }

    pub(crate) fn set_maintenance(&self, seconds: Option<u32>) {
        self.maintenance_s.store(seconds.unwrap_or(0), Ordering::Relaxed);
    }

    /// Runs blocking work on a thread for it.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let shared = Arc::clone(self);
        match tokio::task::spawn_blocking(move || work(&shared)).await {
            Ok(result) => result,
            Err(error) => Err(Refusal::internal(error.to_string())),
        }
    }

    /// Publishes changes in one transaction and wakes those who wait for them.
    pub(crate) fn publish<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Connection, &mut Publisher<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let now = self.now();
        let (result, last) = self.database.write::<_, E>(|tx| {
            let mut publisher = Publisher::new(tx, now)?;
            let result = work(tx, &mut publisher)?;
            Ok((result, publisher.last()))
        })?;
        self.wake(last);
        Ok(result)
    }

    /// Tells those who wait that the feed has reached `last`.
    pub(crate) fn wake(&self, last: u64) {
        self.head.send_if_modified(|head| {
            let changed = last > *head;
            *head = last.max(*head);
            changed
        });
    }

    /// Whether the request's clock is near enough to the platform's.
    pub(crate) fn is_timely(&self, timestamp: i64) -> bool {
        self.now().unix().checked_sub(timestamp).is_some_and(|off| off.abs() <= SKEW_S)
    }

    /// Remembers a nonce; whether it is fresh.
    pub(crate) fn take_nonce(&self, app_key: &str, nonce: &str) -> bool {
        let now = self.now().unix();
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if now - nonces.swept >= 60 {
            nonces.seen.retain(|_, at| (now - *at).abs() < NONCE_S);
            nonces.swept = now;
        }
        let key = format!("{app_key} {nonce}");
        let fresh = nonces.seen.get(&key).is_none_or(|at| (now - *at).abs() >= NONCE_S);
        if fresh {
            nonces.seen.insert(key, now);
        }
        fresh
    }

    /// Takes one of the hospital's calls of today; the number left.
    pub(crate) fn take_quota(&self, institution: &str) -> Result<(), Refusal> {
        let Some(quota) = self.config.limits.daily_quota else { return Ok(()) };
        let today = self.today();
        let mut used = self.quota.write().unwrap_or_else(PoisonError::into_inner);
        let entry = used.entry(institution.to_owned()).or_insert((today, 0));
        if entry.0 != today {
            *entry = (today, 0);
        }
        if entry.1 >= quota {
            let at = self.now().at();
            let passed = at.time().signed_duration_since(chrono::NaiveTime::MIN).num_seconds();
            let mut refusal =
                Refusal::rate_limited("今日调用次数已用完，明日自动恢复", (86_400 - passed) as u32);
            refusal.quota_left = Some(0);
            return Err(refusal);
        }
        entry.1 += 1;
        Ok(())
    }
}

/// Makes the data folder, for this user alone where the system knows such a thing: it holds secrets.
fn make_private(dir: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(dir)?)
}

/// The folder's secret and epoch, made the first time.
fn identity(connection: &Connection) -> Result<(Secret, String), Error> {
    let get = |name: &str| -> Result<String, Error> {
        if let Some(kept) = meta(connection, name)? {
            return Ok(kept);
        }
        let made = crate::token::random_hex::<32>()?;
        crate::database::set_meta(connection, name, Some(&made))?;
        Ok(made)
    };
    let secret = get("secret")?;
    let epoch = get("epoch")?;
    let bytes = data_encoding::HEXLOWER
        .decode(secret.as_bytes())
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| Error::OtherData("a damaged secret".to_owned()))?;
    Ok((Secret::new(bytes), epoch[..32].to_owned()))
}
