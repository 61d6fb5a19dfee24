//! The demo hospital: the reference platform inside this program, on a loopback port, with a network cable that
//! can be pulled.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sunbench_app::wire::{Nothing, ProfileCreateReq, ProfileStatus};
use sunbench_app::{ApiResult, App, DemoAccess, DemoHost};
use sunbench_platform::{DemoOptions, Platform, SystemClock};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;

/// How long a pulled cable waits for requests that hold a thread.
const PULL_WITHIN: Duration = Duration::from_secs(2);

/// The platform of the demo hospital. Its address is kept in its folder, so it is the same whenever it is back.
pub(crate) struct DemoHospital {
    running: Mutex<Option<Hospital>>,
}

struct Hospital {
    dir: PathBuf,
    platform: Platform,
    access: sunbench_platform::DemoAccess,
    address: SocketAddr,
    /// Runs the server and its connections; taken away, all of them end at once.
    network: Option<Runtime>,
}

impl DemoHospital {
    pub(crate) fn new() -> Self {
        Self { running: Mutex::new(None) }
    }
}

#[async_trait]
impl DemoHost for DemoHospital {
    async fn start(&self, dir: &Path) -> Result<DemoAccess, String> {
        let mut running = self.running.lock().await;
        if let Some(hospital) = running.as_ref().filter(|hospital| hospital.dir == dir) {
            return Ok(hospital.access()); // its cable stays as it is
        }
        let mut hospital = Hospital::open(dir.to_owned()).await?;
        hospital.plug_in().await?;
        Ok(running.insert(hospital).access())
    }

    async fn set_online(&self, online: bool) -> Result<(), String> {
        let mut running = self.running.lock().await;
        let hospital = running.as_mut().ok_or("the demo hospital is not open")?;
        if online { hospital.plug_in().await } else { hospital.pull().await }
    }

    fn is_online(&self) -> bool {
        // Held only while the cable is being pulled or plugged in: neither here nor there.
        self.running
            .try_lock()
            .is_ok_and(|running| running.as_ref().is_some_and(|hospital| hospital.network.is_some()))
    }
}

impl Hospital {
    async fn open(dir: PathBuf) -> Result<Self, String> {
        let folder = dir.clone();
        let opened = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let platform = Platform::open(&folder, Arc::new(SystemClock)).map_err(|e| e.to_string())?;
            let access = platform.load_demo(&DemoOptions::default()).map_err(|e| e.to_string())?;
            Ok::<_, String>((platform, access))
        });
        let (platform, access) = opened.await.map_err(|e| e.to_string())??;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, kept_port(&dir)));
        Ok(Self { dir, platform, access, address, network: None })
    }

    async fn plug_in(&mut self) -> Result<(), String> {
        if self.network.is_some() {
            return Ok(());
        }
        let listener = self.listen().await.map_err(|e| format!("{}: {e}", self.address))?;
        self.address = listener.local_addr().map_err(|e| e.to_string())?;
        std::fs::write(self.dir.join(PORT_FILE), self.address.port().to_string())
            .map_err(|e| format!("{}: {e}", self.dir.display()))?;
        let network = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("demo-hospital")
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        let platform = self.platform.clone();
        network.spawn(async move {
            let served = async {
                // Made by another runtime's reactor: it has to be registered with this one.
                let listener = TcpListener::from_std(listener)?;
                platform.serve(listener, std::future::pending()).await.map_err(io::Error::other)
            };
            if let Err(error) = served.await {
                tracing::error!(%error, "the demo hospital's platform stopped");
            }
        });
        self.network = Some(network);
        Ok(())
    }

    async fn pull(&mut self) -> Result<(), String> {
        let Some(network) = self.network.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || network.shutdown_timeout(PULL_WITHIN))
            .await
            .map_err(|e| e.to_string())
    }

    /// On the kept port. Another one is taken only where another program has it now.
    async fn listen(&self) -> io::Result<std::net::TcpListener> {
        let listener = match TcpListener::bind(self.address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?
            }
            other => other?,
        };
        listener.into_std()
    }

    fn access(&self) -> DemoAccess {
        let url = format!("http://{}", self.address);
        let access = self.access.clone();
        DemoAccess {
            console: format!("{url}/console"),
            url,
            institution: access.institution,
            user: access.user,
            password: access.password,
            supervisor: access.supervisor,
            supervisor_password: access.supervisor_password,
        }
    }
}

impl Drop for Hospital {
    fn drop(&mut self) {
        // A runtime must not be waited for where this may happen: inside another one.
        if let Some(network) = self.network.take() {
            network.shutdown_background();
        }
    }
}

const PORT_FILE: &str = "port";

/// The port of the last time; 0 lets the system choose.
fn kept_port(dir: &Path) -> u16 {
    std::fs::read_to_string(dir.join(PORT_FILE)).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

/// Opens the demo hospital, in a new profile where there is none yet.
pub(crate) async fn open(app: &Arc<App>) -> ApiResult<()> {
    if app.app_state(Nothing {}).await?.profile == ProfileStatus::None {
        app.profile_create(ProfileCreateReq { passphrase: None }).await?;
    }
    app.demo_start(Nothing {}).await?;
    Ok(())
}

/// The passphrase file of a profile that ends with the program: the user's keyring shall not fill with keys of deleted
/// folders, and nobody can be asked for a passphrase that he never chose.
pub(crate) fn throw_away_passphrase_file(folder: &Path) -> Result<PathBuf, String> {
    let file = folder.join("passphrase");
    std::fs::write(&file, throw_away_passphrase()?).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(file)
}

/// 128 random bits as text.
pub(crate) fn throw_away_passphrase() -> Result<String, String> {
    let random = getrandom::u64().and_then(|high| Ok((high, getrandom::u64()?)));
    let (high, low) = random.map_err(|e| format!("random numbers: {e}"))?;
    Ok(format!("{high:016x}{low:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answers(url: &str) -> bool {
        let address = url.trim_start_matches("http://").to_owned();
        tokio::net::TcpStream::connect(address).await.is_ok()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_address_stays_the_same_while_the_cable_is_pulled_and_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let first = DemoHospital::new();
        let access = first.start(dir.path()).await.unwrap();
        assert!(first.is_online() && answers(&access.url).await);

        first.set_online(false).await.unwrap();
        assert!(!first.is_online() && !answers(&access.url).await);
        first.set_online(true).await.unwrap();
        assert!(first.is_online() && answers(&access.url).await);

        first.set_online(false).await.unwrap();
        drop(first);
        let second = DemoHospital::new();
        assert_eq!(second.start(dir.path()).await.unwrap().url, access.url);
        second.set_online(false).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_pulled_cable_cuts_open_connections() {
        let dir = tempfile::tempdir().unwrap();
        let demo = DemoHospital::new();
        let access = demo.start(dir.path()).await.unwrap();
        let open = std::net::TcpStream::connect(access.url.trim_start_matches("http://")).unwrap();
        demo.set_online(false).await.unwrap();
        open.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let end = io::Read::read(&mut &open, &mut [0; 16]);
        assert!(matches!(end, Ok(0)) || end.is_err_and(|e| e.kind() == io::ErrorKind::ConnectionReset));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_that_another_program_took_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = other.local_addr().unwrap().port();
        std::fs::write(dir.path().join(PORT_FILE), taken.to_string()).unwrap();
        let demo = DemoHospital::new();
        let access = demo.start(dir.path()).await.unwrap();
        assert!(!access.url.ends_with(&format!(":{taken}")));
        demo.set_online(false).await.unwrap();
    }
}
