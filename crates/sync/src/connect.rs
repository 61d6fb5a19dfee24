//! Connecting a profile to a platform, and opening the connection that it has.

use std::sync::Arc;
use std::time::Duration;

use sunbench_contract::sign::SignType;
use sunbench_contract::{Capabilities, Operator};
use sunbench_store::Store;
use sunbench_store::local::account::{self, Account};
use tokio_util::sync::CancellationToken;

use crate::adapters::reference::ReferenceClient;
use crate::client::{ClientError, PlatformClient, Session, SignIn};
use crate::clock::Clock;
use crate::error::SyncError;
use crate::pull::blocking;
use crate::retry::Retry;
use crate::state::{self, Token};

/// The adapter of the reference protocol; the only one so far.
pub const REFERENCE: &str = "reference";

/// A new connection.
pub struct Connected {
    /// Talks to the platform, signed in.
    pub client: Arc<dyn PlatformClient>,
    /// Who signed in.
    pub operator: Operator,
    /// The platform.
    pub platform: Capabilities,
}

/// Signs in and keeps the seat's credentials in the profile. The password is not kept. `patience` bounds the time
/// that may be lost to failures that pass by themselves.
///
/// # Errors
/// [`SyncError::OtherInstitution`] when the profile holds another hospital's work; nothing is changed then.
/// [`SyncError::UnknownAdapter`], and whatever the platform says.
pub async fn connect(
    store: &Arc<Store>,
    adapter: &str,
    url: &str,
    who: &SignIn,
    clock: Arc<dyn Clock>,
    patience: Duration,
) -> Result<Connected, SyncError> {
    if adapter != REFERENCE {
        return Err(SyncError::UnknownAdapter);
    }
    let known = blocking(store, |store| store.read(account::get)).await?;
    if known.is_some_and(|known| known.institution != who.institution) {
        return Err(SyncError::OtherInstitution);
    }
    let client = ReferenceClient::new(url, None, Arc::clone(&clock))?;
    let mut retry = Retry::strict(patience, u64::from(std::process::id()), CancellationToken::new());
    let platform = retry.run(|| client.capabilities()).await?;
    let operator = retry.run(|| client.sign_in(who)).await?;
    let session = client.session().ok_or(ClientError::SignInNeeded)?;
    let account = Account {
        adapter: adapter.to_owned(),
        url: url.trim().to_owned(),
        institution: operator.institution.clone(),
        institution_name: operator.institution_name.clone(),
        user: operator.user.clone(),
        user_name: operator.name.clone(),
        roles: operator.roles.clone(),
        app_key: session.app_key.clone(),
        app_secret: session.app_secret.clone().into(),
        renewal_credential: session.renewal_credential.clone().into(),
        platform: platform.platform.clone(),
        epoch: platform.epoch.clone(),
        capabilities: serde_json::to_string(&platform).unwrap_or_default(),
        connected_at: clock.now().unix(),
    };
    let token =
        Token { sign_type: session.sign_type, text: session.access_token, expires_at: session.expires_at };
    let offset = client.clock_offset_s();
    let (exchange_key, certificate) = (client.exchange_key(), client.certificate());
    blocking(store, move |store| {
        store.write_local(|tx| {
            account::put(tx, &account)?;
            state::keep_exchange_key(tx, exchange_key.as_deref())?;
            state::keep_certificate(tx, &account.user, certificate.as_ref())?;
            if let Some(offset) = offset {
                state::put(tx, state::CLOCK_OFFSET, &offset)?;
            }
            state::put(tx, state::TOKEN, &token)
        })
    })
    .await?;
    Ok(Connected { client: Arc::new(client), operator, platform })
}

/// The connection that the profile has; asks nothing of the network.
///
/// # Errors
/// [`SyncError::NotConnected`] when it has none.
pub fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Arc<dyn PlatformClient>, SyncError> {
    let (account, token) =
        store.read(|conn| Ok((account::get(conn)?, state::find::<Token>(conn, state::TOKEN)?)))?;
    let account = account.ok_or(SyncError::NotConnected)?;
    if account.adapter != REFERENCE {
        return Err(SyncError::UnknownAdapter);
    }
    let sign_type = sign_type(&account, token.as_ref());
    let session = Session {
        app_key: account.app_key.clone(),
        app_secret: account.app_secret.to_string(),
        renewal_credential: account.renewal_credential.to_string(),
        sign_type,
        access_token: token.as_ref().map(|token| token.text.clone()).unwrap_or_default(),
        expires_at: token.map_or(0, |token| token.expires_at),
    };
    Ok(Arc::new(ReferenceClient::new(&account.url, Some(session), clock)?))
}

/// How the requests of this seat are signed.
pub(crate) fn sign_type(account: &Account, token: Option<&Token>) -> SignType {
    let agreed = token.map(|token| token.sign_type).or_else(|| {
        let platform: Capabilities = serde_json::from_str(&account.capabilities).ok()?;
        crate::adapters::reference::preferred_sign_type(&platform)
    });
    agreed.unwrap_or(SignType::HmacSm3)
}
