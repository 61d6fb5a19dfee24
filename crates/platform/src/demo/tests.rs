//! What holds for every demo province.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sunbench_contract::{
    Agreement, Announcement, CheckIn, CodeChange, Contract, Delivery, DemandReport, DistributionRelation,
    Evaluation, Filing, HospItem, Indicator, Invoice, Negotiation, Notice, NoticeReply, Order, OrderLine,
    Org, PriceList, Product, Receipt, Resource, Return, Settlement, SupplyIssue, canonical_json,
};
use sunbench_domain::codes::{CodeKind, check_at};
use sunbench_domain::state::{
    DeliveryState, InvoiceState, NoticeState, OrderLineState, RAW_LATE, ReceiptState, ReturnState,
    SettlementState, State,
};
use sunbench_domain::{Amount, Quantity};
use sunbench_workdays::Calendar;

use super::{generate, shapes};
use crate::record::{DemoInfo, DemoSpec, Record};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

struct Province {
    info: DemoInfo,
    records: Vec<Record>,
}

impl Province {
    fn new(seed: u64, scale: u32, today: &str) -> Self {
        let mut records = Vec::new();
        let spec = DemoSpec { seed, scale, today: day(today) };
        let info = generate(&spec, Calendar::built_in(), &mut |record| records.push(record));
        Self { info, records }
    }

    fn of(&self, resource: Resource) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |r| r.resource == resource)
    }

    /// The main hospital's records of a resource, and the public ones.
    fn main<T: DeserializeOwned>(&self, resource: Resource) -> Vec<T> {
        self.of(resource)
            .filter(|r| r.institution.as_ref().is_none_or(|i| *i == self.info.institution))
            .map(|r| serde_json::from_str(&r.data).unwrap())
            .collect()
    }

    fn all<T: DeserializeOwned>(&self, resource: Resource) -> Vec<T> {
        self.of(resource).map(|r| serde_json::from_str(&r.data).unwrap()).collect()
    }
}

static ONE: LazyLock<Province> = LazyLock::new(|| Province::new(1, 1, "2026-11-22"));

fn fingerprint(seed: u64) -> Vec<u8> {
    let mut hash = Sha256::new();
    let spec = DemoSpec { seed, scale: 1, today: day("2026-11-22") };
    generate(&spec, Calendar::built_in(), &mut |record| {
        hash.update(format!(
            "{:?}{:?}{}{}",
            record.institution, record.resource, record.upd_time, record.day
        ));
        hash.update(format!("{}{}{}{}", record.id, record.doc, record.amount, record.data));
    });
    hash.finalize().to_vec()
}

#[test]
fn the_seed_decides() {
    let one = fingerprint(1);
    assert_eq!(one, fingerprint(1));
    assert_ne!(one, fingerprint(2));
}

#[test]
fn every_record_is_canonical_and_of_its_type() {
    fn reads<T: DeserializeOwned + Serialize>(record: &Record) {
        let typed: T = serde_json::from_str(&record.data).unwrap_or_else(|e| panic!("{e}: {}", record.data));
        // Nothing was lost on the way, and keys and blanks are as they must be.
        assert_eq!(canonical_json(&typed).unwrap(), record.data);
    }
    use Resource as R;
    for record in &ONE.records {
        match record.resource {
            R::Org => reads::<Org>(record),
            R::Product => reads::<Product>(record),
            R::HospItem => reads::<HospItem>(record),
            R::PriceList => reads::<PriceList>(record),
            R::Agreement => reads::<Agreement>(record),
            R::Contract => reads::<Contract>(record),
            R::DistributionRelation => reads::<DistributionRelation>(record),
            R::DemandReport => reads::<DemandReport>(record),
            R::Order => reads::<Order>(record),
            R::OrderLine => reads::<OrderLine>(record),
            R::Delivery => reads::<Delivery>(record),
            R::Receipt => reads::<Receipt>(record),
            R::Return => reads::<Return>(record),
            R::Invoice => reads::<Invoice>(record),
            R::Settlement => reads::<Settlement>(record),
            R::Negotiation => reads::<Negotiation>(record),
            R::Filing => reads::<Filing>(record),
            R::SupplyIssue => reads::<SupplyIssue>(record),
            R::Evaluation => reads::<Evaluation>(record),
            R::Notice => reads::<Notice>(record),
            R::NoticeReply => reads::<NoticeReply>(record),
            R::Indicator => reads::<Indicator>(record),
            R::Ranking => reads::<shapes::Ranking>(record),
            R::Rule => reads::<shapes::RuleChange>(record),
            R::Calendar => reads::<shapes::CalendarNotice>(record),
            R::CodeChange => reads::<CodeChange>(record),
            R::Announcement => reads::<Announcement>(record),
            R::CheckIn => reads::<CheckIn>(record),
        }
    }
    let seen: BTreeSet<Resource> = ONE.records.iter().map(|r| r.resource).collect();
    assert_eq!(seen.len(), Resource::ALL.len(), "every resource has records");
}

