//! Snapshots and the feed of changes.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sunbench_contract::integrity::Running;
use sunbench_contract::{ChangesPage, ChangesQuery, SnapshotHead, SnapshotPage, SnapshotQuery};
use tokio::sync::mpsc;
use tokio::time::Instant as Moment;

use super::auth::Signed;
use super::{Refusals, json_text};
use crate::error::Refusal;
use crate::feed::{cursor, expired, page, seq_of};
use crate::object::{head, range_of};
use crate::shared::Shared;
use crate::snapshot::{Form, Scope, Stop, Walk};

pub(super) const NDJSON: &str = "application/x-ndjson";
/// Pieces of a snapshot that are ready before the client has taken the first.
const AHEAD: usize = 4;

/// The changes after a cursor; with `wait` the answer is held back until there is one.
#[utoipa::path(get, path = "/api/v1/changes", tag = "contract", params(ChangesQuery),
    responses(
        (status = 200, description = "变更", body = ChangesPage),
        (status = 410, description = "同步位置已失效", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn changes(State(shared): State<Arc<Shared>>, request: Signed) -> Result<Response, Refusal> {
    let query: ChangesQuery = request.query()?;
    let limits = &shared.config.limits;
    let limit = query.limit.unwrap_or(limits.page).clamp(1, limits.page);
    let wait = query.wait.unwrap_or(0).min(limits.wait_s);
    let until = Moment::now() + Duration::from_secs(u64::from(wait));
    let mut heads = shared.head.subscribe();
    let mut closing = shared.closing.subscribe();
    loop {
        heads.mark_unchanged();
        let (institution, from) = (request.institution.clone(), query.cursor.clone());
        let (page, next) = shared
            .blocking(move |shared| {
                shared.database.read(|connection| {
                    let (generation, secret) = (shared.generation(), &shared.secret);
                    let last = head(connection)?;
                    let after = seq_of(secret, &institution, generation, last, &from).ok_or_else(expired)?;
                    let page = page(connection, &institution, after, limit)?;
                    let next = cursor(secret, &institution, generation, page.last);
                    Ok((page, next))
                })
            })
            .await?;
        let waited = Moment::now() >= until || *closing.borrow();
        if page.count > 0 || waited || shared.maintenance().is_some() {
            return Ok(json_text(page.json(&next, shared.now())));
        }
        tokio::select! {
            _ = heads.changed() => {}
            _ = closing.changed() => {}
            () = tokio::time::sleep_until(until) => {}
        }
    }
}

/// One part of everything, newest first, as NDJSON or in pages.
#[utoipa::path(get, path = "/api/v1/snapshot", tag = "contract", params(SnapshotQuery),
    responses(
        (status = 200, description = "快照", content(
            (SnapshotPage = "application/json"),
            (sunbench_contract::SnapshotLine = "application/x-ndjson")
        )),
        (status = 410, description = "续传位置已失效", body = sunbench_contract::Problem),
        Refusals
    ))]
pub(super) async fn snapshot(
    State(shared): State<Arc<Shared>>,
    request: Signed,
) -> Result<Response, Refusal> {
    let query: SnapshotQuery = request.query()?;
    let accept =
        request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form = if accept.contains(NDJSON) { Form::Lines } else { Form::Array };
    let limits = &shared.config.limits;
    let limit = query.limit.unwrap_or(limits.page).max(1);
    let limit = if form == Form::Array { limit.min(limits.page) } else { limit };
    let institution = request.institution;
    let begun = shared.blocking(move |shared| Begun::new(shared, &institution, &query, form)).await?;
    match form {
        Form::Array => {
            let text = shared.blocking(move |shared| begun.page(shared, limit)).await?;
            Ok(json_text(text))
        }
        Form::Lines => Ok(begun.stream(&shared, limit)),
    }
}

/// A snapshot that has begun, or goes on.
struct Begun {
    walk: Walk,
    /// The feed's head when the part was begun; a resume mark carries it on.
    first: u64,
    total: u64,
    cursor: String,
    owner: String,
}

