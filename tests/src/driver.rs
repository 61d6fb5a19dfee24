//! WebDriver, as far as both browsers need it: a driver process, and a page found by the names of its parts.

use std::future::Future;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::time::{Duration, sleep, timeout};

use crate::{PATIENCE, picture};

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The longest that one look at the page may take.
const CALL_WITHIN: Duration = Duration::from_secs(30);

/// A driver process, ended when dropped.
pub(crate) struct Driver {
    process: Child,
    pub(crate) url: String,
}

impl Driver {
    /// Starts a driver on a free port and waits until it listens.
    pub(crate) async fn start(program: &str, environment: &[(&str, &str)]) -> Self {
        let port = free_port();
        let process = Command::new(program)
            .arg(format!("--port={port}"))
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{program} does not start: {e}"));
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "{program} does not listen");
            sleep(LOOK_EVERY).await;
        }
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }
}

impl Driver {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The part of the window with this `data-test` name.
    Part(&'a str),
    /// The first part whose `data-test` name starts like this.
    Like(&'a str),
    /// A CSS selector.
    Css(&'a str),
}

impl Wanted<'_> {
    fn selector(self) -> String {
        match self {
            Self::Part(name) => format!("[data-test=\"{name}\"]"),
            Self::Like(start) => format!("[data-test^=\"{start}\"]"),
            Self::Css(selector) => selector.to_owned(),
        }
    }

    /// Where text goes: the part itself or the field in it.
    fn field(self) -> String {
        let part = self.selector();
        format!("input{part}, textarea{part}, {part} input, {part} textarea")
    }
}

/// A key's code point in WebDriver.
fn key_of(name: &str) -> char {
    let key = match name {
        "Alt" => Key::Alt,
        "Ctrl" => Key::Control,
        "Shift" => Key::Shift,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Home" => Key::Home,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "F5" => Key::F5,
        "Space" => return ' ',
        _ => {
            let mut letters = name.chars();
            let letter = letters.next().filter(|_| letters.as_str().is_empty());
            return letter.unwrap_or_else(|| panic!("no key is called {name:?}"));
        }
    };
    char::from(key)
}

/// Keeps a picture of the screen and gives up.
fn failed(what: &str) -> ! {
    picture("failed");
    panic!("{what}")
}

/// A page in one of the browsers.
pub struct Page {
    pub(crate) client: Client,
}

impl Page {
    pub(crate) async fn connect(driver: &Driver, capabilities: Capabilities) -> Self {
        let mut builder = ClientBuilder::rustls().expect("the machine's certificates can be read");
        let connected = timeout(PATIENCE, builder.capabilities(capabilities).connect(&driver.url)).await;
        let client = match connected {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => failed(&format!("no session with {}: {error}", driver.url)),
            Err(_) => failed(&format!("{} gives no session", driver.url)),
        };
        Self { client }
    }

    /// Whether there is still a page.
    pub(crate) async fn answers(&self) -> bool {
        matches!(timeout(CALL_WITHIN, self.client.title()).await, Ok(Ok(_)))
    }

    /// Ends the session, and with it the program that the driver started.
    pub(crate) async fn end(&self) {
        let ended = timeout(CALL_WITHIN, self.client.clone().close()).await;
        ended.expect("the driver answers").expect("the session can be ended");
    }

    /// Waits until `attempt` yields something.
    pub async fn until<T, F>(&self, what: &str, attempt: impl Fn() -> F) -> T
    where
        F: Future<Output = Result<Option<T>, CmdError>>,
    {
        let start = Instant::now();
        loop {
            let last = match timeout(CALL_WITHIN, attempt()).await {
                Ok(Ok(Some(found))) => return found,
                Ok(Ok(None)) => String::new(),
                Ok(Err(error)) => format!(": {error}"),
                Err(_) => ": the driver does not answer".to_owned(),
            };
            if start.elapsed() > PATIENCE {
                failed(&format!("waited in vain for {what}{last}"));
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// The first part that is drawn. WebKitWebDriver's own idea of it leaves out buttons in table cells.
    async fn displayed(&self, selector: &str) -> Result<Option<Element>, CmdError> {
        const IS_DRAWN: &str = "const box = arguments[0].getBoundingClientRect();
            return box.width > 0 && box.height > 0 && getComputedStyle(arguments[0]).visibility === 'visible';";
        for element in self.client.find_all(Locator::Css(selector)).await? {
            if self.client.execute(IS_DRAWN, vec![json!(element)]).await? == json!(true) {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Waits for a visible part.
    pub async fn see(&self, wanted: Wanted<'_>) -> Element {
        let selector = wanted.selector();
        self.until(&format!("{wanted:?}"), || self.displayed(&selector)).await
    }

    /// Waits until a part is not visible any more.
    pub async fn gone(&self, wanted: Wanted<'_>) {
        let selector = wanted.selector();
        self.until(&format!("{wanted:?} to go"), || async {
            Ok(self.displayed(&selector).await?.is_none().then_some(()))
        })
        .await;
    }

    /// Whether a part is visible now.
    pub async fn sees(&self, wanted: Wanted<'_>) -> bool {
        self.displayed(&wanted.selector()).await.is_ok_and(|found| found.is_some())
    }

    /// Waits for a visible part and clicks it.
    pub async fn click(&self, wanted: Wanted<'_>) {
        let selector = wanted.selector();
        // Again when the page was drawn anew between finding and clicking.
        self.until(&format!("{wanted:?} to be clicked"), || async {
            let Some(element) = self.displayed(&selector).await? else { return Ok(None) };
            element.click().await.map(Some)
        })
        .await;
    }

    /// Waits for a field and puts `text` in place of what it holds, as an input method does: WebKitWebDriver has no keys
    /// for Chinese and waits for them for ever.
    pub async fn fill(&self, wanted: Wanted<'_>, text: &str) {
        const INSERT: &str = "const [field, text] = arguments; field.focus(); field.select();
            return document.execCommand('insertText', false, text);";
        let selector = wanted.field();
        self.until(&format!("{wanted:?} to take text"), || async {
            let Some(field) = self.displayed(&selector).await? else { return Ok(None) };
            let arguments = vec![json!(field), json!(text)];
            let taken = self.client.execute(INSERT, arguments).await?;
            Ok((taken == json!(true)).then_some(()))
        })
        .await;
    }

    /// Presses a key or a combination as a keyboard does: `a`, `Enter`, `Alt+5`, `Ctrl+Home`.
    ///
    /// # Panics
    ///
    /// For a key that has no name here.
    pub async fn press(&self, keys: &str) {
        let parts: Vec<char> = keys.split('+').map(key_of).collect();
        let down = parts.iter().map(|value| KeyAction::Down { value: *value });
        let up = parts.iter().rev().map(|value| KeyAction::Up { value: *value });
        let actions = down.chain(up).fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        timeout(CALL_WITHIN, self.client.perform_actions(actions))
            .await
            .unwrap_or_else(|_| panic!("{keys} is not taken"))
            .unwrap_or_else(|e| panic!("{keys}: {e}"));
    }

    /// Keys as a barcode scanner sends them in place of a keyboard: without a pause, FNC1 as Ctrl+], Enter at the end.
    pub async fn scan(&self, code: &str) {
        let mut keys = KeyActions::new("scanner".to_owned());
        for sign in code.chars() {
            let held: &[char] = if sign == '\u{1d}' { &[char::from(Key::Control), ']'] } else { &[sign] };
            for value in held {
                keys = keys.then(KeyAction::Down { value: *value });
            }
            for value in held.iter().rev() {
                keys = keys.then(KeyAction::Up { value: *value });
            }
        }
        let enter = char::from(Key::Enter);
        keys = keys.then(KeyAction::Down { value: enter }).then(KeyAction::Up { value: enter });
        timeout(CALL_WITHIN, self.client.perform_actions(keys))
            .await
            .unwrap_or_else(|_| panic!("{code} is not taken"))
            .unwrap_or_else(|e| panic!("{code}: {e}"));
    }

    /// Presses Tab until the part has the keyboard: whoever has no mouse gets there too.
    pub async fn tab_to(&self, wanted: Wanted<'_>) {
        const HAS_KEYBOARD: &str = "const here = document.activeElement;
            return !!here && (here.matches(arguments[0]) || !!here.closest(arguments[0]));";
        const MOST: usize = 120;
        self.see(wanted).await;
        let selector = wanted.selector();
        for _ in 0..MOST {
            let there = timeout(CALL_WITHIN, self.client.execute(HAS_KEYBOARD, vec![json!(selector)])).await;
            if matches!(there, Ok(Ok(answer)) if answer == json!(true)) {
                return;
            }
            self.press("Tab").await;
        }
        failed(&format!("Tab does not reach {wanted:?}"));
    }

    /// Puts text into whatever has the keyboard, in place of what it holds, as an input method does.
    pub async fn enter(&self, text: &str) {
        const INSERT: &str = "document.activeElement.select();
            return document.execCommand('insertText', false, arguments[0]);";
        let taken = timeout(CALL_WITHIN, self.client.execute(INSERT, vec![json!(text)])).await;
        assert!(matches!(taken, Ok(Ok(answer)) if answer == json!(true)), "nothing takes {text:?}");
    }

    /// The content of a field.
    pub async fn value(&self, wanted: Wanted<'_>) -> String {
        let selector = wanted.field();
        self.until(&format!("the content of {wanted:?}"), || async {
            let Some(field) = self.displayed(&selector).await? else { return Ok(None) };
            field.prop("value").await
        })
        .await
    }

    /// The visible text of a part.
    pub async fn text(&self, wanted: Wanted<'_>) -> String {
        let selector = wanted.selector();
        self.until(&format!("the text of {wanted:?}"), || async {
            let Some(element) = self.displayed(&selector).await? else { return Ok(None) };
            element.text().await.map(Some)
        })
        .await
    }

    /// An attribute of a part.
    pub async fn attribute(&self, wanted: Wanted<'_>, name: &str) -> String {
        let selector = wanted.selector();
        self.until(&format!("{name} of {wanted:?}"), || async {
            let Some(element) = self.displayed(&selector).await? else { return Ok(None) };
            element.attr(name).await
        })
        .await
    }

    /// Waits until an attribute of a part has a value.
    pub async fn attribute_is(&self, wanted: Wanted<'_>, name: &str, value: &str) {
        let selector = wanted.selector();
        self.until(&format!("{name} of {wanted:?} to be {value}"), || async {
            let Some(element) = self.displayed(&selector).await? else { return Ok(None) };
            Ok((element.attr(name).await?.as_deref() == Some(value)).then_some(()))
        })
        .await;
    }

    /// The `data-test` names on the page that start like this, in the page's order, without that start.
    pub async fn names(&self, start: &str) -> Vec<String> {
        let selector = Wanted::Like(start).selector();
        self.until(&format!("the names {start}…"), || async {
            let mut names = Vec::new();
            for element in self.client.find_all(Locator::Css(&selector)).await? {
                let name = element.attr("data-test").await?.unwrap_or_default();
                names.push(name[start.len()..].to_owned());
            }
            Ok(Some(names))
        })
        .await
    }

    /// Runs a script on the page that ends by calling its last argument.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        timeout(CALL_WITHIN, self.client.execute_async(script, arguments))
            .await
            .unwrap_or_else(|_| panic!("no answer: {script}"))
            .unwrap_or_else(|e| panic!("{script}: {e}"))
    }
}