#[test]
fn ids_are_unique_and_documents_whole() {
    let mut ids = BTreeSet::new();
    let mut documents = BTreeSet::new();
    let mut current = (None, String::new());
    for record in &ONE.records {
        assert!(ids.insert((record.resource, record.id.clone())), "{:?} {}", record.resource, record.id);
        let doc = (record.institution.clone(), record.doc.clone());
        if doc != current {
            assert!(documents.insert(doc.clone()), "{} comes twice", record.doc);
            assert_eq!(record.doc, record.id, "a document begins with its header");
            current = doc;
        }
    }
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    for line in ONE.all::<OrderLine>(Resource::OrderLine) {
        *lines.entry(line.order_id).or_default() += 1;
    }
    for order in ONE.all::<Order>(Resource::Order) {
        assert_eq!(lines[&order.order_id], order.line_count);
        assert!(order.order_id.len() >= 19 && order.order_id.bytes().all(|b| b.is_ascii_digit()));
    }
}

#[test]
fn nothing_has_happened_after_now_or_out_of_turn() {
    let now = "2026-11-22T07:30:00+08:00";
    for record in &ONE.records {
        let updated = record.upd_time.to_string();
        assert!(updated.as_str() <= now, "{:?} {}", record.resource, record.data);
        assert!(record.day <= day("2026-11-22"), "{:?} {}", record.resource, record.data);
        let data: Value = serde_json::from_str(&record.data).unwrap();
        for (key, value) in data.as_object().unwrap() {
            // What is set for the future is called due, deadline, end, effective or promised.
            let event = key.ends_with("Time") && !key.contains("ue") && key != "effectiveTime";
            if let (true, Some(at)) = (event, value.as_str()) {
                assert!(at <= now, "{key} of {:?} {}", record.resource, record.data);
            }
        }
    }
    for line in ONE.all::<OrderLine>(Resource::OrderLine) {
        assert!(line.response_time.is_none_or(|at| at >= line.submit_time), "{line:?}");
    }
}