impl Begun {
    fn new(shared: &Shared, institution: &str, query: &SnapshotQuery, form: Form) -> Result<Self, Refusal> {
        let owner = format!("{institution} {}", query.part.name());
        let (part, least, greatest) = range_of(query.part, shared.today(), query.before);
        let scope = Scope { institution: institution.to_owned(), part, least, greatest };
        shared.database.read(|connection| {
            let total = scope.total(connection)?;
            let walk = Walk::new(scope, form);
            let (walk, first) = match &query.after {
                None => (walk, head(connection)?),
                Some(mark) => {
                    let opened = shared.secret.unseal("mark", &owner, mark).ok_or_else(expired)?;
                    let (first, position) = opened.split_once(' ').ok_or_else(expired)?;
                    let first = first.parse().map_err(|_| expired())?;
                    (walk.resume(position).ok_or_else(expired)?, first)
                }
            };
            let cursor = cursor(&shared.secret, institution, shared.generation(), first);
            Ok(Self { walk, first, total, cursor, owner })
        })
    }

    fn mark(&self, shared: &Shared) -> String {
        shared.secret.seal("mark", &self.owner, &format!("{} {}", self.first, self.walk.position()))
    }

    /// One page of whole documents, a [`SnapshotPage`].
    fn page(mut self, shared: &Shared, limit: u32) -> Result<String, Refusal> {
        let (cursor, total, now) = (&self.cursor, self.total, shared.now());
        let mut text = format!(r#"{{"cursor":"{cursor}","total":{total},"serverTime":"{now}","items":["#);
        loop {
            let (piece, stop) = shared.database.read(|connection| self.walk.piece(connection, limit))?;
            text.push_str(&piece);
            match stop {
                Stop::More => {}
                Stop::End => break text.push(']'),
                Stop::Boundary => {
                    text.push_str(r#"],"next":""#);
                    text.push_str(&self.mark(shared));
                    break text.push('"');
                }
            }
        }
        text.push('}');
        Ok(text)
    }

    fn stream(mut self, shared: &Arc<Shared>, limit: u32) -> Response {
        let (sender, mut pieces) = mpsc::channel::<Result<Bytes, std::io::Error>>(AHEAD);
        let shared = Arc::clone(shared);
        tokio::spawn(async move {
            let head = SnapshotHead {
                cursor: self.cursor.clone(),
                seq: self.first,
                total: self.total,
                server_time: shared.now(),
            };
            let Ok(mut head) = serde_json::to_vec(&head) else { return };
            head.push(b'\n');
            let mut digest = Running::default();
            digest.lines(&head);
            if sender.send(Ok(head.into())).await.is_err() {
                return;
            }
            let closing = shared.closing.subscribe();
            loop {
                let Ok(permit) = sender.reserve().await else { return };
                let read = shared
                    .blocking(move |shared| {
                        let piece = shared.database.read(|c| self.walk.piece(c, limit))?;
                        Ok((self, piece))
                    })
                    .await;
                let (begun, (piece, stop)) = match read {
                    Ok(read) if !*closing.borrow() => read,
                    Ok(_) => return permit.send(Err(std::io::Error::other("the platform is stopping"))),
                    Err(refusal) => {
                        tracing::error!(cause = refusal.cause, "a snapshot was cut");
                        return permit.send(Err(std::io::Error::other("the snapshot was cut")));
                    }
                };
                self = begun;
                digest.lines(piece.as_bytes());
                let line = match stop {
                    Stop::More => String::new(),
                    Stop::Boundary => {
                        let mark = self.mark(&shared);
                        format!("{{\"mark\":\"{mark}\",\"digest\":\"{}\"}}\n", digest.at(&mark))
                    }
                    Stop::End => {
                        let end = self.walk.count;
                        format!("{{\"end\":{end},\"digest\":\"{}\"}}\n", digest.at(&end.to_string()))
                    }
                };
                digest.lines(line.as_bytes());
                permit.send(Ok((piece + &line).into()));
                if stop == Stop::End {
                    return;
                }
            }
        });
        let pieces = futures_util::stream::poll_fn(move |context| pieces.poll_recv(context));
        ([(header::CONTENT_TYPE, NDJSON)], Body::from_stream(pieces)).into_response()
    }
}
