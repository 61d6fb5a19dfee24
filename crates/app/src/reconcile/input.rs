//! What a month is computed from: both sides' lines, what people decided, what they confirmed.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_domain::matching::{Alias, AliasOf, Decisions, KnownFactor, LineKind, Link, Tolerances};
use sunbench_store::local::{decision, ledger, outbox, statement};
use sunbench_store::mirror::goods::{self, GoodsLine};
use sunbench_store::{Connection, StoreResult, setting};

use super::decided::{Decided, Memory, remembered, standing};
use super::line::{Line, LineName};
use super::period::Period;
use crate::outbox::state_of;
use crate::wire::OutboxState;

/// The setting of the user's tolerances.
pub(super) const TOLERANCES: &str = "reconcile.tolerances";
/// Months before, whose decisions are remembered.
const REMEMBERED_MONTHS: u32 = 6;

/// 备案补录 made from an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filing {
    pub(super) state: OutboxState,
    pub(super) error_text: Option<String>,
}

impl Filing {
    /// On its way, or accepted.
    pub(super) fn stands(&self) -> bool {
        matches!(
            self.state,
            OutboxState::AwaitingReview
                | OutboxState::Queued
                | OutboxState::Sending
                | OutboxState::Exported
                | OutboxState::Accepted
        )
    }
}

/// One snapshot.
pub(super) struct Input {
    pub(super) period: Period,
    /// The month is over: what has not been invoiced by then is missing.
    pub(super) is_over: bool,
    pub(super) left: BTreeMap<u32, Line>,
    pub(super) right: BTreeMap<u32, Line>,
    /// Rows from this one on are there for the document chain only.
    pub(super) chain_from: u32,
    /// Left rows of the document chain.
    pub(super) chain: Vec<u32>,
    /// Own lines that another month's signed statement has settled.
    pub(super) settled_elsewhere: u32,
    pub(super) decided: Decided,
    pub(super) memory: Memory,
    pub(super) filings: BTreeMap<String, Filing>,
    pub(super) tolerances: Tolerances,
    /// Confirmed aliases and factors, and the catalogue's.
    pub(super) known: (Vec<decision::KnownAlias>, Vec<decision::KnownFactor>, Vec<goods::ItemFactor>),
}

impl Input {
    /// Reads a month. `today` decides whether it is over.
    pub(super) fn load(conn: &Connection, period: Period, today: Period) -> StoreResult<Self> {
        let near = (period.before(1), period.after(1));
        let rows = ledger::lines(conn, near.0.month(), near.1.month())?;
        let goods = goods::received(conn, period.wide_span())?;
        let chain =
            goods::chains(conn, period.span(), &period.first().to_string(), &period.last().to_string())?;
        let settled = settled_elsewhere(conn, period)?;

        let name = line_name(&rows, &goods);
        let mut settled_own = 0;
        let mut keep = |line: &Line| {
            let is_settled = settled.contains(&line.id);
            settled_own += u32::from(is_settled && line.is_own);
            !is_settled
        };
        let near_or_own = |line: &Line| line.is_own || line.date.is_some_and(|day| period.is_near(day));
        let left = goods.into_iter().map(|line| Line::of_platform(line, period, name)).filter(&mut keep);
        let mut left = numbered(left.collect());
        let right = rows.into_iter().map(|row| Line::of_ledger(row, period)).filter(Line::says_something);
        let right = numbered(right.filter(near_or_own).filter(&mut keep).collect());

        let chain_from = left.len() as u32 + 1;
        let by_id: HashMap<&str, u32> = left.iter().map(|(row, line)| (line.id.as_str(), *row)).collect();
        let mut chain_rows = Vec::with_capacity(chain.len());
        let mut more: Vec<Line> = Vec::new();
        for line in chain {
            let line = Line::of_platform(line, period, name);
            match by_id.get(line.id.as_str()) {
                Some(row) => chain_rows.push(*row),
                None => more.push(line),
            }
        }
        more.sort_by(|a, b| a.id.cmp(&b.id));
        more.dedup_by(|a, b| a.id == b.id);
        for (row, line) in (chain_from..).zip(more) {
            chain_rows.push(row);
            left.insert(row, line);
        }
        chain_rows.sort_unstable();
        chain_rows.dedup();

        let decided = standing(&decision::of_periods(conn, &near.0.text(), &near.1.text())?);
        let earlier = (period.before(REMEMBERED_MONTHS).text(), period.before(1).text());
        let memory = remembered(&decision::of_periods(conn, &earlier.0, &earlier.1)?);
        let mut filings = BTreeMap::new();
        for key in decided.marks.values().filter_map(|mark| mark.submission.as_ref()) {
            if let Some(item) = outbox::get(conn, key)? {
                let filing = Filing { state: state_of(item.state, false), error_text: item.error_text };
                filings.insert(key.clone(), filing);
            }
        }
        Ok(Self {
            period,
            is_over: today > period,
            left,
            right,
            chain_from,
            chain: chain_rows,
            settled_elsewhere: settled_own,
            decided,
            memory,
            filings,
            tolerances: tolerances(conn)?,
            known: (decision::aliases(conn)?, decision::factors(conn)?, goods::factors(conn)?),
        })
    }

