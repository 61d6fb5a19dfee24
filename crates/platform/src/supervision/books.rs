//! A hospital's documents, counted from the beginning each time: slow and plain, so that it can be checked against.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::de::DeserializeOwned;
use sunbench_contract::time::Instant;
use sunbench_contract::{
    Agreement, CheckIn, Delivery, Evaluation, Filing, Notice, NoticeReply, OrderLine, Org, Product, Receipt,
    Resource, Return, Settlement,
};
use sunbench_domain::policy::{
    Direction, Formula, Indicator, Level, LimitUnit, Rules, Window, is_national_code,
};
use sunbench_domain::state::{
    AgreementState, DeliveryState, OrderLineState, ReceiptState, ReturnState, State as _,
};
use sunbench_domain::{Amount, Quantity};
use sunbench_workdays::{Calendar, shanghai_date};

/// 指标结果, as the bureau counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The indicator's id.
    pub indicator: String,
    /// For people.
    pub name: String,
    /// 全院, a variety, or variety and company.
    pub scope: String,
    /// Stable: for the record's id.
    pub key: String,
    /// Above the line.
    pub numerator: i128,
    /// Below the line.
    pub denominator: i128,
    /// Where it stands.
    pub level: Level,
    /// The warning's limit, in 1/10,000 of the value.
    pub limit: Option<i128>,
    /// 条款.
    pub clause: String,
}

impl Finding {
    /// The value in 1/10,000, rounded down; `None` where there is nothing to divide by.
    #[must_use]
    pub fn value(&self) -> Option<i128> {
        (self.denominator != 0).then(|| (self.numerator * 10_000).div_euclid(self.denominator))
    }
}

/// One hospital's documents and what they refer to.
#[derive(Default)]
pub struct Documents {
    products: HashMap<String, Product>,
    makers: HashMap<String, String>,
    agreements: Vec<Agreement>,
    lines: Vec<OrderLine>,
    deliveries: Vec<Delivery>,
    receipts: HashMap<String, Vec<Receipt>>,
    returns: Vec<Return>,
    settlements: Vec<Settlement>,
    filings: Vec<Filing>,
    evaluations: Vec<Evaluation>,
    notices: Vec<Notice>,
    replies: Vec<NoticeReply>,
    check_ins: BTreeSet<NaiveDate>,
    /// By line: what arrived when, and how much.
    arrived: HashMap<String, Vec<(i64, i64)>>,
    /// By line: what was sent off on which day.
    sent_off: HashMap<String, Vec<(NaiveDate, i64)>>,
    /// Accepted and returned amounts by day.
    spent: Vec<(NaiveDate, i64)>,
    /// Accepted and returned quantities by day, of a variety, a company, selected or not.
    goods: HashMap<(String, String, bool), Vec<(NaiveDate, i64)>>,
}

fn day(at: Instant) -> NaiveDate {
    shanghai_date(&at.at())
}

fn read<T: DeserializeOwned>(data: &str) -> Option<T> {
    serde_json::from_str(data).ok()
}

impl Documents {
    /// Takes a record of the feed in; what indicators do not need is left.
    pub fn take(&mut self, resource: Resource, data: &str) {
        match resource {
            Resource::Product => {
                if let Some(it) = read::<Product>(data) {
                    self.products.insert(it.procurecatalog_id.clone(), it);
                }
            }
            Resource::Org => {
                if let Some(it) = read::<Org>(data) {
                    self.makers.insert(it.org_id, it.org_name);
                }
            }
            Resource::Agreement => self.agreements.extend(read::<Agreement>(data)),
            Resource::OrderLine => self.lines.extend(read::<OrderLine>(data)),
            Resource::Delivery => self.deliveries.extend(read::<Delivery>(data)),
            Resource::Receipt => {
                if let Some(it) = read::<Receipt>(data) {
                    self.receipts.entry(it.distribute_id.clone()).or_default().push(it);
                }
            }
            Resource::Return => self.returns.extend(read::<Return>(data)),
            Resource::Settlement => self.settlements.extend(read::<Settlement>(data)),
            Resource::Filing => self.filings.extend(read::<Filing>(data)),
            Resource::Evaluation => self.evaluations.extend(read::<Evaluation>(data)),
            Resource::Notice => self.notices.extend(read::<Notice>(data)),
            Resource::NoticeReply => self.replies.extend(read::<NoticeReply>(data)),
            Resource::CheckIn => {
                if let Some(it) = read::<CheckIn>(data) {
                    self.check_ins.insert(it.date);
                }
            }
            _ => {}
        }
    }

