//! The program's window.

use std::ops::Deref;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::driver::{Driver, Page};
use crate::{PATIENCE, program};

/// The running program, driven through its window.
pub struct Window {
    page: Page,
    driver: Driver,
}

impl Window {
    /// Starts the program on a profile folder.
    pub async fn open(data: &Path) -> Self {
        let driver = Driver::start("WebKitWebDriver", &[("TAURI_WEBVIEW_AUTOMATION", "true")]).await;
        let options = json!({ "binary": program("sunbench-desktop"), "args": ["--data", data] });
        let capabilities = Capabilities::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let page = Page::connect(&driver, capabilities).await;
        Self { page, driver }
    }

    /// Makes the window as large as a screen: without a window manager nobody else does.
    ///
    /// # Panics
    ///
    /// When the driver does not.
    pub async fn resize(&self, width: u32, height: u32) {
        self.page.client.set_window_rect(0, 0, width, height).await.expect("the window can be resized");
    }

    /// Asks the program's core, as the window does.
    ///
    /// # Panics
    ///
    /// When the command fails.
    pub async fn ask(&self, command: &str, request: Value) -> Value {
        let answer = self
            .script(
                "const [command, request, done] = arguments;
                 window.__TAURI_INTERNALS__.invoke(command, { req: request })
                   .then((answer) => done({ answer }), (error) => done({ error }));",
                vec![json!(command), request],
            )
            .await;
        assert!(answer.get("error").is_none(), "{command}: {}", answer["error"]);
        answer["answer"].clone()
    }

    /// Closes the window as its frame does, and waits until the program has ended.
    ///
    /// # Panics
    ///
    /// When it stays.
    pub async fn leave(self) {
        self.shut().await;
        // The window is gone before the program has put its things away.
        self.has_ended().await;
    }

    /// Closes the window as its frame does, and leaves the program in the tray.
    ///
    /// # Panics
    ///
    /// When the window stays.
    pub async fn hide(self) {
        self.shut().await;
    }

    async fn shut(&self) {
        const CLOSE: &str =
            "setTimeout(() => window.__TAURI_INTERNALS__.invoke('plugin:window|close', { label: 'main' }))";
        self.page.client.execute(CLOSE, Vec::new()).await.expect("the page runs scripts");
        // Without a window there is no page to ask.
        let start = Instant::now();
        while self.page.answers().await {
            assert!(start.elapsed() < PATIENCE, "the window does not close");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Ends the program as a power cut does: without asking it.
    ///
    /// # Panics
    ///
    /// When the program is gone already, or stays.
    pub async fn cut(self) {
        // Not by ending the session: the driver answers that before it ends the program, and would leave it behind.
        assert!(self.programs("pkill", &["-KILL"]), "there is no program to end");
        self.has_ended().await;
    }

    /// Waits until no program runs any more.
    async fn has_ended(&self) {
        let start = Instant::now();
        while self.programs("pgrep", &[]) {
            assert!(start.elapsed() < PATIENCE, "the program does not end");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs `tool` on what the driver has started; whether there was any.
    fn programs(&self, tool: &str, arguments: &[&str]) -> bool {
        let parent = self.driver.id().to_string();
        let found = Command::new(tool).args(arguments).args(["-P", &parent]).stdout(Stdio::null()).status();
        found.expect("procps is there").success()
    }
}

impl Deref for Window {
    type Target = Page;
    fn deref(&self) -> &Page {
        &self.page
    }
}
