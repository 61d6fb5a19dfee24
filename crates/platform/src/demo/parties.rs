//! Organisations, who may deliver whose goods, and what each hospital buys.

use sunbench_contract::{DistributionRelation, HospItem, Org, Resource};
use sunbench_domain::Amount;

use super::Out;
use super::assets::Assets;
use super::catalogue::Catalogue;
use super::days::{DAY, HOUR, Span, at, plus};
use super::numbers;
use super::random::Rng;
use super::trade::Setting;

/// Ids of the organisations, in the order of the name lists.
pub(super) struct Orgs {
    pub(super) makers: Vec<String>,
    pub(super) distributors: Vec<String>,
    /// Manufacturer and distributor: 配送关系.
    pub(super) relations: Vec<(usize, usize)>,
}

/// A maker's share in a batch that the hospital takes: the ground of one agreement.
pub(super) struct Allotment {
    pub(super) id: String,
    pub(super) variety: usize,
    pub(super) cycle: usize,
    pub(super) maker: usize,
    pub(super) distributor: usize,
    /// The product that stands for the maker's specifications.
    pub(super) product: usize,
}

/// 院内耗材: something that a hospital buys.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) code: String,
    pub(super) product: usize,
    pub(super) distributor: usize,
    /// Index into [`Hospital::allotments`].
    pub(super) allotment: Option<usize>,
    pub(super) weight: u64,
}

pub(super) struct Hospital {
    /// Index into the province's list; 0 is the one that grows.
    pub(super) index: usize,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) user: String,
    pub(super) user_name: String,
    pub(super) colleagues: Vec<String>,
    pub(super) head: String,
    pub(super) items: Vec<Item>,
    pub(super) allotments: Vec<Allotment>,
    /// Running totals of the items' weights.
    pub(super) shares: Vec<u64>,
    /// For each distributor, its items and their running totals.
    pub(super) baskets: Vec<(Vec<usize>, Vec<u64>)>,
}

impl Orgs {
    pub(super) fn new(seed: u64, assets: &Assets, span: &Span, out: &mut Out<'_>) -> Self {
        let mut rng = Rng::new(seed, "orgs");
        let people = &assets.province.people;
        let registered = at(plus(span.first, -200), 9 * HOUR);
        let mut serial = 0;
        let mut emit = |out: &mut Out<'_>, kind: &str, name: &str, division: &str| {
            serial += 1;
            let when = registered + i64::from(serial) * 7 * HOUR + rng.range(0, 3 * HOUR);
            let id = out.ids.next(when);
            let class = if matches!(kind, "hospital") {
                "12"
            } else if kind == "office" {
                "11"
            } else {
                "91"
            };
            let contact = format!("{}{}", rng.pick(&people.surnames), rng.pick(&people.given));
            let record = Org {
                org_id: id.clone(),
                org_type: kind.to_owned(),
                org_name: name.to_owned(),
                uscc: Some(numbers::uscc(class, division, 570_000 + serial * 613)),
                contact: Some(contact),
                // No place has the area code 0500.
                phone: Some(format!("0500-5{:06}", rng.range(100_000, 899_999))),
            };
            out.shared(Resource::Org, &id, when.min(span.now), Amount::ZERO, &record);
            id
        };
        for office in &assets.province.offices {
            emit(out, "office", &office.name, &office.division);
        }
        for hospital in &assets.province.hospitals {
            emit(out, "hospital", &hospital.name, &hospital.code[1..7]);
        }
        let makers: Vec<_> =
            assets.manufacturers.iter().map(|m| emit(out, "manufacturer", m.name, m.division)).collect();
        let distributors: Vec<_> =
            assets.distributors.iter().map(|d| emit(out, "distributor", d.name, d.division)).collect();

        let mut relations = Vec::new();
        for (maker, m) in assets.manufacturers.iter().enumerate() {
            for kind in &m.kinds {
                let mut sellers: Vec<usize> = (0..assets.distributors.len())
                    .filter(|d| {
                        assets.distributors[*d].kinds.contains(kind) && !relations.contains(&(maker, *d))
                    })
                    .collect();
                rng.shuffle(&mut sellers);
                relations.extend(sellers.into_iter().take(2).map(|d| (maker, d)));
            }
        }
        for (maker, distributor) in &relations {
            let when = at(plus(span.first, -rng.range(20, 150)), 10 * HOUR);
            let id = out.ids.next(when);
            let record = DistributionRelation {
                relation_id: id.clone(),
                company_id_tb: makers[*maker].clone(),
                company_id_ps: distributors[*distributor].clone(),
                scope: assets.manufacturers[*maker].kinds.join("、"),
                start_date: plus(span.first, -20),
                end_date: plus(span.today, rng.range(40, 700)),
                state: "1".to_owned(),
                state_text: "有效".to_owned(),
            };
            out.shared(Resource::DistributionRelation, &id, when, Amount::ZERO, &record);
        }
        Self { makers, distributors, relations }
    }

    /// A distributor that carries a maker's goods of one kind.
    fn seller(&self, rng: &mut Rng, assets: &Assets, maker: usize, kind: &str) -> usize {
        let sellers: Vec<usize> = self
            .relations
            .iter()
            .filter(|(m, d)| *m == maker && assets.distributors[*d].kinds.contains(&kind))
            .map(|(_, d)| *d)
            .collect();
        *rng.pick(&sellers)
    }
}

