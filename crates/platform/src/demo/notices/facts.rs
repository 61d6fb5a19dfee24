//! What a notice states, taken from the books as they stood on the day before its issue.

use sunbench_contract::Evidence;
use sunbench_domain::{Amount, Quantity, SCALE};

use crate::demo::assets::NoticeText;
use crate::demo::billing::{Billing, Settled};
use crate::demo::books::{Books, Matter, Sample};
use crate::demo::days::{DAY, chinese, date_of, minute_text, plus};
use crate::demo::parties::Hospital;
use crate::demo::random::Rng;
use crate::demo::standing;
use crate::demo::supply;
use crate::demo::trade::Setting;
use crate::demo::volume::Agreed;

/// How many lines of evidence a notice shows at most.
const LINES: usize = 8;

type Fields = Vec<(&'static str, String)>;

pub(super) struct Facts<'a> {
    pub(super) seed: u64,
    pub(super) set: Setting<'a>,
    pub(super) hospital: &'a Hospital,
    pub(super) books: &'a Books,
    pub(super) billing: &'a Billing,
    pub(super) agreements: &'a [Agreed],
    pub(super) issue: i64,
}

/// Thousandths as a percentage with one place, such as `45.3`.
pub(in crate::demo) fn percent(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "" };
    format!("{sign}{}.{}", permille.abs() / 10, permille.abs() % 10)
}

fn quantity(units: i64) -> String {
    Quantity::from_units(units).to_string()
}

fn amount(units: i64) -> String {
    Amount::from_units(units).to_string()
}

