//! A small province, and a platform that serves it.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use sunbench_contract::time::{Instant, shanghai};
use sunbench_contract::{Delivery, DeliveryLine, Notice, Order, OrderLine, Org, Resource, canonical_json};
use sunbench_domain::state::{DeliveryState, NoticeState, OrderLineState, State};
use sunbench_domain::{Amount, Quantity};
use sunbench_platform::record::{DemoHospital, DemoInfo, DemoOperator, Record};
use sunbench_platform::{Config, DemoOptions, ManualClock, Platform};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(crate) const H1: &str = "H44030000001";
pub(crate) const H2: &str = "H44030000002";
pub(crate) const PASSWORD: &str = "pass-one";
/// Documents of the first hospital: orders of three lines, one every second day.
pub(crate) const ORDERS: u64 = 100;

pub(crate) fn now() -> Instant {
    Instant::parse("2026-11-20 09:30:00").unwrap()
}

pub(crate) fn today() -> NaiveDate {
    now().at().date_naive()
}

fn at(day: NaiveDate) -> Instant {
    Instant::new(day.and_hms_opt(10, 0, 0).unwrap().and_local_timezone(shanghai()).unwrap())
}

/// One record, of today unless it is said otherwise.
pub(crate) fn record<T: serde::Serialize>(
    institution: Option<&str>,
    resource: Resource,
    id: &str,
    doc: &str,
    day: NaiveDate,
    amount: &str,
    data: &T,
) -> Record {
    Record {
        institution: institution.map(str::to_owned),
        resource,
        id: id.to_owned(),
        upd_time: at(day),
        day,
        doc: doc.to_owned(),
        amount: amount.parse().unwrap(),
        data: canonical_json(data).unwrap(),
    }
}

pub(crate) fn org(id: &str, name: &str) -> Record {
    let data = Org {
        org_id: id.to_owned(),
        org_type: "distributor".to_owned(),
        org_name: name.to_owned(),
        uscc: None,
        contact: None,
        phone: None,
    };
    record(None, Resource::Org, id, id, today(), "0", &data)
}

pub(crate) fn notice(institution: &str, id: &str) -> Record {
    let data = Notice {
        notice_id: id.to_owned(),
        notice_code: format!("DB{id}"),
        title: "带量采购进度滞后".to_owned(),
        body: "请在五个工作日内反馈。".to_owned(),
        level: "warning".to_owned(),
        indicator_id: None,
        rule_name: "规则".to_owned(),
        clause: "四(五)".to_owned(),
        issuer: "市医疗保障局".to_owned(),
        issue_time: at(today()),
        reply_working_days: 5,
        due_time: None,
        state: NoticeState::Issued.raw().to_owned(),
        state_text: NoticeState::Issued.text_zh().to_owned(),
        round: 1,
        sign_time: None,
        signed_by: None,
        return_time: None,
        return_reason: String::new(),
        close_time: None,
        evidence: Vec::new(),
    };
    record(Some(institution), Resource::Notice, id, id, today(), "0", &data)
}

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

/// An order of three lines: 10 pieces at 12.5 each, in the given state.
pub(crate) fn order(institution: &str, id: &str, day: NaiveDate, state: OrderLineState) -> Vec<Record> {
    let header = Order {
        order_id: id.to_owned(),
        order_code: format!("DD{id}"),
        order_type: "普通".to_owned(),
        hospital_dept: String::new(),
        operator: "buyer".to_owned(),
        submit_time: at(day),
        line_count: 3,
        order_amount: "375".parse().unwrap(),
        remarks: String::new(),
    };
    let mut records = vec![record(Some(institution), Resource::Order, id, id, day, "375", &header)];
    for line_no in 1..=3 {
        let line_id = format!("{id}-{line_no}");
        let line = OrderLine {
            order_detail_id: line_id.clone(),
            order_id: id.to_owned(),
            order_code: format!("DD{id}"),
            line_no,
            procurecatalog_id: "P1".to_owned(),
            company_id_tb: "C1".to_owned(),
            company_id_ps: "C2".to_owned(),
            unit: "个".to_owned(),
            purchase_count: quantity("10"),
            purchase_price: "12.5".parse().unwrap(),
            purchase_amount: "125".parse().unwrap(),
            order_type: "普通".to_owned(),
            order_detail_state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
            submit_time: at(day),
            response_time: None,
            delivery_due_time: None,
            distribute_count: quantity(if state == OrderLineState::Shipped { "10" } else { "0" }),
            received_count: Quantity::ZERO,
            return_count: Quantity::ZERO,
            urgent: false,
            agreement_id: None,
            order_custom_info: None,
        };
        records.push(record(Some(institution), Resource::OrderLine, &line_id, id, day, "125", &line));
    }
    records
}