impl Hospital {
    pub(super) fn new(seed: u64, scale: u32, index: usize, set: Setting<'_>, out: &mut Out<'_>) -> Self {
        let Setting { assets, orgs, .. } = set;
        let name = &assets.province.hospitals[index];
        let mut rng = Rng::new(seed, &name.code);
        let mut hospital = Self {
            index,
            code: name.code.clone(),
            name: name.name.clone(),
            user: name.user.clone(),
            user_name: name.user_name.clone(),
            colleagues: name.colleagues.clone(),
            head: name.head.clone(),
            items: Vec::new(),
            allotments: Vec::new(),
            shares: Vec::new(),
            baskets: vec![(Vec::new(), Vec::new()); orgs.distributors.len()],
        };
        let depth = if index == 0 { 4 + scale.min(60) as usize / 6 } else { 2 };
        for variety in 0..assets.varieties.len() {
            if index == 0 || rng.chance(350) {
                hospital.choose(&mut rng, set, out, variety, depth);
            }
        }
        let mut total = 0;
        for (place, item) in hospital.items.iter().enumerate() {
            total += item.weight;
            hospital.shares.push(total);
            let (items, shares) = &mut hospital.baskets[item.distributor];
            items.push(place);
            shares.push(shares.last().copied().unwrap_or(0) + item.weight);
        }
        hospital
    }

    /// Chooses which makers' products of one variety the hospital buys.
    fn choose(&mut self, rng: &mut Rng, set: Setting<'_>, out: &mut Out<'_>, variety: usize, depth: usize) {
        let Setting { assets, catalogue, orgs, span } = set;
        let v = &assets.varieties[variety];
        let mut makers: Vec<(usize, bool)> = Vec::new();
        for product in &catalogue.by_variety[variety] {
            let product = &catalogue.products[*product];
            if !makers.iter().any(|(maker, _)| *maker == product.maker) {
                makers.push((product.maker, product.selected));
            }
        }
        rng.shuffle(&mut makers);
        let cycle = catalogue.cycle_of[variety];
        let wanted = if v.frequency >= 8 { 2 } else { 1 };
        let (chosen, others): (Vec<_>, Vec<_>) = match cycle {
            Some(_) => makers.into_iter().partition(|(_, selected)| *selected),
            None => (makers, Vec::new()),
        };
        // In some varieties the doctors keep to what they know.
        let running = cycle.is_some_and(|c| catalogue.cycles[c].runs_at(span.now));
        let stubborn = running && self.index == 0 && v.frequency >= 8 && self.allotments.len() % 5 == 1;
        let other_share: u64 = if stubborn { 68 } else { 12 };
        let own = chosen.iter().take(wanted).map(|(m, _)| (*m, true));
        let foreign = others.iter().take(1).map(|(m, _)| (*m, false));
        for (place, (maker, first_choice)) in own.chain(foreign).enumerate() {
            let distributor = orgs.seller(rng, assets, maker, v.kind);
            let products: Vec<usize> = catalogue.by_variety[variety]
                .iter()
                .copied()
                .filter(|p| catalogue.products[*p].maker == maker)
                .take(if first_choice { depth } else { 2 })
                .collect();
            let share = match (cycle, first_choice) {
                (Some(_), true) => (100 - other_share) / if place == 0 { 1 } else { 2 },
                (Some(_), false) => other_share,
                (None, _) => 100 / (place as u64 + 1),
            };
            let allotment = cycle.filter(|_| first_choice).map(|cycle| {
                let id =
                    out.ids.next(at(plus(catalogue.cycles[cycle].start, -25), 15 * HOUR).min(span.now - DAY));
                self.allotments.push(Allotment {
                    id,
                    variety,
                    cycle,
                    maker,
                    distributor,
                    product: products[0],
                });
                self.allotments.len() - 1
            });
            for (rank, product) in products.into_iter().enumerate() {
                let id = out.ids.next(at(plus(span.first, -30), 9 * HOUR));
                self.items.push(Item {
                    id,
                    code: format!("{}{:05}", if v.has("two") { "G" } else { "D" }, self.items.len() + 1001),
                    product,
                    distributor,
                    allotment,
                    weight: v.frequency * share * 6 / (rank as u64 + 2),
                });
            }
        }
    }

    pub(super) fn emit_items(&self, assets: &Assets, catalogue: &Catalogue, span: &Span, out: &mut Out<'_>) {
        for (place, item) in self.items.iter().enumerate() {
            let product = &catalogue.products[item.product];
            let variety = &assets.varieties[product.variety];
            let when = at(plus(span.first, place as i64 % 300), 9 * HOUR + place as i64 * 37 % (8 * HOUR));
            let record = HospItem {
                hosp_item_id: item.id.clone(),
                item_code: item.code.clone(),
                item_name: format!("{} {}", variety.name.trim_start_matches("一次性使用"), product.spec),
                procurecatalog_id: product.id.clone(),
                unit: variety.item_unit.to_owned(),
                factor_num: variety.factor,
                factor_den: 1,
            };
            out.own(self, Resource::HospItem, &item.id, when, Amount::ZERO, &record);
        }
    }
}
