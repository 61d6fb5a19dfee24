//! The files of packs: TOML, checked whole before anything of it is taken.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::Deserialize;

use super::facts::HOUR_STEP;
use super::fault::{PackError, PackFault};
use super::pack::{
    BASE, BasisOf, DeadlineRule, Direction, ExemptionKind, ExemptionRule, Formula, Indicator, Pack,
    Parameters, PurchaseKind, Source, Thresholds, TimeUnit, Window,
};
use super::ratio::Percent;

/// No pack comes near so many bytes.
pub const PACK_BYTES: u64 = 256 * 1024;
/// A longer text is no rule.
const LONGEST: usize = 300;
/// A limit beyond so many per cent or hours is a slip.
const GREATEST_LIMIT: i64 = 10_000 * crate::decimal::SCALE;
/// What deadlines run from.
const TRIGGERS: [&str; 5] = [
    "notice-issued",
    "negotiation-invited",
    "order-submitted",
    "supply-problem-reported",
    "price-list-effective",
];

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    id: String,
    name: String,
    version: u32,
    extends: Option<String>,
    #[serde(default)]
    divisions: Vec<String>,
    valid_from: String,
    valid_to: Option<String>,
    #[serde(default)]
    source: Vec<FileSource>,
    #[serde(default)]
    deadline: Vec<FileDeadline>,
    #[serde(default)]
    indicator: Vec<FileIndicator>,
    #[serde(default)]
    exemption: Vec<FileExemption>,
    #[serde(default)]
    purchase_kind: Vec<FileKind>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct FileSource {
    key: String,
    title: String,
    number: Option<String>,
    date: String,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct FileDeadline {
    id: String,
    name: String,
    amount: u32,
    unit: String,
    trigger: String,
    source: String,
    clause: String,
}

/// What a pack leaves out it has from the one that it extends.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
struct FileIndicator {
    id: String,
    name: Option<String>,
    formula: Option<String>,
    window: Option<String>,
    direction: Option<String>,
    notice: Option<String>,
    warning: Option<String>,
    serious: Option<String>,
    source: Option<String>,
    clause: Option<String>,
    basis: Option<String>,
    hours: Option<u32>,
    days: Option<u32>,
    months: Option<u32>,
    pace_days: Option<u32>,
    grace_days: Option<u32>,
    history_percent: Option<u32>,
    by_amount: Option<bool>,
    exclude_categories: Option<Vec<String>>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct FileExemption {
    kind: String,
    consumables: bool,
    source: String,
    clause: String,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct FileKind {
    id: String,
    names: Vec<String>,
}

/// The text of a pack's file.
///
/// ```
/// use sunbench_domain::policy::pack_text;
/// assert_eq!(pack_text("gbk.toml", vec![0xd5, 0xfe]).unwrap_err().to_string(), "gbk.toml: file: not UTF-8 text");
/// ```
///
/// # Errors
/// It is too large, or no UTF-8.
pub fn pack_text(file: &str, bytes: Vec<u8>) -> Result<String, PackError> {
    if bytes.len() as u64 > PACK_BYTES {
        return Err(PackError::of_file(file, PackFault::TooLarge));
    }
    String::from_utf8(bytes).map_err(|_| PackError::of_file(file, PackFault::NotUtf8))
}

/// Where one is in a file, for the error.
struct At<'a> {
    file: &'a str,
}

impl At<'_> {
    fn error(&self, key: impl Into<String>, fault: PackFault) -> PackError {
        PackError { file: self.file.to_owned(), key: key.into(), fault }
    }
    fn name<T>(&self, key: &str, text: &str, found: Option<T>) -> Result<T, PackError> {
        found.ok_or_else(|| self.error(key, PackFault::UnknownName(text.to_owned())))
    }
    /// A text that says something.
    fn said(&self, key: String, text: String) -> Result<String, PackError> {
        if text.trim().is_empty() {
            return Err(self.error(key, PackFault::Missing));
        }
        if text.chars().count() > LONGEST { Err(self.error(key, PackFault::TooLong)) } else { Ok(text) }
    }
    /// A name for programs: small letters, digits and hyphens.
    fn id(&self, key: String, text: String) -> Result<String, PackError> {
        let text = self.said(key.clone(), text)?;
        let fits =
            text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if fits && text.len() <= 64 { Ok(text) } else { Err(self.error(key, PackFault::Form(text))) }
    }
    fn date(&self, key: &str, text: &str) -> Result<NaiveDate, PackError> {
        text.parse().map_err(|_| self.error(key, PackFault::Number(text.to_owned())))
    }
    fn range(&self, key: &str, found: Option<u32>, most: u32, default: u32) -> Result<u32, PackError> {
        let value = found.unwrap_or(default);
        if (1..=most).contains(&value) {
            Ok(value)
        } else {
            Err(self.error(key, PackFault::Number(value.to_string())))
        }
    }
    fn unique<'k>(&self, list: &str, keys: impl Iterator<Item = &'k str>) -> Result<(), PackError> {
        let mut seen = std::collections::BTreeSet::new();
        for (place, key) in keys.enumerate() {
            if !seen.insert(key) {
                return Err(self.error(format!("{list}[{}].id", place + 1), PackFault::Twice(key.to_owned())));
            }
        }
        Ok(())
    }
}

