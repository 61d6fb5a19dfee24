//! 台账导入: a file of the hospital's own ledger becomes lines that a month is reconciled with.

mod profiles;
mod read;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use sunbench_domain::Amount;
use sunbench_exchange::ledger::LedgerFile;
use sunbench_store::local::ledger::{self, Import, LedgerRow};
use sunbench_store::local::statement;
use sunbench_store::{StoreError, audit};

use crate::app::{App, AppEvent};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::FileKind;
use crate::outbox::small;
use crate::wire::{
    Act, FileWritten, ImportProfileFileReq, ImportProfiles, LedgerBatch, LedgerBatchDetail, LedgerBatchReq,
    LedgerBatches, LedgerColumn, LedgerDetectReq, LedgerDetected, LedgerImportReq, LedgerImported,
    LedgerLine, LedgerProgress, LedgerSkipped, Nothing,
};
use read::{ReadLedger, read, samples};
pub(crate) use read::{file_digest, period_month, period_text};

/// For the dialog.
const KINDS: &[FileKind] = &[FileKind {
    name: "台账（Excel、CSV）",
    extensions: &["xlsx", "xls", "xlsm", "xlsb", "ods", "csv", "txt", "tsv"],
}];
const PROFILE_KINDS: &[FileKind] = &[FileKind { name: "导入方案", extensions: &["json"] }];

/// Lines that the preview shows.
const PREVIEW: usize = 50;
/// Problems that the window gets at once, and that an import keeps.
const SHOWN_PROBLEMS: usize = 1_000;
const SHOWN_BATCHES: u32 = 500;

/// What an import under way tells, and how it is stopped.
#[derive(Debug, Default)]
pub(crate) struct Work {
    running: AtomicBool,
    cancelled: AtomicBool,
    done: AtomicU32,
    total: AtomicU32,
}

impl Work {
    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn begin_writing(&self, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(small(total as u64), Ordering::Relaxed);
    }

    /// One file at a time; the guard ends it.
    fn begin(self: &Arc<Self>) -> ApiResult<Running> {
        if self.running.swap(true, Ordering::AcqRel) {
            return Err(ErrorCode::WrongState.into());
        }
        self.cancelled.store(false, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        Ok(Running(Arc::clone(self)))
    }
}

struct Running(Arc<Work>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}

impl App {
    /// Looks into a file before anything is kept.
    pub async fn ledger_detect(self: &Arc<Self>, mut req: LedgerDetectReq) -> ApiResult<LedgerDetected> {
        let path = self.path_to_read(req.path.take(), KINDS).await?;
        let running = self.work.begin()?;
        self.run(move |context, _| context.ledger_detect(&path, &req, &running.0)).await
    }

    /// Takes a file in, in one transaction.
    pub async fn ledger_import(self: &Arc<Self>, req: LedgerImportReq) -> ApiResult<LedgerImported> {
        let running = self.work.begin()?;
        let imported = self.run(move |context, _| context.ledger_import(&req, &running.0)).await?;
        self.tell(AppEvent::DataChanged);
        Ok(imported)
    }

    /// How far a running import is.
    #[allow(clippy::unused_async)] // a command like the others
    pub async fn ledger_progress(self: &Arc<Self>, _: Nothing) -> ApiResult<LedgerProgress> {
        Ok(LedgerProgress {
            running: self.work.running.load(Ordering::Acquire),
            done: self.work.done.load(Ordering::Relaxed),
            total: self.work.total.load(Ordering::Relaxed),
        })
    }

    /// Stops a running import: nothing of it is kept.
    #[allow(clippy::unused_async)] // a command like the others
    pub async fn ledger_cancel(self: &Arc<Self>, _: Nothing) -> ApiResult<Nothing> {
        self.work.cancelled.store(true, Ordering::Relaxed);
        Ok(Nothing {})
    }

    /// Undoes an import as a whole.
    pub async fn ledger_undo(self: &Arc<Self>, req: LedgerBatchReq) -> ApiResult<LedgerBatches> {
        let batches = self
            .run(move |context, _| {
                context.ledger_undo(req.batch)?;
                context.ledger_batches()
            })
            .await?;
        self.tell(AppEvent::DataChanged);
        Ok(batches)
    }

    /// Writes a profile to a file for a colleague.
    pub async fn import_profile_export(
        self: &Arc<Self>,
        req: ImportProfileFileReq,
    ) -> ApiResult<FileWritten> {
        let name = req.name.ok_or_else(|| ApiError::field(ErrorCode::FieldRequired, "name"))?;
        let path = self.path_to_write(req.path, &format!("{name}.json"), PROFILE_KINDS).await?;
        self.run(move |context, _| context.import_profile_write(&name, &path)).await
    }