    /// Follows goods from delivery to acceptance and return; after the last record.
    pub fn follow(&mut self) {
        let lines: HashMap<&str, &OrderLine> =
            self.lines.iter().map(|line| (line.order_detail_id.as_str(), line)).collect();
        let worth = |line: &OrderLine, count: Quantity| {
            Amount::of(line.purchase_price, count).unwrap_or_default().units()
        };
        for delivery in &self.deliveries {
            if DeliveryState::from_raw(&delivery.state) == Some(DeliveryState::Void) {
                continue;
            }
            for line in &delivery.lines {
                if let Some(id) = &line.order_detail_id {
                    let parts = self.sent_off.entry(id.clone()).or_default();
                    parts.push((day(delivery.distribute_time), line.distribute_count.units()));
                }
            }
            let Some(at) = delivery.arrive_time else { continue };
            for line in &delivery.lines {
                if let Some(id) = &line.order_detail_id {
                    let parts = self.arrived.entry(id.clone()).or_default();
                    parts.push((at.unix(), line.distribute_count.units()));
                }
            }
        }
        let mut moved: Vec<(&OrderLine, NaiveDate, i64, i64)> = Vec::new();
        for receipt in self.receipts.values().flatten() {
            if ReceiptState::from_raw(&receipt.state) != Some(ReceiptState::Accepted) {
                continue;
            }
            for part in &receipt.lines {
                let Some(line) = part.order_detail_id.as_deref().and_then(|id| lines.get(id)) else {
                    continue;
                };
                let count = part.received_count;
                moved.push((line, day(receipt.receive_time), count.units(), worth(line, count)));
            }
        }
        for given_back in &self.returns {
            if ReturnState::from_raw(&given_back.state) != Some(ReturnState::Confirmed) {
                continue;
            }
            for part in &given_back.lines {
                let Some(line) = lines.get(part.order_detail_id.as_str()) else { continue };
                let count = if given_back.kind == "goods" { part.return_count.units() } else { 0 };
                moved.push((line, day(given_back.return_time), -count, -part.return_amount.units()));
            }
        }
        for (line, on, count, amount) in moved {
            self.spent.push((on, amount));
            if let Some(product) = self.products.get(&line.procurecatalog_id) {
                let key = (variety(product), product.company_id_tb.clone(), product.selected);
                self.goods.entry(key).or_default().push((on, count));
            }
        }
    }

