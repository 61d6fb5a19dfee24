//! One platform: its data folder, its server, and the controls of tests and training days.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sunbench_contract::Resource;
use sunbench_contract::time::Instant;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::config::Config;
use crate::database::{meta, set_meta};
use crate::error::Error;
use crate::notices::{self, NewNotice};
use crate::object::Slot;
use crate::record::{DemoInfo, Record};
use crate::shared::Shared;
use crate::token::random_hex;
use crate::{account, acts, api, console, load, pace};

/// Seconds that open requests get when the platform stops; a long poll is answered at once.
const STOP_S: u64 = 3;

/// 参考平台: a procurement platform that speaks the contract, over one data folder.
///
/// A clone is the same platform.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use sunbench_platform::{DemoOptions, Platform, SystemClock};
/// let platform = Platform::open("data".as_ref(), Arc::new(SystemClock))?;
/// let access = platform.load_demo(&DemoOptions::default())?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// println!("{} {}", listener.local_addr()?, access.user);
/// platform.serve(listener, std::future::pending()).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Platform {
    shared: Arc<Shared>,
}

/// Which demo is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Equal seeds give equal provinces.
    pub seed: u64,
    /// 1 is one middling hospital for two years.
    pub scale: u32,
    /// What the demo's dates are laid relative to; the platform's own date when absent.
    pub today: Option<NaiveDate>,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { seed: 1, scale: 1, today: None }
    }
}

/// Who may sign in to a demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccess {
    /// 医疗机构代码.
    pub institution: String,
    /// Its name.
    pub institution_name: String,
    /// 操作员.
    pub user: String,
    /// 姓名.
    pub user_name: String,
    /// The operator's password.
    pub password: String,
    /// The supervisor of the console.
    pub supervisor: String,
    /// The supervisor's password.
    pub supervisor_password: String,
}

/// What the data folder remembers of its demo.
#[derive(Serialize, Deserialize)]
struct DemoMark {
    seed: u64,
    scale: u32,
    today: NaiveDate,
    access: DemoAccess,
}

