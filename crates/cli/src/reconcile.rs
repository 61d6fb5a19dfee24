//! `reconcile --left F --right F`: two files against each other, without a profile.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::Path;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};
use sunbench_app::{ErrorCode, unwritten, whole_by_path};
use sunbench_domain::Amount;
use sunbench_domain::matching::{
    self, Decisions, Detail, DifferenceKind, Learned, Matching, Owner, Pair, Pass, Proposal, Reason, Rows,
    Stats,
};
use sunbench_exchange::ledger::{self, LedgerError, LedgerFile, Profile, Strictness};
use sunbench_exchange::open_regular;
use sunbench_exchange::sheet::SheetError;
use sunbench_exchange::statement::{Side, Statement, write_workbook};

use crate::ledger::of_file;
use crate::message::Failure;

/// Differences that the text for people lists; the document has all of them.
const SHOWN: usize = 20;

/// Both files as they were read, and what was found.
pub(crate) struct Found {
    statement: Statement,
    left: LedgerFile,
    right: LedgerFile,
}

#[derive(Serialize)]
struct Document<'a> {
    pairs: OneByOne<'a, Pair>,
    proposals: OneByOne<'a, Proposal>,
    differences: OneByOne<'a, matching::Difference>,
    unmatched_left: Vec<u32>,
    unmatched_right: Vec<u32>,
    learned: &'a Learned,
    stats: Numbers<'a>,
}

/// Makes each entry when it is written: a million of them are never there at once.
struct OneByOne<'a, T>(&'a [T]);

impl<T: Entry> Serialize for OneByOne<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(self.0.len()))?;
        let mut reasons = Reasons::new();
        for found in self.0 {
            list.serialize_element(&found.entry(&mut reasons))?;
        }
        list.end()
    }
}

/// Reasons in words: few explain many pairs.
type Reasons = HashMap<Reason, String>;

/// What the document says of something that was found.
trait Entry {
    fn entry<'s>(&'s self, reasons: &'s mut Reasons) -> impl Serialize + 's;
}

impl Entry for Pair {
    fn entry<'s>(&'s self, reasons: &'s mut Reasons) -> impl Serialize + 's {
        Together::new(&self.left, &self.right, self.pass, self.reason, reasons)
    }
}

impl Entry for Proposal {
    fn entry<'s>(&'s self, reasons: &'s mut Reasons) -> impl Serialize + 's {
        Together::new(&self.left, &self.right, self.pass, self.reason, reasons)
    }
}

impl Entry for matching::Difference {
    fn entry<'s>(&'s self, _: &'s mut Reasons) -> impl Serialize + 's {
        Difference {
            kind: self.kind,
            kind_text: self.kind.text_zh(),
            left: &self.left,
            right: &self.right,
            amount: self.amount,
            owner: self.owner,
            action: self.action.text_zh(),
            detail: &self.detail,
        }
    }
}

/// A pair or a proposal.
#[derive(Serialize)]
struct Together<'a> {
    left: &'a Rows,
    right: &'a Rows,
    pass: u8,
    reason: &'a str,
}

impl<'a> Together<'a> {
    fn new(left: &'a Rows, right: &'a Rows, pass: Pass, reason: Reason, reasons: &'a mut Reasons) -> Self {
        let reason = reasons.entry(reason).or_insert_with(|| reason.text_zh());
        Self { left, right, pass: pass.number(), reason }
    }
}

#[derive(Serialize)]
struct Difference<'a> {
    kind: DifferenceKind,
    kind_text: &'static str,
    left: &'a Rows,
    right: &'a Rows,
    amount: Amount,
    owner: Owner,
    action: &'static str,
    detail: &'a Detail,
}

#[derive(Serialize)]
struct Numbers<'a> {
    #[serde(flatten)]
    of: &'a Stats,
    left: Reading<'a>,
    right: Reading<'a>,
}

/// What was read of a file.
#[derive(Serialize)]
struct Reading<'a> {
    sheet: &'a str,
    heading_row: u32,
    columns: Vec<(&'a str, Option<ledger::Field>)>,
    refused: &'a [u32],
    problems: &'a [ledger::Problem],
    skipped: &'a [ledger::Skipped],
}