#[test]
fn codes_pass_the_checks() {
    let valid = |kind, value: &str| {
        let result = check_at(kind, value, 2026);
        assert!(result.valid, "{value}: {:?}", result.reason);
    };
    let mut numbers = BTreeSet::new();
    for org in ONE.all::<Org>(Resource::Org) {
        valid(CodeKind::Uscc, org.uscc.as_deref().unwrap());
        assert!(numbers.insert(org.uscc));
    }
    let products: Vec<Product> = ONE.all(Resource::Product);
    let mut classes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for product in &products {
        if let Some(code) = &product.mcs_code {
            valid(CodeKind::Mcs, code);
            assert_eq!(code.len(), 27);
            assert!(numbers.insert(product.mcs_code.clone()), "{code}");
            classes.entry(code[1..3].to_owned()).or_default().insert(product.category.clone());
        }
        if let Some(di) = &product.udi_di {
            valid(CodeKind::Gtin, di);
            assert!(numbers.insert(product.udi_di.clone()), "{di}");
        }
        assert!(product.price > sunbench_domain::Price::ZERO);
    }
    assert!(classes.values().all(|categories| categories.len() == 1), "{classes:?}");
    for hospital in &ONE.info.hospitals {
        valid(CodeKind::Institution, &hospital.institution);
    }
    for delivery in ONE.all::<Delivery>(Resource::Delivery).iter().take(300) {
        for line in delivery.lines.iter().filter(|line| !line.udi.is_empty()) {
            valid(CodeKind::Udi, &line.udi);
        }
    }
    let count = |f: fn(&Product) -> bool| products.iter().filter(|p| f(p)).count();
    assert_eq!(products.len(), 1200);
    for (what, n) in [
        ("suspended", count(|p| p.state == "0")),
        ("expired", count(|p| p.reg_expiry.is_some_and(|d| d < day("2026-11-22")))),
        ("selected", count(|p| p.selected)),
        ("without a code", count(|p| p.mcs_code.is_none())),
    ] {
        assert!(n > 5, "{what}: {n}");
    }
    let types: BTreeSet<&str> = products.iter().map(|p| p.purchase_type.as_str()).collect();
    assert_eq!(types, BTreeSet::from(["带量", "联盟", "阳光"]));
}

#[test]
fn invoice_numbers_are_twenty_digits() {
    let mut numbers = BTreeSet::new();
    for invoice in ONE.all::<Invoice>(Resource::Invoice) {
        assert!(invoice.invoice_no.len() == 20 && invoice.invoice_no.bytes().all(|b| b.is_ascii_digit()));
        assert!(numbers.insert(invoice.invoice_no.clone()), "{}", invoice.invoice_no);
    }
    for invoice in ONE.all::<Invoice>(Resource::Invoice) {
        assert!(invoice.red_of.as_ref().is_none_or(|blue| numbers.contains(blue)));
        assert_eq!(invoice.red_of.is_some(), invoice.kind == "red");
    }
}

#[test]
fn quantities_are_conserved() {
    #[derive(Default)]
    struct Sums {
        delivered: i64,
        received: i64,
        returned: i64,
        invoiced: i64,
    }
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for delivery in ONE.all::<Delivery>(Resource::Delivery) {
        for line in delivery.lines.iter().filter(|_| delivery.state != DeliveryState::Void.raw()) {
            sums.entry(line.order_detail_id.clone().unwrap()).or_default().delivered +=
                line.distribute_count.units();
        }
    }
    for receipt in ONE.all::<Receipt>(Resource::Receipt) {
        for line in receipt.lines.iter().filter(|_| receipt.state != ReceiptState::PreAccepted.raw()) {
            assert_eq!(line.rejected_count > Quantity::ZERO, !line.reject_reason.is_empty());
            sums.entry(line.order_detail_id.clone().unwrap()).or_default().received +=
                line.received_count.units();
        }
    }
    for returned in ONE.all::<Return>(Resource::Return) {
        for line in &returned.lines {
            let line_sums = sums.get_mut(&line.order_detail_id).unwrap();
            assert!(line.return_count.units() <= line_sums.received, "{returned:?}");
            if returned.kind == "goods" && returned.state == ReturnState::Confirmed.raw() {
                line_sums.returned += line.return_count.units();
            }
        }
    }
    for invoice in ONE.all::<Invoice>(Resource::Invoice) {
        let total: Amount = invoice.lines.iter().map(|line| line.invoice_amount).sum();
        assert_eq!(total, invoice.amount, "{}", invoice.invoice_no);
        for line in invoice.lines.iter().filter(|_| invoice.kind == "blue") {
            sums.get_mut(&line.order_detail_id).unwrap().invoiced += line.invoice_count.units();
        }
    }
    let mut amounts: BTreeMap<String, Amount> = BTreeMap::new();
    for line in ONE.all::<OrderLine>(Resource::OrderLine) {
        let none = Sums::default();
        let s = sums.get(&line.order_detail_id).unwrap_or(&none);
        assert_eq!(line.distribute_count.units(), s.delivered, "{line:?}");
        assert_eq!(line.received_count.units(), s.received, "{line:?}");
        assert_eq!(line.return_count.units(), s.returned, "{line:?}");
        assert!(s.returned <= s.received && s.received <= s.delivered, "{line:?}");
        assert!(s.delivered <= line.purchase_count.units() && s.invoiced <= s.received, "{line:?}");
        assert_eq!(Amount::of(line.purchase_price, line.purchase_count), Some(line.purchase_amount));
        *amounts.entry(line.order_id).or_default() += line.purchase_amount;
    }
    for order in ONE.all::<Order>(Resource::Order) {
        assert_eq!(amounts[&order.order_id], order.order_amount);
    }
}

