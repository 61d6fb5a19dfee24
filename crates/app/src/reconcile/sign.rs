//! 签核: a month is closed by a statement that nothing changes any more; what comes later stands beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_domain::Amount;
use sunbench_exchange::print;
use sunbench_exchange::statement::{
    Adjustment, AdjustmentKind as Kind, Mark as StatementMark, Side, Signature, Statement, StatementLine,
    write_workbook,
};
use sunbench_store::local::{account, ledger, statement};
use sunbench_store::mirror::goods;
use sunbench_store::{Connection, StoreResult, audit};

use super::act::refuse_signed;
use super::detail::shown_line;
use super::input::is_matched;
use super::line::{Line, LineName};
use super::model::{Computed, Model};
use super::period::Period;
use super::{Reconciled, wall_clock, words};
use crate::app::App;
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::files::{FileKind, unwritten, whole_by_path};
use crate::wire::{
    Act, AdjustmentKind, AdjustmentRow, DutyArea, FileWritten, ItemSort, LedgerSide, Nothing, PeriodReq,
    ReconcileSignReq, StatementFormat, StatementInfo, StatementSaveReq,
};

const PLATFORM: &str = "平台";
const LEDGER: &str = "医院台账";

/// A line that came, changed or went after the signature.
pub(super) struct Later {
    kind: Kind,
    side: LedgerSide,
    line: Line,
    amount: Amount,
}

