//! A way to the platform on which everything goes wrong that can: it spoils so many exchanges in a hundred, each kind
//! of fault in its turn, by seed. It knows HTTP and nothing of the contract but the names of the signing headers.

mod message;

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use message::Message;

/// What happens to one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The connection is closed before anything is read.
    Refused,
    /// The connection is reset.
    Reset,
    /// The platform gets half of the request.
    RequestCut,
    /// The platform does it and nobody hears of it.
    AnswerLost,
    /// Half of the answer comes.
    AnswerCut,
    /// Half of the answer comes, as if it were whole.
    AnswerShortened,
    /// It takes a few seconds.
    Delayed,
    /// The platform gets it twice; the second answer comes.
    Twice,
    /// The answer to an earlier request of the same kind comes.
    MixedUp,
    /// One letter or digit of the answer is another: often it stays JSON.
    AnswerDamaged,
    /// One bit of the answer as it is packed is another.
    PackingDamaged,
    /// One letter or digit of the request's content is another.
    RequestDamaged,
    /// One of the request's signing headers is damaged.
    HeaderDamaged,
    /// The request's path is damaged.
    PathDamaged,
    /// The request's time is an hour off.
    WrongClock,
    /// Something on the way answers with this status and a page.
    Instead(u16),
    /// The same, after the platform has done it.
    DoneButInstead(u16),
    /// Something on the way asks to wait, in seconds.
    TooMany(u32),
    /// A sign-in page of the building's network, with status 200.
    Portal,
    /// To another host.
    Redirected,
}

const FAULTS: [Fault; 34] = [
    Fault::Refused,
    Fault::Reset,
    Fault::RequestCut,
    Fault::AnswerLost,
    Fault::AnswerCut,
    Fault::AnswerShortened,
    Fault::Delayed,
    Fault::Twice,
    Fault::MixedUp,
    Fault::AnswerDamaged,
    Fault::PackingDamaged,
    Fault::RequestDamaged,
    Fault::HeaderDamaged,
    Fault::PathDamaged,
    Fault::WrongClock,
    Fault::Instead(400),
    Fault::Instead(401),
    Fault::Instead(403),
    Fault::Instead(404),
    Fault::Instead(407),
    Fault::Instead(409),
    Fault::Instead(412),
    Fault::Instead(413),
    Fault::Instead(500),
    Fault::Instead(502),
    Fault::Instead(503),
    Fault::Instead(504),
    Fault::DoneButInstead(409),
    Fault::DoneButInstead(412),
    Fault::DoneButInstead(502),
    Fault::TooMany(1),
    Fault::TooMany(u32::MAX),
    Fault::Portal,
    Fault::Redirected,
];

const PAGE: &[u8] = b"<html><head><title>Sign in</title></head><body>network</body></html>";
const SIGNING: [&str; 5] = ["x-app-key", "x-nonce", "x-signature", "x-sign-type", "authorization"];

/// The network between the programs.
pub struct FaultProxy {
    /// The platform's address on this side.
    pub url: String,
    mood: Arc<Mutex<Mood>>,
}

struct Mood {
    random: Rng,
    /// Exchanges in a hundred that are spoiled.
    spoiled: u64,
    /// What comes next, so that every kind has its turn.
    deck: Vec<Fault>,
    /// The last answer to each kind of request.
    heard: HashMap<String, Message>,
    exchanges: u64,
    met: BTreeMap<Fault, u64>,
}

impl FaultProxy {
    /// Between here and the platform at `url`.
    ///
    /// # Panics
    ///
    /// When no port is free.
    pub fn start(url: &str, seed: u64, spoiled: u64) -> Self {
        let platform: SocketAddr =
            url.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("a loopback address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it listens"));
        let mood = Arc::new(Mutex::new(Mood {
            random: Rng::with_seed(seed),
            spoiled,
            deck: Vec::new(),
            heard: HashMap::new(),
            exchanges: 0,
            met: BTreeMap::new(),
        }));
        let shared = Arc::clone(&mood);
        // Ends with the process.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mood = Arc::clone(&shared);
                thread::spawn(move || exchange(client, platform, &mood));
            }
        });
        Self { url, mood }
    }

    /// How many exchanges there were, and how often each fault was met.
    pub fn met(&self) -> (u64, BTreeMap<Fault, u64>) {
        let mood = self.mood.lock().unwrap_or_else(PoisonError::into_inner);
        (mood.exchanges, mood.met.clone())
    }

    /// Kinds of faults that there are.
    #[must_use]
    pub fn kinds() -> usize {
        FAULTS.len()
    }
}

