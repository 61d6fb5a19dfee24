//! Answers that are made to do harm: small on the wire and huge when unpacked, nested without end, with keys, numbers and
//! characters that JSON allows and nobody expects. Each ends soon, within bounds, with its items counted.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::StreamExt as _;
use serde_json::json;
use sunbench_contract::{ChangesQuery, Part, SnapshotQuery};
use sunbench_sync::ClientError;
use sunbench_sync::adapters::reference::ReferenceClient;
use sunbench_sync::client::{PlatformClient as _, SnapshotEvent};

use crate::fake::{Fake, NOW, Reply, clock_behind, session};

const GZIP: &str = "content-type: application/json\r\ncontent-encoding: gzip\r\n";
const PLAIN: &str = "content-type: application/json\r\n";

/// `times` copies of `piece`, packed.
fn packed(before: &str, piece: &[u8], times: usize, after: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(before.as_bytes()).unwrap();
    for _ in 0..times {
        gzip.write_all(piece).unwrap();
    }
    gzip.write_all(after.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

fn answer(headers: &str, body: &[u8]) -> Reply {
    Reply::body(headers, body, body.len())
}

async fn client(reply: Reply) -> ReferenceClient {
    let fake = Fake::start([reply]).await;
    ReferenceClient::new(&fake.url, Some(session()), clock_behind(0)).unwrap()
}

fn ask() -> ChangesQuery {
    ChangesQuery { cursor: "c".into(), limit: Some(10), wait: None }
}

/// `good/bad` items of a page, or the error.
async fn page(reply: Reply) -> String {
    match client(reply).await.changes(&ask()).await {
        Ok(page) => format!("{}/{}", page.items.changes.len(), page.items.bad.len()),
        Err(ClientError::BadAnswer(why)) => format!("bad answer: {why}"),
        Err(ClientError::Refused { status, problem, .. }) => format!("{status} {}", problem.is_some()),
        Err(other) => format!("{other:?}"),
    }
}

/// The same of a snapshot.
async fn snapshot(reply: Reply) -> String {
    let query = SnapshotQuery { part: Part::Rules, before: None, limit: None, after: None };
    let client = client(reply).await;
    let mut stream = match client.snapshot(&query).await {
        Ok(stream) => stream,
        Err(error) => return format!("{error:?}"),
    };
    let (mut good, mut bad) = (0, 0);
    while let Some(event) = stream.next().await {
        match event {
            Ok(SnapshotEvent::Items(items)) => {
                good += items.changes.len();
                bad += items.bad.len();
            }
            Ok(_) => {}
            Err(ClientError::BadAnswer(why)) => return format!("bad answer: {why}"),
            Err(other) => return format!("{other:?}"),
        }
    }
    format!("{good}/{bad}")
}

fn item(data: &str) -> String {
    format!(r#"{{"seq":1,"resource":"org","op":"upsert","id":"1","ver":1,"updTime":"{NOW}","data":{data}}}"#)
}

fn feed(items: &str) -> String {
    format!(r#"{{"items":[{items}],"nextCursor":"n","hasMore":false,"serverTime":"{NOW}"}}"#)
}

#[tokio::test]
async fn answers_that_unpack_without_end_are_cut_off() {
    const MIB: usize = 1 << 20;
    let blanks = vec![b' '; MIB];
    let zeros = vec![b'0'; MIB];
    let ends = vec![b'\n'; MIB];
    let head = format!("{{\"cursor\":\"c\",\"total\":1,\"serverTime\":\"{NOW}\"}}\n");

    let bomb = packed("{\"items\":[", &blanks, 300, "");
    assert!(bomb.len() < 4 * MIB, "300 MB in {} bytes", bomb.len());
    assert_eq!(page(answer(GZIP, &bomb)).await, "bad answer: more than 67108864 bytes");
    let twice = packed("", &bomb, 1, "");
    let said = page(answer("content-encoding: gzip, gzip\r\n", &twice)).await;
    assert!(said.starts_with("bad answer"), "packed twice: {said}");

    let line = packed(&head, &zeros, 200, "\n");
    assert!(snapshot(answer(GZIP, &line)).await.starts_with("bad answer: a line of more than"));
    let empty = packed(&head, &ends, 200, "");
    assert_eq!(snapshot(answer(GZIP, &empty)).await, "bad answer: more than 10000 empty lines");

    // A refusal stays that refusal; its reasons are not read without end.
    let reasons = packed("{\"msg\":\"", &zeros, 500, "\"}");
    let head =
        format!("HTTP/1.1 422 X\r\n{GZIP}content-length: {}\r\nconnection: close\r\n\r\n", reasons.len());
    let refused = Reply::Raw([head.as_bytes(), &reasons].concat());
    assert_eq!(page(refused).await, "422 false");
    println!("promise G7: 5 answers of up to 300 MB packed into a few cut off at their bounds, seed 0");
}

#[tokio::test]
async fn strange_json_is_counted_or_refused() {
    let deep = |n: usize, open: &str, close: &str| open.repeat(n) + &close.repeat(n);
    let wide: Vec<String> = (0..100_000).map(|n| format!("\"f{n}\":{n}")).collect();
    let long = json!({ "name": "长".repeat(3_400_000) }).to_string();
    let cases: Vec<(&str, String, &[&str])> = vec![
        ("an ordinary one", item("{}"), &["1/0"]),
        ("100,000 arrays", item(&deep(100_000, "[", "]")), &["1/0", "0/1"]),
        (
            "100,000 objects",
            item(&(r#"{"a":"#.repeat(100_000) + "1" + &"}".repeat(100_000))),
            &["1/0", "0/1"],
        ),
        ("100,000 fields", item(&format!("{{{}}}", wide.join(","))), &["1/0"]),
        ("10 MB of text", item(&long), &["1/0"]),
        ("keys twice", item(r#"{"a":1,"a":2}"#), &["1/0", "0/1"]),
        ("an item's keys twice", item("{}").replace("\"ver\":1", "\"ver\":1,\"ver\":2"), &["0/1"]),
        ("a number without end", item("{\"a\":1e999}"), &["1/0", "0/1"]),
        ("a version beyond counting", item("{}").replace("\"ver\":1", "\"ver\":1e30"), &["0/1"]),
        ("a negative version", item("{}").replace("\"ver\":1", "\"ver\":-1"), &["0/1"]),
        ("half of a character", item(r#"{"a":"\ud800"}"#), &["1/0", "0/1"]),
        ("half of a character in the id", item("{}").replace("\"id\":\"1\"", r#""id":"\udfff""#), &["0/1"]),
        ("a NUL", item(r#"{"a":"x\u0000y"}"#), &["1/0"]),
    ];
    for (what, item, expected) in &cases {
        let said = page(answer(PLAIN, feed(item).as_bytes())).await;
        assert!(expected.contains(&said.as_str()), "{what}: {}", &said[..said.len().min(200)]);
    }
    // What is no JSON at all was damaged on the way: the page is asked for again.
    for (what, text) in [
        ("not a number", feed(&item("{\"a\":NaN}"))),
        ("without end", feed(&item("{\"a\":Infinity}"))),
        ("hexadecimal", feed(&item("{\"a\":0x1F}"))),
        ("a comment", feed("/* */")),
        ("a page of 100,000 arrays", deep(100_000, "[", "]")),
    ] {
        let said = page(answer(PLAIN, text.as_bytes())).await;
        assert!(said.starts_with("bad answer"), "{what}: {said}");
    }
    let mut foreign = feed(&item("{\"a\":\"?\"}")).into_bytes();
    let at = foreign.iter().position(|byte| *byte == b'?').unwrap();
    foreign[at] = 0xff;
    assert!(page(answer(PLAIN, &foreign)).await.starts_with("bad answer"), "not UTF-8");
    println!(
        "promise G7: {} strange items of a feed and 6 pages that are no JSON, each counted or refused, seed 0",
        cases.len()
    );
}
