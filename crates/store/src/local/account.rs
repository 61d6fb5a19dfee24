//! The one connection to a platform, with this seat's credentials.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    GET = "SELECT adapter, url, institution, institution_name, user, user_name, roles, app_key, app_secret,
        renewal_credential, platform, epoch, capabilities, connected_at FROM account WHERE id = 1";
}

/// The connection. The secrets are wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Account {
    pub adapter: String,
    pub url: String,
    pub institution: String,
    pub institution_name: String,
    pub user: String,
    pub user_name: String,
    pub roles: Vec<String>,
    pub app_key: String,
    pub app_secret: Zeroizing<String>,
    pub renewal_credential: Zeroizing<String>,
    pub platform: String,
    /// The platform's data set; another one means another platform.
    pub epoch: String,
    /// The platform's capabilities, as JSON.
    pub capabilities: String,
    pub connected_at: Seconds,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("adapter", &self.adapter)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The connection, where there is one.
pub fn get(conn: &Connection) -> StoreResult<Option<Account>> {
    Ok(conn
        .prepare_cached(GET)?
        .query_row([], |row| {
            let roles: String = row.get(6)?;
            Ok(Account {
                adapter: row.get(0)?,
                url: row.get(1)?,
                institution: row.get(2)?,
                institution_name: row.get(3)?,
                user: row.get(4)?,
                user_name: row.get(5)?,
                roles: roles.split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect(),
                app_key: row.get(7)?,
                app_secret: Zeroizing::new(row.get(8)?),
                renewal_credential: Zeroizing::new(row.get(9)?),
                platform: row.get(10)?,
                epoch: row.get(11)?,
                capabilities: row.get(12)?,
                connected_at: row.get(13)?,
            })
        })
        .optional()?)
}

/// Makes or replaces the connection.
pub fn put(tx: &Transaction<'_>, account: &Account) -> StoreResult<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO account VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute(params![
            account.adapter,
            account.url,
            account.institution,
            account.institution_name,
            account.user,
            account.user_name,
            account.roles.join(","),
            account.app_key,
            *account.app_secret,
            *account.renewal_credential,
            account.platform,
            account.epoch,
            account.capabilities,
            account.connected_at
        ])?;
    Ok(())
}