    /// Takes a colleague's profile in.
    pub async fn import_profile_read(
        self: &Arc<Self>,
        req: ImportProfileFileReq,
    ) -> ApiResult<ImportProfiles> {
        let path = self.path_to_read(req.path, PROFILE_KINDS).await?;
        self.run(move |context, _| context.import_profile_take(&path)).await
    }

    /// The file that is named, or that a person chooses.
    pub(crate) async fn path_to_read(&self, path: Option<String>, kinds: &[FileKind]) -> ApiResult<PathBuf> {
        if let Some(path) = named(path)? {
            return Ok(path);
        }
        let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
        Ok(chooser.choose_open(kinds).await.ok_or(ErrorCode::Cancelled)?)
    }

    /// The same for a file to be written, with a proposed name.
    pub(crate) async fn path_to_write(
        &self,
        path: Option<String>,
        name: &str,
        kinds: &[FileKind],
    ) -> ApiResult<PathBuf> {
        if let Some(path) = named(path)? {
            return Ok(path);
        }
        let chooser = self.config.files.as_ref().ok_or(ErrorCode::NotFound)?;
        Ok(chooser.choose_save(name, kinds).await.ok_or(ErrorCode::Cancelled)?)
    }
}

fn named(path: Option<String>) -> ApiResult<Option<PathBuf>> {
    match path {
        Some(path) if path.trim().is_empty() => Err(ApiError::field(ErrorCode::FieldRequired, "path")),
        path => Ok(path.map(PathBuf::from)),
    }
}

impl Context<'_> {
    fn ledger_detect(&self, path: &Path, req: &LedgerDetectReq, work: &Work) -> ApiResult<LedgerDetected> {
        let said = profiles::to_reader(req.sheet.as_deref().unwrap_or_default(), &req.headings);
        let sha256 = file_digest(path)?;
        let (name, profile) = self.profile_for(path, req.profile.as_deref(), &said)?;
        let ReadLedger { file, lines } = read(path, &profile, 0, work)?;
        let mut values = samples(path, &file)?;
        let (known, imported_as) = self.store.read(|conn| {
            let mut known = 0;
            for (_, line) in &lines {
                known += u32::from(ledger::is_known(conn, &line.id)?);
            }
            Ok((known, ledger::batch_of_file(conn, &sha256)?))
        })?;
        let columns = file.columns.all().iter().enumerate().map(|(index, column)| LedgerColumn {
            heading: column.heading.clone(),
            field: column.field.map(words::field),
            samples: values.remove(&index).unwrap_or_default(),
        });
        let (from, to) = dates(&lines);
        let amount: Amount = lines.iter().filter_map(|(_, line)| worth(line)).sum();
        let skipped = file.skipped.iter().take(SHOWN_PROBLEMS).map(|skipped| LedgerSkipped {
            row: skipped.row,
            sheet_row: skipped.sheet_row,
            what: words::skip(skipped.what),
        });
        Ok(LedgerDetected {
            path: path.display().to_string(),
            file_name: file_name(path),
            sha256,
            format: words::format(file.format),
            sheet: file.sheet.clone(),
            other_sheets: file.other_sheets.clone(),
            heading_row: file.columns.heading_row(),
            profile: name,
            columns: columns.filter(|column| !column.heading.is_empty()).collect(),
            rows: row_count(&file, &lines),
            accepted: small(lines.len() as u64),
            refused: small(file.refused_rows.len() as u64),
            known,
            undated: small(lines.iter().filter(|(_, line)| line.dated_on.is_none()).count() as u64),
            from,
            to,
            periods: periods(&lines),
            amount: amount.to_string(),
            problems: words::problems(&file, SHOWN_PROBLEMS),
            problem_count: file.problem_count + small(file.ledger.damaged().len() as u64),
            skipped: skipped.collect(),
            preview: lines.iter().take(PREVIEW).map(|(row, line)| preview(*row, line)).collect(),
            imported_as: imported_as.map(|batch| small(batch.unsigned_abs())),
        })
    }

