//! Who may sign in: hospitals' operators, their seats, and supervisors.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use chrono::{Datelike as _, TimeDelta, Timelike as _};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{Certificate, Operator, time::Instant};

use crate::error::Error;
use crate::token::random_hex;

/// Seats kept for one operator.
const SEATS: i64 = 50;

/// 席位: one installation of an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) app_key: String,
    pub(crate) secret: String,
    pub(crate) institution: String,
    pub(crate) user: String,
    renewal: String,
}

/// What a new seat is told once.
pub(crate) struct Credentials {
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) renewal_credential: String,
}

pub(crate) fn add_hospital(connection: &Connection, institution: &str, name: &str) -> Result<(), Error> {
    connection.execute("INSERT OR REPLACE INTO hospital VALUES (?1, ?2)", [institution, name])?;
    Ok(())
}

/// Every hospital: 机构代码 and name.
pub(crate) fn hospitals(connection: &Connection) -> Result<Vec<(String, String)>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT institution, name FROM hospital ORDER BY institution")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn add_operator(
    connection: &Connection,
    institution: &str,
    user: &str,
    name: &str,
    password: &str,
    roles: &[String],
) -> Result<(), Error> {
    let values = params![institution, user, name, hash(password)?, serde_json::to_string(roles)?];
    connection.execute("INSERT OR REPLACE INTO operator VALUES (?1, ?2, ?3, ?4, ?5)", values)?;
    Ok(())
}

pub(crate) fn add_supervisor(connection: &Connection, user: &str, password: &str) -> Result<(), Error> {
    connection.execute("INSERT OR REPLACE INTO supervisor VALUES (?1, ?2)", [user, &hash(password)?])?;
    Ok(())
}

/// The operator, if he exists; his name and roles as they are now.
pub(crate) fn operator(
    connection: &Connection,
    institution: &str,
    user: &str,
) -> Result<Option<(Operator, String)>, Error> {
    let found = connection
        .query_row(
            "SELECT o.name, o.roles, h.name, o.password FROM operator o JOIN hospital h USING (institution)
             WHERE institution = ?1 AND user = ?2",
            [institution, user],
            |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, String>(3)?)),
        )
        .optional()?;
    let Some((name, roles, institution_name, password)) = found else { return Ok(None) };
    let operator = Operator {
        user: user.to_owned(),
        name,
        institution: institution.to_owned(),
        institution_name,
        roles: serde_json::from_str(&roles)?,
    };
    Ok(Some((operator, password)))
}

/// Days that an operator's certificate is valid.
const CERTIFICATE_DAYS: i64 = 365;

/// The operator's CA 证书. It is renewed every year on a day that follows from who he is, so that some are always near
/// their end; the serial number says which year's it is.
pub(crate) fn certificate(operator: &Operator, now: Instant) -> Certificate {
    let who = Sha256::digest(format!("certificate {} {}", operator.institution, operator.user));
    let phase = i64::from(u16::from_be_bytes([who[0], who[1]])) % CERTIFICATE_DAYS;
    let day = now.at().date_naive();
    let since = (i64::from(day.num_days_from_ce()) - phase).rem_euclid(CERTIFICATE_DAYS);
    let from = now.at()
        - TimeDelta::days(since)
        - TimeDelta::seconds(i64::from(now.at().num_seconds_from_midnight()));
    let until = from + TimeDelta::days(CERTIFICATE_DAYS) - TimeDelta::seconds(1);
    let serial = format!("{}{}", from.format("%Y%m%d"), hex(&who[2..8]).to_uppercase());
    Certificate {
        serial,
        issuer: "岭澜数字证书认证中心".to_owned(),
        not_before: Instant::new(from),
        not_after: Instant::new(until),
    }
}

/// A hospital's operators: sign-in name and 姓名.
pub(crate) fn operators(connection: &Connection, institution: &str) -> Result<Vec<(String, String)>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT user, name FROM operator WHERE institution = ?1 ORDER BY user")?;
    let rows = statement.query_map([institution], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The supervisor's password hash.
pub(crate) fn supervisor(connection: &Connection, user: &str) -> Result<Option<String>, Error> {
    Ok(connection
        .query_row("SELECT password FROM supervisor WHERE user = ?1", [user], |row| row.get(0))
        .optional()?)
}

pub(crate) fn has_supervisor(connection: &Connection) -> Result<bool, Error> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM supervisor)", [], |row| row.get(0))?)
}