/// The packs of all files, each complete.
pub(super) fn read<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<BTreeMap<String, Pack>, PackError> {
    let mut parsed = BTreeMap::new();
    for (name, text) in files {
        let at = At { file: name };
        let file = parse(&at, text)?;
        if file.schema != 1 {
            return Err(at.error("schema", PackFault::Schema(file.schema)));
        }
        let id = at.id("id".to_owned(), file.id.clone())?;
        if name.strip_suffix(".toml") != Some(id.as_str()) {
            return Err(at.error("id", PackFault::OtherName(id)));
        }
        if parsed.insert(id.clone(), (name.to_owned(), file)).is_some() {
            return Err(at.error("id", PackFault::Twice(id)));
        }
    }
    if !parsed.contains_key(BASE) {
        return Err(PackError::missing_base());
    }
    let mut packs = BTreeMap::new();
    for (id, (name, _)) in &parsed {
        let at = At { file: name };
        packs.insert(id.clone(), complete(&at, &lineage(&at, &parsed, id)?)?);
    }
    Ok(packs)
}

fn parse(at: &At<'_>, text: &str) -> Result<File, PackError> {
    if text.starts_with('\u{feff}') {
        return Err(at.error("line 1", PackFault::Bom));
    }
    let line = |error: &toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!("line {}", before.matches('\n').count() + 1)
    };
    let deserializer = toml::Deserializer::parse(text)
        .map_err(|error| at.error(line(&error), PackFault::Syntax(error.message().to_owned())))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = path_of(error.path());
        let (key, fault) = PackFault::of_message(path, error.inner().message());
        at.error(if key.is_empty() { line(error.inner()) } else { key }, fault)
    })
}

/// Such as `indicator[3].window`, counted from one.
fn path_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                let _ = write!(text, "[{}]", index + 1);
            }
            Segment::Map { key } | Segment::Enum { variant: key } => {
                text.push_str(if text.is_empty() { "" } else { "." });
                text.push_str(key);
            }
            Segment::Unknown => {}
        }
    }
    text
}

/// A file and what it extends, the oldest first.
fn lineage<'a>(
    at: &At<'_>,
    files: &'a BTreeMap<String, (String, File)>,
    id: &str,
) -> Result<Vec<&'a File>, PackError> {
    let mut line: Vec<&File> = Vec::new();
    let mut next = Some(id.to_owned());
    while let Some(id) = next.take() {
        let unknown = || at.error("extends", PackFault::UnknownParent(id.clone()));
        let (_, file) = files.get(&id).ok_or_else(unknown)?;
        if line.iter().any(|seen| seen.id == id) {
            return Err(unknown());
        }
        line.push(file);
        next.clone_from(&file.extends);
    }
    line.reverse();
    Ok(line)
}

