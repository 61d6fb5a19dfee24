//! What a platform sends: pages, snapshots, answers, records. And its address, as people type it.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use sunbench_contract::{
    AttachmentState, Capabilities, Change, DayDigest, Problem, SnapshotPage, SubmissionBatchResult,
    SubmissionResult, TokenResponse, item_hash,
};
use sunbench_store::mirror::Record;
use sunbench_sync::adapters::reference::testing;
use sunbench_sync::client::{ClientError, Items, SnapshotEvent};
use sunbench_sync::translate::{Quarantined, Translated, translate, unreadable};

/// A page is refused as a whole, or none of its items is lost.
pub(crate) fn page(input: &[u8]) {
    match testing::page(input) {
        Err(error) => {
            assert!(matches!(error, ClientError::BadAnswer(_)), "{error}");
            assert!(error.is_passing(), "a damaged page is asked for again");
        }
        Ok(page) => {
            // Raw, because a text that breaks off within a character is an item's own fault.
            let sent: Sent<'_> = serde_json::from_slice(input).expect("what was read is JSON");
            assert_eq!(page.items.len(), sent.items.len());
            all(page.items);
        }
    }
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

/// However the bytes are cut on their way, the same events come out; none of the items is lost.
pub(crate) fn snapshot(input: &[u8]) {
    let (shape, whole) = told(testing::snapshot([input]));
    for step in [1, 2, 7, 64, 1_000] {
        let (cut, _) = told(testing::snapshot(input.chunks(step)));
        assert_eq!(cut, shape, "in pieces of {step}");
    }
    for items in whole {
        all(items);
    }
}

/// Events as text, items of neighbours together; the items themselves.
fn told(events: Result<Vec<SnapshotEvent>, ClientError>) -> (Vec<String>, Vec<Items>) {
    let events = match events {
        Ok(events) => events,
        Err(error) => return (vec![error.to_string()], Vec::new()),
    };
    let (mut shape, mut whole) = (Vec::<String>::new(), Vec::new());
    for event in events {
        match event {
            SnapshotEvent::Head(head) => shape.push(format!("head {} {}", head.cursor, head.total)),
            SnapshotEvent::Mark(mark) => shape.push(format!("mark {mark}")),
            SnapshotEvent::End(items) => shape.push(format!("end {items}")),
            SnapshotEvent::Items(items) => {
                shape.extend(items.changes.iter().map(|change| format!("{} {}", change.resource, change.id)));
                shape.extend(items.bad.iter().map(|bad| format!("bad {}", bad.raw)));
                whole.push(items);
            }
        }
    }
    // Pieces part runs of items, and a run's bad ones come after its good ones.
    let is_control = |line: &String| ["head ", "mark ", "end "].iter().any(|start| line.starts_with(start));
    for run in shape.split_mut(is_control) {
        run.sort();
    }
    (shape, whole)
}

fn all(items: Items) {
    for change in items.changes {
        let text = serde_json::to_string(&change).expect("an item has a JSON form");
        let again: Change =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text} is not read again: {e}"));
        assert_eq!(serde_json::to_string(&again).ok(), Some(text), "staging an item keeps it");
        record(change);
    }
    for bad in items.bad {
        let raw = bad.raw.clone();
        assert!(!bad.reason.is_empty());
        set_aside(&unreadable(bad), &raw);
    }
}

fn set_aside(bad: &Quarantined, item: &str) {
    assert_eq!(bad.item, item, "a bad record is kept whole");
    assert!(
        !bad.id.is_empty() || serde_json::from_str::<Change>(item).is_ok_and(|change| change.id.is_empty())
    );
    assert!(!bad.reason.code().is_empty());
}

fn record(change: Change) {
    let (id, resource, ver) = (change.id.clone(), change.resource.clone(), change.ver);
    let text = serde_json::to_string(&change).expect("an item has a JSON form");
    let data = change.data.as_ref().map(|data| data.get().to_owned());
    let twin: Change =
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text} is not read again: {e}"));
    let translated = translate(change);
    assert_eq!(translate(twin), translated, "translating is a function of the item");
    match translated {
        Translated::Quarantined(bad) => {
            assert_eq!((&bad.id, &bad.resource), (&id, &resource));
            set_aside(&bad, &text);
        }
        Translated::Record(Record::Delete(row)) => assert_eq!((row.id, row.resource), (id, resource)),
        Translated::Record(Record::Document(row)) => {
            assert_eq!((&row.id, &row.resource), (&id, &resource));
            assert_eq!(Some(&row.data), data.as_ref(), "what this version does not know stays as it came");
            assert_eq!(row.hash, item_hash(&id, ver, &row.data).to_be_bytes());
            serde_json::from_str::<Value>(&row.data)
                .unwrap_or_else(|e| panic!("no room can read {}: {e}", row.data));
        }
        Translated::Record(typed) => {
            let printed = format!("{typed:?}");
            assert!(printed.contains(&format!("{id:?}")), "{printed}");
        }
    }
}

/// One item: a line of a snapshot, an element of a page.
pub(crate) fn records(input: &[u8]) {
    if let Ok(change) = serde_json::from_slice::<Change>(input) {
        record(change);
    }
}

/// The answers that are not streams: read, printed, read.
pub(crate) fn answers(input: &[u8]) {
    one::<Problem>(input);
    one::<TokenResponse>(input);
    one::<Capabilities>(input);
    one::<SubmissionResult>(input);
    one::<SubmissionBatchResult>(input);
    one::<DayDigest>(input);
    one::<AttachmentState>(input);
    one::<SnapshotPage>(input);
}

fn one<T: DeserializeOwned + serde::Serialize>(input: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(input) else { return };
    let text = serde_json::to_string(&value).expect("a wire type has a JSON form");
    let again: T = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{text} is not read again: {e}"));
    assert_eq!(serde_json::to_string(&again).ok(), Some(text));
}

/// An address is refused, or is one to which credentials may be sent.
pub(crate) fn addresses(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(url) = testing::address(&text) else { return };
    assert_eq!(testing::address(&url).ok(), Some(url.clone()), "reading an address is final");
    let (scheme, rest) = url.split_once("://").expect("an address has a scheme");
    let host = rest.split('/').next().unwrap_or_default();
    assert!(!host.is_empty() && !host.contains(['@', ' ', '\\']) && !url.contains(['?', '#', ' ']), "{url}");
    let bare =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(bare, _)| bare);
    let local = bare == "localhost" || bare.starts_with("127.") || bare == "[::1]";
    assert!(scheme == "https" || (scheme == "http" && local), "{url}");
}
