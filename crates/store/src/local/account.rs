//! The one connection to a platform, with the credentials of the person at work, and the people who work with it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use crate::error::StoreResult;
use crate::mirror::Seconds;
use crate::plan::queries;

queries! {
    GET = "SELECT adapter, url, institution, institution_name, user, user_name, roles, app_key, app_secret,
        renewal_credential, platform, epoch, capabilities, connected_at FROM account WHERE id = 1";
    PEOPLE = "SELECT user, name, roles, slot, app_key, app_secret, renewal_credential, signed_in_at FROM person
        ORDER BY user";
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

impl Account {
    /// Whether there are credentials: without, nothing is sent or fetched until somebody signs in.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        !self.renewal_credential.is_empty()
    }
}

/// 人员: somebody who signed in here, with credentials of his own.
#[derive(Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Person {
    /// The sign-in name at the platform.
    pub user: String,
    pub name: String,
    pub roles: Vec<String>,
    /// His passphrase's slot in the key file.
    pub slot: Option<String>,
    pub app_key: String,
    pub app_secret: Zeroizing<String>,
    pub renewal_credential: Zeroizing<String>,
    pub signed_in_at: Seconds,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Person {
    /// Whether there are credentials; see [`Account::is_signed_in`].
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        !self.renewal_credential.is_empty()
    }
}

/// Everybody who ever signed in here, by sign-in name.
pub fn people(conn: &Connection) -> StoreResult<Vec<Person>> {
    let mut statement = conn.prepare_cached(PEOPLE)?;
    let rows = statement.query_map([], |row| {
        Ok(Person {
            user: row.get(0)?,
            name: row.get(1)?,
            roles: listed(&row.get::<_, String>(2)?),
            slot: row.get(3)?,
            app_key: row.get(4)?,
            app_secret: Zeroizing::new(row.get(5)?),
            renewal_credential: Zeroizing::new(row.get(6)?),
            signed_in_at: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes whose passphrase a slot of the key file is.
pub fn set_slot(tx: &Transaction<'_>, user: &str, slot: Option<&str>) -> StoreResult<()> {
    tx.prepare_cached("UPDATE person SET slot = ?2 WHERE user = ?1")?.execute(params![user, slot])?;
    Ok(())
}

/// Puts another person to work: his credentials become the connection's.
pub fn switch(tx: &Transaction<'_>, to: &Person) -> StoreResult<()> {
    let Some(account) = get(tx)? else { return Ok(()) };
    let to = to.clone();
    put(
        tx,
        &Account {
            user: to.user,
            user_name: to.name,
            roles: to.roles,
            app_key: to.app_key,
            app_secret: to.app_secret,
            renewal_credential: to.renewal_credential,
            connected_at: to.signed_in_at,
            ..account
        },
    )
}

/// Forgets the credentials of the person at work. Drafts and submissions stay, in his name.
pub fn sign_out(tx: &Transaction<'_>) -> StoreResult<()> {
    let Some(account) = get(tx)? else { return Ok(()) };
    let nothing = || Zeroizing::new(String::new());
    put(
        tx,
        &Account { app_key: String::new(), app_secret: nothing(), renewal_credential: nothing(), ..account },
    )
}

fn listed(roles: &str) -> Vec<String> {
    roles.split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect()
}

/// The connection, where there is one.
pub fn get(conn: &Connection) -> StoreResult<Option<Account>> {
    Ok(conn
        .prepare_cached(GET)?
        .query_row([], |row| {
            Ok(Account {
                adapter: row.get(0)?,
                url: row.get(1)?,
                institution: row.get(2)?,
                institution_name: row.get(3)?,
                user: row.get(4)?,
                user_name: row.get(5)?,
                roles: listed(&row.get::<_, String>(6)?),
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

/// Makes or replaces the connection; the person at work is remembered with it.
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
    tx.prepare_cached(
        "INSERT INTO person VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6, ?7)
         ON CONFLICT (user) DO UPDATE SET name = excluded.name, roles = excluded.roles, app_key = excluded.app_key,
           app_secret = excluded.app_secret, renewal_credential = excluded.renewal_credential,
           signed_in_at = excluded.signed_in_at",
    )?
    .execute(params![
        account.user,
        account.user_name,
        account.roles.join(","),
        account.app_key,
        *account.app_secret,
        *account.renewal_credential,
        account.connected_at
    ])?;
    Ok(())
}