#[test]
fn settlements_are_the_sums_of_their_invoices() {
    let invoices: BTreeMap<String, Invoice> =
        ONE.all::<Invoice>(Resource::Invoice).into_iter().map(|i| (i.invoice_id.clone(), i)).collect();
    let mut settled = BTreeSet::new();
    for settlement in ONE.all::<Settlement>(Resource::Settlement) {
        let total: Amount = settlement.invoice_ids.iter().map(|id| invoices[id].amount).sum();
        assert_eq!(total, settlement.amount, "{}", settlement.settlement_code);
        let paid = settlement.state == SettlementState::Paid.raw();
        assert_eq!(settlement.paid_time.is_some(), paid);
        for id in &settlement.invoice_ids {
            assert!(settled.insert(id.clone()), "{id} is settled twice");
            let invoice = &invoices[id];
            assert_eq!(invoice.company_id_ps, settlement.company_id_ps);
            assert!(invoice.invoice_date.to_string().starts_with(&settlement.period));
            assert_eq!(invoice.state == InvoiceState::Paid.raw(), paid);
        }
    }
}

/// How many records of the main hospital have each raw state.
fn states(resource: Resource, field: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for value in ONE.main::<Value>(resource) {
        *found.entry(value[field].as_str().unwrap().to_owned()).or_default() += 1;
    }
    found
}

#[test]
fn every_state_is_there() {
    fn raws<S: State>(more: &[&str]) -> BTreeSet<String> {
        S::ALL.iter().map(|s| s.raw()).chain(more.iter().copied()).map(str::to_owned).collect()
    }
    for (resource, field, wanted) in [
        (Resource::OrderLine, "orderDetailState", raws::<OrderLineState>(&[RAW_LATE])),
        (Resource::Delivery, "state", raws::<DeliveryState>(&[])),
        (Resource::Receipt, "state", raws::<ReceiptState>(&[])),
        (Resource::Invoice, "state", raws::<InvoiceState>(&[])),
        (Resource::Settlement, "state", raws::<SettlementState>(&[])),
        (Resource::Notice, "state", raws::<NoticeState>(&[])),
    ] {
        let found = states(resource, field);
        assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), wanted, "{resource:?} {found:?}");
    }
    let lines: Vec<OrderLine> = ONE.main(Resource::OrderLine);
    let types: BTreeSet<&str> = lines.iter().map(|l| l.order_type.as_str()).collect();
    assert_eq!(types, BTreeSet::from(["普通", "补录", "临时", "备案", "带量", "应急"]));
    let kinds: BTreeSet<String> = ONE.main::<Return>(Resource::Return).into_iter().map(|r| r.kind).collect();
    assert_eq!(kinds, BTreeSet::from(["goods".to_owned(), "price".to_owned()]));
}

