//! One page of the feed: fast when every item is sound, item by item when one is not.

use serde::Deserialize;
use serde_json::value::RawValue;
use sunbench_contract::ChangesPage;
use sunbench_contract::time::Instant;

use crate::client::{BadItem, ClientError, Items, Page};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoosePage<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    next_cursor: String,
    has_more: bool,
    server_time: Instant,
}

/// Fails as a whole where one item is not what its fingerprint says.
pub(super) fn parse(body: &[u8]) -> Result<Page, ClientError> {
    let page = match serde_json::from_slice::<ChangesPage>(body) {
        Ok(page) => Page {
            items: Items { changes: page.items, bad: Vec::new() },
            next_cursor: page.next_cursor,
            has_more: page.has_more,
            server_time: page.server_time,
        },
        Err(_) => item_by_item(body)?,
    };
    match page.items.changes.iter().find(|item| !item.is_intact()) {
        None => Ok(page),
        Some(item) => Err(ClientError::BadAnswer(format!("item {} was damaged on the way", item.seq))),
    }
}

fn item_by_item(body: &[u8]) -> Result<Page, ClientError> {
    let loose: LoosePage<'_> =
        serde_json::from_slice(body).map_err(|error| ClientError::unreadable(&error))?;
    let mut items = Items::default();
    for raw in loose.items {
        match serde_json::from_str(raw.get()) {
            Ok(change) => items.changes.push(change),
            Err(error) => {
                items.bad.push(BadItem { raw: raw.get().to_owned(), reason: error.to_string() });
            }
        }
    }
    Ok(Page {
        items,
        next_cursor: loose.next_cursor,
        has_more: loose.has_more,
        server_time: loose.server_time,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_is_not_its_fingerprint_costs_the_page() {
        for (ver, intact) in [(1, true), (7, false)] {
            let hash = sunbench_contract::hash_text("1", 1, "{}");
            let body = format!(
                r#"{{"items":[{{"seq":1,"resource":"org","op":"upsert","id":"1","ver":{ver},"updTime":"2026-11-22T08:00:00+08:00","data":{{}},"hash":"{hash}"}}],"nextCursor":"n","hasMore":false,"serverTime":"2026-11-22T08:00:00+08:00"}}"#
            );
            assert_eq!(parse(body.as_bytes()).is_ok(), intact);
        }
    }

    #[test]
    fn one_bad_item_does_not_cost_the_page() {
        const GOOD: &str = r#"{"seq":1,"resource":"org","op":"upsert","id":"1","ver":1,"updTime":"2026-11-22T08:00:00+08:00","data":{}}"#;
        const BAD: &str = r#"{"seq":2,"resource":"org","op":"explode","id":"2","ver":1,"updTime":"2026-11-22T08:00:00+08:00"}"#;
        for (items, good, bad) in [
            (String::new(), 0, 0),
            (GOOD.to_owned(), 1, 0),
            (format!("{GOOD},{BAD}"), 1, 1),
            (format!("{BAD},7,{GOOD},null"), 1, 3),
        ] {
            let body = format!(
                r#"{{"items":[{items}],"nextCursor":"n","hasMore":false,"serverTime":"2026-11-22T08:00:00+08:00","more":1}}"#
            );
            let page = parse(body.as_bytes()).unwrap();
            assert_eq!((page.items.changes.len(), page.items.bad.len()), (good, bad), "{items}");
        }
        for body in ["", "{}", "<html>", r#"{"items":{}}"#, r#"{"items":[], "nextCursor":"#] {
            assert!(matches!(parse(body.as_bytes()), Err(ClientError::BadAnswer(_))), "{body}");
        }
    }
}
