//! 采购: what the hospital submits around its purchases, and how it stands.

mod bills;
mod catalogue;
mod catalogue_prices;
mod certificate;
mod continuity;
mod demand;
mod due;
mod evaluation;
mod filing;
mod invoice;
mod items;
mod negotiation;
mod order;
mod refused;
mod request;
mod returned;
mod returns;
mod settlement;
mod supply;
mod surge;
mod template;
mod transfer;
mod volume;

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use sunbench_contract::{Resource, SubmissionKind, SubmissionResult};
use sunbench_domain::text::half_width;
use sunbench_store::local::outbox::{self, OutboxItem, OutboxState};
use sunbench_store::mirror::document;
use sunbench_store::{Connection, StoreResult};

pub(crate) use refused::{is_partial, refused};

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::{subject, wire};

/// Records of one kind that are looked through; a hospital has hundreds.
const RECORDS: u32 = 10_000;
/// Submissions that wait, looked through at once.
const SUBMISSIONS: u32 = 10_000;
/// The last submissions, among which some may have been taken since the last sync.
const LATELY: u32 = 100;

/// Whether a submission is on its way.
fn is_waiting(items: &[OutboxItem]) -> bool {
    items.iter().any(|item| item.state.is_on_its_way())
}

/// A decimal as typed.
fn decimal<T: std::str::FromStr>(text: &str, field: &str) -> ApiResult<T> {
    let text = half_width(text);
    match text.trim() {
        "" => Err(ApiError::field(ErrorCode::FieldRequired, field)),
        text => text.parse().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field)),
    }
}

/// A text that must say something.
fn required(text: &str, field: &str) -> ApiResult<String> {
    match text.trim() {
        "" => Err(ApiError::field(ErrorCode::FieldRequired, field)),
        text => Ok(text.to_owned()),
    }
}

/// A record that is kept whole, read.
struct Kept<T> {
    id: String,
    ver: i64,
    record: T,
}

/// The records of a kind. What a later platform writes differently was quarantined when it came.
fn all<T: DeserializeOwned>(conn: &Connection, resource: Resource) -> StoreResult<Vec<Kept<T>>> {
    let found = document::list(conn, resource.name(), RECORDS)?;
    let read = |kept: document::Document| {
        let record = serde_json::from_str(&kept.data).ok()?;
        Some(Kept { id: kept.id, ver: kept.ver, record })
    };
    Ok(found.into_iter().filter_map(read).collect())
}

/// One record of a kind.
fn one<T: DeserializeOwned>(conn: &Connection, resource: Resource, id: &str) -> StoreResult<Option<Kept<T>>> {
    let found = document::get(conn, resource.name(), id)?;
    Ok(found.and_then(|kept| {
        let record = serde_json::from_str(&kept.data).ok()?;
        Some(Kept { id: kept.id, ver: kept.ver, record })
    }))
}

/// What the outbox holds that the mirror does not show.
struct Unsent {
    /// What waits, and what came back.
    items: Vec<OutboxItem>,
    /// Taken by the platform, whose record has not come back with a sync.
    taken: Vec<OutboxItem>,
    documents: HashSet<String>,
}

impl Unsent {
    fn read(conn: &Connection) -> StoreResult<Self> {
        let mut items = outbox::waiting(conn, SUBMISSIONS)?;
        let (awaiting, returned): (Vec<_>, Vec<_>) = outbox::in_review(conn, SUBMISSIONS)?
            .into_iter()
            .partition(|item| item.state == OutboxState::AwaitingReview);
        items.extend(awaiting);
        let mut taken = Vec::new();
        for item in outbox::latest(conn, None, LATELY)? {
            if item.state == OutboxState::Accepted && is_ahead(conn, &item)? {
                taken.push(item);
            }
        }
        let documents = items.iter().chain(&taken).map(|item| item.document.clone()).collect();
        items.extend(outbox::attention(conn, SUBMISSIONS)?);
        items.extend(returned);
        Ok(Self { items, taken, documents })
    }

    /// The submissions of a kind that the mirror does not show yet and that may still count.
    fn on_their_way(&self, kind: SubmissionKind) -> impl Iterator<Item = &OutboxItem> {
        let waiting = self.items.iter().filter(|item| is_waiting(std::slice::from_ref(item)));
        waiting.chain(&self.taken).filter(move |item| item.kind == kind.name())
    }

    /// Whether something about a document is queued, being sent, or taken and not here yet.
    fn is_waiting(&self, document: &str) -> bool {
        self.documents.contains(document)
    }

    /// The submissions of a kind, the newest first: those that wait, and those that came back.
    fn of_kind(&self, context: &Context<'_>, kind: SubmissionKind) -> ApiResult<Vec<wire::OutboxItem>> {
        let mut found: Vec<&OutboxItem> = self.items.iter().filter(|item| item.kind == kind.name()).collect();
        found.sort_by_key(|item| std::cmp::Reverse(item.seq));
        found.into_iter().map(|item| context.outbox_item(item)).collect()
    }
}

/// Whether the platform's answer names a version that the mirror does not have.
fn is_ahead(conn: &Connection, item: &OutboxItem) -> StoreResult<bool> {
    let answer: Option<SubmissionResult> =
        item.answer.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
    let Some(SubmissionResult { resource: Some(resource), id: Some(id), ver: Some(ver), .. }) = answer else {
        return Ok(false);
    };
    if !subject::is_known(&resource) {
        return Ok(false);
    }
    let here = subject::version(conn, &format!("{resource}:{id}"))?;
    Ok(here.is_none_or(|here| u64::try_from(here).is_ok_and(|here| here < ver)))
}

/// Whether one of several texts holds what is looked for, whatever the width and the case.
fn mentions(wanted: &str, texts: &[&str]) -> bool {
    let wanted = half_width(wanted).trim().to_lowercase();
    wanted.is_empty() || texts.iter().any(|text| half_width(text).to_lowercase().contains(&wanted))
}

impl Context<'_> {
    /// The submission of a document that is on its way: what is asked for again is not queued twice.
    fn on_its_way(&self, items: &[OutboxItem]) -> ApiResult<Option<wire::OutboxItem>> {
        items.last().filter(|_| is_waiting(items)).map(|item| self.outbox_item(item)).transpose()
    }

    /// The submissions of a document, oldest first.
    fn submissions_of(&self, document: &str) -> ApiResult<Vec<wire::OutboxItem>> {
        let items = self.store.read(|conn| outbox::of_document(conn, document))?;
        items.iter().map(|item| self.outbox_item(item)).collect()
    }
}
