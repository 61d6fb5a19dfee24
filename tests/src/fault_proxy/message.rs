//! A request or an answer of HTTP/1.1, and ways to damage it.

use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// A message with its whole content; what came in chunks is put together.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// The request line or the status line.
    first: String,
    headers: Vec<(String, String)>,
    /// The content, packed as it came.
    pub(super) body: Vec<u8>,
    /// An answer to `HEAD` has no content, whatever its headers say.
    is_bare: bool,
}

impl Message {
    /// A request.
    pub(super) fn read(from: &mut impl Read) -> Option<Self> {
        let (mut message, mut rest) = Self::head(from)?;
        let length = message.get("content-length").map_or(Some(0), |text| text.parse().ok())?;
        while rest.len() < length {
            more(from, &mut rest)?;
        }
        message.body = rest;
        Some(message)
    }

    /// An answer, up to the end of its connection.
    pub(super) fn read_answer(from: &mut impl Read, is_bare: bool) -> Option<Self> {
        let (mut message, mut rest) = Self::head(from)?;
        from.read_to_end(&mut rest).ok()?;
        message.is_bare = is_bare;
        message.body = if message.get("transfer-encoding").is_some() { without_chunks(&rest)? } else { rest };
        message.headers.retain(|(name, _)| name != "transfer-encoding");
        Some(message)
    }

    fn head(from: &mut impl Read) -> Option<(Self, Vec<u8>)> {
        let mut bytes = Vec::new();
        let end = loop {
            more(from, &mut bytes)?;
            if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
        };
        let rest = bytes.split_off(end + 4);
        let text = String::from_utf8(bytes).ok()?;
        let mut lines = text.trim_end().split("\r\n").map(str::to_owned);
        let first = lines.next()?;
        let headers = lines
            .filter_map(|line| {
                let (name, value) = line.split_once(':')?;
                Some((name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect();
        Some((Self { first, headers, body: Vec::new(), is_bare: false }, rest))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(its, _)| its != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Whether this is a request of that method.
    pub(super) fn is(&self, method: &str) -> bool {
        self.first.split(' ').next() == Some(method)
    }

    /// Method and first part of the path, such as `GET changes`.
    pub(super) fn kind(&self) -> String {
        let mut words = self.first.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let part = path.split(['/', '?']).nth(3).unwrap_or_default();
        format!("{method} {part}")
    }

    /// As it goes over the wire, with the length that it has.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.first).into_bytes();
        for (name, value) in &self.headers {
            if self.is_bare || name != "content-length" {
                bytes.extend(format!("{name}: {value}\r\n").bytes());
            }
        }
        if !self.is_bare {
            bytes.extend(format!("content-length: {}\r\n", self.body.len()).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    /// Makes one letter or digit of the content another, below the packing.
    pub(super) fn damage_content(&mut self, any: u64) {
        if self.get("content-encoding") != Some("gzip") {
            return damage(&mut self.body, any);
        }
        let mut content = Vec::new();
        if GzDecoder::new(self.body.as_slice()).read_to_end(&mut content).is_err() {
            return;
        }
        damage(&mut content, any);
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        if packer.write_all(&content).is_ok()
            && let Ok(packed) = packer.finish()
        {
            self.body = packed;
        }
    }

    /// Makes one letter or digit of a header another.
    pub(super) fn damage_header(&mut self, name: &str, any: u64) {
        let damaged = self.headers.iter_mut().filter(|(its, _)| its == name);
        for (_, value) in damaged {
            *value = damaged_text(value, any);
        }
    }

    /// Makes one letter or digit behind the version of the interface another.
    pub(super) fn damage_path(&mut self, any: u64) {
        let Some((before, rest)) = self.first.split_once("/v1/") else { return };
        let Some((path, after)) = rest.split_once(' ') else { return };
        self.first = format!("{before}/v1/{} {after}", damaged_text(path, any));
    }

    /// Adds seconds to a header.
    pub(super) fn shift_time(&mut self, name: &str, seconds: i64) {
        if let Some(time) = self.get(name).and_then(|text| text.parse::<i64>().ok()) {
            self.set(name, &(time + seconds).to_string());
        }
    }
}

fn more(from: &mut impl Read, bytes: &mut Vec<u8>) -> Option<()> {
    let mut piece = vec![0; 65_536];
    let length = from.read(&mut piece).ok().filter(|length| *length > 0)?;
    bytes.extend(&piece[..length]);
    Some(())
}

fn damaged_text(text: &str, any: u64) -> String {
    let mut bytes = text.as_bytes().to_vec();
    damage(&mut bytes, any);
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn damage(bytes: &mut [u8], any: u64) {
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_alphanumeric()).collect();
    let Some(at) = places.get(any as usize % places.len().max(1)) else { return };
    let byte = &mut bytes[*at];
    *byte = match *byte {
        b'9' => b'0',
        b'z' => b'a',
        b'Z' => b'A',
        other => other + 1,
    };
}

/// The content of a message that came in chunks; `None` where the last one is missing.
fn without_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let length =
            usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 4 + length..)?;
    }
}
