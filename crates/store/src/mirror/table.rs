//! One definition makes a mirror table's row type and its statements.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{OptionalExtension, ToSql, Transaction};
use sunbench_domain::{Amount, Price, Quantity};

use super::dims::Dims;
use crate::error::StoreResult;

/// A reference to an organisation, by the platform's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgId(pub String);
/// A reference to a product, by the platform's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductId(pub String);
/// A reference to an order, by the platform's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderId(pub String);

/// Seconds since 1970, UTC.
pub type Seconds = i64;
/// A date as `yyyy-MM-dd`.
pub type DateText = String;

/// A value that a column can hold.
pub(crate) trait Column {
    /// The value to bind; references become the dimension's integer key.
    fn bind<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>>;
}

fn integer<'a>(value: i64) -> ToSqlOutput<'a> {
    ToSqlOutput::Owned(Value::Integer(value))
}

macro_rules! integer_columns {
    ($($kind:ty: |$v:ident| $expr:expr;)*) => {$(
        impl Column for $kind {
            fn bind<'a>(&'a self, _: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
                let $v = *self;
                Ok(integer($expr))
            }
        }
    )*};
}
integer_columns! {
    i64: |v| v;
    u32: |v| i64::from(v);
    bool: |v| i64::from(v);
    Amount: |v| v.units();
    Price: |v| v.units();
    Quantity: |v| v.units();
}

impl Column for String {
    fn bind<'a>(&'a self, _: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.as_bytes())))
    }
}
impl Column for &'static str {
    fn bind<'a>(&'a self, _: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.as_bytes())))
    }
}
impl<T: Column> Column for Option<T> {
    fn bind<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        self.as_ref().map_or(Ok(ToSqlOutput::Borrowed(ValueRef::Null)), |value| value.bind(dims))
    }
}
impl Column for OrgId {
    fn bind<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        dims.org(&self.0).map(integer)
    }
}
impl Column for ProductId {
    fn bind<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        dims.product(&self.0).map(integer)
    }
}
impl Column for OrderId {
    fn bind<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<ToSqlOutput<'a>> {
        dims.order(&self.0).map(integer)
    }
}

/// What every record has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The platform's id.
    pub id: String,
    /// The record's version.
    pub ver: i64,
    /// The record's fingerprint, big-endian.
    pub hash: [u8; 16],
    /// Fields that this version does not know, as a JSON object.
    pub extra: Option<String>,
}

/// What happened to one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It is new (or only a stub until now).
    Inserted(i64),
    /// It was there with a lower version.
    Updated(i64),
    /// It was there with this version or a later one.
    Unchanged,
}

impl Effect {
    /// The row's key, unless nothing changed.
    pub(crate) fn key(self) -> Option<i64> {
        match self {
            Self::Inserted(key) | Self::Updated(key) => Some(key),
            Self::Unchanged => None,
        }
    }
}

/// A row of a mirror table.
pub(crate) trait MirrorRow {
    /// The resource's name on the wire.
    const RESOURCE: &'static str;
    /// Inserts unless the id is there.
    const INSERT: &'static str;
    /// Key and version by id.
    const FIND: &'static str;
    /// Overwrites the row of an id.
    const UPDATE: &'static str;
    /// Takes the row of a key away; what lines refer to becomes a stub again.
    const DELETE: &'static str;
    /// The head.
    fn head(&self) -> &Head;
    /// The values after the head, in the statement's order.
    fn values<'a>(&'a self, dims: &mut Dims<'_>) -> StoreResult<Vec<ToSqlOutput<'a>>>;
}

/// Key and version of a record; a stub has version 0.
pub(crate) fn find<R: MirrorRow>(tx: &Transaction<'_>, id: &str) -> StoreResult<Option<(i64, i64)>> {
    let mut statement = tx.prepare_cached(R::FIND)?;
    Ok(statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Inserts or updates one row by its version; `before` sees the key of the row that is overwritten.
pub(crate) fn upsert<R: MirrorRow>(
    dims: &mut Dims<'_>,
    row: &R,
    mut before: impl FnMut(&Transaction<'_>, i64) -> StoreResult<()>,
) -> StoreResult<Effect> {
    let head = row.head();
    let values = row.values(dims)?;
    let hash: &[u8] = &head.hash;
    let mut parameters: Vec<&dyn ToSql> = Vec::with_capacity(values.len() + 4);
    parameters.extend([&head.id as &dyn ToSql, &head.ver, &hash, &head.extra]);
    parameters.extend(values.iter().map(|value| value as &dyn ToSql));
    let tx = dims.tx();
    if tx.prepare_cached(R::INSERT)?.execute(parameters.as_slice())? == 1 {
        return Ok(Effect::Inserted(tx.last_insert_rowid()));
    }
    match find::<R>(tx, &head.id)? {
        Some((key, 0)) => {
            tx.prepare_cached(R::UPDATE)?.execute(parameters.as_slice())?;
            Ok(Effect::Inserted(key))
        }
        Some((key, ver)) if ver < head.ver => {
            before(tx, key)?;
            tx.prepare_cached(R::UPDATE)?.execute(parameters.as_slice())?;
            Ok(Effect::Updated(key))
        }
        _ => Ok(Effect::Unchanged),
    }
}

/// Defines a mirror table's row: the head is implied, columns in order.
macro_rules! mirror_table {
    ($(#[$doc:meta])* $row:ident, $resource:literal in $table:literal $($referred:ident)? {
        $($(#[$field_doc:meta])* $field:ident: $kind:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs)] // the columns are described in the schema
        pub struct $row {
            pub head: $crate::mirror::table::Head,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
        impl $crate::mirror::table::MirrorRow for $row {
            const RESOURCE: &'static str = $resource;
            const INSERT: &'static str = concat!(
                "INSERT INTO ", $table, " (id, ver, hash, extra", $(", ", stringify!($field),)* ") VALUES (?, ?, ?, ?",
                $($crate::mirror::table::mirror_table!(@mark $field),)* ") ON CONFLICT(id) DO NOTHING"
            );
            const FIND: &'static str = concat!("SELECT key, ver FROM ", $table, " WHERE id = ?1");
            const UPDATE: &'static str = concat!(
                "UPDATE ", $table, " SET (id, ver, hash, extra", $(", ", stringify!($field),)* ") = (?1, ?2, ?3, ?4",
                $($crate::mirror::table::mirror_table!(@mark $field),)*
                ") WHERE id = ?1"
            );
            const DELETE: &'static str = $crate::mirror::table::mirror_table!(@delete $table $($referred)?);
            fn head(&self) -> &$crate::mirror::table::Head {
                &self.head
            }
            fn values<'a>(
                &'a self,
                dims: &mut $crate::mirror::dims::Dims<'_>,
            ) -> $crate::error::StoreResult<Vec<rusqlite::types::ToSqlOutput<'a>>> {
                use $crate::mirror::table::Column as _;
                Ok(vec![$(self.$field.bind(dims)?,)*])
            }
        }
    };
    (@mark $field:ident) => { ", ?" };
    (@delete $table:literal) => { concat!("DELETE FROM ", $table, " WHERE key = ?1") };
    (@delete $table:literal referred) => { concat!("UPDATE ", $table, " SET ver = 0 WHERE key = ?1") };
}
pub(crate) use mirror_table;
