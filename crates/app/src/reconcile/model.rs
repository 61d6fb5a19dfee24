//! A month as it was computed: what was found, and the worklist made of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_domain::Amount;
use sunbench_domain::matching::{
    self, Decisions, DifferenceKind as Kind, Fields, Finding, Ledger, Matching, Owner, Pass, Proposal,
    Reason, Rows,
};

use super::decided::{LinkTopic, Mark, Memory};
use super::input::{Filing, Input, is_matched};
use super::line::{Line, fingerprint};
use crate::wire::{ItemSort, ItemState, Remembered};

/// Differences that are found within the platform's own documents.
const CHAIN_KINDS: [Kind; 4] = [
    Kind::InvoicedMoreThanReceived,
    Kind::InvoiceMissing,
    Kind::SettledWithoutAcceptance,
    Kind::ReturnedStillInvoiced,
];

/// 对账结果 of a month, as it is signed: rows name the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Model {
    /// `yyyy-MM`.
    pub(super) period: String,
    pub(super) left: BTreeMap<u32, Line>,
    pub(super) right: BTreeMap<u32, Line>,
    pub(super) found: Matching,
    /// By item.
    pub(super) marks: BTreeMap<String, Mark>,
    /// Items that a filing closes, or is on its way to.
    pub(super) filed: BTreeSet<String>,
    pub(super) settled_elsewhere: u32,
    /// Of pairs, proposals, differences and decisions.
    pub(super) digest: String,
}

/// An item of the worklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Stable while its lines state the same.
    pub(super) key: String,
    pub(super) sort: ItemSort,
    /// Its place among the pairs, proposals or differences.
    pub(super) at: usize,
    pub(super) amount: Amount,
    /// Of its oldest line.
    pub(super) date: Option<NaiveDate>,
    pub(super) state: ItemState,
    pub(super) owner: Option<Owner>,
    pub(super) note: String,
    pub(super) remembered: Option<Remembered>,
}

/// A computed month with its worklist.
#[derive(Debug)]
pub(super) struct Computed {
    /// What it was computed from; of a signed month, its statement.
    pub(super) input: String,
    pub(super) model: Model,
    pub(super) items: Vec<Item>,
    pub(super) by_key: HashMap<String, usize>,
    pub(super) filings: BTreeMap<String, Filing>,
}

impl Computed {
    /// Matches a month.
    pub(super) fn new(input: Input, digest: String) -> Self {
        let mut found = matched(&input, &input.decisions());
        found.differences.extend(chained(&input));
        let proposed = remembered_links(&input.memory, &input.left, &input.right, &mut found);
        let Input { period, left, right, decided, memory, filings, settled_elsewhere, .. } = input;
        let mut model = Model {
            period: period.text(),
            left,
            right,
            found,
            marks: decided.marks.into_iter().collect(),
            filed: BTreeSet::new(),
            settled_elsewhere,
            digest: String::new(),
        };
        let stands = |mark: &Mark| {
            mark.submission.as_ref().and_then(|key| filings.get(key)).is_some_and(Filing::stands)
        };
        model.filed =
            model.marks.iter().filter(|(_, mark)| stands(mark)).map(|(item, _)| item.clone()).collect();
        let items = items(&model, &memory, &proposed);
        let keys: BTreeSet<&str> = items.iter().map(|item| item.key.as_str()).collect();
        model.marks.retain(|item, _| keys.contains(item.as_str()));
        model.filed.retain(|item| keys.contains(item.as_str()));
        model.digest = result_digest(&model, &items);
        Self::with_items(digest, model, items, filings)
    }

    /// A signed month: as its statement says.
    pub(super) fn signed(digest: String, model: Model, filings: BTreeMap<String, Filing>) -> Self {
        let items = items(&model, &Memory::default(), &HashMap::new());
        Self::with_items(digest, model, items, filings)
    }

    fn with_items(input: String, model: Model, items: Vec<Item>, filings: BTreeMap<String, Filing>) -> Self {
        let by_key = items.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
        Self { input, model, items, by_key, filings }
    }

