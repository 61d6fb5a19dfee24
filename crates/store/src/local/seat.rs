//! 席位: the seats at the platform that are to be closed there, and those that another computer may have too.

use rusqlite::{Connection, Transaction, params};
use zeroize::Zeroizing;

use super::account::Account;
use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    TO_CLOSE = "SELECT app_key, app_secret, sign_type, adapter, url, user, left_at FROM seat_to_close ORDER BY app_key";
    SHARED = "SELECT EXISTS (SELECT 1 FROM shared_seat WHERE app_key = ?1)";
}

/// 待注销席位: a seat that somebody signed out of, with what its closing is signed with.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SeatToClose {
    pub app_key: String,
    pub app_secret: Zeroizing<String>,
    /// How its requests are signed.
    pub sign_type: String,
    pub adapter: String,
    pub url: String,
    /// Whose it was.
    pub user: String,
    pub left_at: Seconds,
}

impl std::fmt::Debug for SeatToClose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SeatToClose").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Notes that the seat of the connection is to be closed at the platform, where it has one.
pub fn close_later(
    tx: &Transaction<'_>,
    account: &Account,
    sign_type: &str,
    left_at: Seconds,
) -> StoreResult<()> {
    if account.app_key.is_empty() {
        return Ok(());
    }
    tx.prepare_cached("INSERT OR REPLACE INTO seat_to_close VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(
        params![
            account.app_key,
            *account.app_secret,
            sign_type,
            account.adapter,
            account.url,
            account.user,
            left_at
        ],
    )?;
    Ok(())
}

/// The seats that the platform has not been told of yet.
pub fn to_close(conn: &Connection) -> StoreResult<Vec<SeatToClose>> {
    let mut statement = conn.prepare_cached(TO_CLOSE)?;
    let rows = statement.query_map([], |row| {
        Ok(SeatToClose {
            app_key: row.get(0)?,
            app_secret: Zeroizing::new(row.get(1)?),
            sign_type: row.get(2)?,
            adapter: row.get(3)?,
            url: row.get(4)?,
            user: row.get(5)?,
            left_at: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The seat has been closed.
pub fn closed(tx: &Transaction<'_>, app_key: &str) -> StoreResult<()> {
    tx.prepare_cached("DELETE FROM seat_to_close WHERE app_key = ?1")?.execute([app_key])?;
    Ok(())
}

/// After a restore: the computer that the backup was made on may have every seat that is known here. What was to be
/// closed there stays to be closed.
pub fn share_all(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.execute_batch(
        "INSERT OR IGNORE INTO shared_seat SELECT app_key FROM person WHERE app_key <> ''
         UNION SELECT app_key FROM account WHERE app_key <> ''",
    )?;
    Ok(())
}

/// Whether another computer may have this seat too.
pub fn is_shared(conn: &Connection, app_key: &str) -> StoreResult<bool> {
    Ok(conn.prepare_cached(SHARED)?.query_row([app_key], |row| row.get(0))?)
}

/// A seat's credentials.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Credentials<'a> {
    pub app_key: &'a str,
    pub app_secret: &'a str,
    pub renewal_credential: &'a str,
}

/// A seat of its own in the place of the shared one, for whoever had that.
pub fn replace(tx: &Transaction<'_>, shared: &str, own: Credentials<'_>) -> StoreResult<()> {
    for table in ["account", "person"] {
        tx.execute(
            &format!(
                "UPDATE {table} SET app_key = ?2, app_secret = ?3, renewal_credential = ?4 WHERE app_key = ?1"
            ),
            params![shared, own.app_key, own.app_secret, own.renewal_credential],
        )?;
    }
    tx.prepare_cached("DELETE FROM shared_seat WHERE app_key = ?1")?.execute([shared])?;
    Ok(())
}
