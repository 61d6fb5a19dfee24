//! A month as one document for scripts, with the names that two files against each other have.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sunbench_domain::Amount;
use sunbench_domain::matching::{Detail, DifferenceKind, Learned, Owner, Rows};
use sunbench_exchange::table::Value;
use sunbench_store::local::ledger;

use super::line::Line;
use super::model::Computed;
use super::period::Period;
use super::{Reconciled, decided};
use crate::app::App;
use crate::context::Context;
use crate::error::ApiResult;
use crate::wire::{ItemSort, ReconcileSummary};

/// A month's result. Lines are named by the platform's document and line, and by the ledger's fingerprint and ordinal.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct PeriodDocument {
    pub pairs: Vec<Together>,
    pub proposals: Vec<Together>,
    pub differences: Vec<Stated>,
    pub unmatched_left: Vec<String>,
    pub unmatched_right: Vec<String>,
    pub learned: Learned,
    pub stats: BTreeMap<String, serde_json::Value>,
    /// For people, not for the document.
    #[serde(skip)]
    pub summary: ReconcileSummary,
}

/// A pair or a proposal.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Together {
    pub left: Vec<String>,
    pub right: Vec<String>,
    pub pass: u8,
    pub reason: String,
}

/// A difference with what people decided about it.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Stated {
    pub kind: DifferenceKind,
    pub kind_text: &'static str,
    pub left: Vec<String>,
    pub right: Vec<String>,
    pub amount: Amount,
    pub owner: Option<Owner>,
    pub action: &'static str,
    pub detail: Detail,
    pub state: &'static str,
    pub note: String,
}

impl App {
    /// A month as a document for scripts.
    pub async fn reconcile_document(self: &Arc<Self>, period: &str) -> ApiResult<PeriodDocument> {
        let period = Period::parse(period)?;
        self.run(move |context, app| context.document(&app.reconciled, period)).await
    }
}

impl Context<'_> {
    fn document(&self, reconciled: &Reconciled, period: Period) -> ApiResult<PeriodDocument> {
        let computed = self.computed(reconciled, period)?;
        let summary = self.summary(reconciled, period, &computed)?;
        let found = &computed.model.found;
        let together = |left: &Rows, right: &Rows, pass: u8, reason: String| Together {
            left: ids(&computed.model.left, left),
            right: ids(&computed.model.right, right),
            pass,
            reason,
        };
        let pairs = found
            .pairs
            .iter()
            .map(|pair| together(&pair.left, &pair.right, pair.pass.number(), pair.reason.text_zh()));
        let proposals = found
            .proposals
            .iter()
            .map(|one| together(&one.left, &one.right, one.pass.number(), one.reason.text_zh()));
        let mut stats = BTreeMap::new();
        if let Ok(serde_json::Value::Object(counts)) = serde_json::to_value(&found.stats) {
            stats.extend(counts);
        }
        stats.insert("digest".to_owned(), summary.digest.clone().into());
        stats.insert("adjustments".to_owned(), summary.adjustments.into());
        stats.insert("settled_elsewhere".to_owned(), summary.settled_elsewhere.into());
        Ok(PeriodDocument {
            pairs: pairs.collect(),
            proposals: proposals.collect(),
            differences: differences(&computed),
            unmatched_left: ids(&computed.model.left, &found.unmatched_left),
            unmatched_right: ids(&computed.model.right, &found.unmatched_right),
            learned: found.learned.clone(),
            stats,
            summary,
        })
    }
}

/// The kind of listing that holds a month's differences.
pub(crate) const DIFFERENCES: &str = "differences";

const DIFFERENCE_HEADINGS: [&str; 20] = [
    "月份",
    "种类",
    "状态",
    "责任方",
    "处理办法",
    "备注",
    "差额",
    "日期",
    "订单编号",
    "医保编码",
    "产品名称",
    "规格型号",
    "批号",
    "配送企业",
    "单位",
    "平台数量",
    "台账数量",
    "平台单价",
    "台账单价",
    "明细",
];

impl Context<'_> {
    /// A month's differences as rows; without a month those of the last one with ledger lines.
    pub(crate) fn difference_rows(
        &self,
        reconciled: &Reconciled,
        period: Option<&str>,
    ) -> ApiResult<(Vec<&'static str>, Vec<Vec<Value>>)> {
        let period = if let Some(period) = period {
            Period::parse(period)?
        } else {
            let months = self.store.read(ledger::months)?;
            match months.into_iter().map(|(month, _)| month).max() {
                Some(month) => Period::parse(&crate::ledger::period_text(month))?,
                None => Period::of(self.today()),
            }
        };
        let computed = self.computed(reconciled, period)?;
        let text = |text: &str| if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) };
        let rows = computed.items.iter().filter(|item| item.sort == ItemSort::Difference).map(|item| {
            let one = &computed.model.found.differences[item.at];
            let (left, right) = computed.lines(item);
            let stated = |field: fn(&Line) -> &String| -> Value {
                let mut texts = right.iter().chain(&left).map(|line| field(line));
                texts.find(|text| !text.is_empty()).map_or(Value::Empty, |found| text(found))
            };
            let quantity = |side: &[&Line]| match side {
                [] => Value::Empty,
                lines => Value::Decimal(lines.iter().map(|line| line.quantity.units()).sum()),
            };
            let price = |side: &[&Line]| {
                let price = side.first().and_then(|line| line.price);
                price.map_or(Value::Empty, |price| Value::Decimal(price.units()))
            };
            let named: Vec<&str> = left.iter().chain(&right).map(|line| line.id.as_str()).collect();
            vec![
                text(&computed.model.period),
                text(one.kind.text_zh()),
                text(decided::state_text(item.state)),
                text(item.owner.map_or("", Owner::text_zh)),
                text(one.action.text_zh()),
                text(&item.note),
                Value::Decimal(item.amount.units()),
                item.date.map_or(Value::Empty, Value::Day),
                stated(|line| &line.order),
                stated(|line| &line.code),
                stated(|line| &line.name),
                stated(|line| &line.spec),
                stated(|line| &line.lot),
                stated(|line| &line.supplier),
                stated(|line| &line.unit),
                quantity(&left),
                quantity(&right),
                price(&left),
                price(&right),
                text(&named.join(" ")),
            ]
        });
        Ok((DIFFERENCE_HEADINGS.to_vec(), rows.collect()))
    }
}

fn ids(side: &BTreeMap<u32, Line>, rows: &[u32]) -> Vec<String> {
    rows.iter().filter_map(|row| side.get(row)).map(|line| line.id.clone()).collect()
}

fn differences(computed: &Computed) -> Vec<Stated> {
    let items = computed.items.iter().filter(|item| item.sort == ItemSort::Difference);
    let stated = items.map(|item| {
        let one = &computed.model.found.differences[item.at];
        Stated {
            kind: one.kind,
            kind_text: one.kind.text_zh(),
            left: ids(&computed.model.left, &one.left),
            right: ids(&computed.model.right, &one.right),
            amount: one.amount,
            owner: item.owner,
            action: one.action.text_zh(),
            detail: one.detail,
            state: decided::state_text(item.state),
            note: item.note.clone(),
        }
    });
    stated.collect()
}