    pub(super) fn item(&self, key: &str) -> Option<&Item> {
        self.by_key.get(key).map(|at| &self.items[*at])
    }

    /// Left and right rows of an item.
    pub(super) fn rows(&self, item: &Item) -> (&Rows, &Rows) {
        self.model.rows(item.sort, item.at)
    }

    /// The lines of an item: platform, ledger.
    pub(super) fn lines(&self, item: &Item) -> (Vec<&Line>, Vec<&Line>) {
        let (left, right) = self.rows(item);
        (self.model.left_lines(left), self.model.right_lines(right))
    }
}

impl Model {
    fn rows(&self, sort: ItemSort, at: usize) -> (&Rows, &Rows) {
        match sort {
            ItemSort::Pair => (&self.found.pairs[at].left, &self.found.pairs[at].right),
            ItemSort::Proposal => (&self.found.proposals[at].left, &self.found.proposals[at].right),
            ItemSort::Difference => (&self.found.differences[at].left, &self.found.differences[at].right),
        }
    }

    pub(super) fn left_lines(&self, rows: &[u32]) -> Vec<&Line> {
        rows.iter().filter_map(|row| self.left.get(row)).collect()
    }

    pub(super) fn right_lines(&self, rows: &[u32]) -> Vec<&Line> {
        rows.iter().filter_map(|row| self.right.get(row)).collect()
    }

    /// What is signed: the month's own lines, and those that its items name.
    pub(super) fn for_signing(&self) -> Self {
        let mut left: BTreeSet<u32> = BTreeSet::new();
        let mut right: BTreeSet<u32> = BTreeSet::new();
        let of_pairs = self.found.pairs.iter().map(|pair| (&pair.left, &pair.right));
        let of_proposals = self.found.proposals.iter().map(|one| (&one.left, &one.right));
        let of_differences = self.found.differences.iter().map(|one| (&one.left, &one.right));
        for (l, r) in of_pairs.chain(of_proposals).chain(of_differences) {
            left.extend(l.iter());
            right.extend(r.iter());
        }
        let mut signed = self.clone();
        signed.left.retain(|row, line| (line.is_own && is_matched(line)) || left.contains(row));
        signed.right.retain(|row, line| line.is_own || right.contains(row));
        signed
    }
}

/// The month's pairs, proposals and differences: whatever concerns a line of the month.
fn matched(input: &Input, decisions: &Decisions) -> Matching {
    let ledger = |side: &BTreeMap<u32, Line>, until: u32| {
        let mut ledger = Ledger::with_capacity(side.len());
        for (row, line) in side.range(..until) {
            ledger.push(&line.as_ledger_line(*row));
        }
        ledger
    };
    let (left, right) = (ledger(&input.left, input.chain_from), ledger(&input.right, u32::MAX));
    let mut found = matching::reconcile(&left, &right, decisions);
    let own = |left: &Rows, right: &Rows| {
        left.iter().any(|row| input.left[row].is_own) || right.iter().any(|row| input.right[row].is_own)
    };
    found.pairs.retain(|pair| own(&pair.left, &pair.right));
    found.proposals.retain(|one| own(&one.left, &one.right));
    found.differences.retain(|one| own(&one.left, &one.right));
    found.unmatched_left.retain(|row| input.left[row].is_own);
    found.unmatched_right.retain(|row| input.right[row].is_own);
    let own_left = || input.left.values().filter(|line| line.is_own && is_matched(line));
    let own_right = || input.right.values().filter(|line| line.is_own);
    let stats = &mut found.stats;
    stats.left_rows = own_left().count() as u32;
    stats.right_rows = own_right().count() as u32;
    stats.left_amount = own_left().map(Line::worth).sum();
    stats.right_amount = own_right().map(Line::worth).sum();
    stats.left_paired = found.pairs.iter().map(|pair| pair.left.len() as u32).sum();
    stats.right_paired = found.pairs.iter().map(|pair| pair.right.len() as u32).sum();
    stats.pairs_by_pass = [0; 6];
    for pair in &found.pairs {
        stats.pairs_by_pass[usize::from(pair.pass.number())] += 1;
    }
    let different: BTreeSet<(&Rows, &Rows)> =
        found.differences.iter().map(|one| (&one.left, &one.right)).collect();
    let clean = found.pairs.iter().filter(|pair| !different.contains(&(&pair.left, &pair.right))).count();
    stats.clean_pairs = clean as u32;
    stats.damaged_left.retain(|cell| input.left[&cell.row].is_own);
    stats.damaged_right.retain(|cell| input.right[&cell.row].is_own);
    found
}

