//! A month's worklist: filtered, in order, by page.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sunbench_domain::Amount;
use sunbench_domain::matching::DifferenceKind as Kind;
use sunbench_store::mirror::goods;

use super::decided::{owner_text, state_text};
use super::line::Line;
use super::model::{Computed, Item};
use super::{Reconciled, absolute_sum, words};
use crate::clocked::day_number;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    ItemFiling, ItemOrder, ItemScope, ItemSort, ItemState, ReconcilePage, ReconcilePageReq, ReconcileReq,
    ReconcileRow, ReconcileView,
};

/// Rows of a page.
const PAGE: u32 = 50;
/// Lists that stay open at once; the oldest closes.
const OPEN_LISTS: usize = 6;

/// The open lists.
#[derive(Default)]
pub(super) struct Lists(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    next: u32,
    open: BTreeMap<u32, List>,
}

/// A computed month and the items that a list shows of it.
#[derive(Clone)]
struct List {
    computed: Arc<Computed>,
    places: Arc<Vec<u32>>,
}

impl Lists {
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).open.clear();
    }

    fn open(&self, list: List) -> u32 {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let number = inner.next;
        inner.open.insert(number, list);
        while inner.open.len() > OPEN_LISTS {
            inner.open.pop_first();
        }
        number
    }

    fn get(&self, number: u32) -> ApiResult<List> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(inner.open.get(&number).cloned().ok_or(ErrorCode::ViewGone)?)
    }
}

impl Context<'_> {
    pub(super) fn reconcile_open(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileReq,
    ) -> ApiResult<ReconcileView> {
        let period = super::Period::parse(&req.period)?;
        let filter = Filter::new(req, day_number(self.today()))?;
        let computed = self.computed(reconciled, period)?;
        let mut places: Vec<u32> = (0_u32..)
            .zip(&computed.items)
            .filter(|(_, item)| filter.fits(&computed, item))
            .map(|(at, _)| at)
            .collect();
        let item = |at: &u32| &computed.items[*at as usize];
        match req.order {
            ItemOrder::Amount => places.sort_by_key(|at| Reverse(item(at).amount.units().unsigned_abs())),
            ItemOrder::Age => places.sort_by_key(|at| (item(at).date.is_none(), item(at).date)),
        }
        let amount = places.iter().map(|at| item(at).amount).fold(Amount::ZERO, absolute_sum);
        let first = places.iter().take(PAGE as usize).map(|at| self.reconcile_row(&computed, item(at)));
        let first = first.collect();
        let total = small(places.len() as u64);
        let summary = self.summary(reconciled, period, &computed)?;
        let view = reconciled.lists.open(List { computed, places: Arc::new(places) });
        Ok(ReconcileView { view, summary, total, amount: amount.to_string(), page_size: PAGE, first })
    }

    pub(super) fn reconcile_page(
        &self,
        reconciled: &Reconciled,
        req: &ReconcilePageReq,
    ) -> ApiResult<ReconcilePage> {
        let list = reconciled.lists.get(req.view)?;
        let places = list.places.iter().skip(req.page as usize * PAGE as usize).take(PAGE as usize);
        let rows = places.map(|at| self.reconcile_row(&list.computed, &list.computed.items[*at as usize]));
        Ok(ReconcilePage { rows: rows.collect() })
    }

    /// Whether the platform awaits what the ledger has: then it is accepted there, and not filed.
    fn awaited(&self, kind: Kind, right: &[&Line]) -> String {
        let (Kind::NotOnPlatform, [line]) = (kind, right) else { return String::new() };
        let found = self.store.read(|conn| goods::awaited(conn, &line.order, &line.code));
        match found {
            Ok(Some((quantity, state))) => {
                format!(
                    "平台订单 {} 的同一产品{state}，尚有 {quantity} 未验收：先在平台收货，不必备案",
                    line.order
                )
            }
            _ => String::new(),
        }
    }

    /// An item as the window shows it.
    pub(super) fn reconcile_row(&self, computed: &Computed, item: &Item) -> ReconcileRow {
        let (left, right) = computed.lines(item);
        let nothing = String::new();
        let stated = |field: fn(&Line) -> &String| -> String {
            let mut texts = right.iter().chain(&left).map(|line| field(line));
            texts.find(|text| !text.is_empty()).unwrap_or(&nothing).clone()
        };
        let quantity = |side: &[&Line]| {
            (!side.is_empty())
                .then(|| side.iter().map(|line| line.quantity).sum::<sunbench_domain::Quantity>().to_string())
        };
        let found = &computed.model.found;
        let (kind, kind_text, action_text, pass, reason) = match item.sort {
            ItemSort::Difference => {
                let one = &found.differences[item.at];
                let pair = computed.pair_of(item);
                (
                    Some(words::kind(one.kind)),
                    one.kind.text_zh().to_owned(),
                    one.action.text_zh().to_owned(),
                    pair.map(|pair| u32::from(pair.pass.number())),
                    pair.map_or_else(|| self.awaited(one.kind, &right), |pair| pair.reason.text_zh()),
                )
            }
            ItemSort::Proposal => {
                let one = &found.proposals[item.at];
                let reason = match &item.remembered {
                    Some(remembered) => format!("{} 曾把这两种产品人工勾对", remembered.period),
                    None => one.reason.text_zh(),
                };
                let pass = Some(u32::from(one.pass.number()));
                (None, "待确认".to_owned(), "确认，或另选勾对".to_owned(), pass, reason)
            }
            ItemSort::Pair => {
                let one = &found.pairs[item.at];
                let pass = Some(u32::from(one.pass.number()));
                (None, "已勾对".to_owned(), String::new(), pass, one.reason.text_zh())
            }
        };
        let submission = computed.model.marks.get(&item.key).and_then(|mark| mark.submission.as_ref());
        let filing = submission.and_then(|key| {
            computed.filings.get(key).map(|filing| ItemFiling {
                submission: key.clone(),
                state: filing.state,
                error_text: filing.error_text.clone(),
            })
        });
        ReconcileRow {
            item: item.key.clone(),
            sort: item.sort,
            kind,
            kind_text,
            state: item.state,
            owner: item.owner.map(words::owner),
            owner_text: item
                .owner
                .map(|owner| owner_text(words::owner(owner)).to_owned())
                .unwrap_or_default(),
            action_text,
            note: item.note.clone(),
            amount: item.amount.to_string(),
            date: item.date.map(|day| day.to_string()),
            age_days: age(item, day_number(self.today())),
            platform_lines: small(left.len() as u64),
            ledger_lines: small(right.len() as u64),
            order: stated(|line| &line.order),
            code: stated(|line| &line.code),
            name: stated(|line| &line.name),
            spec: stated(|line| &line.spec),
            lot: stated(|line| &line.lot),
            supplier: stated(|line| &line.supplier),
            platform_quantity: quantity(&left),
            ledger_quantity: quantity(&right),
            unit: stated(|line| &line.unit),
            pass,
            reason,
            remembered: item.remembered.clone(),
            filing,
        }
    }
}

