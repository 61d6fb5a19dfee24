//! 导出: a listing of the profile as a workbook or as delimited text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sunbench_contract::time::Instant;
use sunbench_exchange::table::{TableError, TableWriter, Value};
use sunbench_store::audit;
use sunbench_store::listing::{self, ColumnKind, Stored};

use crate::app::App;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{unwritten, whole_by_path};
use crate::reconcile::DIFFERENCES;

/// What a script exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Rows below the headings.
    pub rows: u32,
    /// Of the file.
    pub sha256: String,
}

/// The kinds that can be exported, for scripts: those of the database, and a month's differences.
pub fn export_kinds() -> impl Iterator<Item = &'static str> {
    listing::all().map(|listing| listing.name).chain([DIFFERENCES])
}

impl App {
    /// Writes a listing to a file: a workbook where its name ends in `.xlsx`, else delimited text. `period` chooses the
    /// month of the differences; without one it is the last with ledger lines.
    pub async fn export(
        self: &Arc<Self>,
        kind: &str,
        file: &Path,
        period: Option<String>,
    ) -> ApiResult<Exported> {
        let (kind, file): (String, PathBuf) = (kind.to_owned(), file.to_owned());
        self.run(move |context, app| {
            let rows = if kind == DIFFERENCES {
                let (headings, rows) = context.difference_rows(&app.reconciled, period.as_deref())?;
                write_table(&file, "对账差异", &headings, &mut |table| {
                    rows.iter().try_for_each(|row| table.row(row))?;
                    Ok(rows.len())
                })?
            } else {
                context.write_listing(&kind, &file)?
            };
            let sha256 = crate::ledger::file_digest(&file)?;
            let actor = context.actor()?;
            let subject = format!("export:{kind}");
            let detail = serde_json::json!({ "rows": rows, "sha256": sha256 });
            let entry = context.entry(&actor, "listing.exported", &subject, detail);
            context.store.write_local(|tx| audit::append(tx, &entry))?;
            Ok(Exported { rows: crate::outbox::small(rows as u64), sha256 })
        })
        .await
    }
}

impl Context<'_> {
    fn write_listing(&self, kind: &str, file: &Path) -> ApiResult<usize> {
        let listing =
            listing::by_name(kind).ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "kind"))?;
        let headings: Vec<&str> = listing.columns.iter().map(|(heading, _)| *heading).collect();
        write_table(file, listing.title, &headings, &mut |table| {
            let (mut count, mut failed) = (0, None);
            let read = self.store.read(|conn| {
                listing.each_row(conn, &mut |row| {
                    let kinds = listing.columns.iter().map(|(_, kind)| *kind);
                    let values: Vec<Value> = row.iter().zip(kinds).map(|(v, kind)| value(v, kind)).collect();
                    count += 1;
                    failed = table.row(&values).err();
                    failed.is_none()
                })
            });
            read?;
            failed.map_or(Ok(count), |error| Err(error.into()))
        })
    }
}

/// Writes a table that appears only when it is whole; how many rows it has.
fn write_table(
    file: &Path,
    title: &str,
    headings: &[&str],
    rows: &mut dyn FnMut(&mut TableWriter) -> Result<usize, Failed>,
) -> ApiResult<usize> {
    let is_workbook = file.extension().is_some_and(|name| name.eq_ignore_ascii_case("xlsx"));
    let mut write = |path: &Path| -> Result<usize, Failed> {
        let mut table = if is_workbook {
            TableWriter::workbook(path, title, headings)?
        } else {
            TableWriter::delimited(path, headings)?
        };
        let count = rows(&mut table)?;
        table.finish()?;
        Ok(count)
    };
    let mut outcome = Ok(0);
    let written = whole_by_path(file, |path| {
        outcome = write(path);
        if outcome.is_ok() { Ok(()) } else { Err(std::io::Error::other("stated beside")) }
    });
    match (outcome, written) {
        (Err(Failed(error)), _) => Err(error),
        (Ok(_), Err(error)) => Err(unwritten(&error)),
        (Ok(count), Ok(())) => Ok(count),
    }
}

/// Why a table was not written, for the window.
struct Failed(ApiError);

impl From<TableError> for Failed {
    fn from(error: TableError) -> Self {
        Self(match error {
            TableError::TooManyRows => ErrorCode::LedgerTooLarge.into(),
            TableError::Write(error) => unwritten(&error),
        })
    }
}

impl From<sunbench_store::StoreError> for Failed {
    fn from(error: sunbench_store::StoreError) -> Self {
        Self(error.into())
    }
}

fn value(stored: &Stored, kind: ColumnKind) -> Value {
    match (stored, kind) {
        (Stored::Null, _) => Value::Empty,
        (Stored::Number(number), ColumnKind::Decimal) => Value::Decimal(*number),
        (Stored::Number(number), ColumnKind::Instant) => {
            Instant::from_unix(*number).map_or(Value::Empty, |at| Value::Time(at.at().naive_local()))
        }
        (Stored::Number(number), _) => Value::Whole(*number),
        (Stored::Text(text), ColumnKind::Day) => {
            text.parse().map_or_else(|_| Value::Text(text.clone()), Value::Day)
        }
        (Stored::Text(text), ColumnKind::Decimal) => {
            let decimal = text.parse::<sunbench_domain::Quantity>();
            decimal.map_or_else(|_| Value::Text(text.clone()), |decimal| Value::Decimal(decimal.units()))
        }
        (Stored::Text(text), ColumnKind::Instant) => Instant::parse(text)
            .map_or_else(|| Value::Text(text.clone()), |at| Value::Time(at.at().naive_local())),
        (Stored::Text(text), ColumnKind::Text | ColumnKind::Whole) => Value::Text(text.clone()),
    }
}
