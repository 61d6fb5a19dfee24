//! Both sides of an item, field by field; lines to link with.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sunbench_domain::matching::{Field, Pair, Rows};
use sunbench_domain::{Amount, Price};
use sunbench_store::local::{decision, ledger};

use super::decided::Action;
use super::line::Line;
use super::model::{Computed, Item, Model};
use super::worklist::{folded, searchable};
use super::{Reconciled, input};
use crate::clocked::text;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    DecisionLog, DecisionRow, FieldComparison, FieldMark, ItemSort, LedgerSide, PeriodReq, ReconcileDetail,
    ReconcileItemReq, ReconcileLine, ReconcileLines, ReconcileSearchReq,
};

/// Lines that a search shows.
const MOST_FOUND: usize = 50;
/// Items about the same lines that a detail shows.
const MOST_RELATED: usize = 20;

impl Computed {
    /// The pair that a difference is about.
    pub(super) fn pair_of(&self, item: &Item) -> Option<&Pair> {
        let (left, right) = self.rows(item);
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let pairs = &self.model.found.pairs;
        // Pairs stand in the order of their left rows.
        let from = pairs.partition_point(|pair| pair.left < *left);
        pairs.get(from).filter(|pair| pair.left == *left && pair.right == *right)
    }
}

impl Context<'_> {
    pub(super) fn reconcile_item(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileItemReq,
    ) -> ApiResult<ReconcileDetail> {
        let period = super::Period::parse(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let item = computed.item(&req.item).ok_or(ErrorCode::NotFound)?;
        let (left, right) = computed.lines(item);
        let ids: BTreeSet<&str> = left.iter().chain(&right).map(|line| line.id.as_str()).collect();
        let related = computed.items.iter().filter(|other| {
            other.key != item.key && {
                let (l, r) = computed.lines(other);
                l.iter().chain(&r).any(|line| ids.contains(line.id.as_str()))
            }
        });
        let decisions = self.store.read(|conn| decision::of_periods(conn, &req.period, &req.period))?;
        let history = decisions.iter().filter(|decision| {
            serde_json::from_str::<Action>(&decision.body)
                .is_ok_and(|action| action.concerns(&item.key, &ids))
        });
        Ok(ReconcileDetail {
            row: self.reconcile_row(&computed, item),
            platform: self.shown(&computed.model, &left, LedgerSide::Platform)?,
            ledger: self.shown(&computed.model, &right, LedgerSide::Ledger)?,
            fields: compared(&computed, item, &left, &right),
            related: related.take(MOST_RELATED).map(|other| self.reconcile_row(&computed, other)).collect(),
            history: history.rev().map(decision_row).collect(),
            editable: self.not_signed(period).is_ok(),
        })
    }

    /// Lines as the window shows them.
    pub(super) fn shown(
        &self,
        model: &Model,
        lines: &[&Line],
        side: LedgerSide,
    ) -> ApiResult<Vec<ReconcileLine>> {
        let wanted: BTreeSet<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        let (of_side, rows_of): (_, fn(&Pair) -> &Rows) = match side {
            LedgerSide::Platform => (&model.left, |pair| &pair.left),
            LedgerSide::Ledger => (&model.right, |pair| &pair.right),
        };
        let rows = model.found.pairs.iter().flat_map(|pair| rows_of(pair).iter());
        let ids = rows.filter_map(|row| of_side.get(row)).map(|line| line.id.as_str());
        let paired: BTreeSet<&str> = ids.filter(|id| wanted.contains(id)).collect();
        let mut shown = Vec::with_capacity(lines.len());
        for line in lines {
            let source = match side {
                LedgerSide::Platform => format!("{}单 {}", line.kind_text(), line.number),
                LedgerSide::Ledger => {
                    let sources = self.store.read(|conn| ledger::sources(conn, line.ledger_key))?;
                    let told = sources.iter().map(|(file, row)| format!("{file} 第 {row} 行"));
                    told.collect::<Vec<_>>().join("；")
                }
            };
            shown.push(shown_line(line, side, source, paired.contains(line.id.as_str())));
        }
        Ok(shown)
    }

    pub(super) fn reconcile_search(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileSearchReq,
    ) -> ApiResult<ReconcileLines> {
        let period = super::Period::parse(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let model = &computed.model;
        let (side, other) = match req.side {
            LedgerSide::Platform => (&model.left, &model.right),
            LedgerSide::Ledger => (&model.right, &model.left),
        };
        let like = match &req.like {
            Some(id) => {
                let line = other.values().find(|line| line.id == *id);
                Some(line.ok_or_else(|| ApiError::field(ErrorCode::NotFound, "like"))?)
            }
            None => None,
        };
        let taken: BTreeSet<u32> = model
            .found
            .pairs
            .iter()
            .flat_map(|pair| match req.side {
                LedgerSide::Platform => pair.left.iter(),
                LedgerSide::Ledger => pair.right.iter(),
            })
            .copied()
            .collect();
        let words: Vec<String> = folded(&req.text).split_whitespace().map(str::to_owned).collect();
        let mut found: Vec<(&u32, &Line)> = side
            .iter()
            .filter(|(row, line)| input::is_matched(line) && (req.paired || !taken.contains(row)))
            .filter(|(_, line)| {
                let text = if words.is_empty() { String::new() } else { searchable(line) };
                words.iter().all(|word| text.contains(word))
            })
            .collect();
        found.sort_by_key(|(row, line)| (Reverse(like.map_or(0, |like| likeness(line, like))), **row));
        let total = small(found.len() as u64);
        let lines: Vec<&Line> = found.into_iter().take(MOST_FOUND).map(|(_, line)| line).collect();
        Ok(ReconcileLines { lines: self.shown(model, &lines, req.side)?, total })
    }

    pub(super) fn reconcile_decisions(&self, _: &Reconciled, req: &PeriodReq) -> ApiResult<DecisionLog> {
        let period = super::Period::parse(&req.period)?.text();
        let decisions = self.store.read(|conn| decision::of_periods(conn, &period, &period))?;
        Ok(DecisionLog { decisions: decisions.iter().rev().map(decision_row).collect() })
    }
}

fn decision_row(decision: &decision::Decision) -> DecisionRow {
    let action = serde_json::from_str::<Action>(&decision.body).ok();
    DecisionRow {
        text: action.as_ref().map(Action::text_zh).unwrap_or_default(),
        note: action.as_ref().map(|action| action.note().to_owned()).unwrap_or_default(),
        at: text(decision.decided_at),
        by: decision.decided_by.clone(),
        undone: decision.undone_at.is_some(),
    }
}

/// How much of a line speaks for another one, for the order of a search.
fn likeness(line: &Line, like: &Line) -> u32 {
    let same = |a: &str, b: &str, weight| if !a.is_empty() && folded(a) == folded(b) { weight } else { 0 };
    same(&line.code, &like.code, 8)
        + same(&line.name, &like.name, 3)
        + same(&line.lot, &like.lot, 6)
        + same(&line.order, &like.order, 4)
        + same(&line.supplier, &like.supplier, 2)
        + if line.quantity == like.quantity { 4 } else { 0 }
        + if line.price.is_some() && line.price == like.price { 2 } else { 0 }
        + match (line.date, like.date) {
            (Some(a), Some(b)) if (a - b).num_days().abs() <= 7 => 2,
            _ => 0,
        }
}

pub(super) fn shown_line(line: &Line, side: LedgerSide, source: String, paired: bool) -> ReconcileLine {
    ReconcileLine {
        id: line.id.clone(),
        side,
        kind_text: line.kind_text().to_owned(),
        date: line.date.map(|day| day.to_string()),
        order: line.order.clone(),
        order_line: line.order_line.clone(),
        delivery: line.delivery.clone(),
        invoice: line.invoice.clone(),
        code: if line.code.is_empty() { &line.item } else { &line.code }.clone(),
        name: line.name.clone(),
        spec: line.spec.clone(),
        manufacturer: line.manufacturer.clone(),
        supplier: line.supplier.clone(),
        lot: line.lot.clone(),
        expiry: line.expiry.map(|day| day.to_string()),
        quantity: Some(line.quantity.to_string()),
        unit: line.unit.clone(),
        price: line.price.map(|price| price.to_string()),
        amount: Some(line.worth().to_string()),
        source,
        paired,
        other_month: !line.is_own,
    }
}

type Value = fn(&Line) -> String;

/// The fields, as they are listed. Those that the matching compares are marked by it.
const FIELDS: [(&str, Option<Field>, Value); 15] = [
    ("单据", None, |line| line.kind_text().to_owned()),
    ("日期", Some(Field::Date), |line| line.date.map(|day| day.to_string()).unwrap_or_default()),
    ("订单编号", Some(Field::Order), |line| line.order.clone()),
    ("订单明细编号", Some(Field::OrderLine), |line| line.order_line.clone()),
    ("配送单号", None, |line| line.delivery.clone()),
    ("医保编码", Some(Field::Code), |line| line.code.clone()),
    ("产品名称", Some(Field::Name), |line| line.name.clone()),
    ("规格型号", Some(Field::Spec), |line| line.spec.clone()),
    ("批号", Some(Field::Lot), |line| line.lot.clone()),
    ("效期", Some(Field::Expiry), |line| line.expiry.map(|day| day.to_string()).unwrap_or_default()),
    ("数量", Some(Field::Quantity), |line| line.quantity.to_string()),
    ("单位", Some(Field::Unit), |line| line.unit.clone()),
    ("单价", Some(Field::Price), |line| line.price.as_ref().map(Price::to_string).unwrap_or_default()),
    ("金额", Some(Field::Amount), |line| {
        Some(line.worth()).filter(|a| *a != Amount::ZERO).map(|a| a.to_string()).unwrap_or_default()
    }),
    ("配送企业", Some(Field::Supplier), |line| line.supplier.clone()),
];

fn compared(computed: &Computed, item: &Item, left: &[&Line], right: &[&Line]) -> Vec<FieldComparison> {
    let reason = match item.sort {
        ItemSort::Pair => Some(&computed.model.found.pairs[item.at].reason),
        ItemSort::Proposal => Some(&computed.model.found.proposals[item.at].reason),
        ItemSort::Difference => computed.pair_of(item).map(|pair| &pair.reason),
    };
    let fields = FIELDS.iter().map(|(name, field, value)| {
        let platform: Vec<String> = left.iter().map(|line| value(line)).collect();
        let ledger: Vec<String> = right.iter().map(|line| value(line)).collect();
        let stated = |side: &[String]| side.iter().any(|text| !text.is_empty());
        let said = field.zip(reason).and_then(|(field, reason)| {
            if reason.differ.contains(field) {
                Some(FieldMark::Differ)
            } else {
                reason.agree.contains(field).then_some(FieldMark::Agree)
            }
        });
        let mark = if !stated(&platform) || !stated(&ledger) {
            FieldMark::Absent
        } else {
            said.unwrap_or_else(|| {
                let fold = |side: &[String]| side.iter().map(|text| folded(text)).collect::<BTreeSet<_>>();
                if fold(&platform) == fold(&ledger) { FieldMark::Agree } else { FieldMark::Differ }
            })
        };
        FieldComparison { field: (*name).to_owned(), platform, ledger, mark }
    });
    fields.collect()
}