fn age(item: &Item, today: i64) -> u32 {
    item.date.map_or(0, |day| u32::try_from(today - day_number(day)).unwrap_or(0))
}

/// What a list shows.
struct Filter<'r> {
    req: &'r ReconcileReq,
    words: Vec<String>,
    least_amount: u64,
    today: i64,
}

impl<'r> Filter<'r> {
    fn new(req: &'r ReconcileReq, today: i64) -> ApiResult<Self> {
        let least = req.least_amount.as_deref().filter(|text| !text.trim().is_empty());
        let least: Option<Amount> = least
            .map(str::parse)
            .transpose()
            .map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "leastAmount"))?;
        Ok(Self {
            req,
            words: folded(&req.text).split_whitespace().map(str::to_owned).collect(),
            least_amount: least.map_or(0, |amount| amount.units().unsigned_abs()),
            today,
        })
    }

    fn fits(&self, computed: &Computed, item: &Item) -> bool {
        let req = self.req;
        let todo = matches!(item.state, ItemState::Open | ItemState::Waiting);
        let in_scope = match req.scope {
            ItemScope::All => true,
            ItemScope::Todo => item.sort != ItemSort::Pair && todo,
            ItemScope::Differences => item.sort == ItemSort::Difference,
            ItemScope::Proposals => item.sort == ItemSort::Proposal,
            ItemScope::Pairs => item.sort == ItemSort::Pair,
            ItemScope::Done => item.sort == ItemSort::Difference && !todo,
        };
        let of_kind = req.kinds.is_empty()
            || item.sort == ItemSort::Difference
                && req
                    .kinds
                    .iter()
                    .any(|kind| words::kind_back(*kind) == computed.model.found.differences[item.at].kind);
        in_scope
            && of_kind
            && (req.states.is_empty() || req.states.contains(&item.state))
            && (req.owners.is_empty()
                || item.owner.is_some_and(|owner| req.owners.contains(&words::owner(owner))))
            && item.amount.units().unsigned_abs() >= self.least_amount
            && req.least_age.is_none_or(|least| age(item, self.today) >= least)
            && self.has_words(computed, item)
    }

    fn has_words(&self, computed: &Computed, item: &Item) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let (left, right) = computed.lines(item);
        let mut text = folded(&format!("{} {}", item.note, state_text(item.state)));
        for line in left.iter().chain(&right) {
            text.push(' ');
            text.push_str(&searchable(line));
        }
        self.words.iter().all(|word| text.contains(word))
    }
}

/// Half-width and lower-case.
pub(super) fn folded(text: &str) -> String {
    sunbench_domain::text::half_width(text).to_lowercase()
}

/// Everything of a line that a person would look for.
pub(super) fn searchable(line: &Line) -> String {
    let texts = [
        &line.order,
        &line.order_line,
        &line.delivery,
        &line.invoice,
        &line.code,
        &line.item,
        &line.name,
        &line.spec,
        &line.lot,
        &line.supplier,
        &line.manufacturer,
        &line.number,
    ];
    folded(&texts.map(String::as_str).join(" "))
}