impl Facts<'_> {
    /// The text of the subject with what goes into it; another subject where the books give no ground for it.
    pub(super) fn gather(&self, subject: &str, variant: usize) -> (&NoticeText, Fields, Vec<Evidence>) {
        let (key, fields, evidence) = [subject, "delivery", "nonselected", "evaluation"]
            .into_iter()
            .find_map(|key| self.one(key, variant).map(|(fields, evidence)| (key, fields, evidence)))
            .unwrap_or(("evaluation", Vec::new(), Vec::new()));
        let text = self
            .set
            .assets
            .texts
            .notices
            .iter()
            .find(|text| text.key == key)
            .expect("the subjects are checked by this crate's tests");
        let mut all = vec![("hospital", self.hospital.name.clone()), ("cutoff", chinese(self.cutoff()))];
        all.extend(fields);
        (text, all, evidence)
    }

    fn cutoff(&self) -> chrono::NaiveDate {
        plus(date_of(self.issue), -1)
    }

    fn one(&self, subject: &str, variant: usize) -> Option<(Fields, Vec<Evidence>)> {
        let month_ago = plus(self.cutoff(), -30);
        match subject {
            "receipt" => self.receipts(month_ago),
            "progress" => self.progress(variant),
            "nonselected" => self.non_selected(variant),
            "filing" => self.filing(plus(month_ago, -30), variant),
            "payment" => self.payments(),
            "evaluation" => Some(self.evaluation()),
            "delivery" => self.deliveries(month_ago),
            "attendance" => Some(self.attendance(month_ago)),
            "code" => self.uncoded(plus(month_ago, -60)),
            _ => None,
        }
    }

    fn label(&self, sample: &Sample) -> String {
        let product = &self.set.catalogue.products[sample.product];
        let name = self.set.assets.varieties[product.variety].name;
        format!("{} 第{}行 {name} {}", sample.order_code, sample.line_no, product.spec)
    }

    fn evidence(&self, sample: &Sample, value: String) -> Evidence {
        Evidence { label: self.label(sample), value, order_detail_id: Some(sample.line.clone()) }
    }

    fn of_supplier(&self, sample: &Sample) -> &str {
        self.set.assets.distributors[sample.distributor].name
    }

    fn receipts(&self, from: chrono::NaiveDate) -> Option<(Fields, Vec<Evidence>)> {
        let sums = self.books.sums(from, self.cutoff());
        // What still lies there first.
        let mut samples = self.books.samples(Matter::LateReceipt, self.issue - 2 * DAY);
        samples.sort_by_key(|s| s.until.is_some_and(|until| until < self.issue));
        if sums.late_receipts == 0 || samples.is_empty() {
            return None;
        }
        let evidence = samples
            .into_iter()
            .take(LINES)
            .map(|s| {
                let state = match s.until.filter(|until| *until < self.issue) {
                    Some(until) => format!("{}验收", minute_text(until)),
                    None => "至发文时未验收".to_owned(),
                };
                self.evidence(s, format!("{}到货，{state}（{}）", minute_text(s.from), self.of_supplier(s)))
            })
            .collect();
        let fields = vec![
            ("from", chinese(from)),
            ("count", sums.late_receipts.to_string()),
            ("amount", amount(sums.late_receipt_amount)),
        ];
        Some((fields, evidence))
    }

    fn progress(&self, variant: usize) -> Option<(Fields, Vec<Evidence>)> {
        let cutoff = self.cutoff();
        let mut behind: Vec<(i64, i64, i64, &Agreed)> = self
            .agreements
            .iter()
            .filter_map(|agreed| {
                let allotment = &self.hospital.allotments[agreed.allotment];
                let cycle = &self.set.catalogue.cycles[allotment.cycle];
                let schedule = cycle.schedule(cutoff);
                let done = self.books.allotted(agreed.allotment, cycle.start, cutoff);
                let progress = done * 1000 / agreed.quantity.max(1);
                (agreed.signed && cycle.end >= cutoff && schedule > 60 && schedule - progress >= 40)
                    .then_some((schedule - progress, done, progress, agreed))
            })
            .collect();
        // Those that the rule calls behind, where there are any; in an order that stays from week to week.
        if behind.iter().any(|(gap, ..)| *gap >= 100) {
            behind.retain(|(gap, ..)| *gap >= 100);
        }
        let (gap, done, progress, agreed) = *behind.get(variant % behind.len().max(1))?;
        let allotment = &self.hospital.allotments[agreed.allotment];
        let cycle = &self.set.catalogue.cycles[allotment.cycle];
        let variety = &self.set.assets.varieties[allotment.variety];
        let (schedule, unit) = (percent(cycle.schedule(cutoff)), variety.unit);
        let line =
            |label: &str, value: String| Evidence { label: label.to_owned(), value, order_detail_id: None };
        let evidence = vec![
            line("协议编号", agreed.id.clone()),
            line("协议周期", format!("{}至{}", chinese(cycle.start), chinese(cycle.end))),
            line("约定采购量", format!("{}{unit}", quantity(agreed.quantity))),
            line("累计验收量", format!("{}{unit}", quantity(done))),
            line("协议完成率", format!("{}%", percent(progress))),
            line("序时进度", format!("{schedule}%")),
        ];
        let fields = vec![
            ("variety", variety.name.to_owned()),
            ("batch", self.set.assets.batches[cycle.batch].name.to_owned()),
            ("company", self.set.assets.manufacturers[allotment.maker].name.to_owned()),
            ("agreed", quantity(agreed.quantity)),
            ("done", quantity(done)),
            ("unit", unit.to_owned()),
            ("progress", percent(progress)),
            ("schedule", schedule),
            ("gap", percent(gap)),
        ];
        Some((fields, evidence))
    }

    fn non_selected(&self, variant: usize) -> Option<(Fields, Vec<Evidence>)> {
        let (cutoff, from) = (self.cutoff(), plus(self.cutoff(), -90));
        let samples = self.books.samples(Matter::NonSelected, self.issue);
        let mut shares: Vec<(i64, i64, i64, usize)> = (0..self.set.assets.varieties.len())
            .filter_map(|variety| {
                let cycle = &self.set.catalogue.cycles[self.set.catalogue.cycle_of[variety]?];
                if cycle.start > plus(cutoff, -20) || cycle.end < cutoff {
                    return None;
                }
                let (selected, other) = self.books.variety(variety, from.max(cycle.start), cutoff);
                let all = selected + other;
                let shown = samples.iter().any(|s| self.set.catalogue.products[s.product].variety == variety);
                (other * 1000 > all * 300 && shown).then(|| (other * 1000 / all.max(1), all, other, variety))
            })
            .collect();
        shares.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.3.cmp(&b.3)));
        shares.truncate(6);
        let (share, all, other, variety) = *shares.get(variant % shares.len().max(1))?;
        let unit = self.set.assets.varieties[variety].unit;
        let start = self.set.catalogue.cycle_of[variety].map_or(from, |c| self.set.catalogue.cycles[c].start);
        let evidence = samples
            .into_iter()
            .filter(|s| self.set.catalogue.products[s.product].variety == variety)
            .take(LINES)
            .map(|s| {
                let maker = self.set.assets.manufacturers[self.set.catalogue.products[s.product].maker].name;
                self.evidence(
                    s,
                    format!("非中选 {}{unit}，{}下单（{maker}）", quantity(s.quantity), minute_text(s.from)),
                )
            })
            .collect();
        let fields = vec![
            ("variety", self.set.assets.varieties[variety].name.to_owned()),
            ("from", chinese(from.max(start))),
            ("agreed", quantity(all)),
            ("done", quantity(other)),
            ("unit", unit.to_owned()),
            ("progress", percent(share)),
            ("threshold", "30".to_owned()),
        ];
        Some((fields, evidence))
    }

    /// Outbound rows of the hospital's own ledger that have no order on the platform.
    fn filing(&self, from: chrono::NaiveDate, variant: usize) -> Option<(Fields, Vec<Evidence>)> {
        let mut rng = Rng::new(self.seed, &format!("ledger {} {variant} {}", self.hospital.code, self.issue));
        let received = self.books.sums(from, self.cutoff()).received;
        let mut total = 0;
        let mut evidence = Vec::new();
        for _ in 0..rng.range(3, 7) {
            let text = rng.pick(&self.set.assets.texts.filings);
            let count = rng.range(1, text.most());
            let worth = Amount::of(text.price, Quantity::from_units(count * SCALE))?.units();
            total += worth;
            let day = plus(from, rng.range(2, 56));
            evidence.push(Evidence {
                label: format!("院内出库 {day} {} {}", text.name, text.spec),
                value: format!("{count}{}，{}元，平台无对应订单", text.unit, amount(worth)),
                order_detail_id: None,
            });
        }
        let permille = (i128::from(received) * 1000 / i128::from(received + total).max(1)) as i64;
        let fields = vec![
            ("from", chinese(from)),
            ("progress", percent(permille.min(998))),
            ("threshold", "100".to_owned()),
            ("count", evidence.len().to_string()),
            ("amount", amount(total)),
        ];
        Some((fields, evidence))
    }

    fn payments(&self) -> Option<(Fields, Vec<Evidence>)> {
        let day = date_of(self.issue);
        let mut overdue: Vec<&Settled> = self
            .billing
            .settled
            .iter()
            .filter(|s| s.created < self.issue && s.due < day && s.paid.is_none_or(|paid| paid > self.issue))
            .collect();
        overdue.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.code.cmp(&b.code)));
        let first = overdue.first()?;
        let evidence = overdue
            .iter()
            .take(LINES)
            .map(|s| Evidence {
                label: format!("结算单 {}（{}）", s.code, self.set.assets.distributors[s.distributor].name),
                value: format!("{}元，应于{}前支付", amount(s.amount.units()), chinese(s.due)),
                order_detail_id: None,
            })
            .collect();
        let fields = vec![
            ("count", overdue.len().to_string()),
            ("amount", amount(overdue.iter().map(|s| s.amount.units()).sum())),
            ("days", (day - first.due).num_days().to_string()),
        ];
        Some((fields, evidence))
    }

    fn evaluation(&self) -> (Fields, Vec<Evidence>) {
        // The quarter before that of the issue, counted back from today's.
        let today = self.set.span.today;
        let back = (1..8)
            .find(|back| {
                supply::quarter(today, *back).due < plus(date_of(self.issue), 70)
                    && supply::quarter(today, *back).start < plus(date_of(self.issue), -80)
            })
            .unwrap_or(1);
        let quarter = supply::quarter(today, back);
        let companies = supply::evaluated(self.set, self.hospital, 1);
        let done = companies.iter().filter(|(.., done)| *done).count();
        let evidence = companies
            .iter()
            .filter(|(.., done)| !done)
            .take(LINES)
            .map(|(distributor, company, _)| Evidence {
                label: if *distributor {
                    format!("配送企业 {}", self.set.assets.distributors[*company].name)
                } else {
                    format!("生产企业 {}", self.set.assets.manufacturers[*company].name)
                },
                value: format!("{}未评价，截止{}", quarter.text, chinese(quarter.due)),
                order_detail_id: None,
            })
            .collect();
        let fields = vec![
            ("quarter", quarter.text),
            ("agreed", companies.len().to_string()),
            ("done", done.to_string()),
            ("progress", percent(done as i64 * 1000 / companies.len().max(1) as i64)),
        ];
        (fields, evidence)
    }

    fn deliveries(&self, from: chrono::NaiveDate) -> Option<(Fields, Vec<Evidence>)> {
        let sums = self.books.sums(from, self.cutoff());
        let samples = self.books.samples(Matter::LateDelivery, self.issue - DAY);
        if sums.due_lines == sums.timely_lines || samples.is_empty() {
            return None;
        }
        let evidence = samples
            .into_iter()
            .take(LINES)
            .map(|s| {
                let state = match s.until.filter(|until| *until < self.issue) {
                    Some(until) => format!("{}送达", minute_text(until)),
                    None => "至发文时未足量送达".to_owned(),
                };
                self.evidence(
                    s,
                    format!("应于{}前送达，{state}（{}）", minute_text(s.from), self.of_supplier(s)),
                )
            })
            .collect();
        let fields =
            vec![("from", chinese(from)), ("count", (sums.due_lines - sums.timely_lines).to_string())];
        Some((fields, evidence))
    }

    fn attendance(&self, from: chrono::NaiveDate) -> (Fields, Vec<Evidence>) {
        let span = self.set.span;
        let days: Vec<chrono::NaiveDate> = (0..31)
            .map(|d| plus(from, d))
            .filter(|day| *day <= self.cutoff() && span.is_working(*day))
            .collect();
        let missed: Vec<&chrono::NaiveDate> =
            days.iter().filter(|day| !standing::attended(self.set, self.hospital, **day)).collect();
        let evidence = missed
            .iter()
            .take(LINES)
            .map(|day| Evidence {
                label: format!("缺勤 {day}"),
                value: "当日无登录打卡记录".to_owned(),
                order_detail_id: None,
            })
            .collect();
        let done = days.len() - missed.len();
        let fields = vec![
            ("from", chinese(from)),
            ("agreed", days.len().to_string()),
            ("done", done.to_string()),
            ("progress", percent(done as i64 * 1000 / days.len().max(1) as i64)),
        ];
        (fields, evidence)
    }

    fn uncoded(&self, from: chrono::NaiveDate) -> Option<(Fields, Vec<Evidence>)> {
        let sums = self.books.sums(from, self.cutoff());
        let samples = self.books.samples(Matter::Uncoded, self.issue);
        if sums.uncoded_lines == 0 || samples.is_empty() {
            return None;
        }
        let evidence = samples
            .into_iter()
            .take(LINES)
            .map(|s| {
                let unit = self.set.assets.varieties[self.set.catalogue.products[s.product].variety].unit;
                self.evidence(
                    s,
                    format!("{}{unit}，{}下单，无国家编码", quantity(s.quantity), minute_text(s.from)),
                )
            })
            .collect();
        let fields = vec![
            ("from", chinese(from)),
            ("count", sums.uncoded_lines.to_string()),
            ("amount", amount(sums.uncoded_amount)),
        ];
        Some((fields, evidence))
    }
}
