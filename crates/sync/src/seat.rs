//! 席位: what becomes of a profile's seat at the platform when somebody signs out, and when a backup is restored.

use std::sync::Arc;

use rusqlite::Transaction;
use serde_json::json;
use sunbench_contract::sign::SignType;
use sunbench_store::local::account;
use sunbench_store::local::seat::{self, Credentials, SeatToClose};
use sunbench_store::{Store, StoreResult, audit};

use crate::adapters::reference::ReferenceClient;
use crate::client::{ClientError, PlatformClient, Session};
use crate::clock::Clock;
use crate::connect::{REFERENCE, sign_type};
use crate::engine::{Run, SyncEngine};
use crate::error::SyncError;
use crate::pull::blocking;
use crate::state::{self, Token};

/// Signs the person at work out: token and credentials are forgotten, drafts and submissions stay in his name. What the
/// platform is told with is kept until [`close_left`] has told it. `left_at` is in seconds since 1970.
pub fn leave(tx: &Transaction<'_>, left_at: i64) -> StoreResult<()> {
    let Some(account) = account::get(tx)? else { return Ok(()) };
    // A seat that came with a backup is the other computer's to close.
    if !seat::is_shared(tx, &account.app_key)? {
        let token = state::find::<Token>(tx, state::TOKEN)?;
        seat::close_later(tx, &account, sign_type(&account, token.as_ref()).name(), left_at)?;
    }
    account::sign_out(tx)?;
    state::forget_token(tx)
}

/// Tells the platform of every seat that somebody signed out of, and returns how many it could not be told of. They
/// stay until a later call.
///
/// # Errors
/// What the profile says; the platform's silence is no error.
pub async fn close_left(store: &Arc<Store>, clock: Arc<dyn Clock>) -> Result<usize, SyncError> {
    let mut open = 0;
    for left in blocking(store, |store| store.read(seat::to_close)).await? {
        let told = match close(&left, Arc::clone(&clock)).await {
            Ok(()) => true,
            Err(error) if has_no_such_call(&error) => false,
            Err(error) => {
                tracing::info!(code = error.code(), "the platform was not told of a sign-out");
                open += 1;
                continue;
            }
        };
        let now = clock.now();
        blocking(store, move |store| {
            store.write_local(|tx| {
                seat::closed(tx, &left.app_key)?;
                let (actor, detail) = (&left.user, json!({ "told": told }));
                let entry =
                    audit::Entry { at: now.at(), actor, action: "seat.closed", subject: "account", detail };
                audit::append(tx, &entry)
            })
        })
        .await?;
    }
    Ok(open)
}

async fn close(left: &SeatToClose, clock: Arc<dyn Clock>) -> Result<(), ClientError> {
    if left.adapter != REFERENCE {
        return Ok(());
    }
    let session = Session {
        app_key: left.app_key.clone(),
        app_secret: left.app_secret.to_string(),
        renewal_credential: String::new(),
        sign_type: SignType::from_name(&left.sign_type).unwrap_or(SignType::HmacSm3),
        access_token: String::new(),
        expires_at: 0,
    };
    ReferenceClient::new(&left.url, Some(session), clock)?.sign_out().await
}

/// A platform of an earlier version of the contract: the seat's token runs out by itself. A refusal without the
/// platform's reasons comes from something on the way.
fn has_no_such_call(error: &ClientError) -> bool {
    error.problem().is_some() && matches!(error.status(), Some(400 | 404 | 405 | 422))
}

impl SyncEngine {
    /// A restored profile has the seats of the computer on which its backup was made, and takes one of its own at its
    /// first contact. Where the platform has no such call, the person signs in again, which makes a seat too.
    pub(crate) async fn leave_shared_seat(&self, run: &mut Run) -> Result<(), SyncError> {
        let Some(shared) = self.client.session() else { return Ok(()) };
        let app_key = shared.app_key.clone();
        if !blocking(&self.store, move |store| store.read(|conn| seat::is_shared(conn, &app_key))).await? {
            return Ok(());
        }
        match run.retry.run(|| self.client.new_seat()).await {
            Ok(()) => {}
            Err(SyncError::Client(error)) if has_no_such_call(&error) => {
                return Err(ClientError::SignInNeeded.into());
            }
            Err(error) => return Err(error),
        }
        let own = self.client.session().ok_or(ClientError::SignInNeeded)?;
        let (actor, now) = (run.actor.clone(), self.clock.now());
        blocking(&self.store, move |store| {
            store.write_local(|tx| {
                let credentials = Credentials {
                    app_key: &own.app_key,
                    app_secret: &own.app_secret,
                    renewal_credential: &own.renewal_credential,
                };
                seat::replace(tx, &shared.app_key, credentials)?;
                let (actor, detail) = (&actor, json!({}));
                let entry =
                    audit::Entry { at: now.at(), actor, action: "seat.new", subject: "account", detail };
                audit::append(tx, &entry).map(drop)
            })
        })
        .await
    }
}