/// What does not agree within the platform's own documents.
fn chained(input: &Input) -> Vec<matching::Difference> {
    let mut ledger = Ledger::with_capacity(input.chain.len());
    for row in &input.chain {
        ledger.push(&input.left[row].as_ledger_line(*row));
    }
    let found = matching::reconcile(&ledger, &Ledger::default(), &Decisions::default());
    let concerns = |one: &matching::Difference| {
        CHAIN_KINDS.contains(&one.kind)
            && one.left.iter().any(|row| input.left[row].is_own)
            // An invoice may come until the month is over.
            && (input.is_over || one.kind != Kind::InvoiceMissing)
    };
    found.differences.into_iter().filter(concerns).collect()
}

/// Products that a person linked in an earlier month are proposed again where nothing else is: by the number of the
/// proposal, the month.
fn remembered_links(
    memory: &Memory,
    left: &BTreeMap<u32, Line>,
    right: &BTreeMap<u32, Line>,
    found: &mut Matching,
) -> HashMap<usize, String> {
    let mut proposed = HashMap::new();
    for (topic, period) in &memory.links {
        let of = |rows: &[u32], side: &BTreeMap<u32, Line>, product: &str| -> Vec<u32> {
            rows.iter().copied().filter(|row| product_key(&side[row]) == product).collect()
        };
        let mut ledger_rows = of(&found.unmatched_right, right, &topic.ledger);
        for l in of(&found.unmatched_left, left, &topic.platform) {
            let mut fits = ledger_rows.iter().copied().filter(|r| right[r].quantity == left[&l].quantity);
            let (Some(r), None) = (fits.next(), fits.next()) else { continue };
            ledger_rows.retain(|row| *row != r);
            found.unmatched_left.retain(|row| *row != l);
            found.unmatched_right.retain(|row| *row != r);
            found.differences.retain(|one| {
                !matches!(one.kind, Kind::NotInLedger | Kind::NotOnPlatform)
                    || !(one.left.contains(&l) || one.right.contains(&r))
            });
            proposed.insert(found.proposals.len(), period.clone());
            found.proposals.push(Proposal {
                left: Rows::one(l),
                right: Rows::one(r),
                pass: Pass::Near,
                reason: Reason {
                    finding: Finding::TooLittle,
                    agree: Fields::from(vec![matching::Field::Quantity]),
                    differ: Fields::default(),
                },
            });
        }
    }
    proposed
}

/// A product of one side, in any month.
fn product_key(line: &Line) -> String {
    hex(&fingerprint([line.product(), &line.supplier, &line.unit]))
}

/// What a link by hand teaches, where it joins one line with one.
pub(super) fn link_topic(left: &Line, right: &Line) -> LinkTopic {
    LinkTopic { platform: product_key(left), ledger: product_key(right) }
}

/// What a difference is about, in any month.
pub(super) fn topic(kind: Kind, line: &Line) -> String {
    hex(&fingerprint([kind.name(), line.product(), &line.supplier]))
}