    /// Everything counted as it stood at the end of a day.
    #[must_use]
    pub fn findings(&self, rules: &Rules, as_of: NaiveDate, calendar: &Calendar) -> Vec<Finding> {
        let mut found = Vec::new();
        for indicator in &rules.pack.indicators {
            let from = start(indicator.window, as_of);
            let within = |date: NaiveDate| (from..=as_of).contains(&date);
            let numbers = match indicator.formula {
                Formula::AgreementProgress | Formula::ProgressLag => {
                    self.progress(indicator, as_of, &mut found);
                    continue;
                }
                Formula::NonSelectedShare => {
                    self.shares(indicator, as_of, &mut found);
                    continue;
                }
                Formula::OnlinePurchaseRate => {
                    let online: i128 = self.spent(from, as_of);
                    let filed = self
                        .filings
                        .iter()
                        .filter(|it| within(it.purchase_date) && it.order_detail_id.is_none());
                    (online, online + filed.map(|it| i128::from(it.amount.units())).sum::<i128>())
                }
                Formula::OnlineSettlementRate => self.settled(indicator, as_of),
                Formula::ResponseRate => {
                    let sent = self.sent().filter(|line| within(day(line.submit_time)));
                    sent.fold((0, 0), |(answered, all), line| {
                        let in_time = line.response_time.is_some_and(|at| day(at) <= as_of);
                        (answered + i128::from(in_time), all + 1)
                    })
                }
                Formula::DeliveryRate => {
                    let sent = self.sent().filter(|line| within(day(line.submit_time)));
                    sent.fold((0, 0), |(came, all), line| {
                        let count = self.sent_off_by(line, as_of);
                        let part = Amount::of(line.purchase_price, count).unwrap_or_default();
                        (came + i128::from(part.units()), all + i128::from(line.purchase_amount.units()))
                    })
                }
                Formula::DeliveryTimeliness => self.deliveries_in_time(&within),
                Formula::ReceiptTimeliness => self.receipts_in_time(indicator.parameters.hours, &within),
                Formula::PaymentTimeliness => {
                    let days = Days::new(u64::from(indicator.parameters.days));
                    self.settlements.iter().fold((0, 0), |(paid, due), it| {
                        let term = day(it.create_time) + days;
                        let in_term = it.paid_time.is_some_and(|at| day(at) <= term);
                        if within(term) { (paid + i128::from(in_term), due + 1) } else { (paid, due) }
                    })
                }
                Formula::RectificationTimeliness => self.answered(from, as_of, calendar),
                Formula::Attendance => {
                    let days = from.iter_days().take_while(|date| *date <= as_of);
                    let working = days.filter(|date| calendar.is_working(*date).unwrap_or(false));
                    working.fold((0, 0), |(present, all), date| {
                        (present + i128::from(self.check_ins.contains(&date)), all + 1)
                    })
                }
                Formula::CodeCoverage => {
                    let out = &indicator.parameters.exclude_categories;
                    self.lines.iter().filter(|line| is_purchase(line) && within(day(line.submit_time))).fold(
                        (0, 0),
                        |(coded, all), line| match self.products.get(&line.procurecatalog_id) {
                            Some(product) if out.contains(&product.category) => (coded, all),
                            Some(product) => {
                                (coded + i128::from(is_national_code(product.mcs_code.as_deref())), all + 1)
                            }
                            None => (coded, all + 1),
                        },
                    )
                }
                Formula::EvaluationCompletion => {
                    // Of the latest quarter whose due date has passed.
                    let over = self.evaluations.iter().filter(|it| it.due_date < as_of);
                    let Some(period) = over.map(|it| it.period.clone()).max() else { continue };
                    let of = self.evaluations.iter().filter(|it| it.period == period);
                    let numbers = of.fold((0, 0), |(made, all), it| {
                        let in_time = it.submit_time.is_some_and(|at| day(at) <= as_of);
                        (made + i128::from(in_time), all + 1)
                    });
                    found.push(finding(indicator, period.clone(), period, numbers));
                    continue;
                }
                // Shown to the hospital by its own program; the bureau issues no notice because of them.
                _ => continue,
            };
            found.push(finding(indicator, "全院".to_owned(), String::new(), numbers));
        }
        found
    }

    fn sent(&self) -> impl Iterator<Item = &OrderLine> {
        self.lines.iter().filter(|line| {
            let state = state_of(line);
            state != Some(OrderLineState::Draft)
                && (state != Some(OrderLineState::Cancelled) || line.response_time.is_some())
        })
    }

    /// What had been sent off by the end of a day; what the line says beyond its deliveries has no day and counts always.
    fn sent_off_by(&self, line: &OrderLine, as_of: NaiveDate) -> Quantity {
        let parts = self.sent_off.get(&line.order_detail_id).map_or(&[][..], Vec::as_slice);
        let all: i64 = parts.iter().map(|(_, count)| count).sum();
        let by_then: i64 = parts.iter().filter(|(on, _)| *on <= as_of).map(|(_, count)| count).sum();
        Quantity::from_units(by_then + (line.distribute_count.units() - all).max(0))
    }

    fn spent(&self, from: NaiveDate, through: NaiveDate) -> i128 {
        let of = self.spent.iter().filter(|(on, _)| (from..=through).contains(on));
        of.map(|(_, amount)| i128::from(*amount)).sum()
    }

    /// A month is settled in the next one and paid in the one after.
    fn settled(&self, indicator: &Indicator, as_of: NaiveDate) -> (i128, i128) {
        let months = if let Window::Months(months) = indicator.window { months } else { 7 };
        let first = |back: u32| as_of.with_day(1).unwrap_or(as_of) - Months::new(back);
        let (from, through) = (first(months + 1), first(1).pred_opt().unwrap_or(as_of));
        let paid = self.settlements.iter().filter(|it| {
            let month: Option<NaiveDate> = format!("{}-01", it.period).parse().ok();
            month.is_some_and(|month| (from..=through).contains(&month))
                && it.paid_time.is_some_and(|at| day(at) <= as_of)
        });
        (paid.map(|it| i128::from(it.amount.units())).sum(), self.spent(from, through))
    }