    pub(crate) fn ledger_import(&self, req: &LedgerImportReq, work: &Work) -> ApiResult<LedgerImported> {
        self.may(Act::Reconcile)?;
        let path = named(Some(req.path.clone()))?.ok_or(ErrorCode::NotFound)?;
        let undated = match &req.period {
            Some(period) => {
                period_month(period).ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "period"))?
            }
            None => 0,
        };
        let said = profiles::to_reader(req.sheet.as_deref().unwrap_or_default(), &req.headings);
        let sha256 = file_digest(&path)?;
        if sha256 != req.sha256 {
            return Err(ErrorCode::LedgerChanged.into());
        }
        let (name, profile) = self.profile_for(&path, req.profile.as_deref(), &said)?;
        let ReadLedger { file, lines } = read(&path, &profile, undated, work)?;
        if file_digest(&path)? != sha256 {
            return Err(ErrorCode::LedgerChanged.into());
        }
        if undated == 0
            && let Some((row, _)) = lines.iter().find(|(_, line)| line.month == 0)
        {
            return Err(ApiError::field(ErrorCode::PeriodMissing, &row.to_string()));
        }
        let problems = words::problems(&file, SHOWN_PROBLEMS);
        let name = req.save_as.clone().or(name);
        if let Some(save_as) = &req.save_as {
            let headings = file.columns.all().iter().filter(|column| !column.heading.is_empty());
            let sheet = if file.other_sheets.is_empty() { String::new() } else { file.sheet.clone() };
            let whole = sunbench_exchange::ledger::Profile {
                sheet,
                headings: headings.map(|column| (column.heading.clone(), column.field)).collect(),
            };
            self.remember(save_as, &whole)?;
        }
        let (from_on, to_on) = dates(&lines);
        let actor = self.actor()?;
        let batch = ledger::Batch {
            batch: 0,
            file_name: file_name(&path),
            file_sha256: sha256,
            profile: name.unwrap_or_default(),
            line_count: row_count(&file, &lines),
            accepted: small(lines.len() as u64),
            added: 0,
            refused: small(file.refused_rows.len() as u64),
            from_on,
            to_on,
            imported_at: self.now.unix(),
            imported_by: actor.clone(),
            undone_at: None,
            undone_by: None,
        };
        let kept = serde_json::to_string(&problems).map_err(|error| ApiError::internal(&error))?;
        let answer = |number, added, problems| LedgerImported {
            batch: number,
            rows: batch.line_count,
            accepted: batch.accepted,
            added,
            known: batch.accepted - added,
            refused: batch.refused,
            problems,
            periods: periods(&lines),
        };
        // Another file with the same lines holds them too, so that undoing the first leaves them here.
        let is_known = |conn: &sunbench_store::Connection| {
            Ok(ledger::batch_of_file(conn, &batch.file_sha256)?.is_some() && !any_new(conn, &lines)?)
        };
        if lines.is_empty() || self.store.read(is_known)? {
            return Ok(answer(None, 0, problems));
        }
        work.begin_writing(lines.len());
        let (number, added) = self.store.try_write_local(|tx| {
            let mut import = Import::begin(tx, &batch, &kept)?;
            for (row, line) in &lines {
                if work.is_cancelled() {
                    return Err(ApiError::from(ErrorCode::Cancelled));
                }
                work.step();
                import.line(line, *row)?;
            }
            let (number, added) = import.finish()?;
            let subject = format!("ledger:{number}");
            let detail = serde_json::json!({
                "file": batch.file_sha256, "lines": batch.accepted, "added": added, "refused": batch.refused,
            });
            audit::append(tx, &self.entry(&actor, "ledger.imported", &subject, detail))?;
            Ok((small(number.unsigned_abs()), added))
        })?;
        Ok(answer(Some(number), added, problems))
    }

    /// The imports, the newest first.
    pub fn ledger_batches(&self) -> ApiResult<LedgerBatches> {
        let batches = self.store.read(|conn| ledger::batches(conn, SHOWN_BATCHES))?;
        let shown = batches.iter().map(|batch| self.shown_batch(batch));
        Ok(LedgerBatches { batches: shown.collect::<ApiResult<_>>()? })
    }

    /// One import with what it could not read.
    pub fn ledger_batch(&self, req: &LedgerBatchReq) -> ApiResult<LedgerBatchDetail> {
        let (batch, problems) = self.store.read(|conn| {
            Ok((ledger::batch(conn, req.batch.into())?, ledger::problems(conn, req.batch.into())?))
        })?;
        let batch = batch.ok_or(ErrorCode::NotFound)?;
        let problems = serde_json::from_str(&problems.unwrap_or_default()).unwrap_or_default();
        Ok(LedgerBatchDetail { batch: self.shown_batch(&batch)?, problems })
    }

    pub(crate) fn ledger_undo(&self, batch: u32) -> ApiResult<()> {
        self.may(Act::Reconcile)?;
        let actor = self.actor()?;
        let found = self.store.read(|conn| ledger::batch(conn, batch.into()))?.ok_or(ErrorCode::NotFound)?;
        if found.undone_at.is_some() {
            return Err(ErrorCode::WrongState.into());
        }
        self.store.try_write_local(|tx| {
            if let Some(period) = signed_period(tx, batch.into())? {
                return Err(ApiError::field(ErrorCode::PeriodSigned, &period));
            }
            if !ledger::undo(tx, batch.into(), &actor, self.now.unix())? {
                return Err(ErrorCode::WrongState.into());
            }
            let detail = serde_json::json!({ "file": found.file_sha256, "added": found.added });
            let subject = format!("ledger:{batch}");
            audit::append(tx, &self.entry(&actor, "ledger.undone", &subject, detail))
                .map_err(StoreError::into)
        })?;
        Ok(())
    }

    fn shown_batch(&self, batch: &ledger::Batch) -> ApiResult<LedgerBatch> {
        let signed_period = if batch.undone_at.is_none() {
            self.store.read(|conn| signed_period(conn, batch.batch))?
        } else {
            None
        };
        Ok(LedgerBatch {
            batch: small(batch.batch.unsigned_abs()),
            file_name: batch.file_name.clone(),
            profile: batch.profile.clone(),
            rows: batch.line_count,
            accepted: batch.accepted,
            added: batch.added,
            refused: batch.refused,
            from: batch.from_on.clone(),
            to: batch.to_on.clone(),
            imported_at: text(batch.imported_at),
            imported_by: batch.imported_by.clone(),
            undone_at: batch.undone_at.map(text),
            signed_period,
        })
    }
}