#[test]
fn the_clerk_finds_work_on_the_desk() {
    let lines: Vec<OrderLine> = ONE.main(Resource::OrderLine);
    let now = sunbench_contract::time::Instant::parse("2026-11-22T07:30:00+08:00").unwrap();
    let running = lines
        .iter()
        .filter(|l| ["1", "2"].contains(&l.order_detail_state.as_str()) && l.delivery_due_time > Some(now))
        .count();
    assert!((12..=30).contains(&running), "{running} clocks are running");
    let urgent = lines.iter().filter(|l| l.urgent && l.delivery_due_time > Some(now)).count();
    assert!(urgent >= 2);
    let settlements: Vec<Settlement> = ONE.main(Resource::Settlement);
    let overdue =
        settlements.iter().filter(|s| s.paid_time.is_none() && s.due_date < day("2026-11-22")).count();
    assert!(overdue >= 1, "{overdue} payments are overdue");
    let waiting = states(Resource::Delivery, "state");
    assert!(waiting["1"] >= 7 && waiting["0"] >= 2, "{waiting:?}");
}

#[test]
fn agreements_run_behind_and_on_time() {
    let agreements: Vec<Agreement> = ONE.main(Resource::Agreement);
    let today = day("2026-11-22");
    let count = |f: &dyn Fn(&Agreement) -> bool| agreements.iter().filter(|a| f(a)).count();
    assert!(count(&|a| a.state == "0") >= 2, "unsigned");
    assert!(count(&|a| a.start_date > today) >= 2, "not yet begun");
    assert!(count(&|a| a.end_date < today) >= 1, "ended");
    assert!(count(&|a| a.end_date >= today && (a.end_date - today).num_days() <= 31) >= 1, "ending soon");
    let levels: Vec<Indicator> = ONE
        .main::<Indicator>(Resource::Indicator)
        .into_iter()
        .filter(|i| i.indicator_id == "agreement-progress")
        .collect();
    let behind = levels.iter().filter(|i| i.level == "serious").count();
    assert!(behind >= 3 && behind * 2 < levels.len(), "{behind} of {} are far behind", levels.len());
}

/// The working days from `today` through the due date, as the calendar counts them.
fn remaining(notice: &Notice, today: NaiveDate) -> i32 {
    let calendar = Calendar::built_in();
    let issued = notice.issue_time.at();
    let due = calendar.working_days(&issued, notice.reply_working_days).unwrap().due_date;
    let morning =
        today.and_hms_opt(7, 30, 0).unwrap().and_local_timezone(sunbench_workdays::SHANGHAI).unwrap();
    calendar.remaining_working_days(&morning, due).unwrap()
}

fn is_open(notice: &Notice) -> bool {
    NoticeState::from_raw(&notice.state).unwrap().is_open()
}

#[test]
fn notices_fall_due_as_told() {
    // A Monday before the National Day holiday, a Sunday, the year's end, an ordinary Wednesday, a make-up Saturday.
    for (today, nearest) in
        [("2026-09-28", 0), ("2026-11-22", 1), ("2026-12-28", 0), ("2026-03-11", 0), ("2026-10-10", 0)]
    {
        let province = Province::new(7, 1, today);
        let notices: Vec<Notice> = province.main(Resource::Notice);
        assert_eq!(notices.len(), 14, "{today}");
        let open: Vec<&Notice> = notices.iter().filter(|n| is_open(n)).collect();
        assert_eq!(open.len(), 6, "{today}");
        let mut first: Vec<i32> =
            open.iter().filter(|n| n.round == 1).map(|n| remaining(n, day(today))).collect();
        first.sort_unstable();
        assert_eq!(first.len(), 5, "{today}");
        assert!(first[0] < 0, "{today}: one is overdue, {first:?}");
        assert_eq!(first[1..4], [nearest, 1, 3], "{today}");
        assert_eq!(first[4], 4, "{today}: one is new");
        let returned: Vec<&&Notice> =
            open.iter().filter(|n| n.state == NoticeState::Returned.raw()).collect();
        assert_eq!(returned.len(), 1);
        assert_eq!(returned[0].round, 2);
        assert!(returned[0].due_time.unwrap().at().date_naive() >= day(today), "{today}");
        assert!(returned[0].return_time.is_some() && !returned[0].return_reason.is_empty());
        for notice in &notices {
            assert!(
                !notice.title.contains('{') && !notice.body.contains('{'),
                "{}{}",
                notice.title,
                notice.body
            );
            assert!(!notice.evidence.is_empty(), "{today} {}", notice.title);
        }
        // The newest one crosses the National Day holiday, or the year's end.
        if let Some(after) = [("2026-09-28", "2026-10-07"), ("2026-12-28", "2026-12-31")]
            .into_iter()
            .find_map(|(when, after)| (when == today).then(|| day(after)))
        {
            let newest = open.iter().max_by_key(|n| n.issue_time).unwrap();
            let due = Calendar::built_in().working_days(&newest.issue_time.at(), 5).unwrap().due_date;
            assert!(due > after, "{today}: {due}");
        }
    }
}