    /// Equal digests mean equal results.
    pub(super) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        add(&format!("{:?} {} {:?}", self.period, self.is_over, self.tolerances));
        for side in [&self.left, &self.right] {
            add(&side.len().to_string());
            for line in side.values() {
                add(&line.id);
                add(&hex(&line.content()));
                add(&format!("{} {} {}", line.order_line, line.item, line.key));
            }
        }
        add(&format!("{:?}", self.chain));
        add(&format!("{:?} {:?}", self.decided.links, self.decided.refusals));
        let marks: BTreeMap<_, _> = self.decided.marks.iter().collect();
        add(&format!("{marks:?} {:?} {:?} {:?}", self.memory, self.filings, self.known));
        hex(&hash.finalize())
    }

    /// For the matching: what names lines by id, by row.
    pub(super) fn decisions(&self) -> Decisions {
        let rows = |side: &BTreeMap<u32, Line>| -> HashMap<String, u32> {
            side.iter().map(|(row, line)| (line.id.clone(), *row)).collect()
        };
        let (mut left, right) = (rows(&self.left), rows(&self.right));
        left.retain(|_, row| *row < self.chain_from);
        let all = |ids: &[String], rows: &HashMap<String, u32>| -> Option<Vec<u32>> {
            ids.iter().map(|id| rows.get(id).copied()).collect()
        };
        let links = self.decided.links.iter().filter_map(|group| {
            Some(Link { left: all(&group.platform, &left)?, right: all(&group.ledger, &right)? })
        });
        let refusals =
            self.decided.refusals.iter().filter_map(|(l, r)| Some((*left.get(l)?, *right.get(r)?)));
        let (aliases, factors, catalogue) = &self.known;
        let aliases = aliases.iter().map(|alias| Alias {
            of: if alias.is_supplier { AliasOf::Supplier } else { AliasOf::Product },
            left: alias.platform.clone(),
            right: alias.ledger.clone(),
        });
        let confirmed = factors.iter().map(|factor| KnownFactor {
            code: factor.code.clone(),
            unit: factor.unit.clone(),
            of: factor.of.clone(),
            per: factor.per,
        });
        Decisions {
            links: links.collect(),
            refusals: refusals.collect(),
            // What a person confirmed goes last and so before the catalogue's.
            factors: catalogue.iter().flat_map(catalogued).chain(confirmed).collect(),
            aliases: aliases.collect(),
            tolerances: self.tolerances,
        }
    }
}

/// Whether a line is matched with the ledger, and not only within its chain.
pub(super) const fn is_matched(line: &Line) -> bool {
    matches!(line.kind, LineKind::Order | LineKind::Delivery | LineKind::Receipt | LineKind::Return)
}

/// The user's tolerances; nought where none are set.
pub(super) fn tolerances(conn: &Connection) -> StoreResult<Tolerances> {
    let stored = setting::get(conn, TOLERANCES)?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Rows from 1, in the order of the ids: the same lines get the same rows, whatever their order.
pub(super) fn numbered(mut lines: Vec<Line>) -> BTreeMap<u32, Line> {
    lines.sort_by(|a, b| a.id.cmp(&b.id));
    lines.dedup_by(|a, b| a.id == b.id);
    (1..).zip(lines).collect()
}

/// What the statements of the months beside this one have paired.
fn settled_elsewhere(conn: &Connection, period: Period) -> StoreResult<HashSet<String>> {
    let mut settled = HashSet::new();
    for signature in statement::signatures(conn)? {
        if [period.before(1).text(), period.after(1).text()].contains(&signature.period) {
            let lines = statement::lines(conn, &signature.period)?;
            settled.extend(lines.into_iter().filter(|line| line.is_paired).map(|line| line.line));
        }
    }
    Ok(settled)
}

/// Which of the platform's names of an order line the ledger's are.
fn line_name(rows: &[ledger::LedgerRow], goods: &[GoodsLine]) -> LineName {
    let ids: HashSet<&str> = goods.iter().map(|line| line.order_line.as_str()).collect();
    let own: HashSet<&str> = goods.iter().map(|line| line.own_key.as_str()).collect();
    let mut hits = [(0_u32, LineName::Number), (0, LineName::Own), (0, LineName::Id)];
    for name in rows.iter().map(|row| row.order_line.as_str()).filter(|name| !name.is_empty()) {
        hits[0].0 += u32::from(name.len() <= 4 && name.bytes().all(|byte| byte.is_ascii_digit()));
        hits[1].0 += u32::from(own.contains(name));
        hits[2].0 += u32::from(ids.contains(name));
    }
    // The last of equals is taken: the platform's id.
    hits.into_iter().max_by_key(|(count, _)| *count).map_or(LineName::Id, |(_, name)| name)
}

/// A factor of the hospital's catalogue, by the national and by the hospital's own code.
fn catalogued(factor: &goods::ItemFactor) -> Vec<KnownFactor> {
    let (unit, of, per) = match (factor.num, factor.den) {
        (per, 1) if per > 1 => (&factor.unit, &factor.of, per),
        (1, per) if per > 1 => (&factor.of, &factor.unit, per),
        _ => return Vec::new(),
    };
    let codes = [&factor.mcs_code, &factor.item].into_iter().filter(|code| !code.is_empty());
    codes.map(|code| KnownFactor { code: code.clone(), unit: unit.clone(), of: of.clone(), per }).collect()
}
