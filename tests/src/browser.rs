//! A plain browser, for the supervisor's console.

use std::ops::Deref;

use fantoccini::wd::Capabilities;
use serde_json::json;
use tempfile::TempDir;

use crate::driver::{Driver, Page};

/// Debian's Chromium on a fresh profile.
pub struct Browser {
    page: Page,
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Opens an address.
    pub async fn open(url: &str) -> Self {
        let driver = Driver::start("chromedriver", &[]).await;
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        let options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1366,768", format!("--user-data-dir={}", profile.path().display()),
        ] });
        let page =
            Page::connect(&driver, Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)]))
                .await;
        page.client.goto(url).await.unwrap_or_else(|e| panic!("{url}: {e}"));
        Self { page, _driver: driver, _profile: profile }
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.page.client.goto(url).await.unwrap_or_else(|e| panic!("{url}: {e}"));
    }

    /// Keeps a picture of the page.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("SUNBENCH_PICTURES") else { return };
        if let Ok(image) = self.page.client.screenshot().await {
            let _ = std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), image);
        }
    }

    /// Closes it.
    pub async fn close(self) {
        self.page.end().await;
    }
}

impl Deref for Browser {
    type Target = Page;
    fn deref(&self) -> &Page {
        &self.page
    }
}
