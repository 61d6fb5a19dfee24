//! NDJSON: lines out of chunks that break anywhere.

use memchr::{memchr, memrchr};
use sunbench_contract::SnapshotLine;
use sunbench_contract::integrity::Running;

use crate::client::{BadItem, ClientError, Items, SnapshotEvent};

/// Bytes of one line at most. A supervision notice with its evidence takes a few thousand.
pub(super) const MAX_LINE: usize = 4 << 20;
/// Empty lines of one answer at most.
const MAX_BLANK: u32 = 10_000;

/// Collects chunks into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
}

impl Lines {
    /// Gives every line that `chunk` completes to `each`, without its end.
    pub(super) fn push(
        &mut self,
        mut chunk: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        if !self.rest.is_empty() {
            let Some(end) = memchr(b'\n', chunk) else { return self.keep(chunk) };
            self.keep(&chunk[..end])?;
            each(without_return(&self.rest))?;
            self.rest.clear();
            chunk = &chunk[end + 1..];
        }
        let whole = memrchr(b'\n', chunk).map_or(0, |end| end + 1);
        let (mut lines, rest) = chunk.split_at(whole);
        while let Some(end) = memchr(b'\n', lines) {
            each(without_return(&lines[..end]))?;
            lines = &lines[end + 1..];
        }
        self.keep(rest)
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), ClientError> {
        if self.rest.len() + part.len() > MAX_LINE {
            return Err(ClientError::BadAnswer(format!("a line of more than {MAX_LINE} bytes")));
        }
        self.rest.extend_from_slice(part);
        Ok(())
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What is not even JSON is damage on the way, not a bad record; so are lines of another digest than their mark's.
fn damaged() -> ClientError {
    ClientError::BadAnswer("a damaged line".to_owned())
}

/// Nothing before a mark is applied before this.
fn check(digest: &Running, value: &str, stated: Option<&str>) -> Result<(), ClientError> {
    if stated.is_none_or(|stated| stated == digest.at(value)) { Ok(()) } else { Err(damaged()) }
}

/// Turns the lines of a snapshot into events and watches that they come in their order.
#[derive(Debug, Default)]
pub(super) struct SnapshotReader {
    lines: Lines,
    headed: bool,
    ended: bool,
    received: u64,
    blank: u32,
    /// Of the lines so far, for the marks.
    digest: Running,
}

impl SnapshotReader {
    /// The events that `chunk` completes.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<Vec<SnapshotEvent>, ClientError> {
        let Self { lines, headed, ended, received, digest, blank } = self;
        let mut events = Vec::new();
        let mut items = Items::default();
        let had_ended = *ended;
        lines.push(chunk, |line| {
            if line.is_empty() {
                // A few keep a connection alive; compressed by the million they would keep this machine busy.
                *blank += 1;
                if *blank > MAX_BLANK {
                    return Err(ClientError::BadAnswer(format!("more than {MAX_BLANK} empty lines")));
                }
                return Ok(());
            }
            if *ended {
                return Err(ClientError::BadAnswer("something after the end".to_owned()));
            }
            let text = std::str::from_utf8(line).map_err(|_| damaged())?;
            match SnapshotLine::parse(text) {
                Ok(SnapshotLine::Head(head)) if !*headed => {
                    *headed = true;
                    events.push(SnapshotEvent::Head(head));
                }
                _ if !*headed => return Err(ClientError::BadAnswer("not a snapshot".to_owned())),
                Ok(SnapshotLine::Head(_)) => {
                    return Err(ClientError::BadAnswer("a second head".to_owned()));
                }
                Ok(SnapshotLine::Item(change)) => {
                    if !change.is_intact() {
                        return Err(damaged());
                    }
                    *received += 1;
                    items.changes.push(change);
                }
                Ok(SnapshotLine::Mark { mark, digest: stated }) => {
                    check(digest, &mark, stated.as_deref())?;
                    if !items.is_empty() {
                        events.push(SnapshotEvent::Items(std::mem::take(&mut items)));
                    }
                    events.push(SnapshotEvent::Mark(mark));
                }
                Ok(SnapshotLine::End { end, digest: stated }) => {
                    check(digest, &end.to_string(), stated.as_deref())?;
                    if end != *received {
                        return Err(ClientError::BadAnswer(format!("{received} items instead of {end}")));
                    }
                    *ended = true;
                }
                Err(error) => {
                    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| damaged())?;
                    *received += 1;
                    items.bad.push(BadItem { raw: text.to_owned(), reason: error.to_string() });
                }
            }
            digest.line(line);
            Ok(())
        })?;
        if !items.is_empty() {
            events.push(SnapshotEvent::Items(items));
        }
        if *ended && !had_ended {
            events.push(SnapshotEvent::End(*received));
        }
        Ok(events)
    }

    /// Whether the last line has come.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"cursor":"c","total":2,"serverTime":"2026-11-22T08:00:00+08:00"}"#;