impl Context<'_> {
    pub(super) fn reconcile_sign(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileSignReq,
    ) -> ApiResult<StatementInfo> {
        let account = self.acting(Act::SignOff)?;
        let period = self.open_month(&req.period)?;
        if Period::of(self.today()) <= period {
            // A month is closed when it is over.
            return Err(ErrorCode::WrongState.into());
        }
        let computed = self.computed(reconciled, period)?;
        if computed.model.right.values().all(|line| !line.is_own) {
            return Err(ErrorCode::WrongState.into());
        }
        if computed.model.digest != req.digest {
            return Err(ErrorCode::DataChanged.into());
        }
        let model = computed.model.for_signing();
        let lines = signed_lines(&model);
        let body = serde_json::to_string(&model).map_err(|error| ApiError::internal(&error))?;
        let signed = statement::Statement {
            period: period.text(),
            digest: hex(&Sha256::digest(body.as_bytes())),
            body,
            note: req.note.trim().to_owned(),
            signed_at: self.now.unix(),
            signed_by: account.user.clone(),
            signed_name: account.user_name.clone(),
        };
        self.store.try_write_local(|tx| {
            refuse_signed(tx, period)?;
            if !statement::sign(tx, &signed, &lines)? {
                return Err(ApiError::field(ErrorCode::PeriodSigned, &signed.period));
            }
            let subject = format!("reconcile:{}", signed.period);
            let mut detail =
                serde_json::json!({ "statement": signed.digest, "result": computed.model.digest });
            if let Some(absent) = self.stands_in_for(tx, Some(DutyArea::Reconcile), &account.user)? {
                detail["on_behalf_of"] = absent.into();
            }
            audit::append(tx, &self.entry(&account.user, "statement.signed", &subject, detail))?;
            Ok(())
        })?;
        self.statement_info(reconciled, period)
    }

    pub(super) fn reconcile_statement(
        &self,
        reconciled: &Reconciled,
        req: &PeriodReq,
    ) -> ApiResult<StatementInfo> {
        self.statement_info(reconciled, Period::parse(&req.period)?)
    }

    fn statement_info(&self, reconciled: &Reconciled, period: Period) -> ApiResult<StatementInfo> {
        let kept =
            self.store.read(|conn| statement::get(conn, &period.text()))?.ok_or(ErrorCode::NotFound)?;
        let computed = self.computed(reconciled, period)?;
        let later = self.adjustments(reconciled, period)?;
        let rows = later.into_iter().map(|later| {
            let source = later.line.number.clone();
            AdjustmentRow {
                kind: match later.kind {
                    Kind::Added => AdjustmentKind::Added,
                    Kind::Changed => AdjustmentKind::Changed,
                    Kind::Removed => AdjustmentKind::Removed,
                },
                line: shown_line(&later.line, later.side, source, false),
                amount: later.amount.to_string(),
            }
        });
        Ok(StatementInfo {
            period: kept.period.clone(),
            digest: kept.digest.clone(),
            signed_at: text(kept.signed_at),
            signed_by: kept.signed_name.clone(),
            note: kept.note.clone(),
            summary: self.summary(reconciled, period, &computed)?,
            adjustments: rows.collect(),
        })
    }

    /// What later data did to a signed month; nothing in one that is not signed.
    pub(super) fn adjustments(&self, reconciled: &Reconciled, period: Period) -> ApiResult<Vec<Later>> {
        let signatures = self.store.read(statement::signatures)?;
        let Some(signature) = signatures.iter().find(|one| one.period == period.text()) else {
            return Ok(Vec::new());
        };
        let signed = self.as_signed(reconciled, period, &signature.digest)?;
        let now = self.store.read(|conn| own_lines(conn, period))?;
        let mut found = Vec::new();
        for (side, was, now) in [
            (LedgerSide::Platform, &signed.model.left, now.0),
            (LedgerSide::Ledger, &signed.model.right, now.1),
        ] {
            let was: BTreeMap<&str, &Line> = was
                .values()
                .filter(|line| line.is_own && is_matched(line))
                .map(|line| (line.id.as_str(), line))
                .collect();
            let worth = |line: &Line| {
                if side == LedgerSide::Ledger { line.worth() } else { -line.worth() }
            };
            for line in was.values().filter(|line| !now.contains_key(line.id.as_str())) {
                let amount = -worth(line);
                found.push(Later { kind: Kind::Removed, side, line: (*line).clone(), amount });
            }
            for line in now.into_values() {
                match was.get(line.id.as_str()) {
                    Some(before) if before.content() == line.content() => {}
                    Some(before) => {
                        let amount = worth(&line) - worth(before);
                        found.push(Later { kind: Kind::Changed, side, line, amount });
                    }
                    None => {
                        let amount = worth(&line);
                        found.push(Later { kind: Kind::Added, side, line, amount });
                    }
                }
            }
        }
        Ok(found)
    }

    /// The statement for paper: of a month that is not signed, a draft.
    fn paper(&self, reconciled: &Reconciled, period: Period) -> ApiResult<Statement> {
        let computed = self.computed(reconciled, period)?;
        let (kept, account) =
            self.store.read(|conn| Ok((statement::get(conn, &period.text())?, account::get(conn)?)))?;
        let model = computed.model.for_signing();
        let side = |name: &str, lines: &BTreeMap<u32, Line>| Side {
            name: name.to_owned(),
            lines: lines
                .iter()
                .map(|(row, line)| (*row, StatementLine::from(&line.as_ledger_line(*row))))
                .collect(),
        };
        let adjustments = self.adjustments(reconciled, period)?.into_iter().map(|later| Adjustment {
            kind: later.kind,
            side: if later.side == LedgerSide::Platform { PLATFORM } else { LEDGER }.to_owned(),
            line: StatementLine::from(&later.line.as_ledger_line(0)),
            amount: later.amount,
        });
        let made_on = kept.as_ref().map_or_else(|| self.today(), |kept| wall_clock(kept.signed_at).date());
        Ok(Statement {
            title: "对账单".to_owned(),
            institution: account.map(|account| account.institution_name).unwrap_or_default(),
            period: period.text_zh(),
            counterpart: "全部配送企业".to_owned(),
            made_on: Some(made_on),
            left: side(PLATFORM, &model.left),
            right: side(LEDGER, &model.right),
            marks: marks(&computed),
            found: model.found,
            adjustments: adjustments.collect(),
            signature: kept.map(|kept| Signature {
                digest: kept.digest,
                at: wall_clock(kept.signed_at),
                by: kept.signed_name,
                note: kept.note,
            }),
        })
    }

    fn statement_write(
        &self,
        reconciled: &Reconciled,
        period: Period,
        format: StatementFormat,
        file: &Path,
    ) -> ApiResult<FileWritten> {
        let statement = self.paper(reconciled, period)?;
        whole_by_path(file, |path| match format {
            StatementFormat::Xlsx => write_workbook(&statement, path).map_err(Into::into),
            StatementFormat::Pdf => pdf(&statement).and_then(|pages| std::fs::write(path, pages)),
        })
        .map_err(|error| unwritten(&error))?;
        let sha256 = crate::ledger::file_digest(file)?;
        let actor = self.actor()?;
        let subject = format!("reconcile:{}", period.text());
        let detail = serde_json::json!({ "sha256": sha256, "signed": statement.signature.is_some() });
        let entry = self.entry(&actor, "statement.saved", &subject, detail);
        self.store.write_local(|tx| audit::append(tx, &entry))?;
        Ok(FileWritten { path: file.display().to_string(), sha256 })
    }
}