    fn deliveries_in_time(&self, within: &dyn Fn(NaiveDate) -> bool) -> (i128, i128) {
        let mut numbers = (0, 0);
        for line in self.lines.iter().filter(|line| is_purchase(line)) {
            let hours = if line.urgent { 4 } else { 48 };
            let due = line.delivery_due_time.map_or(line.submit_time.unix() + hours * 3_600, Instant::unix);
            let Some(on) = Instant::from_unix(due).map(day) else { continue };
            if within(on) {
                let parts = self.arrived.get(&line.order_detail_id).into_iter().flatten();
                let came: i64 = parts.filter(|(at, _)| *at <= due).map(|(_, count)| count).sum();
                numbers.0 += i128::from(came >= line.purchase_count.units());
                numbers.1 += 1;
            }
        }
        numbers
    }

    fn receipts_in_time(&self, hours: u32, within: &dyn Fn(NaiveDate) -> bool) -> (i128, i128) {
        let mut numbers = (0, 0);
        for delivery in &self.deliveries {
            let state = DeliveryState::from_raw(&delivery.state);
            let Some(arrived) = delivery.arrive_time.filter(|_| state != Some(DeliveryState::Void)) else {
                continue;
            };
            if !within(day(arrived) + Days::new(u64::from(hours.div_ceil(24)))) {
                continue;
            }
            numbers.1 += 1;
            let receipts = self.receipts.get(&delivery.distribute_id).into_iter().flatten();
            let last = receipts
                .filter(|it| ReceiptState::from_raw(&it.state) != Some(ReceiptState::PreAccepted))
                .map(|it| it.receive_time.unix())
                .max();
            let is_done = state == Some(DeliveryState::Stored);
            let limit = arrived.unix() + i64::from(hours) * 3_600;
            numbers.0 += i128::from(is_done && last.is_some_and(|at| at <= limit));
        }
        numbers
    }

    fn answered(&self, from: NaiveDate, as_of: NaiveDate, calendar: &Calendar) -> (i128, i128) {
        let mut numbers = (0, 0);
        for notice in &self.notices {
            let Ok(deadline) =
                calendar.working_days(&notice.issue_time.at(), notice.reply_working_days.max(1))
            else {
                continue;
            };
            let due = match notice.due_time {
                Some(stated) if notice.round == 1 => day(stated),
                _ => deadline.latest_date.unwrap_or(deadline.due_date),
            };
            let of = self.replies.iter().filter(|it| it.notice_id == notice.notice_id && it.round == 1);
            let answer = of.map(|it| day(it.submit_time)).min().filter(|on| *on <= as_of);
            if day(notice.issue_time) <= as_of && due >= from && (due <= as_of || answer.is_some()) {
                numbers.0 += i128::from(answer.is_some_and(|on| on <= due));
                numbers.1 += 1;
            }
        }
        numbers
    }

    /// Accepted less returned of a variety: by company, selected or not.
    fn goods(
        &self,
        varieties: &[String],
        maker: Option<&str>,
        is_selected: bool,
        (from, through): (NaiveDate, NaiveDate),
    ) -> i128 {
        let mut sum = 0;
        for ((variety, by, selected), days) in &self.goods {
            if *selected == is_selected
                && maker.is_none_or(|maker| by == maker)
                && varieties.contains(variety)
            {
                let within = days.iter().filter(|(on, _)| (from..=through).contains(on));
                sum += within.map(|(_, count)| i128::from(*count)).sum::<i128>();
            }
        }
        sum
    }

    /// The running agreements of one batch, variety and company.
    fn running(&self, as_of: NaiveDate) -> BTreeMap<(String, String, String), Vec<&Agreement>> {
        let mut groups: BTreeMap<_, Vec<&Agreement>> = BTreeMap::new();
        for it in &self.agreements {
            let state = AgreementState::from_raw(&it.state);
            let is_signed = !matches!(state, None | Some(AgreementState::Pending | AgreementState::Disputed));
            if is_signed && (it.start_date..=it.end_date).contains(&as_of) {
                let key = (it.batch_name.clone(), it.variety_name.clone(), it.company_id_tb.clone());
                groups.entry(key).or_default().push(it);
            }
        }
        groups
    }

    fn varieties_of(&self, agreements: &[&Agreement]) -> Vec<String> {
        let first = agreements[0];
        let mut keys = vec![first.variety_name.clone()];
        if let Some(product) = self.products.get(&first.procurecatalog_id) {
            keys.extend([variety(product), product.goods_name.clone()]);
        }
        keys
    }