    fn item(seq: u64) -> String {
        format!(
            r#"{{"seq":{seq},"resource":"org","op":"upsert","id":"支{seq}","ver":1,"updTime":"2026-11-22T08:00:00+08:00","data":{{}}}}"#
        )
    }

    fn read(text: &str, step: usize) -> Result<Vec<String>, String> {
        let mut reader = SnapshotReader::default();
        let mut seen: Vec<String> = Vec::new();
        for chunk in text.as_bytes().chunks(step) {
            for event in reader.push(chunk).map_err(|e| e.to_string())? {
                seen.push(match event {
                    SnapshotEvent::Head(head) => format!("head {}", head.cursor),
                    SnapshotEvent::Items(items) => {
                        let ids: Vec<_> = items.changes.iter().map(|c| c.id.as_str()).collect();
                        format!("items {} bad {}", ids.join(","), items.bad.len())
                    }
                    SnapshotEvent::Mark(mark) => format!("mark {mark}"),
                    SnapshotEvent::End(n) => format!("end {n}"),
                });
            }
        }
        Ok(seen)
    }

    #[test]
    fn any_cut_gives_the_same_items() {
        let text =
            format!("{HEAD}\r\n{}\n{{\"mark\":\"m1\"}}\n\n{}\n{{\"end\":2}}\n", item(1), item(2)) + "\n\n";
        let whole = read(&text, usize::MAX).unwrap();
        assert_eq!(whole, ["head c", "items 支1 bad 0", "mark m1", "items 支2 bad 0", "end 2"]);
        for step in 1..text.len() {
            assert_eq!(read(&text, step).unwrap(), whole, "chunks of {step}");
        }
    }

    #[test]
    fn disorder_is_told_from_bad_records() {
        let bad = r#"{"seq":1,"resource":"org","op":"upsert","id":1}"#;
        for (name, text, expected) in [
            ("no head", format!("{}\n", item(1)), Err("not a snapshot")),
            ("a page of a proxy", "<html>\n".to_owned(), Err("not a snapshot")),
            ("damage", format!("{HEAD}\n{{\"seq\":1,,\n"), Err("a damaged line")),
            ("two heads", format!("{HEAD}\n{HEAD}\n"), Err("a second head")),
            ("wrong count", format!("{HEAD}\n{}\n{{\"end\":2}}\n", item(1)), Err("1 items instead of 2")),
            (
                "after the end",
                format!("{HEAD}\n{{\"end\":0}}\n{}\n", item(1)),
                Err("something after the end"),
            ),
            ("a bad record counts", format!("{HEAD}\n{bad}\n{{\"end\":1}}\n"), Ok("items  bad 1")),
            ("a line without end waits", format!("{HEAD}\n{}", item(1)), Ok("head c")),
        ] {
            match (read(&text, 64), expected) {
                (Ok(seen), Ok(event)) => assert!(seen.iter().any(|e| e == event), "{name}: {seen:?}"),
                (Err(error), Err(part)) => assert!(error.contains(part), "{name}: {error}"),
                (got, _) => panic!("{name}: {got:?}"),
            }
        }
    }

    /// One byte of the middle line is another, and it is JSON still: nothing of it is believed.
    #[test]
    fn damage_that_stays_json_is_seen_at_the_mark() {
        let (mut digest, mut lines) = (Running::default(), vec![HEAD.to_owned(), item(1), item(2)]);
        for line in &lines {
            digest.line(line.as_bytes());
        }
        lines.push(format!(r#"{{"mark":"m","digest":"{}"}}"#, digest.at("m")));
        digest.line(lines[3].as_bytes());
        lines.push(format!(r#"{{"end":2,"digest":"{}"}}"#, digest.at("2")));
        let text = lines.join("\n") + "\n";
        assert_eq!(read(&text, 64).unwrap().last().unwrap(), "end 2");
        for (what, from, to) in [
            ("a field", r#""ver":1"#, r#""ver":7"#),
            ("a resource", r#""org""#, r#""orq""#),
            ("the head", r#""cursor":"c""#, r#""cursor":"d""#),
            ("a mark", r#""mark":"m""#, r#""mark":"n""#),
            ("a line less", &lines[2], ""),
        ] {
            let damaged = text.replacen(from, to, 1);
            assert_ne!(damaged, text);
            let mut reader = SnapshotReader::default();
            let mut marks = 0;
            let error = damaged.as_bytes().chunks(64).find_map(|chunk| match reader.push(chunk) {
                Ok(events) => {
                    marks += events.iter().filter(|e| matches!(e, SnapshotEvent::Mark(_))).count();
                    None
                }
                Err(error) => Some(error),
            });
            assert!(matches!(error, Some(ClientError::BadAnswer(_))), "{what}: {error:?}");
            assert_eq!(marks, 0, "{what}");
        }
    }

    #[test]
    fn an_endless_line_ends() {
        let mut lines = Lines::default();
        let chunk = vec![b'x'; 1 << 20];
        let error = (0..8).find_map(|_| lines.push(&chunk, |_| Ok(())).err()).unwrap();
        assert!(matches!(error, ClientError::BadAnswer(_)));
    }
}
