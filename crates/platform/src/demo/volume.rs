//! Volume purchase (带量采购): price lists, recoded products, agreements, demand reports, contracts.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{
    Agreement, CodeChange, Contract, DemandReport, DemandShare, PriceItem, PriceList, Resource,
};
use sunbench_domain::state::{AgreementState, ContractState, DemandReportState, State};
use sunbench_domain::{Amount, Quantity, SCALE};

use super::Out;
use super::books::Books;
use super::catalogue::Cycle;
use super::days::{DAY, HOUR, at, date_of, instant, month_start, plus};
use super::parties::{Allotment, Hospital};
use super::random::Rng;
use super::trade::Setting;

/// An agreement as it was made for one of the hospital's allotments.
pub(super) struct Agreed {
    pub(super) id: String,
    pub(super) allotment: usize,
    /// What was agreed, in 1/10,000.
    pub(super) quantity: i64,
    pub(super) signed: bool,
}

impl Cycle {
    /// 序时进度 on a day, in thousandths.
    pub(super) fn schedule(&self, date: NaiveDate) -> i64 {
        let days = (self.end - self.start).num_days() + 1;
        ((date - self.start).num_days() * 1000 / days).clamp(0, 1000)
    }
}

/// Price lists and recoded products, which everyone sees.
pub(super) fn public(seed: u64, set: Setting<'_>, out: &mut Out<'_>) {
    let mut rng = Rng::new(seed, "volume");
    price_lists(set, out);
    let products = &set.catalogue.products;
    let coded: Vec<usize> = (0..products.len()).filter(|p| products[*p].mcs.is_some()).collect();
    for number in 0..24 {
        let product = &products[*rng.pick(&coded)];
        let code = product.mcs.clone().unwrap_or_default();
        let effective = plus(set.span.today, -rng.range(3, 600));
        let when = at(plus(effective, -10), 10 * HOUR);
        // The old code is that of another feature of the same company.
        let old = format!("{}{:05}{}", &code[..10], 90_000 + number, &code[15..]);
        let disabled = number % 6 == 5;
        let id = out.ids.next(when);
        let record = CodeChange {
            code_change_id: id.clone(),
            kind: if disabled { "disable" } else { "recode" }.to_owned(),
            procurecatalog_id: product.id.clone(),
            goods_name: set.assets.varieties[product.variety].name.to_owned(),
            old_code: old,
            new_code: (!disabled).then_some(code),
            effective_date: effective,
            reason: if disabled {
                "注册证注销，编码停用"
            } else {
                "注册证变更，特征描述调整"
            }
            .to_owned(),
        };
        out.shared(Resource::CodeChange, &id, when, Amount::ZERO, &record);
    }
}

fn price_lists(set: Setting<'_>, out: &mut Out<'_>) {
    let mut lists: BTreeMap<(i64, Option<usize>), Vec<PriceItem>> = BTreeMap::new();
    for product in &set.catalogue.products {
        for step in product.prices.windows(2) {
            let cycle = set.catalogue.cycle_of[product.variety];
            let item =
                PriceItem { procurecatalog_id: product.id.clone(), old_price: step[0].1, price: step[1].1 };
            lists.entry((step[1].0, cycle)).or_default().push(item);
        }
    }
    for ((from, cycle), items) in lists {
        let effective = date_of(from);
        let batch = cycle.map(|c| set.assets.batches[set.catalogue.cycles[c].batch].name);
        let when = at(set.span.step(effective, -6), 15 * HOUR);
        let id = out.ids.next(when);
        let record = PriceList {
            price_list_id: id.clone(),
            list_name: match batch {
                Some(batch) => format!("{batch}中选价格及联动价格表"),
                None => format!("{}年{}月挂网价格联动调整表", effective.year(), effective.month()),
            },
            kind: if batch.is_some() { "volume" } else { "linkage" }.to_owned(),
            batch_name: batch.map(str::to_owned),
            effective_time: instant(from),
            transition_end: plus(month_start(effective, 1), -1),
            items,
        };
        out.shared(Resource::PriceList, &id, when, Amount::ZERO, &record);
    }
}