    fn progress(&self, indicator: &Indicator, as_of: NaiveDate, found: &mut Vec<Finding>) {
        for ((batch, variety, maker), agreements) in self.running(as_of) {
            let first = agreements[0];
            let agreed: i128 = agreements.iter().map(|it| i128::from(it.agreed_count.units())).sum();
            let varieties = self.varieties_of(&agreements);
            let done = self.goods(&varieties, Some(&maker), true, (first.start_date, as_of));
            let days = i128::from((first.end_date - first.start_date).num_days() + 1);
            let gone = i128::from((as_of - first.start_date).num_days() + 1);
            let numbers = if indicator.formula == Formula::ProgressLag {
                (done * days - gone * agreed, agreed * days)
            } else {
                (done, agreed)
            };
            let name = self.makers.get(&maker).cloned().unwrap_or_default();
            found.push(finding(
                indicator,
                format!("{variety} / {name}"),
                format!("{batch}:{variety}:{maker}"),
                numbers,
            ));
        }
    }

    fn shares(&self, indicator: &Indicator, as_of: NaiveDate, found: &mut Vec<Finding>) {
        let mut varieties: BTreeMap<String, Vec<&Agreement>> = BTreeMap::new();
        for ((_, variety, _), agreements) in self.running(as_of) {
            varieties.entry(variety).or_default().extend(agreements);
        }
        for (variety, agreements) in varieties {
            let from = agreements.iter().map(|it| it.start_date).min().unwrap_or(as_of);
            let keys = self.varieties_of(&agreements);
            let selected = self.goods(&keys, None, true, (from, as_of)).max(0);
            let other = self.goods(&keys, None, false, (from, as_of)).max(0);
            let mut counted = finding(indicator, variety.clone(), variety, (other, selected + other));
            if as_of < from + Days::new(u64::from(indicator.parameters.grace_days)) {
                counted.level = Level::Normal;
            }
            found.push(counted);
        }
    }
}

/// Category and generic name of the code, else the name.
fn variety(product: &Product) -> String {
    match &product.mcs_code {
        Some(code) if is_national_code(Some(code)) => code.chars().take(10).collect(),
        _ => product.goods_name.clone(),
    }
}

fn state_of(line: &OrderLine) -> Option<OrderLineState> {
    OrderLineState::from_platform(&line.order_detail_state).map(|(state, _)| state)
}

/// Sent, and not come to nothing.
fn is_purchase(line: &OrderLine) -> bool {
    use OrderLineState::{Cancelled, Draft, Refused, ShipRefused};
    !matches!(state_of(line), Some(Draft | Cancelled | Refused | ShipRefused))
}

fn start(window: Window, as_of: NaiveDate) -> NaiveDate {
    let month = as_of.with_day(1).unwrap_or(as_of);
    match window {
        Window::Days(days) => as_of - Days::new(u64::from(days) - 1),
        Window::Months(months) => month - Months::new(months),
        Window::Month => month,
        Window::Quarter => month - Months::new(as_of.month0() % 3),
        Window::Year | Window::Cycle => month - Months::new(as_of.month0()),
    }
}

fn finding(
    indicator: &Indicator,
    scope: String,
    key: String,
    (numerator, denominator): (i128, i128),
) -> Finding {
    let unit = match indicator.formula.limit_unit() {
        LimitUnit::Hundredths => 1_000_000,
        LimitUnit::Wholes => 10_000,
    };
    let is_past = |level: Level| {
        let Some(limit) = indicator.thresholds.of(level) else { return false };
        let (value, limit) = (numerator * unit, i128::from(limit.0) * denominator);
        denominator > 0
            && match indicator.direction {
                Direction::AtLeast => value < limit,
                Direction::AtMost => value > limit,
            }
    };
    let worst = [Level::Serious, Level::Warning, Level::Notice].into_iter().find(|level| is_past(*level));
    let shown = indicator.thresholds.warning.or(indicator.thresholds.notice);
    Finding {
        indicator: indicator.id.clone(),
        name: indicator.name.clone(),
        scope,
        key,
        numerator,
        denominator,
        level: worst.unwrap_or(Level::Normal),
        limit: shown.map(|limit| i128::from(limit.0) * 10_000 / unit),
        clause: indicator.clause.clone(),
    }
}