/// Whether both paths lead to one file, through links too.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Reads both files and matches them; with `out`, writes the statement.
pub(crate) fn two_files(
    left: &Path,
    right: &Path,
    profile: Option<&Path>,
    out: Option<&Path>,
) -> Result<Found, Failure> {
    if let Some(out) = out
        && [Some(left), Some(right), profile].into_iter().flatten().any(|read| is_same(read, out))
    {
        let msg = format!("{}：--out 与读入的文件是同一个，没有覆盖它：请换一个文件名", out.display());
        return Err(Failure::usage("outIsInput", msg));
    }
    let profile = profile.map_or_else(|| Ok(Profile::default()), read_profile)?;
    let ((left, left_side), (right, right_side)) = read_both(left, right, &profile, out.is_some())?;
    let found = matching::reconcile(&left.ledger, &right.ledger, &Decisions::default());
    let statement = Statement {
        title: "对账单".to_owned(),
        left: left_side,
        right: right_side,
        found,
        ..Statement::default()
    };
    if let Some(out) = out {
        let written = whole_by_path(out, |path| write_workbook(&statement, path).map_err(Into::into));
        written.map_err(|why| match unwritten(&why) {
            error if error.code == ErrorCode::FileUnreadable => {
                Failure::stated("fileUnwritable", format!("{}：无法写入：{why}", out.display()))
            }
            error => of_file(out, &error),
        })?;
    }
    Ok(Found { statement, left, right })
}

impl Found {
    /// The document for scripts.
    pub(crate) fn document(&self) -> String {
        let Self { statement: Statement { found, .. }, left, right } = self;
        let document = Document {
            pairs: OneByOne(&found.pairs),
            proposals: OneByOne(&found.proposals),
            differences: OneByOne(&found.differences),
            unmatched_left: with_refused(&found.unmatched_left, left),
            unmatched_right: with_refused(&found.unmatched_right, right),
            learned: &found.learned,
            stats: Numbers { of: &found.stats, left: reading(left), right: reading(right) },
        };
        serde_json::to_string(&document).expect("rows and texts can always be written")
    }

    /// The text for people.
    pub(crate) fn text(&self) -> String {
        summary(&self.statement.found, &self.left, &self.right)
    }
}

fn read_profile(path: &Path) -> Result<Profile, Failure> {
    let bad = |why: String| Failure::stated("badProfile", format!("导入方案 {}：{why}", path.display()));
    let mut text = String::new();
    open_regular(path)
        .and_then(|mut file| file.read_to_string(&mut text))
        .map_err(|e| bad(format!("无法读取：{e}")))?;
    serde_json::from_str(&text).map_err(|e| bad(format!("不是有效的方案：{e}")))
}

/// Both ledgers, each on a thread of its own. Where neither can be read, the left one's fault is told.
fn read_both(left: &Path, right: &Path, profile: &Profile, keep: bool) -> Result<(Read, Read), Failure> {
    let (left, right) = std::thread::scope(|scope| {
        let left = scope.spawn(|| read(left, profile, keep));
        let right = read(right, profile, keep);
        (left.join(), right)
    });
    let left = left.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    Ok((left, right?))
}

type Read = (LedgerFile, Side);

/// A ledger, and its lines as they stand where they are wanted for a statement.
fn read(path: &Path, profile: &Profile, keep: bool) -> Result<Read, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut side = Side { name, lines: BTreeMap::new() };
    let file = if keep {
        ledger::read(path, profile, Strictness::Usable, &mut |line| {
            side.lines.insert(line.row, line.into());
            ControlFlow::Continue(())
        })
    } else {
        ledger::load(path, profile, Strictness::Usable)
    };
    let file = file.map_err(|error| unreadable(path, &error))?;
    Ok((file, side))
}