/// Quantities in agreements and reports are round.
fn round(units: i64) -> i64 {
    let whole = (units / SCALE).max(1);
    let step = match whole {
        ..50 => 1,
        50..500 => 5,
        500..5000 => 10,
        _ => 100,
    };
    (whole / step).max(1) * step * SCALE
}

/// A hospital's agreements, demand reports and contracts.
pub(super) fn own(
    seed: u64,
    set: Setting<'_>,
    hospital: &Hospital,
    books: &Books,
    out: &mut Out<'_>,
) -> Vec<Agreed> {
    /// How far the running agreements are against their schedule, in thousandths.
    const PACES: [i64; 12] = [1040, 610, 985, 1100, 480, 1010, 930, 1080, 790, 1000, 560, 1130];
    let span = set.span;
    let mut rng = Rng::new(seed, &format!("volume {}", hospital.code));
    let mut agreed = Vec::new();
    let (mut running, mut reports) = (0, 0);
    for (place, allotment) in hospital.allotments.iter().enumerate() {
        let cycle = &set.catalogue.cycles[allotment.cycle];
        let batch = &set.assets.batches[cycle.batch];
        let [last_year, before] = bought(set, hospital, books, place);
        let done = books.allotted(place, cycle.start, span.today);
        let schedule = cycle.schedule(span.today);
        let quantity = if batch.signed && schedule >= 80 && done > 0 {
            running += 1;
            done * 1000 / schedule * 1000 / PACES[(running - 1) % PACES.len()]
        } else {
            (last_year.max(before) * i64::from(batch.months) / 12 * 85 / 100).max(20 * SCALE)
        };
        let quantity = round(quantity);
        let state = match () {
            () if !batch.signed => AgreementState::Pending,
            () if cycle.start > span.today => AgreementState::Signed,
            () if cycle.end >= span.today => AgreementState::Running,
            () => AgreementState::Expired,
        };
        let updated = match state {
            AgreementState::Running => cycle.start,
            AgreementState::Expired => plus(cycle.end, 1),
            _ => plus(cycle.sign_deadline, -12),
        };
        let updated = at(updated, 9 * HOUR).min(span.now - DAY);
        let record = Agreement {
            agreement_id: allotment.id.clone(),
            batch_name: batch.name.to_owned(),
            variety_name: set.assets.varieties[allotment.variety].name.to_owned(),
            procurecatalog_id: set.catalogue.products[allotment.product].id.clone(),
            company_id_tb: set.orgs.makers[allotment.maker].clone(),
            company_id_ps: set.orgs.distributors[allotment.distributor].clone(),
            unit: set.assets.varieties[allotment.variety].unit.to_owned(),
            agreed_count: Quantity::from_units(quantity),
            start_date: cycle.start,
            end_date: cycle.end,
            sign_deadline: cycle.sign_deadline,
            sign_time: None,
            dispute_reason: String::new(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
        };
        out.own(hospital, Resource::Agreement, &allotment.id, updated, Amount::ZERO, &record);
        agreed.push(Agreed { id: allotment.id.clone(), allotment: place, quantity, signed: batch.signed });
        reports += usize::from(cycle.start > span.today);
        demand_report(&mut rng, set, hospital, allotment, (last_year, before), (place, reports), out);
    }
    contracts(&mut rng, set, hospital, out);
    agreed
}

/// What the hospital ordered of an allotment's products in the last twelve months and in those before.
fn bought(set: Setting<'_>, hospital: &Hospital, books: &Books, allotment: usize) -> [i64; 2] {
    let mut sum = [0; 2];
    for item in hospital.items.iter().filter(|item| item.allotment == Some(allotment)) {
        debug_assert!(item.product < set.catalogue.products.len());
        for (year, quantity) in books.products[item.product].iter().enumerate() {
            sum[year] += quantity;
        }
    }
    sum
}

fn demand_report(
    rng: &mut Rng,
    set: Setting<'_>,
    hospital: &Hospital,
    allotment: &Allotment,
    (last_year, before): (i64, i64),
    (place, upcoming): (usize, usize),
    out: &mut Out<'_>,
) {
    use DemandReportState::{Approved, Draft, Returned, Signed, Submitted};
    let span = set.span;
    let cycle = &set.catalogue.cycles[allotment.cycle];
    let batch = &set.assets.batches[cycle.batch];
    let variety = &set.assets.varieties[allotment.variety];
    let open = cycle.start > span.today;
    // A batch of the past was reported on the purchases of the year before it.
    let history = if open || before == 0 { last_year } else { before };
    let permille = [950, 1040, 880, 640, 1000, 1120, 0, 920][place % 8];
    let demand = if permille == 0 { 0 } else { round(history * permille / 1000) };
    let state = match (batch.signed, open) {
        (true, _) => Signed,
        (false, false) => Approved,
        (false, true) => [Submitted, Returned, Draft, Approved][upcoming % 4],
    };
    let deadline = span.step(cycle.start, if open { -20 } else { -45 });
    let submit =
        at(span.step(deadline, -(rng.range(1, 8))), rng.range(9 * HOUR, 17 * HOUR)).min(span.now - DAY);
    let explanation = match permille {
        0 => "该规格所属术式本院已停止开展，零报量。",
        ..800 => "上年度含一次性应急储备，扣除后需求与实际一致。",
        _ => "",
    };
    let mut left = demand / SCALE;
    let count = variety.departments.len();
    let departments = variety
        .departments
        .iter()
        .enumerate()
        .map(|(i, dept)| {
            let share = if i + 1 == count { left } else { (left * 6 / 10).min(left) };
            left -= share;
            DemandShare { dept: (*dept).to_owned(), count: Quantity::from_units(share * SCALE) }
        })
        .collect();
    let id = out.ids.next(submit);
    let record = DemandReport {
        demand_report_id: id.clone(),
        batch_name: batch.name.to_owned(),
        variety_name: variety.name.to_owned(),
        company_id_tb: set.orgs.makers[allotment.maker].clone(),
        procurecatalog_id: set.catalogue.products[allotment.product].id.clone(),
        unit: variety.unit.to_owned(),
        last_year_count: Quantity::from_units(history / SCALE * SCALE),
        demand_count: Quantity::from_units(demand),
        explanation: explanation.to_owned(),
        departments,
        submit_time: (state != Draft).then(|| instant(submit)),
        report_deadline: deadline,
        state: state.raw().to_owned(),
        state_text: state.text_zh().to_owned(),
        return_reason: if state == Returned {
            "低于上年度实际采购量80%，说明不充分，请补充临床依据。"
        } else {
            ""
        }
        .to_owned(),
    };
    out.own(hospital, Resource::DemandReport, &id, submit, Amount::ZERO, &record);
}

/// One purchase contract and one clean-dealing contract a year with each distributor.
fn contracts(rng: &mut Rng, set: Setting<'_>, hospital: &Hospital, out: &mut Out<'_>) {
    let span = set.span;
    let year = span.today.year();
    for distributor in 0..set.orgs.distributors.len() {
        if hospital.baskets[distributor].0.is_empty() {
            continue;
        }
        for kind in ["purchase", "clean"] {
            let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(span.today);
            let unsigned = kind == "clean" && distributor % 11 == 4;
            let state = if unsigned { ContractState::Pending } else { ContractState::Signed };
            let signed = span.step(plus(start, -rng.range(2, 18)), 1);
            let when = at(signed, rng.range(9 * HOUR, 16 * HOUR));
            let id = out.ids.next(when);
            let record = Contract {
                contract_id: id.clone(),
                contract_code: format!(
                    "HT{year}{}{}{distributor:03}",
                    if kind == "clean" { "L" } else { "G" },
                    hospital.index + 1
                ),
                kind: kind.to_owned(),
                company_id_ps: set.orgs.distributors[distributor].clone(),
                sign_date: (!unsigned).then_some(signed),
                start_date: start,
                end_date: NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(span.today),
                payment_days: (kind == "purchase").then_some(30),
                state: state.raw().to_owned(),
                state_text: state.text_zh().to_owned(),
            };
            out.own(hospital, Resource::Contract, &id, when, Amount::ZERO, &record);
        }
    }
}
