//! Nothing is received, returned, billed or paid twice, whatever two seats do at once.
//!
//! `TORTURE` multiplies the number of schedules; `SUNBENCH_SEED` is the first one's seed.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};
use sunbench_domain::{Amount, Quantity};

use crate::client::{Client, key};
use crate::stage::{self, line, order};
use crate::world::{H1, PASSWORD, World};

/// Steps of one schedule.
const STEPS: usize = 60;

/// The records of the feed by resource and id.
#[derive(Default)]
struct Mirror(BTreeMap<(String, String), Value>);

impl Mirror {
    async fn read(client: &Client) -> Self {
        let (changes, _) = client.changes("").await;
        let of = |c: Value| {
            let name = |field: &str| c[field].as_str().unwrap().to_owned();
            ((name("resource"), name("id")), c["data"].clone())
        };
        Self(changes.into_iter().map(of).collect())
    }

    fn all<'a>(&'a self, resource: &'a str) -> impl Iterator<Item = &'a Value> {
        let of = self.0.iter().filter(move |((name, _), _)| name == resource).map(|(_, data)| data);
        // What the small province came with is none of the schedule's.
        of.filter(|data| data["companyIdPs"] == "D1")
    }

    fn pick<'a>(&'a self, rng: &mut Rng, resource: &'a str) -> Option<&'a Value> {
        let all: Vec<&Value> = self.all(resource).collect();
        if all.is_empty() { None } else { Some(all[rng.usize(..all.len())]) }
    }
}

fn quantity(value: &Value) -> Quantity {
    value.as_str().unwrap().parse().unwrap()
}

fn amount(value: &Value) -> Amount {
    value.as_str().unwrap().parse().unwrap()
}

/// What a clerk may think of doing, sensible or not.
fn idea(rng: &mut Rng, seen: &Mirror) -> Option<(&'static str, Value)> {
    let some = |rng: &mut Rng| rng.u32(0..=12).to_string();
    Some(match rng.u8(0..8) {
        0 => {
            let lines: Vec<Value> =
                (0..rng.usize(1..4)).map(|_| line(&key(), &rng.u32(1..=12).to_string())).collect();
            ("order.submit", order("普通", &lines))
        }
        1..=3 => {
            let delivery = seen.pick(rng, "delivery")?;
            let lines: Vec<Value> = delivery["lines"]
                .as_array()?
                .iter()
                .map(|of| {
                    json!({"distributeDetailId": of["distributeDetailId"], "receivedCount": some(rng),
                           "rejectedCount": rng.u32(0..=2).to_string(), "rejectReason": "破损"})
                })
                .collect();
            ("receipt.create", json!({"distributeId": delivery["distributeId"], "lines": lines}))
        }
        4 => {
            let of = seen.pick(rng, "orderLine")?;
            let count: Quantity = some(rng).parse().unwrap();
            let paid = Amount::of(of["purchasePrice"].as_str()?.parse().unwrap(), count)?;
            let kind = if rng.bool() { "goods" } else { "price" };
            let back = if kind == "goods" { paid } else { "3.30".parse().unwrap() };
            (
                "return.create",
                json!({"kind": kind, "companyIdPs": "D1", "reason": "退回", "lines": [{
                    "orderDetailId": of["orderDetailId"], "returnCount": count.to_string(),
                    "returnAmount": back.to_string()}]}),
            )
        }
        5 => {
            let invoice = seen.pick(rng, "invoice")?;
            let accepted = rng.u8(0..5) > 0;
            (
                "invoice.verify",
                json!({"invoiceId": invoice["invoiceId"], "accepted": accepted, "reason": "抬头"}),
            )
        }
        6 => {
            let mut ids: Vec<&Value> = seen.all("invoice").map(|invoice| &invoice["invoiceId"]).collect();
            rng.shuffle(&mut ids);
            ids.truncate(rng.usize(1..4));
            let kind = if rng.bool() { "hospital" } else { "fund" };
            (
                "settlement.create",
                json!({"kind": kind, "companyIdPs": "D1", "period": "2026-11", "invoiceIds": ids}),
            )
        }
        _ => {
            let settlement = seen.pick(rng, "settlement")?;
            let accepted = rng.bool();
            (
                "settlement.confirm",
                json!({"settlementId": settlement["settlementId"], "accepted": accepted, "reason": "少一张"}),
            )
        }
    })
}

