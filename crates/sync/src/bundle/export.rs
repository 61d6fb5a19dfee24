//! What waits, into a file.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use rusqlite::Connection;
use serde_json::value::RawValue;
use sunbench_contract::time::Instant;
use sunbench_exchange::bundle::{AttachmentPiece, BundleError, Export, Frame, PIECE, Submission, Writer};
use sunbench_exchange::open_regular;
use sunbench_store::durable::{Staged, destination};
use sunbench_store::local::outbox::{self, OutboxItem, OutboxState};
use sunbench_store::local::{account, attachment, bundle};
use sunbench_store::{Store, StoreResult, audit};

use super::{BundleFailure, Carried};
use crate::error::SyncError;
use crate::plan::Position;
use crate::push::base_version;
use crate::state;

/// Submissions of one bundle at most; the rest goes with the next one.
const MOST: u32 = 10_000;

/// Writes what waits, and where the profile stands, to `path`, whole or not at all. `now` is the platform's time as far
/// as it is known.
///
/// # Errors
/// [`BundleFailure::NoKey`], [`BundleFailure::FileExists`], [`SyncError::NotConnected`], and what the disk says; the
/// submissions then wait as before.
pub fn export(store: &Store, path: &Path, now: Instant) -> Result<Carried, BundleFailure> {
    let key = super::key(store)?;
    destination(path)?;
    may_replace(path)?;
    let account = store.read(account::get)?.ok_or(SyncError::NotConnected)?;
    let (position, items) =
        store.read(|conn| Ok((state::get::<Position>(conn, state::POSITION)?, exportable(conn)?)))?;
    let keys: Vec<String> = items.iter().map(|item| item.key.clone()).collect();
    let id = uuid::Uuid::now_v7().to_string();
    let mut staged = Staged::beside(path)?;
    let (profile, made, predecessor) = store.write_local(|tx| {
        let profile = bundle::profile_name(tx, &uuid::Uuid::now_v7().to_string())?;
        let predecessor = bundle::last_export(tx)?.map(|last| last.id);
        let cursor = position.cursor.as_deref();
        let new = bundle::NewExport { id: &id, made_at: now.unix(), made_by: &account.user, cursor };
        let made = bundle::export(tx, &new, &keys)?;
        let detail = serde_json::json!({ "seq": made.seq, "submissions": submitted(&items) });
        audit::append(tx, &entry(now, &account.user, "bundle.exported", &id, detail))?;
        Ok((profile, made, predecessor))
    })?;
    let head = Export {
        id: id.clone(),
        profile,
        seq: u64::try_from(made.seq).unwrap_or_default(),
        predecessor,
        institution: account.institution.clone(),
        user: account.user.clone(),
        epoch: position.epoch.clone(),
        made_at: now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        submissions: keys.len() as u32,
        position: raw(&position),
    };
    let written = write(store, staged.file(), &key, head, &items);
    let written = written.and_then(|()| Ok(staged.put()?));
    if let Err(error) = written {
        store.write_local(|tx| {
            bundle::forget_export(tx, made.seq)?;
            audit::append(tx, &entry(now, &account.user, "bundle.dropped", &id, serde_json::Value::Null))
        })?;
        return Err(error);
    }
    Ok(Carried {
        submissions: keys.len() as u64,
        cursor: position.cursor.clone(),
        complete: position.is_complete(),
        ..Carried::default()
    })
}

/// What waits, in the order in which it was entered, without what waits for a person's decision first.
fn exportable(conn: &Connection) -> StoreResult<Vec<OutboxItem>> {
    let undecided: HashSet<String> = outbox::attention(conn, MOST)?
        .into_iter()
        .filter(|item| item.state == OutboxState::NeedsDecision)
        .map(|item| item.document)
        .collect();
    let mut items = Vec::new();
    for item in outbox::waiting(conn, MOST)? {
        // What awaits a second person stays, and so does what stands behind it.
        if !undecided.contains(&item.document) && !outbox::is_held(conn, &item)? {
            items.push(item);
        }
    }
    for item in &mut items {
        item.base_ver = base_version(item, &outbox::of_document(conn, &item.document)?);
    }
    Ok(items)
}

fn write(
    store: &Store,
    file: &mut File,
    key: &sunbench_exchange::bundle::ExchangeKey,
    head: Export,
    items: &[OutboxItem],
) -> Result<(), BundleFailure> {
    let mut writer = Writer::new(BufWriter::new(file), key)?;
    writer.write(&Frame::Export(head))?;
    for item in items {
        let attachments = store.read(|conn| outbox::attachments(conn, &item.key))?;
        writer.write(&Frame::Submission(Submission {
            key: item.key.clone(),
            kind: item.kind.clone(),
            document: item.document.clone(),
            actor: item.actor.clone(),
            also_by: item.also_by.clone(),
            body: item.body.clone(),
            base_ver: item.base_ver,
            firm: item.attempts > 0,
            attachments: attachments.clone(),
        }))?;
        for sha256 in attachments {
            let Some(total) = store.read(|conn| attachment::size(conn, &sha256))? else { continue };
            let mut from = 0;
            loop {
                let piece = store.read(|conn| attachment::read(conn, &sha256, from, PIECE))?;
                let bytes = piece.unwrap_or_default();
                let length = bytes.len() as u64;
                writer.write(&Frame::Attachment(AttachmentPiece { sha256: sha256.clone(), total, bytes }))?;
                from += length;
                if from >= total || length == 0 {
                    break;
                }
            }
        }
    }
    writer.finish()?.flush().map_err(BundleError::Io)?;
    Ok(())
}

/// A bundle may take an older bundle's place, and nothing else's.
fn may_replace(path: &Path) -> Result<(), BundleFailure> {
    const AGE: &[u8] = b"age-encryption.org/v1\n";
    let mut start = Vec::new();
    match open_regular(path) {
        Ok(file) => file.take(AGE.len() as u64).read_to_end(&mut start)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if start.is_empty() || start == AGE { Ok(()) } else { Err(BundleFailure::FileExists) }
}

/// What an audit entry says of submissions.
fn submitted(items: &[OutboxItem]) -> Vec<serde_json::Value> {
    let one = |item: &OutboxItem| {
        serde_json::json!({
            "key": item.key, "kind": item.kind, "body": sunbench_contract::sign::hex(&item.body_sha256)
        })
    };
    items.iter().map(one).collect()
}

pub(super) fn entry<'a>(
    at: Instant,
    actor: &'a str,
    action: &'a str,
    id: &'a str,
    detail: serde_json::Value,
) -> audit::Entry<'a> {
    audit::Entry { at: at.at(), actor, action, subject: id, detail }
}

pub(super) fn raw(position: &Position) -> Box<RawValue> {
    serde_json::value::to_raw_value(position).expect("a position has a JSON form")
}
