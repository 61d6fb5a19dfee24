//! What sync remembers between two runs, as named JSON values in the profile.

use rusqlite::{Connection, Transaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sunbench_contract::Certificate;
use sunbench_contract::sign::SignType;
use sunbench_exchange::bundle::ExchangeKey;
use sunbench_store::local::{bundle, seat};
use sunbench_store::{StoreResult, mirror::sync_state};

use crate::report::SyncReport;

/// [`crate::plan::Position`].
pub(crate) const POSITION: &str = "position";
/// [`Token`].
pub(crate) const TOKEN: &str = "token";
/// [`SyncReport`] of the last run.
pub(crate) const LAST_RUN: &str = "lastRun";
/// What the PC's clock lacks to the platform's, in seconds, as last measured.
pub(crate) const CLOCK_OFFSET: &str = "clockOffset";
/// [`SyncReport::ended_at`] of the last complete run.
pub(crate) const LAST_SYNC: &str = "lastSync";
/// [`Asked`].
pub(crate) const ASKED: &str = "asked";
/// [`crate::compare::Comparison`].
pub(crate) const COMPARISON: &str = "comparison";
/// The version of the program that synced last.
pub(crate) const PROGRAM: &str = "program";

/// A person's [`Certificate`]: with the sign-in name behind it.
const CERTIFICATE: &str = "certificate";

/// The access token, so that a script that syncs every few minutes need not renew it each time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) sign_type: SignType,
    #[serde(rename = "accessToken")]
    pub(crate) text: String,
    pub(crate) expires_at: i64,
}

/// What was asked of the platform on one day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Asked {
    /// `yyyy-MM-dd`, Shanghai.
    pub(crate) day: String,
    /// Requests on that day.
    pub(crate) requests: u64,
    /// The capabilities were asked on that day.
    pub(crate) capabilities: bool,
}

/// A value, or its default when there is none or one that this version cannot read.
pub(crate) fn get<T: DeserializeOwned + Default>(conn: &Connection, key: &str) -> StoreResult<T> {
    Ok(find(conn, key)?.unwrap_or_default())
}

/// A value, when there is one that this version can read.
pub(crate) fn find<T: DeserializeOwned>(conn: &Connection, key: &str) -> StoreResult<Option<T>> {
    Ok(sync_state::get(conn, key)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps the key that the institution's computers share, where the platform has given one that can be read.
pub(crate) fn keep_exchange_key(tx: &Transaction<'_>, text: Option<&str>) -> StoreResult<()> {
    if let Some(key) = text.and_then(ExchangeKey::from_hex) {
        bundle::keep_exchange_key(tx, key.as_bytes())?;
    }
    Ok(())
}

/// The certificate that a person signed in with, as the platform told it last.
///
/// # Errors
/// The profile cannot be read.
pub fn certificate(conn: &Connection, user: &str) -> StoreResult<Option<Certificate>> {
    find(conn, &format!("{CERTIFICATE}.{user}"))
}

/// Keeps a person's certificate, where the platform has told one.
pub(crate) fn keep_certificate(
    tx: &Transaction<'_>,
    user: &str,
    certificate: Option<&Certificate>,
) -> StoreResult<()> {
    match certificate {
        Some(certificate) => put(tx, &format!("{CERTIFICATE}.{user}"), certificate),
        None => Ok(()),
    }
}

/// Sets a value.
pub(crate) fn put<T: Serialize>(tx: &Transaction<'_>, key: &str, value: &T) -> StoreResult<()> {
    let text = serde_json::to_string(value).expect("a plain value of this crate has a JSON form");
    sync_state::put(tx, key, &text)
}

/// Forgets the access token: another person is at work, or nobody.
pub fn forget_token(tx: &Transaction<'_>) -> StoreResult<()> {
    sync_state::remove(tx, TOKEN)
}

/// For a restored profile: what is there is compared with the platform at the next sync, nothing that was said of an
/// earlier one is shown, and its seats may be another computer's as well.
pub fn after_restore(tx: &Transaction<'_>) -> StoreResult<()> {
    seat::share_all(tx)?;
    for key in [COMPARISON, LAST_RUN, LAST_SYNC, ASKED] {
        sync_state::remove(tx, key)?;
    }
    Ok(())
}

/// What the last sync did, for the status display.
pub fn last_run(conn: &Connection) -> StoreResult<Option<SyncReport>> {
    find(conn, LAST_RUN)
}

/// What the PC's clock lacks to the platform's, in seconds; 0 until it has been measured.
pub fn clock_offset_s(conn: &Connection) -> StoreResult<i64> {
    get(conn, CLOCK_OFFSET)
}

/// When the last complete sync ended, by the platform's clock.
pub fn last_sync(conn: &Connection) -> StoreResult<Option<sunbench_contract::time::Instant>> {
    find(conn, LAST_SYNC)
}

/// Where the feed is followed from, and whether feed and history have been read to the end.
pub fn position(conn: &Connection) -> StoreResult<crate::plan::Position> {
    get(conn, POSITION)
}