/// The pages of a statement.
fn pdf(statement: &Statement) -> std::io::Result<Vec<u8>> {
    print::statement(statement, print::Fonts::with_system()).map_err(std::io::Error::other)
}

fn marks(computed: &Computed) -> Vec<StatementMark> {
    let differences = computed.items.iter().filter(|item| item.sort == ItemSort::Difference);
    let of_item = differences.map(|item| StatementMark {
        handling: words::handling(item.state),
        owner: item.owner,
        note: item.note.clone(),
    });
    of_item.collect()
}

fn signed_lines(model: &Model) -> Vec<statement::SignedLine> {
    let found = &model.found;
    let left: std::collections::HashSet<u32> =
        found.pairs.iter().flat_map(|pair| pair.left.iter().copied()).collect();
    let right: std::collections::HashSet<u32> =
        found.pairs.iter().flat_map(|pair| pair.right.iter().copied()).collect();
    let mut lines = Vec::new();
    for (side, paired) in [(&model.left, left), (&model.right, right)] {
        for (row, line) in side {
            let is_paired = paired.contains(row);
            if is_paired || line.is_own && is_matched(line) {
                lines.push(statement::SignedLine {
                    line: line.id.clone(),
                    is_paired,
                    content: line.content(),
                });
            }
        }
    }
    lines
}

/// A month's own lines as they are now, by id: platform, ledger. What another month's statement has settled is none.
fn own_lines(
    conn: &Connection,
    period: Period,
) -> StoreResult<(BTreeMap<String, Line>, BTreeMap<String, Line>)> {
    let settled = |line: &Line| -> StoreResult<bool> {
        let periods = statement::periods_of_line(conn, &line.id)?;
        let here = periods.iter().any(|(signed, _)| *signed == period.text());
        Ok(!here && periods.iter().any(|(_, paired)| *paired))
    };
    let (mut left, mut right) = (BTreeMap::new(), BTreeMap::new());
    for line in goods::received(conn, period.span())? {
        let line = Line::of_platform(line, period, LineName::Id);
        if !settled(&line)? {
            left.insert(line.id.clone(), line);
        }
    }
    for row in ledger::lines(conn, period.month(), period.month())? {
        let line = Line::of_ledger(row, period);
        if line.says_something() && !settled(&line)? {
            right.insert(line.id.clone(), line);
        }
    }
    Ok((left, right))
}

impl App {
    /// Writes a statement as a workbook or as pages.
    pub async fn reconcile_save(self: &Arc<Self>, req: StatementSaveReq) -> ApiResult<FileWritten> {
        let period = Period::parse(&req.period)?;
        let (kind, extension) = match req.format {
            StatementFormat::Xlsx => (FileKind { name: "Excel 工作簿", extensions: &["xlsx"] }, "xlsx"),
            StatementFormat::Pdf => (FileKind { name: "PDF", extensions: &["pdf"] }, "pdf"),
        };
        let name = format!("对账单-{}.{extension}", period.text());
        let path = self.path_to_write(req.path, &name, &[kind]).await?;
        self.run(move |context, app| context.statement_write(&app.reconciled, period, req.format, &path))
            .await
    }

    /// Shows a statement's pages with the system's viewer.
    pub async fn reconcile_show(self: &Arc<Self>, req: PeriodReq) -> ApiResult<Nothing> {
        let viewer = self.config.viewer.clone().ok_or(ErrorCode::NotFound)?;
        let period = Period::parse(&req.period)?;
        self.run(move |context, app| {
            let statement = context.paper(&app.reconciled, period)?;
            let pages = pdf(&statement).map_err(|error| ApiError::internal(&error))?;
            let file = context.put_to_view(&format!("对账单-{}.pdf", period.text()), &pages)?;
            viewer.view(&file).map_err(|error| ApiError::internal(&error.kind()))?;
            Ok(Nothing {})
        })
        .await
    }
}