/// Why a file gives no ledger, with its name.
pub(crate) fn unreadable(path: &Path, error: &LedgerError) -> Failure {
    let (code, why) = match error {
        LedgerError::Sheet(error) => match error {
            SheetError::Unreadable(why) => ("fileUnreadable", format!("无法读取：{why}")),
            SheetError::Empty => ("fileEmpty", "文件中没有内容".to_owned()),
            SheetError::NotATable => ("notATable", "既不是工作簿，也不是文本表格".to_owned()),
            SheetError::Password => ("filePassword", "工作簿设有密码：请另存为无密码的文件".to_owned()),
            SheetError::Damaged { after_row, reason } => {
                ("fileDamaged", format!("文件已损坏（读到第 {after_row} 行）：{reason}"))
            }
            SheetError::TooLarge => ("fileTooLarge", "文件过大，或解压后过大".to_owned()),
            SheetError::TooWide { row } => ("fileTooWide", format!("第 {row} 行的列数过多")),
            SheetError::Encoding { row } => {
                ("fileEncoding", format!("第 {row} 行的文字既不是 UTF-8 也不是 GB18030"))
            }
            SheetError::OpenQuote { row } => ("fileQuote", format!("第 {row} 行的引号没有闭合")),
        },
        LedgerError::NoHeadings { seen } => ("noHeadings", format!("找不到表头；第一行是：{seen}")),
        LedgerError::MissingColumn { seen, .. } => ("missingColumn", format!("表头中没有数量列：{seen}")),
    };
    Failure::stated(code, format!("{}：{why}", path.display()))
}

/// A line that could not be read is in no pair: it is unmatched, and `stats` says why.
fn with_refused(unmatched: &[u32], file: &LedgerFile) -> Vec<u32> {
    let mut rows = [unmatched, &file.refused_rows].concat();
    rows.sort_unstable();
    rows
}

fn reading(file: &LedgerFile) -> Reading<'_> {
    Reading {
        sheet: &file.sheet,
        heading_row: file.columns.heading_row(),
        columns: file.columns.all().iter().map(|column| (column.heading.as_str(), column.field)).collect(),
        refused: &file.refused_rows,
        problems: &file.problems,
        skipped: &file.skipped,
    }
}

fn summary(found: &Matching, left: &LedgerFile, right: &LedgerFile) -> String {
    let mut text = format!(
        "左 {} 行，右 {} 行；勾对 {} 组，待确认 {} 组，差异 {} 项；未勾对 左 {} 右 {}",
        left.ledger.len(),
        right.ledger.len(),
        found.pairs.len(),
        found.proposals.len(),
        found.differences.len(),
        found.unmatched_left.len(),
        found.unmatched_right.len(),
    );
    let mut kinds: BTreeMap<DifferenceKind, (usize, Amount)> = BTreeMap::new();
    for difference in &found.differences {
        let (count, amount) = kinds.entry(difference.kind).or_default();
        *count += 1;
        *amount = amount.checked_add(difference.amount).unwrap_or(*amount);
    }
    for (kind, (count, amount)) in kinds {
        let _ = write!(text, "\n{} {count} 项，{amount} 元", kind.text_zh());
    }
    for difference in found.differences.iter().take(SHOWN) {
        let _ = write!(
            text,
            "\n  {} 左 {:?} 右 {:?} {} 元 → {}：{}",
            difference.kind.text_zh(),
            difference.left,
            difference.right,
            difference.amount,
            difference.owner.text_zh(),
            difference.action.text_zh(),
        );
    }
    for (name, file) in [("左", left), ("右", right)] {
        for problem in file.problems.iter().take(SHOWN) {
            let outcome = if problem.is_refused { "此行未读入" } else { "此值未采用" };
            let _ = write!(
                text,
                "\n{name} 第 {} 行“{}”：“{}”{}，{outcome}",
                problem.sheet_row,
                problem.column,
                problem.value,
                match problem.reason {
                    ledger::ProblemReason::Missing => "为空",
                    ledger::ProblemReason::NotANumber => "不是数",
                    ledger::ProblemReason::OutOfRange => "超出范围",
                    ledger::ProblemReason::NotADate => "不是日期",
                    ledger::ProblemReason::NoResult => "是错误值或未保存结果的公式",
                },
            );
        }
    }
    text
}