#[test]
fn notices_rest_on_the_documents() {
    let lines: BTreeSet<String> =
        ONE.main::<OrderLine>(Resource::OrderLine).into_iter().map(|l| l.order_detail_id).collect();
    let agreements: BTreeSet<String> =
        ONE.main::<Agreement>(Resource::Agreement).into_iter().map(|a| a.agreement_id).collect();
    let notices: Vec<Notice> = ONE.main(Resource::Notice);
    let (mut to_lines, mut to_agreements) = (0, 0);
    for evidence in notices.iter().flat_map(|n| &n.evidence) {
        if let Some(line) = &evidence.order_detail_id {
            assert!(lines.contains(line), "{evidence:?}");
            to_lines += 1;
        }
        if evidence.label == "协议编号" {
            assert!(agreements.contains(&evidence.value), "{evidence:?}");
            to_agreements += 1;
        }
    }
    assert!(to_lines >= 10 && to_agreements >= 2, "{to_lines} {to_agreements}");
    let replies: Vec<NoticeReply> = ONE.main(Resource::NoticeReply);
    for notice in &notices {
        let answers = replies.iter().filter(|r| r.notice_id == notice.notice_id).count() as u32;
        let awaited = u32::from(is_open(notice));
        assert_eq!(answers + awaited, notice.round, "{}", notice.title);
        let turn = [Some(notice.issue_time), notice.sign_time, notice.return_time, notice.close_time];
        let turn: Vec<_> = turn.into_iter().flatten().collect();
        assert!(turn.is_sorted(), "{notice:?}");
    }
}

#[test]
fn check_ins_are_on_working_days_before_today() {
    let days: BTreeSet<NaiveDate> =
        ONE.main::<CheckIn>(Resource::CheckIn).into_iter().map(|c| c.date).collect();
    assert!((30..=44).contains(&days.len()), "{}", days.len());
    for date in &days {
        assert!(*date < day("2026-11-22") && Calendar::built_in().is_working(*date).unwrap(), "{date}");
    }
}

#[test]
fn the_scale_multiplies_the_main_hospital() {
    let counts = |province: &Province| {
        let mut own = (0, 0);
        for record in province.of(Resource::OrderLine) {
            if record.institution.as_ref() == Some(&province.info.institution) {
                own.0 += 1;
            } else {
                own.1 += 1;
            }
        }
        own
    };
    let (main, others) = counts(&ONE);
    assert!((9_500..=10_800).contains(&main) && (570..=700).contains(&others), "{main} {others}");
    let orders = ONE.main::<Order>(Resource::Order).len();
    assert!((2_100..=2_800).contains(&orders), "{orders}");
    let two = Province::new(1, 2, "2026-11-22");
    let (main, others) = counts(&two);
    assert!((19_500..=21_000).contains(&main) && (570..=700).contains(&others), "{main} {others}");
    let notices: Vec<Notice> = two.main(Resource::Notice);
    let open = notices.iter().filter(|n| is_open(n)).count();
    assert!(open >= 20, "{open} notices are open");
}
