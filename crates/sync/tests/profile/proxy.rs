//! A network that misbehaves: stands between the program and the platform, and counts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to one request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The connection is closed before the platform sees anything.
    Lost,
    /// The platform does it, and nobody hears of it.
    AnswerLost,
    /// The answer is cut after so many bytes.
    AnswerCut(usize),
    /// The platform does it twice; the second answer counts.
    Twice,
    /// Something on the way answers instead of the platform.
    Instead(&'static str),
    /// Something on the way answers although the platform has done it.
    DoneButInstead(&'static str),
    /// The request arrives late.
    Delayed(Duration),
}

/// Faults for requests whose first line begins with this, each used once, in order.
type Script = Vec<(&'static str, Fault)>;

pub(crate) struct Proxy {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::default(),
            seen: Arc::default(),
        };
        let upstream = upstream.strip_prefix("http://").unwrap().to_owned();
        let (script, seen) = (Arc::clone(&proxy.script), Arc::clone(&proxy.seen));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(pass(stream, upstream.clone(), Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        proxy
    }

    pub(crate) fn fault(&self, request: &'static str, fault: Fault) {
        self.script.lock().unwrap().push((request, fault));
    }

    /// Faults that nothing has met.
    pub(crate) fn unused(&self) -> Script {
        self.script.lock().unwrap().clone()
    }

    /// Forgets the faults that nothing has met.
    pub(crate) fn forget(&self) {
        self.script.lock().unwrap().clear();
    }

    /// The requests since the last call, as `GET /changes`.
    pub(crate) fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

async fn pass(
    mut client: TcpStream,
    upstream: String,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let request = read_request(&mut client).await?;
    let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
    let short = line.split(['?', ' ']).take(2).collect::<Vec<_>>().join(" ").replace("/api/v1", "");
    seen.lock().unwrap().push(short.clone());
    let fault = {
        let mut script = script.lock().unwrap();
        let at = script.iter().position(|(start, _)| short.starts_with(start));
        at.map(|at| script.remove(at).1)
    };
    match fault {
        Some(Fault::Lost) => {}
        Some(Fault::AnswerLost) => {
            answer(&upstream, &request).await?;
        }
        Some(Fault::AnswerCut(length)) => {
            let bytes = answer(&upstream, &request).await?;
            client.write_all(&bytes[..length.min(bytes.len())]).await.ok()?;
        }
        Some(Fault::Twice) => {
            answer(&upstream, &request).await?;
            client.write_all(&answer(&upstream, &request).await?).await.ok()?;
        }
        Some(Fault::Instead(text)) => client.write_all(text.as_bytes()).await.ok()?,
        Some(Fault::DoneButInstead(text)) => {
            answer(&upstream, &request).await?;
            client.write_all(text.as_bytes()).await.ok()?;
        }
        Some(Fault::Delayed(wait)) => {
            tokio::time::sleep(wait).await;
            client.write_all(&answer(&upstream, &request).await?).await.ok()?;
        }
        None => {
            let mut server = TcpStream::connect(&upstream).await.ok()?;
            server.write_all(&request).await.ok()?;
            tokio::io::copy(&mut server, &mut client).await.ok()?;
        }
    }
    client.shutdown().await.ok()
}

async fn answer(upstream: &str, request: &[u8]) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(upstream).await.ok()?;
    server.write_all(request).await.ok()?;
    let mut bytes = Vec::new();
    server.read_to_end(&mut bytes).await.ok()?;
    Some(bytes)
}

/// One request, asking for the connection to be closed after it.
async fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head
        .split("\r\n")
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |text| text.parse::<usize>().unwrap());
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    bytes.splice(end..end, *b"\r\nconnection: close");
    Some(bytes)
}