fn items(model: &Model, memory: &Memory, proposed: &HashMap<usize, String>) -> Vec<Item> {
    let found = &model.found;
    let mut items = Vec::with_capacity(found.pairs.len() + found.proposals.len() + found.differences.len());
    for (at, one) in found.differences.iter().enumerate() {
        let (left, right) = (model.left_lines(&one.left), model.right_lines(&one.right));
        let key = item_key("d", one.kind.name(), &left, &right);
        let mark = model.marks.get(&key).cloned().unwrap_or_default();
        let state =
            if model.filed.contains(&key) { ItemState::Filed } else { mark.state.unwrap_or(ItemState::Open) };
        let first = right.first().or(left.first());
        let remembered = first.filter(|_| mark == Mark::default()).and_then(|line| {
            memory.marks.get(&topic(one.kind, line)).filter(|mark| mark.state != ItemState::Open).cloned()
        });
        items.push(Item {
            sort: ItemSort::Difference,
            at,
            amount: one.amount,
            date: oldest(&left, &right),
            state,
            owner: Some(mark.owner.map_or(one.owner, super::words::owner_back)),
            note: mark.note.unwrap_or_default(),
            remembered,
            key,
        });
    }
    for (at, one) in found.proposals.iter().enumerate() {
        let (left, right) = (model.left_lines(&one.left), model.right_lines(&one.right));
        let key = item_key("p", "", &left, &right);
        let mark = model.marks.get(&key).cloned().unwrap_or_default();
        let state = mark.state.unwrap_or(ItemState::Open);
        let remembered = proposed.get(&at).map(|period| Remembered {
            period: period.clone(),
            state: ItemState::Open,
            owner: None,
            note: String::new(),
        });
        items.push(Item {
            sort: ItemSort::Proposal,
            at,
            amount: worth(&left, &right),
            date: oldest(&left, &right),
            state,
            owner: mark.owner.map(super::words::owner_back),
            note: mark.note.unwrap_or_default(),
            remembered,
            key,
        });
    }
    for (at, one) in found.pairs.iter().enumerate() {
        let (left, right) = (model.left_lines(&one.left), model.right_lines(&one.right));
        let key = item_key("m", "", &left, &right);
        let mark = model.marks.get(&key).cloned().unwrap_or_default();
        items.push(Item {
            sort: ItemSort::Pair,
            at,
            amount: worth(&left, &right),
            date: oldest(&left, &right),
            state: ItemState::Accepted,
            owner: None,
            note: mark.note.unwrap_or_default(),
            remembered: None,
            key,
        });
    }
    items
}

/// The ledger's amount, or the platform's where the ledger has no line.
fn worth(left: &[&Line], right: &[&Line]) -> Amount {
    let side = if right.is_empty() { left } else { right };
    side.iter().map(|line| line.worth()).sum()
}

fn oldest(left: &[&Line], right: &[&Line]) -> Option<NaiveDate> {
    left.iter().chain(right).filter_map(|line| line.date).min()
}

/// Of what an item is and of what its lines state: when they state something else, it is another item.
fn item_key(letter: &str, kind: &str, left: &[&Line], right: &[&Line]) -> String {
    let lines = |side: &[&Line]| -> Vec<String> {
        let mut named: Vec<String> =
            side.iter().map(|line| format!("{} {}", line.id, hex(&line.content()))).collect();
        named.sort();
        named
    };
    let texts: Vec<String> = [kind.to_owned()]
        .into_iter()
        .chain(lines(left))
        .chain(["|".to_owned()])
        .chain(lines(right))
        .collect();
    format!("{letter}{}", hex(&fingerprint(texts.iter().map(String::as_str))[..12]))
}

fn result_digest(model: &Model, items: &[Item]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    let mut ordered: Vec<&Item> = items.iter().collect();
    ordered.sort_by(|a, b| a.key.cmp(&b.key));
    for item in ordered {
        let pass = match item.sort {
            ItemSort::Pair => model.found.pairs[item.at].pass.number(),
            ItemSort::Proposal => model.found.proposals[item.at].pass.number(),
            ItemSort::Difference => 0,
        };
        add(&item.key);
        add(&format!("{} {} {:?} {:?} {}", item.amount, pass, item.state, item.owner, item.note));
    }
    for (rows, side) in
        [(&model.found.unmatched_left, &model.left), (&model.found.unmatched_right, &model.right)]
    {
        for row in rows {
            add(&side[row].id);
        }
    }
    hex(&hash.finalize())
}