/// What holds at any time.
fn check(mirror: &Mirror, told: &str) {
    #[derive(Default)]
    struct Sums {
        delivered: Quantity,
        received: Quantity,
        rejected: Quantity,
        returned: Quantity,
        billed: Quantity,
    }
    let mut of: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut settled: BTreeMap<&str, Quantity> = BTreeMap::new();
    for delivery in mirror.all("delivery") {
        for line in delivery["lines"].as_array().unwrap() {
            of.entry(line["orderDetailId"].as_str().unwrap()).or_default().delivered +=
                quantity(&line["distributeCount"]);
        }
    }
    for receipt in mirror.all("receipt") {
        for line in receipt["lines"].as_array().unwrap() {
            let (received, rejected) = (quantity(&line["receivedCount"]), quantity(&line["rejectedCount"]));
            let sums = of.entry(line["orderDetailId"].as_str().unwrap()).or_default();
            sums.received += received;
            sums.rejected += rejected;
            *settled.entry(line["distributeDetailId"].as_str().unwrap()).or_default() += received + rejected;
        }
    }
    for delivery in mirror.all("delivery") {
        for line in delivery["lines"].as_array().unwrap() {
            let done = settled.get(line["distributeDetailId"].as_str().unwrap()).copied().unwrap_or_default();
            assert!(done <= quantity(&line["distributeCount"]), "received above delivered: {told} {line}");
        }
    }
    for back in mirror.all("return").filter(|back| back["state"] != "3" && back["kind"] == "goods") {
        for line in back["lines"].as_array().unwrap() {
            of.entry(line["orderDetailId"].as_str().unwrap()).or_default().returned +=
                quantity(&line["returnCount"]);
        }
    }
    for invoice in mirror.all("invoice") {
        let lines = invoice["lines"].as_array().unwrap();
        let sum: Amount = lines.iter().map(|line| amount(&line["invoiceAmount"])).sum();
        assert_eq!(sum, amount(&invoice["amount"]), "an invoice adds up: {told}");
        if ["2", "4"].contains(&invoice["state"].as_str().unwrap()) {
            for line in lines {
                of.entry(line["orderDetailId"].as_str().unwrap()).or_default().billed +=
                    quantity(&line["invoiceCount"]);
            }
        }
    }
    for line in mirror.all("orderLine") {
        let id = line["orderDetailId"].as_str().unwrap();
        let sums = of.remove(id).unwrap_or_default();
        assert_eq!(sums.delivered, quantity(&line["distributeCount"]), "{told} {id}");
        assert_eq!(sums.received, quantity(&line["receivedCount"]), "{told} {id}");
        assert!(sums.delivered <= quantity(&line["purchaseCount"]), "delivered above ordered: {told} {id}");
        assert!(sums.received + sums.rejected <= sums.delivered, "received above delivered: {told} {id}");
        assert!(sums.returned <= sums.received, "returned above received: {told} {id}");
        assert!(sums.billed <= sums.received, "billed above received: {told} {id}");
    }
    let mut paid: BTreeMap<&str, &str> = BTreeMap::new();
    for settlement in mirror.all("settlement") {
        let mut sum = Amount::ZERO;
        for id in settlement["invoiceIds"].as_array().unwrap() {
            let id = id.as_str().unwrap();
            let twice = paid.insert(id, settlement["settlementId"].as_str().unwrap());
            assert!(twice.is_none(), "an invoice is settled twice: {told} {id}");
            let invoice = &mirror.0[&("invoice".to_owned(), id.to_owned())];
            let state = invoice["state"].as_str().unwrap();
            assert!(["2", "4"].contains(&state), "settled without being verified: {told} {id}");
            assert_eq!(state == "4", settlement["state"] == "5", "paid with its settlement: {told} {id}");
            sum += amount(&invoice["amount"]);
        }
        assert_eq!(sum, amount(&settlement["amount"]), "a settlement adds up: {told}");
    }
}

#[tokio::test]
async fn nothing_is_received_returned_billed_or_paid_twice() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (first, rounds) = (number("SUNBENCH_SEED").unwrap_or(20_261_122), 3 * number("TORTURE").unwrap_or(1));
    let (mut tried, mut taken) = (0_u32, 0_u32);
    for seed in first..first + rounds {
        let mut rng = Rng::with_seed(seed);
        let world = World::start().await;
        stage::set(&world);
        let seats = [Client::first(&world).await, Client::of(&world, H1, "second", PASSWORD).await];
        // Each seat acts on what it last saw, which may be old.
        let mut seen = [Mirror::default(), Mirror::default()];
        for step in 0..STEPS {
            let told = format!("seed {seed}, step {step}");
            let seat = rng.usize(..2);
            if rng.u8(0..3) == 0 {
                seen[seat] = Mirror::read(&seats[seat]).await;
            }
            for _ in 0..rng.usize(0..4) {
                world.platform.advance().unwrap();
            }
            let ideas: Vec<_> =
                (0..2).filter_map(|other| idea(&mut rng, &seen[(seat + other) % 2])).collect();
            // Both at once.
            let sent = ideas.into_iter().zip(seats.iter()).map(|((kind, payload), seat)| {
                let seat = seat.clone();
                tokio::spawn(async move { (kind, seat.submit(&key(), kind, payload, None).await) })
            });
            for answer in sent.collect::<Vec<_>>() {
                let (kind, (status, answer)) = answer.await.unwrap();
                assert!([200, 422].contains(&status), "{told}: {kind} {answer}");
                tried += 1;
                taken += u32::from(status == 200);
            }
            if step % 10 == 9 {
                check(&Mirror::read(&seats[0]).await, &told);
            }
        }
        while world.platform.advance().unwrap() {}
        check(&Mirror::read(&seats[1]).await, &format!("seed {seed}, at the end"));
    }
    assert!(taken > tried / 5, "{taken} of {tried} submissions had an effect, seed {first}");
    println!(
        "promise G16: {rounds} schedules of two seats, {taken} of {tried} submissions taken, seed {first}"
    );
}
