//! The computer's sleep and its session's lock: then the profile is locked too.
//!
//! On Linux the login manager tells beforehand (logind: `PrepareForSleep`, and `Lock` of a session), and waits for us a
//! moment. Elsewhere nobody is asked: a sleep shows as a long time without anybody, and the profile is locked at waking,
//! before the window is drawn on.

use std::sync::Arc;

use sunbench_app::App;

/// Listens for as long as the program lives.
#[cfg(target_os = "linux")]
pub(crate) async fn watch(app: Arc<App>) {
    if let Err(error) = logind::listen(&app).await {
        tracing::info!(%error, "no login manager tells of sleep; the idle lock stays");
    }
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::unused_async)] // the same as on Linux
pub(crate) async fn watch(_: Arc<App>) {}

#[cfg(target_os = "linux")]
mod logind {
    use std::sync::Arc;
    use std::time::Duration;

    use sunbench_app::App;
    use zbus::export::ordered_stream::OrderedStreamExt as _;
    use zbus::names::{InterfaceName, MemberName};
    use zbus::zvariant::{ObjectPath, OwnedFd};
    use zbus::{Connection, MatchRule, MessageStream, Proxy};

    const BUS: &str = "org.freedesktop.login1";
    const MANAGER: &str = "org.freedesktop.login1.Manager";
    const SESSION: &str = "org.freedesktop.login1.Session";
    /// The login manager itself waits five seconds.
    const WITHIN: Duration = Duration::from_secs(4);

    pub(super) async fn listen(app: &Arc<App>) -> zbus::Result<()> {
        let bus = Connection::system().await?;
        let manager = Proxy::new(&bus, BUS, "/org/freedesktop/login1", MANAGER).await?;
        let session = own_session(&manager).await;
        let rule = MatchRule::builder().msg_type(zbus::message::Type::Signal).sender(BUS)?.build();
        let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        // Holding it makes the login manager wait; giving it back lets the computer sleep.
        let mut delay = inhibit(&manager).await;
        while let Some(message) = signals.next().await {
            let Ok(message) = message else { continue };
            let header = message.header();
            let (interface, member) = (header.interface(), header.member());
            match (interface.map(InterfaceName::as_str), member.map(MemberName::as_str)) {
                (Some(MANAGER), Some("PrepareForSleep")) => {
                    if message.body().deserialize().unwrap_or(false) {
                        suspend(app).await;
                        drop(delay.take());
                    } else if delay.is_none() {
                        delay = inhibit(&manager).await;
                    }
                }
                (Some(SESSION), Some("Lock"))
                    if session.is_none() || header.path().map(ObjectPath::as_str) == session.as_deref() =>
                {
                    suspend(app).await;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn suspend(app: &Arc<App>) {
        if tokio::time::timeout(WITHIN, app.suspended()).await.is_err() {
            tracing::warn!("the profile was not closed before the computer slept");
        }
    }

    async fn inhibit(manager: &Proxy<'_>) -> Option<OwnedFd> {
        let why = "Sunbench closes its data";
        manager.call("Inhibit", &("sleep", "Sunbench", why, "delay")).await.ok()
    }

    /// Another person's session on the same computer is no business of ours.
    async fn own_session(manager: &Proxy<'_>) -> Option<String> {
        let path: zbus::zvariant::OwnedObjectPath =
            manager.call("GetSessionByPID", &(std::process::id(),)).await.ok()?;
        Some(path.as_str().to_owned())
    }
}