/// The signed month that uses a line which would go with the import.
fn signed_period(conn: &sunbench_store::Connection, batch: i64) -> Result<Option<String>, StoreError> {
    if statement::signatures(conn)?.is_empty() {
        return Ok(None);
    }
    for id in ledger::only_of_batch(conn, batch)? {
        if let Some((period, _)) = statement::periods_of_line(conn, &line_id(&id))?.into_iter().next() {
            return Ok(Some(period));
        }
    }
    Ok(None)
}

fn any_new(conn: &sunbench_store::Connection, lines: &[(u32, LedgerRow)]) -> Result<bool, StoreError> {
    for (_, line) in lines {
        if !ledger::is_known(conn, &line.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A ledger line's name in decisions and statements, such as `L:0a…f3-1`.
pub(crate) fn line_id(id: &ledger::LedgerLineId) -> String {
    format!("L:{}-{}", sunbench_contract::sign::hex(&id.fingerprint), id.ordinal)
}

/// A line's amount: as stated, else its price times its quantity.
pub(crate) fn worth(line: &LedgerRow) -> Option<Amount> {
    line.amount.or_else(|| Amount::of(line.price?, line.quantity))
}

/// Lines of the file: accepted and refused ones.
fn row_count(file: &LedgerFile, lines: &[(u32, LedgerRow)]) -> u32 {
    small((lines.len() + file.refused_rows.len()) as u64)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn dates(lines: &[(u32, LedgerRow)]) -> (Option<String>, Option<String>) {
    let dates = || lines.iter().filter_map(|(_, line)| line.dated_on.as_deref());
    (dates().min().map(str::to_owned), dates().max().map(str::to_owned))
}

fn periods(lines: &[(u32, LedgerRow)]) -> Vec<String> {
    let months: BTreeSet<u32> =
        lines.iter().map(|(_, line)| line.month).filter(|month| *month != 0).collect();
    months.into_iter().map(period_text).collect()
}

fn preview(sheet_row: u32, line: &LedgerRow) -> LedgerLine {
    LedgerLine {
        row: sheet_row,
        date: line.dated_on.clone(),
        order: line.order.clone(),
        order_line: line.order_line.clone(),
        code: if line.code.is_empty() { &line.item } else { &line.code }.clone(),
        name: line.name.clone(),
        spec: line.spec.clone(),
        lot: line.lot.clone(),
        quantity: line.quantity.to_string(),
        unit: line.unit.clone(),
        price: line.price.map(|price| price.to_string()),
        amount: worth(line).map(|amount| amount.to_string()),
        supplier: line.supplier.clone(),
        is_return: line.is_return,
    }
}