fn complete(at: &At<'_>, line: &[&File]) -> Result<Pack, PackError> {
    let own = *line.last().ok_or_else(PackError::missing_base)?;
    for file in line {
        at.unique("source", file.source.iter().map(|s| s.key.as_str()))?;
        at.unique("deadline", file.deadline.iter().map(|s| s.id.as_str()))?;
        at.unique("indicator", file.indicator.iter().map(|s| s.id.as_str()))?;
        at.unique("exemption", file.exemption.iter().map(|s| s.kind.as_str()))?;
        at.unique("purchase_kind", file.purchase_kind.iter().map(|s| s.id.as_str()))?;
    }
    let valid_from = at.date("valid_from", &own.valid_from)?;
    let valid_to = own.valid_to.as_deref().map(|text| at.date("valid_to", text)).transpose()?;
    if valid_to.is_some_and(|last| last < valid_from) {
        return Err(at.error("valid_to", PackFault::Reversed));
    }
    for prefix in &own.divisions {
        if !(2..=6).contains(&prefix.len()) || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(at.error("divisions", PackFault::Number(prefix.clone())));
        }
    }
    let mut sources = Vec::new();
    for source in merged(line, |file| &file.source, |source| &source.key) {
        let key = format!("source.{}.date", source.key);
        let date = at.date(&key, &source.date)?;
        let FileSource { key, title, number, .. } = source;
        let title = at.said(format!("source.{key}.title"), title)?;
        sources.push(Source { key: at.said("source.key".to_owned(), key)?, title, number, date });
    }
    let cited = |key: String, source: &str| -> Result<String, PackError> {
        at.name(&key, source, sources.iter().find(|known| known.key == source)).map(|known| known.key.clone())
    };
    let mut deadlines = Vec::new();
    for rule in merged(line, |file| &file.deadline, |rule| &rule.id) {
        let key = |field: &str| format!("deadline.{}.{field}", rule.id);
        deadlines.push(DeadlineRule {
            amount: at.range(&key("amount"), Some(rule.amount), 1000, 1)?,
            unit: at.name(&key("unit"), &rule.unit, TimeUnit::from_name(&rule.unit))?,
            source: cited(key("source"), &rule.source)?,
            name: at.said(key("name"), rule.name.clone())?,
            trigger: at
                .name(&key("trigger"), &rule.trigger, TRIGGERS.iter().find(|known| **known == rule.trigger))?
                .to_string(),
            clause: at.said(key("clause"), rule.clause.clone())?,
            id: at.id(key("id"), rule.id.clone())?,
        });
    }
    let mut exemptions = Vec::new();
    for rule in merged(line, |file| &file.exemption, |rule| &rule.kind) {
        let key = |field: &str| format!("exemption.{}.{field}", rule.kind);
        exemptions.push(ExemptionRule {
            kind: at.name(&key("kind"), &rule.kind, ExemptionKind::from_name(&rule.kind))?,
            is_for_consumables: rule.consumables,
            source: cited(key("source"), &rule.source)?,
            clause: at.said(key("clause"), rule.clause.clone())?,
        });
    }
    let mut indicators = Vec::new();
    for one in layered(line) {
        indicators.push(indicator(at, &one, &cited)?);
    }
    let purchase_kinds = merged(line, |file| &file.purchase_kind, |kind| &kind.id)
        .into_iter()
        .map(|FileKind { id, names }| PurchaseKind { id, names })
        .collect();
    Ok(Pack {
        id: own.id.clone(),
        name: at.said("name".to_owned(), own.name.clone())?,
        version: own.version,
        extends: own.extends.clone(),
        divisions: own.divisions.clone(),
        valid_from,
        valid_to,
        sources,
        deadlines,
        indicators,
        exemptions,
        purchase_kinds,
    })
}

/// The rules of a line of packs: a later one replaces one with its key where it stands.
fn merged<T: Clone>(line: &[&File], of: impl Fn(&File) -> &Vec<T>, key: impl Fn(&T) -> &String) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for rule in line.iter().flat_map(|file| of(file)) {
        match all.iter_mut().find(|old| key(old) == key(rule)) {
            Some(old) => *old = rule.clone(),
            None => all.push(rule.clone()),
        }
    }
    all
}