/// A confirmed delivery of the first two lines of an order.
pub(crate) fn delivery(institution: &str, id: &str, order: &str) -> Record {
    let line = |n: u32| DeliveryLine {
        distribute_detail_id: format!("{id}-{n}"),
        order_detail_id: Some(format!("{order}-{n}")),
        procurecatalog_id: "P1".to_owned(),
        distribute_count: quantity("10"),
        lot_no: "L1".to_owned(),
        prod_date: None,
        expiry_date: None,
        udi: String::new(),
    };
    let data = Delivery {
        distribute_id: id.to_owned(),
        distribute_code: format!("PS{id}"),
        order_id: Some(order.to_owned()),
        company_id_ps: "C2".to_owned(),
        state: DeliveryState::Confirmed.raw().to_owned(),
        state_text: DeliveryState::Confirmed.text_zh().to_owned(),
        distribute_time: at(today()),
        arrive_time: None,
        carrier: String::new(),
        express_no: String::new(),
        lines: vec![line(1), line(2)],
    };
    record(Some(institution), Resource::Delivery, id, id, today(), "0", &data)
}

fn records(sink: &mut dyn FnMut(Record)) {
    for n in 1..=3 {
        sink(org(&format!("C{n}"), "配送公司"));
    }
    for n in 0..ORDERS {
        let day = today() - Days::new(2 * n);
        let id = format!("1{n:05}");
        order(H1, &id, day, OrderLineState::Received).into_iter().for_each(&mut *sink);
    }
    order(H1, "200001", today(), OrderLineState::Submitted).into_iter().for_each(&mut *sink);
    order(H1, "200002", today(), OrderLineState::Shipped).into_iter().for_each(&mut *sink);
    order(H2, "300001", today(), OrderLineState::Submitted).into_iter().for_each(&mut *sink);
    sink(delivery(H1, "400001", "200002"));
    sink(delivery(H2, "400002", "300001"));
    sink(notice(H1, "500001"));
    sink(notice(H1, "500002"));
    sink(notice(H2, "500003"));
}

fn info() -> DemoInfo {
    let hospital = |institution: &str, name: &str, password: &str| DemoHospital {
        institution: institution.to_owned(),
        name: name.to_owned(),
        operators: [("buyer", "王芳"), ("second", "李强")]
            .map(|(user, name)| DemoOperator {
                user: user.to_owned(),
                name: name.to_owned(),
                password: password.to_owned(),
                roles: vec!["buyer".to_owned()],
            })
            .to_vec(),
    };
    DemoInfo {
        institution: H1.to_owned(),
        institution_name: "第一医院".to_owned(),
        user: "buyer".to_owned(),
        user_name: "王芳".to_owned(),
        password: PASSWORD.to_owned(),
        supervisor: "supervisor".to_owned(),
        supervisor_password: "watching".to_owned(),
        hospitals: vec![hospital(H1, "第一医院", PASSWORD), hospital(H2, "第二医院", "pass-two")],
    }
}

/// A platform that serves the small province on a port of its own.
pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) url: String,
    dir: Arc<TempDir>,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<()>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    pub(crate) async fn start_with(config: Config) -> Self {
        Self::open(Arc::new(TempDir::new().unwrap()), config).await
    }

    async fn open(dir: Arc<TempDir>, config: Config) -> Self {
        let clock = Arc::new(ManualClock::new(now()));
        let platform = Platform::open_with(dir.path(), clock.clone(), config).unwrap();
        let generate = |sink: &mut dyn FnMut(Record)| {
            records(sink);
            info()
        };
        platform.load_records(&DemoOptions::default(), generate).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn({
            let platform = platform.clone();
            async move {
                let stopped = async move { drop(stopped.await) };
                platform.serve(listener, stopped).await.unwrap();
            }
        });
        Self { platform, clock, url, dir, stop, served }
    }

    /// Stops the platform and opens its data folder again.
    pub(crate) async fn restart(self) -> Self {
        self.stop.send(()).unwrap();
        self.served.await.unwrap();
        drop(self.platform);
        Self::open(self.dir, Config::default()).await
    }
}

/// The sum of the amounts of a day's order lines.
pub(crate) fn lines_amount(lines: u64) -> Amount {
    Amount::from_units(125 * 10_000 * lines as i64)
}