impl Platform {
    /// Opens a data folder, or makes a new one.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Self::open_with(dir, clock, Config::default())
    }

    /// As [`Platform::open`], with other limits.
    pub fn open_with(dir: &Path, clock: Arc<dyn Clock>, config: Config) -> Result<Self, Error> {
        Ok(Self { shared: Arc::new(Shared::open(dir, clock, config)?) })
    }

    /// The platform's clock.
    pub fn now(&self) -> Instant {
        self.shared.now()
    }

    /// Sets the platform's date: its clock shows `today` with the present time of day and runs on from there.
    ///
    /// The data folder keeps it, so the clock never goes back: opened again the next day with the same `today`,
    /// it shows the day after.
    pub fn set_today(&self, today: NaiveDate) -> Result<(), Error> {
        let text = today.to_string();
        let kept = self.shared.database.read::<_, Error>(|c| meta(c, "clock_today"))?;
        if kept.as_ref() == Some(&text) {
            return Ok(());
        }
        let offset_s = (today - self.shared.real_now().at().date_naive()).num_seconds();
        self.shared.database.write::<_, Error>(|tx| {
            set_meta(tx, "clock_today", Some(&text))?;
            set_meta(tx, "clock_offset_s", Some(&offset_s.to_string()))
        })?;
        self.shared.set_offset_s(offset_s);
        Ok(())
    }

    /// Loads a demo province into an empty data folder; one that already holds this demo stays as it is.
    ///
    /// Without [`DemoOptions::today`], a demo of another day is the same demo.
    pub fn load_demo(&self, options: &DemoOptions) -> Result<DemoAccess, Error> {
        let today = options.today.unwrap_or_else(|| self.shared.today());
        let spec = crate::record::DemoSpec { seed: options.seed, scale: options.scale, today };
        self.load_records(options, |sink| {
            crate::demo::generate(&spec, sunbench_workdays::Calendar::built_in(), sink)
        })
    }

    /// As [`Platform::load_demo`], from another generator.
    pub fn load_records(
        &self,
        options: &DemoOptions,
        generate: impl FnOnce(&mut dyn FnMut(Record)) -> DemoInfo,
    ) -> Result<DemoAccess, Error> {
        if let Some(mark) = self.demo_mark()? {
            let DemoMark { seed, scale, today, access } = mark;
            let same =
                (seed, scale) == (options.seed, options.scale) && options.today.is_none_or(|t| t == today);
            return if same {
                Ok(access)
            } else {
                Err(Error::OtherData(format!("demo {seed} of scale {scale} for {today}")))
            };
        }
        let today = options.today.unwrap_or_else(|| self.shared.today());
        let remember = |info: &DemoInfo| {
            let (seed, scale, access) = (options.seed, options.scale, access_of(info));
            Ok(serde_json::to_string(&DemoMark { seed, scale, today, access })?)
        };
        let (info, last) = load::load(&self.shared.database, remember, generate)?;
        self.shared.wake(last);
        Ok(access_of(&info))
    }

    /// Lets another operator of a hospital sign in, or changes one.
    pub fn add_operator(
        &self,
        institution: &str,
        user: &str,
        name: &str,
        password: &str,
        roles: &[&str],
    ) -> Result<(), Error> {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        self.shared.database.write::<_, Error>(|tx| {
            crate::account::add_operator(tx, institution, user, name, password, &roles)
        })
    }

    /// Who may sign in to the demo that the data folder holds.
    pub fn demo_access(&self) -> Result<Option<DemoAccess>, Error> {
        Ok(self.demo_mark()?.map(|mark| mark.access))
    }

    fn demo_mark(&self) -> Result<Option<DemoMark>, Error> {
        let kept = self.shared.database.read::<_, Error>(|c| meta(c, "demo"))?;
        Ok(kept.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Makes a supervisor with a random password when there is none: the name and the password, this once.
    pub fn first_supervisor(&self) -> Result<Option<(String, String)>, Error> {
        let password = random_hex::<9>()?;
        self.shared.database.write(|tx| {
            if account::has_supervisor(tx)? {
                return Ok(None);
            }
            account::add_supervisor(tx, "supervisor", &password)?;
            Ok(Some(("supervisor".to_owned(), password)))
        })
    }

    /// Serves the hospital API, the console and the contract's description until `shutdown` ends.
    ///
    /// Open long polls are answered at once then; other requests get three seconds.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        shared.closing.send_replace(false);
        let mut closing = shared.closing.subscribe();
        let stopping = Arc::clone(&shared);
        let server = axum::serve(listener, self.router()).with_graceful_shutdown(async move {
            shutdown.await;
            stopping.closing.send_replace(true);
        });
        tokio::select! {
            result = async { server.await } => result?,
            () = async {
                // The sender lives as long as `shared`.
                let _ = closing.wait_for(|closing| *closing).await;
                tokio::time::sleep(Duration::from_secs(STOP_S)).await;
            } => {}
        }
        Ok(())
    }

    /// Everything that is served: for a server of one's own, or for none.
    pub fn router(&self) -> Router {
        api::router(&self.shared).merge(console::router(&self.shared))
    }

    /// Publishes records, each document in one transaction of the feed.
    pub fn publish(&self, records: &[Record]) -> Result<(), Error> {
        for document in records.chunk_by(|a, b| a.doc == b.doc) {
            self.shared.publish::<_, Error>(|_, publisher| {
                for (place, record) in document.iter().enumerate() {
                    let at = Slot {
                        institution: record.institution.as_deref(),
                        resource: record.resource,
                        id: &record.id,
                        day: record.day,
                        doc: &record.doc,
                        place: place as i64,
                        amount: record.amount,
                    };
                    publisher.put_text(&at, record.upd_time, &record.data)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Takes a record back; whether there was one.
    pub fn take_back(&self, resource: Resource, id: &str) -> Result<bool, Error> {
        self.shared.publish(|_, publisher| publisher.delete(resource, id))
    }

    /// 下发督办: its id.
    pub fn issue_notice(&self, notice: &NewNotice) -> Result<String, Error> {
        notices::issue(&self.shared, notice)
    }

    /// 销号.
    pub fn close_notice(&self, id: &str) -> Result<(), Error> {
        notices::close(&self.shared, id)
    }

    /// 退回, due at the end of `due`, or after five working days.
    pub fn return_notice(&self, id: &str, reason: &str, due: Option<NaiveDate>) -> Result<(), Error> {
        notices::send_back(&self.shared, id, reason, due)
    }

    /// 备案审核通过.
    pub fn approve_filing(&self, id: &str) -> Result<(), Error> {
        acts::bureau::decide_filing(&self.shared, id, None)
    }

    /// 备案退回, to be submitted again.
    pub fn return_filing(&self, id: &str, reason: &str) -> Result<(), Error> {
        acts::bureau::decide_filing(&self.shared, id, Some(reason))
    }

    /// Lets whoever a document waits for outside the hospital take one step: companies accept, deliver, answer, bill; the
    /// bureau decides, verifies, pays. What changed since the demo was loaded goes first. Whether there was one.
    pub fn advance(&self) -> Result<bool, Error> {
        pace::advance(&self.shared)
    }

    /// 指标监管: measures every hospital from its documents, publishes indicators and rankings, and issues notices for what is
    /// past its warning.
    pub fn supervise(&self) -> Result<crate::supervision::Supervised, Error> {
        crate::supervision::supervise(&self.shared)
    }

    /// As [`Platform::supervise`], at most once on a day of the platform; the first time a rule is adjusted too.
    pub fn supervise_daily(&self) -> Result<Option<crate::supervision::Supervised>, Error> {
        crate::supervision::daily(&self.shared)
    }

    /// 调整规则: a parameter such as `threshold.warning` of an indicator, from now on; the adjustment's id.
    pub fn adjust_rule(&self, indicator: &str, parameter: &str, value: &str) -> Result<String, Error> {
        crate::supervision::adjust(&self.shared, indicator, parameter, value)
    }

    /// As [`Platform::advance`], for one document.
    pub fn advance_document(&self, resource: Resource, id: &str) -> Result<bool, Error> {
        let now = self.shared.now();
        self.shared.publish(|connection, publisher| acts::step(connection, publisher, now, resource, id))
    }

    /// Begins a maintenance window (every call answers 503 and asks to wait so many seconds), or ends it.
    pub fn set_maintenance(&self, retry_after_s: Option<u32>) -> Result<(), Error> {
        console::set_maintenance(&self.shared, retry_after_s)
    }

    /// Lets every cursor handed out so far expire, as a platform does that keeps its feed for a while only.
    pub fn expire_cursors(&self) -> Result<(), Error> {
        let next = self.shared.generation() + 1;
        self.shared
            .database
            .write::<_, Error>(|tx| set_meta(tx, "cursor_generation", Some(&next.to_string())))?;
        self.shared.set_generation(next);
        Ok(())
    }
}

fn access_of(info: &DemoInfo) -> DemoAccess {
    DemoAccess {
        institution: info.institution.clone(),
        institution_name: info.institution_name.clone(),
        user: info.user.clone(),
        user_name: info.user_name.clone(),
        password: info.password.clone(),
        supervisor: info.supervisor.clone(),
        supervisor_password: info.supervisor_password.clone(),
    }
}