/// A new seat for an operator who has just signed in. Beyond so many, those go that were renewed longest ago.
pub(crate) fn add_seat(
    connection: &Connection,
    operator: &Operator,
    now: Instant,
) -> Result<Credentials, Error> {
    let credentials = Credentials {
        app_key: random_hex::<12>()?,
        app_secret: random_hex::<32>()?,
        renewal_credential: random_hex::<32>()?,
    };
    let (institution, user) = (&operator.institution, &operator.user);
    connection.execute(
        "INSERT INTO seat VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            credentials.app_key,
            credentials.app_secret,
            fingerprint(&credentials.renewal_credential),
            institution,
            user,
            now.unix()
        ],
    )?;
    connection.execute(
        "DELETE FROM seat WHERE app_key IN (SELECT app_key FROM seat WHERE institution = ?1 AND user = ?2
         ORDER BY made_at DESC, app_key <> ?3 LIMIT -1 OFFSET ?4)",
        params![institution, user, credentials.app_key, SEATS],
    )?;
    Ok(credentials)
}

pub(crate) fn seat(connection: &Connection, app_key: &str) -> Result<Option<Seat>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT secret, institution, user, renewal FROM seat WHERE app_key = ?1")?;
    Ok(statement
        .query_row([app_key], |row| {
            Ok(Seat {
                app_key: app_key.to_owned(),
                secret: row.get(0)?,
                institution: row.get(1)?,
                user: row.get(2)?,
                renewal: row.get(3)?,
            })
        })
        .optional()?)
}

/// A seat that is in use is not the one that makes room for a new one.
pub(crate) fn seat_is_in_use(connection: &Connection, app_key: &str, now: Instant) -> Result<(), Error> {
    connection.execute("UPDATE seat SET made_at = ?2 WHERE app_key = ?1", params![app_key, now.unix()])?;
    Ok(())
}

/// Whoever signs with this seat from now on is not known.
pub(crate) fn remove_seat(connection: &Connection, app_key: &str) -> Result<(), Error> {
    connection.execute("DELETE FROM seat WHERE app_key = ?1", [app_key])?;
    Ok(())
}

impl Seat {
    pub(crate) fn renews_with(&self, credential: &str) -> bool {
        same(&self.renewal, &fingerprint(credential))
    }
}

fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Equality that takes the same time wherever the texts differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}

fn hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| Error::Password(error.to_string()))?.to_string())
}

/// The shape of a hash, of a password that nobody knows.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3VuYmVuY2gtbm9ib2R5$4QO0AWrYLu3t0bIrE1U3dnNJ2YNnKcX4qUjU8SvZ3ho";

/// Whether the password is right. Takes as long for a user that does not exist (`None`).
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    let right = PasswordHash::new(hash.unwrap_or(NOBODY))
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        let stored = hash("向阳-2026").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("向阳-2026", Some(&stored)));
        assert!(!verify("向阳-2027", Some(&stored)));
        assert!(!verify("向阳-2026", None));
        let parameters = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(parameters(NOBODY), parameters(&stored), "as much work for nobody");
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!verify("向阳-2026", Some("not a hash")));
    }

    #[test]
    fn the_seat_that_was_renewed_longest_ago_makes_room() {
        let dir = tempfile::TempDir::new().unwrap();
        let database = crate::database::Database::open(&dir.path().join("platform.sqlite3")).unwrap();
        let connection = database.writer();
        let operator = Operator {
            user: "caigou01".to_owned(),
            name: "周敏".to_owned(),
            institution: "H57010200001".to_owned(),
            institution_name: "澜川市第一人民医院".to_owned(),
            roles: Vec::new(),
        };
        let at = |second: i64| Instant::from_unix(1_795_395_600 + second).unwrap();
        let add = |second| add_seat(&connection, &operator, at(second)).unwrap().app_key;
        let (used, idle) = (add(0), add(1));
        for second in 2..SEATS {
            add(second);
        }
        seat_is_in_use(&connection, &used, at(SEATS)).unwrap();
        let newest = add(SEATS + 1);
        let is_there = |key: &str| seat(&connection, key).unwrap().is_some();
        assert_eq!((is_there(&used), is_there(&idle), is_there(&newest)), (true, false, true));
    }
}