impl Mood {
    fn fault(&mut self) -> Option<Fault> {
        self.exchanges += 1;
        if self.random.u64(..100) >= self.spoiled {
            return None;
        }
        if self.deck.is_empty() {
            self.deck = FAULTS.to_vec();
        }
        let next = self.random.usize(..self.deck.len());
        let fault = self.deck.swap_remove(next);
        *self.met.entry(fault).or_default() += 1;
        Some(fault)
    }
}

/// One connection, one exchange. Where a step fails the connection just ends, as in life.
fn exchange(mut client: TcpStream, platform: SocketAddr, mood: &Mutex<Mood>) -> Option<()> {
    let lock = || mood.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = lock().fault();
    match fault {
        Some(Fault::Refused) => return client.shutdown(Shutdown::Both).ok(),
        Some(Fault::Reset) => {
            // What lies unread when a connection is closed makes the system reset it.
            client.peek(&mut [0]).ok()?;
            return None;
        }
        _ => {}
    }
    let mut request = Message::read(&mut client)?;
    request.set("connection", "close");
    let kind = request.kind();
    let any = lock().random.u64(..);
    let instead = |status: u16, headers: &str| {
        let length = PAGE.len();
        let head = format!(
            "HTTP/1.1 {status} On the way\r\ncontent-type: text/html\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        let body = if request.is("HEAD") { &[] } else { PAGE };
        [head.as_bytes(), body].concat()
    };
    let done = |request: &Message| ask(platform, &request.bytes());
    let answer = match fault {
        Some(Fault::Instead(status)) => instead(status, ""),
        Some(Fault::DoneButInstead(status)) => {
            done(&request)?;
            instead(status, "")
        }
        Some(Fault::TooMany(seconds)) => instead(429, &format!("retry-after: {seconds}\r\n")),
        Some(Fault::Portal) => instead(200, ""),
        Some(Fault::Redirected) => instead(302, "location: http://192.0.2.1/sign-in\r\n"),
        Some(Fault::RequestCut) => {
            let bytes = request.bytes();
            let mut server = TcpStream::connect(platform).ok()?;
            server.write_all(&bytes[..bytes.len() - request.body.len() / 2 - 3]).ok()?;
            return None;
        }
        Some(Fault::AnswerLost) => {
            done(&request)?;
            return None;
        }
        Some(Fault::AnswerCut) => {
            let mut bytes = done(&request)?.bytes();
            bytes.truncate(bytes.len() / 2);
            bytes
        }
        Some(Fault::AnswerShortened) => {
            let mut answer = done(&request)?;
            answer.body.truncate(answer.body.len() / 2);
            answer.bytes()
        }
        Some(Fault::Delayed) => {
            thread::sleep(Duration::from_millis(any % 4_000));
            done(&request)?.bytes()
        }
        Some(Fault::Twice) => {
            done(&request)?;
            done(&request)?.bytes()
        }
        Some(Fault::MixedUp) => {
            let now = done(&request)?;
            lock().heard.get(&kind).cloned().unwrap_or(now).bytes()
        }
        Some(Fault::AnswerDamaged) => {
            let mut answer = done(&request)?;
            answer.damage_content(any);
            answer.bytes()
        }
        Some(Fault::PackingDamaged) => {
            let mut answer = done(&request)?;
            let length = answer.body.len().max(1);
            if let Some(byte) = answer.body.get_mut(any as usize % length) {
                *byte ^= 0x10;
            }
            answer.bytes()
        }
        Some(fault) => {
            match fault {
                Fault::RequestDamaged => request.damage_content(any),
                Fault::HeaderDamaged => request.damage_header(SIGNING[any as usize % SIGNING.len()], any),
                Fault::PathDamaged => request.damage_path(any),
                _ => request.shift_time("x-timestamp", 3_600),
            }
            done(&request)?.bytes()
        }
        None => {
            let answer = done(&request)?;
            lock().heard.insert(kind, answer.clone());
            answer.bytes()
        }
    };
    client.write_all(&answer).ok()?;
    client.shutdown(Shutdown::Write).ok()
}

/// One exchange with the platform.
fn ask(platform: SocketAddr, request: &[u8]) -> Option<Message> {
    let mut server = TcpStream::connect(platform).ok()?;
    server.write_all(request).ok()?;
    Message::read_answer(&mut server, request.starts_with(b"HEAD "))
}
