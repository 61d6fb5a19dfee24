//! Supply problems (供应问题), negotiations (议价) and evaluations (满意度评价).

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Evaluation, Negotiation, Resource, Score, SupplyIssue, evaluation_items};
use sunbench_domain::state::{EvaluationState, NegotiationState, State, SupplyIssueState};
use sunbench_domain::{Amount, Price};

use super::Out;
use super::books::{Books, Matter};
use super::days::{DAY, HOUR, at, date_of, instant, month_start, plus};
use super::parties::Hospital;
use super::random::Rng;
use super::trade::Setting;

pub(super) fn own(seed: u64, set: Setting<'_>, hospital: &Hospital, books: &Books, out: &mut Out<'_>) {
    let mut rng = Rng::new(seed, &format!("supply {}", hospital.code));
    issues(&mut rng, set, hospital, books, out);
    negotiations(&mut rng, set, hospital, out);
    for back in (1..=4).rev() {
        evaluations(&mut rng, set, hospital, back, out);
    }
}

fn issues(rng: &mut Rng, set: Setting<'_>, hospital: &Hospital, books: &Books, out: &mut Out<'_>) {
    use SupplyIssueState::{Answered, Reported, Resolved, Unfounded, Verified};
    let span = set.span;
    let wanted = if hospital.index == 0 { 6 } else { 1 };
    let mut samples = Vec::new();
    for months in [5, 3, 1, 0] {
        let before = at(month_start(span.today, -months), 0).max(span.now - i64::from(months) * 30 * DAY);
        for matter in [Matter::SupplyRefused, Matter::LateDelivery] {
            samples
                .extend(books.samples(matter, before).into_iter().take(wanted / 2 + 1).map(|s| (matter, s)));
        }
    }
    for (number, (matter, sample)) in samples.into_iter().enumerate() {
        let reported = span.office_hours(sample.from + rng.range(20, 70) * HOUR, rng);
        if reported > span.now {
            continue;
        }
        let reply_due = span.step(date_of(reported), 2);
        let replied = span.office_hours(reported + rng.range(8, 60) * HOUR, rng);
        let verified = span.office_hours(replied + rng.range(24, 260) * HOUR, rng);
        let answered = replied <= span.now && number % 7 != 3;
        let state = match () {
            () if !answered => Reported,
            () if verified > span.now => Answered,
            () if number % 5 == 4 => Unfounded,
            () if number % 3 == 0 => Verified,
            () => Resolved,
        };
        let product = &set.catalogue.products[sample.product];
        let name = set.assets.varieties[product.variety].name;
        let (kind, description, reply) = if matter == Matter::SupplyRefused {
            (
                if number % 2 == 0 { "refusal" } else { "short" },
                format!("{name}（{}）企业以暂无库存为由未响应配送，影响择期手术安排。", product.spec),
                "生产线检修导致短期缺货，已安排调拨。",
            )
        } else {
            (
                "late",
                format!("{name}（{}）超过配送时限未到货，多次电话催办无果。", product.spec),
                "干线物流延误，已更换承运商并安排补货。",
            )
        };
        let id = out.ids.next(reported);
        let updated = match state {
            Reported => reported,
            Answered => replied,
            Verified | Unfounded | Resolved => verified,
        };
        let record = SupplyIssue {
            issue_id: id.clone(),
            issue_code: format!(
                "GY{}{}{:04}",
                date_of(reported).format("%Y%m%d"),
                hospital.index + 1,
                number + 1
            ),
            kind: kind.to_owned(),
            procurecatalog_id: product.id.clone(),
            company_id_tb: set.orgs.makers[product.maker].clone(),
            company_id_ps: set.orgs.distributors[sample.distributor].clone(),
            description,
            report_time: instant(reported),
            reply_due_date: reply_due,
            reply_time: answered.then(|| instant(replied)),
            reply: if answered { reply } else { "" }.to_owned(),
            promised_date: answered.then(|| span.step(date_of(replied), 3 + number as i64 % 3)),
            verify_time: matches!(state, Verified | Unfounded | Resolved).then(|| instant(verified)),
            order_detail_ids: vec![sample.line.clone()],
            office_id: None,
            attachments: Vec::new(),
            operator: String::new(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
        };
        out.own(hospital, Resource::SupplyIssue, &id, updated, Amount::ZERO, &record);
    }
}

fn negotiations(rng: &mut Rng, set: Setting<'_>, hospital: &Hospital, out: &mut Out<'_>) {
    use NegotiationState::{Agreed, Answered, Expired, Failed, Invited, Refused};
    const STATES: [NegotiationState; 10] =
        [Agreed, Agreed, Failed, Expired, Agreed, Refused, Answered, Invited, Answered, Invited];
    let span = set.span;
    let free: Vec<usize> = hospital
        .items
        .iter()
        .map(|item| item.product)
        .filter(|p| set.catalogue.cycle_of[set.catalogue.products[*p].variety].is_none())
        .collect();
    if free.is_empty() {
        return;
    }
    let wanted = if hospital.index == 0 { 20 } else { 3 };
    for number in 0..wanted {
        let product = &set.catalogue.products[*rng.pick(&free)];
        let state = STATES[number * STATES.len() / wanted];
        let back = match state {
            Invited => rng.range(1, 4),
            Answered => rng.range(4, 8),
            _ => rng.range(12, 180),
        };
        let invited = at(span.step(span.today, -back), rng.range(9 * HOUR, 17 * HOUR));
        let due = span.step(date_of(invited), 5);
        let answered = span.office_hours(invited + rng.range(20, 60) * HOUR, rng).min(span.now - HOUR);
        let price = product.price_at(invited);
        let scaled =
            |permille: i64| Price::from_units((price.units() * permille / 1000 / 100 * 100).max(100));
        let target = scaled(rng.range(820, 920));
        let answer = match state {
            Agreed => Some(scaled(rng.range(870, 940))),
            Answered | Failed => Some(scaled(rng.range(950, 995))),
            _ => None,
        };
        let id = out.ids.next(invited);
        let updated = match state {
            Invited => invited,
            Expired => at(plus(due, 1), HOUR / 12),
            Answered | Refused => answered,
            Agreed | Failed => answered + 2 * DAY,
        };
        let record = Negotiation {
            negotiation_id: id.clone(),
            procurecatalog_id: product.id.clone(),
            company_id_tb: set.orgs.makers[product.maker].clone(),
            price,
            target_price: target,
            answer_price: answer,
            invite_time: instant(invited),
            answer_due_date: due,
            answer_time: (!matches!(state, Invited | Expired)).then(|| instant(answered)),
            remarks: "参考周边地区同规格产品最低采购价".to_owned(),
            conclusion: String::new(),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
        };
        out.own(hospital, Resource::Negotiation, &id, updated.min(span.now), Amount::ZERO, &record);
    }
}

/// A quarter that has ended: its name, its first day, and the day by which it is to be evaluated.
pub(super) struct Quarter {
    pub(super) name: String,
    pub(super) start: NaiveDate,
    pub(super) due: NaiveDate,
    pub(super) text: String,
}

/// The quarter that lies `back` before that of `today`.
pub(super) fn quarter(today: NaiveDate, back: i32) -> Quarter {
    let start = month_start(today, -(today.month0() as i32 % 3) - 3 * back);
    let number = start.month0() / 3 + 1;
    Quarter {
        name: format!("{}Q{number}", start.year()),
        start,
        due: plus(month_start(start, 3), 19),
        text: format!("{}年第{}季度", start.year(), ["一", "二", "三", "四"][number as usize - 1]),
    }
}

/// The companies that the hospital evaluates, and whether it has evaluated each for a quarter so far back.
pub(super) fn evaluated(set: Setting<'_>, hospital: &Hospital, back: i32) -> Vec<(bool, usize, bool)> {
    let mut makers = vec![0u64; set.orgs.makers.len()];
    for item in &hospital.items {
        makers[set.catalogue.products[item.product].maker] += item.weight;
    }
    let mut makers: Vec<(u64, usize)> =
        makers.into_iter().zip(0..).filter(|(weight, _)| *weight > 0).collect();
    makers.sort_by(|a, b| b.cmp(a));
    let distributors =
        (0..hospital.baskets.len()).filter(|d| !hospital.baskets[*d].0.is_empty()).map(|d| (true, d));
    let companies = makers.into_iter().take(20).map(|(_, m)| (false, m)).chain(distributors);
    companies
        .enumerate()
        .map(|(n, (distributor, company))| (distributor, company, back > 1 || n % 3 != 1))
        .collect()
}

fn evaluations(rng: &mut Rng, set: Setting<'_>, hospital: &Hospital, back: i32, out: &mut Out<'_>) {
    let span = set.span;
    let quarter = quarter(span.today, back);
    for (distributor, company, done) in evaluated(set, hospital, back) {
        let opened = at(month_start(quarter.start, 3), 8 * HOUR);
        let made = at(span.step(plus(quarter.due, -rng.range(1, 15)), 1), rng.range(9 * HOUR, 17 * HOUR));
        // Early in a quarter nothing has been evaluated yet.
        let done = done && made <= span.now;
        let id = out.ids.next(opened);
        let target = if distributor { "distributor" } else { "manufacturer" };
        let state = if done { EvaluationState::Made } else { EvaluationState::Due };
        let record = Evaluation {
            evaluation_id: id.clone(),
            period: quarter.name.clone(),
            target_type: target.to_owned(),
            company_id: if distributor { &set.orgs.distributors } else { &set.orgs.makers }[company].clone(),
            due_date: quarter.due,
            scores: evaluation_items(target)
                .into_iter()
                .filter(|_| done)
                .map(|item| Score { item: item.to_owned(), score: rng.range(3, 5) as u32 })
                .collect(),
            remarks: String::new(),
            submit_time: done.then(|| instant(made)),
            state: state.raw().to_owned(),
            state_text: state.text_zh().to_owned(),
        };
        out.own(hospital, Resource::Evaluation, &id, if done { made } else { opened }, Amount::ZERO, &record);
    }
}
