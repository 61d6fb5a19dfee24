//! What the shell keeps while it runs.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sunbench_app::{ApiError, ApiResult, App};
use tokio::sync::SetOnce;

/// The longest that the program waits for running work when it ends. What is committed is safe anyway.
const END_WITHIN: Duration = Duration::from_secs(10);

/// The use cases, and where their life stands.
pub(crate) struct Shell {
    pub(crate) app: Arc<App>,
    /// Held by whoever looks whether there is a window and makes one.
    pub(crate) window: tokio::sync::Mutex<()>,
    has_window: AtomicBool,
    started: SetOnce<()>,
    ending: AtomicBool,
}

impl Shell {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self {
            app,
            window: tokio::sync::Mutex::default(),
            has_window: AtomicBool::new(false),
            started: SetOnce::new(),
            ending: AtomicBool::new(false),
        }
    }

    /// The first window is there.
    pub(crate) fn has_opened(&self) {
        self.has_window.store(true, Ordering::SeqCst);
    }

    /// False while the first window is still being made.
    pub(crate) fn was_opened(&self) -> bool {
        self.has_window.load(Ordering::SeqCst)
    }

    /// Commands may be answered from now on.
    pub(crate) fn started(&self) {
        let _ = self.started.set(()); // only ever called once
    }

    /// Answers a command: after the start, and with an error where the use case panics, because a panic would
    /// leave the window waiting for ever.
    pub(crate) async fn answer<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl Future<Output = ApiResult<T>> + Send + 'static,
    ) -> ApiResult<T> {
        self.started.wait().await;
        match tauri::async_runtime::spawn(work).await {
            Ok(answer) => answer,
            Err(_) => Err(ApiError::internal(&format_args!("command {name} panicked"))),
        }
    }

    /// True for the first caller: the one that has to end the work.
    pub(crate) fn begin_end(&self) -> bool {
        !self.ending.swap(true, Ordering::SeqCst)
    }

    /// Lets running work come to an end, within ten seconds.
    pub(crate) async fn end(&self) {
        if tokio::time::timeout(END_WITHIN, self.app.shutdown()).await.is_err() {
            tracing::warn!("work was still running at the end");
        }
    }
}