/// The indicators of a line of packs, field by field.
fn layered(line: &[&File]) -> Vec<FileIndicator> {
    let mut all: Vec<FileIndicator> = Vec::new();
    for new in line.iter().flat_map(|file| &file.indicator) {
        let Some(old) = all.iter_mut().find(|old| old.id == new.id) else {
            all.push(new.clone());
            continue;
        };
        macro_rules! lay {
            ($($field:ident),*) => { $(if new.$field.is_some() { old.$field.clone_from(&new.$field); })* };
        }
        lay!(
            name,
            formula,
            window,
            direction,
            notice,
            warning,
            serious,
            source,
            clause,
            basis,
            hours,
            days,
            months,
            pace_days,
            grace_days,
            history_percent,
            by_amount,
            exclude_categories
        );
    }
    all
}

fn indicator(
    at: &At<'_>,
    file: &FileIndicator,
    cited: &dyn Fn(String, &str) -> Result<String, PackError>,
) -> Result<Indicator, PackError> {
    let key = |field: &str| format!("indicator.{}.{field}", file.id);
    let needed = |field: &str, value: &Option<String>| {
        value.clone().ok_or_else(|| at.error(key(field), PackFault::Missing))
    };
    let formula = needed("formula", &file.formula)?;
    let formula = at.name(&key("formula"), &formula, Formula::from_name(&formula))?;
    let window = match &file.window {
        Some(text) => {
            let window = Window::parse(text).filter(|window| formula.takes(*window));
            at.name(&key("window"), text, window)?
        }
        None => formula.window(),
    };
    let direction = match &file.direction {
        Some(text) => at.name(&key("direction"), text, Direction::from_name(text))?,
        None => formula.direction(),
    };
    let limit = |field: &str, text: &Option<String>| {
        text.as_ref()
            .map(|text| {
                let limit = Percent::parse(text)
                    .ok()
                    .filter(|limit| formula == Formula::Savings || limit.0.abs() <= GREATEST_LIMIT);
                limit.ok_or_else(|| at.error(key(field), PackFault::Number(text.clone())))
            })
            .transpose()
    };
    let thresholds = Thresholds {
        notice: limit("notice", &file.notice)?,
        warning: limit("warning", &file.warning)?,
        serious: limit("serious", &file.serious)?,
    };
    if !thresholds.is_ordered(direction) {
        return Err(at.error(key("notice"), PackFault::Order));
    }
    let usual = Parameters::default();
    let basis = match &file.basis {
        Some(text) => at.name(&key("basis"), text, BasisOf::from_name(text))?,
        None => usual.basis,
    };
    Ok(Indicator {
        name: at.said(key("name"), needed("name", &file.name)?)?,
        formula,
        window,
        direction,
        thresholds,
        parameters: Parameters {
            basis,
            hours: match at.range(&key("hours"), file.hours, 2_000, usual.hours)? {
                hours if i64::from(hours) % HOUR_STEP == 0 => hours,
                hours => return Err(at.error(key("hours"), PackFault::Number(hours.to_string()))),
            },
            days: at.range(&key("days"), file.days, 1_000, usual.days)?,
            months: at.range(&key("months"), file.months, 36, usual.months)?,
            pace_days: at.range(&key("pace_days"), file.pace_days, 366, usual.pace_days)?,
            grace_days: match file.grace_days {
                None | Some(0) => 0,
                given => at.range(&key("grace_days"), given, 366, 0)?,
            },
            history_percent: match file.history_percent {
                Some(0) => 0,
                given => at.range(&key("history_percent"), given, 1_000, usual.history_percent)?,
            },
            by_amount: file.by_amount.unwrap_or(usual.by_amount),
            exclude_categories: file.exclude_categories.clone().unwrap_or_default(),
        },
        source: cited(key("source"), &needed("source", &file.source)?)?,
        clause: at.said(key("clause"), needed("clause", &file.clause)?)?,
        id: at.id(key("id"), file.id.clone())?,
    })
}
