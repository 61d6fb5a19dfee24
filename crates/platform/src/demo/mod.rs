//! An invented province with its hospitals, companies, products and two years of trade.
//!
//! Equal specifications give equal records on every machine. Nothing in it is a real place, company or person;
//! `assets/demo` holds the names. Dates are laid relative to [`DemoSpec::today`], and nothing happened after
//! 07:30 of that day.
//!
//! Records come document by document. Within a hospital the orders come in the order of their days, each
//! followed by its deliveries, receipts and returns, and each month by its invoices and settlements.

mod assets;
mod billing;
mod books;
mod catalogue;
mod days;
mod filings;
mod notices;
mod numbers;
mod parties;
mod random;
mod shapes;
mod standing;
mod supply;
#[cfg(test)]
mod tests;
mod trade;
mod volume;

use serde::Serialize;
use sunbench_contract::time::Instant;
use sunbench_contract::{Resource, canonical_json};
use sunbench_domain::Amount;
use sunbench_workdays::Calendar;

use crate::record::{DemoHospital, DemoInfo, DemoOperator, DemoSpec, Record};
use assets::Assets;
use billing::Billing;
use books::Books;
use catalogue::Catalogue;
use days::{Span, date_of, instant};
use numbers::Ids;
use parties::{Hospital, Orgs};
use trade::{Desk, Setting, Trade};

/// Generates a demo province, record by record.
///
/// Memory does not grow with the scale beyond the goods that are not invoiced yet.
///
/// ```
/// use sunbench_platform::{demo, record::DemoSpec};
/// use sunbench_workdays::Calendar;
///
/// let spec = DemoSpec { seed: 1, scale: 1, today: "2026-03-10".parse().unwrap() };
/// let mut records = 0;
/// let info = demo::generate(&spec, Calendar::built_in(), &mut |_record| records += 1);
/// assert!(records > 10_000 && info.hospitals.len() == 4);
/// ```
pub fn generate(spec: &DemoSpec, calendar: &Calendar, sink: &mut dyn FnMut(Record)) -> DemoInfo {
    let assets = Assets::load();
    let span = Span::new(spec.today, calendar);
    let mut out = Out { ids: Ids::default(), sink, now: span.now };
    let orgs = Orgs::new(spec.seed, &assets, &span, &mut out);
    let catalogue = Catalogue::new(spec.seed, spec.scale, &assets, &span, &mut out);
    catalogue.emit(&assets, &mut out, &orgs.makers);
    let set = Setting { assets: &assets, catalogue: &catalogue, orgs: &orgs, span: &span };
    volume::public(spec.seed, set, &mut out);
    standing::public(set, calendar, &mut out);

    let mut totals = Vec::new();
    for index in 0..assets.province.hospitals.len() {
        let hospital = Hospital::new(spec.seed, spec.scale, index, set, &mut out);
        hospital.emit_items(&assets, &catalogue, &span, &mut out);
        let mut books =
            Books::new(&span, hospital.allotments.len(), &catalogue.cycle_of, catalogue.products.len());
        let mut billing = Billing::new(spec.seed, orgs.distributors.len());
        let mut desk = Desk { billing: &mut billing, books: &mut books, out: &mut out };
        Trade::new(spec.seed, spec.scale, set, &hospital).run(&mut desk);
        let agreements = volume::own(spec.seed, set, &hospital, &books, &mut out);
        supply::own(spec.seed, set, &hospital, &books, &mut out);
        filings::own(spec.seed, set, &hospital, &mut out);
        let notices = notices::own(spec, set, &hospital, &books, &billing, &agreements, &mut out);
        totals.push(standing::own(set, &hospital, &books, &billing, &agreements, &notices, &mut out));
    }
    standing::rankings(set, &totals, &mut out);
    info(&assets)
}

fn info(assets: &Assets) -> DemoInfo {
    let province = &assets.province;
    let main = &province.hospitals[0];
    let hospitals = province
        .hospitals
        .iter()
        .map(|hospital| DemoHospital {
            institution: hospital.code.clone(),
            name: hospital.name.clone(),
            operators: vec![DemoOperator {
                user: hospital.user.clone(),
                name: hospital.user_name.clone(),
                password: hospital.password.clone(),
                roles: ["buyer", "receiver", "reviewer"].map(str::to_owned).to_vec(),
            }],
        })
        .collect();
    DemoInfo {
        institution: main.code.clone(),
        institution_name: main.name.clone(),
        user: main.user.clone(),
        user_name: main.user_name.clone(),
        password: main.password.clone(),
        supervisor: province.supervisor.user.clone(),
        supervisor_password: province.supervisor.password.clone(),
        hospitals,
    }
}

/// Where the records go.
struct Out<'a> {
    ids: Ids,
    sink: &'a mut dyn FnMut(Record),
    now: i64,
}

impl Out<'_> {
    /// A record that everyone sees.
    fn shared<T: Serialize>(
        &mut self,
        resource: Resource,
        id: &str,
        updated: i64,
        amount: Amount,
        record: &T,
    ) {
        self.put(None, resource, (id, id), (updated, instant(updated)), amount, record);
    }

    /// A hospital's record whose business day is that of its last change.
    fn own<T: Serialize>(
        &mut self,
        hospital: &Hospital,
        resource: Resource,
        id: &str,
        updated: i64,
        amount: Amount,
        record: &T,
    ) {
        self.dated(hospital, resource, id, (updated, instant(updated)), amount, record);
    }

    /// A hospital's record with its business time beside its last change.
    fn dated<T: Serialize>(
        &mut self,
        hospital: &Hospital,
        resource: Resource,
        id: &str,
        times: (i64, Instant),
        amount: Amount,
        record: &T,
    ) {
        self.put(Some(&hospital.code), resource, (id, id), times, amount, record);
    }

    /// A header or a line of a document.
    fn whole<T: Serialize>(
        &mut self,
        hospital: &Hospital,
        resource: Resource,
        ids: (&str, &str),
        (updated, business): (i64, i64),
        amount: Amount,
        record: &T,
    ) {
        self.put(Some(&hospital.code), resource, ids, (updated, instant(business)), amount, record);
    }

    fn put<T: Serialize>(
        &mut self,
        institution: Option<&str>,
        resource: Resource,
        (id, doc): (&str, &str),
        (updated, business): (i64, Instant),
        amount: Amount,
        record: &T,
    ) {
        let data = canonical_json(record).expect("the records hold nothing that JSON can't");
        (self.sink)(Record {
            institution: institution.map(str::to_owned),
            resource,
            id: id.to_owned(),
            upd_time: instant(updated.min(self.now)),
            day: date_of(business.unix()),
            doc: doc.to_owned(),
            amount,
            data,
        });
    }
}
