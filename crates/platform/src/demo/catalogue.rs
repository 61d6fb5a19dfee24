//! The listed products (挂网目录) with their prices over time, and the batches of volume purchase.

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Product, Resource};
use sunbench_domain::{Amount, Price};

use super::Out;
use super::assets::{Assets, Variety};
use super::days::{HOUR, Span, at, date_of, month_start, plus};
use super::numbers;
use super::random::Rng;

/// A batch laid into the calendar.
pub(super) struct Cycle {
    /// Index into [`Assets::batches`].
    pub(super) batch: usize,
    pub(super) start: NaiveDate,
    pub(super) end: NaiveDate,
    pub(super) sign_deadline: NaiveDate,
}

impl Cycle {
    pub(super) fn runs_at(&self, second: i64) -> bool {
        (self.start..=self.end).contains(&date_of(second))
    }
}

/// One listed product.
pub(super) struct Listing {
    pub(super) id: String,
    pub(super) variety: usize,
    /// Index into [`Assets::manufacturers`].
    pub(super) maker: usize,
    pub(super) spec: String,
    pub(super) model: String,
    pub(super) mcs: Option<String>,
    pub(super) udi_di: Option<String>,
    pub(super) selected: bool,
    pub(super) purchase_type: &'static str,
    pub(super) listed: bool,
    pub(super) registration: String,
    pub(super) registration_expiry: NaiveDate,
    /// From when (seconds) which price is in force; the first one has always been.
    pub(super) prices: Vec<(i64, Price)>,
    /// When the record last changed.
    pub(super) updated: i64,
}

impl Listing {
    pub(super) fn price_at(&self, second: i64) -> Price {
        let after = self.prices.partition_point(|(from, _)| *from <= second);
        self.prices[after.saturating_sub(1)].1
    }

    pub(super) fn price(&self) -> Price {
        self.prices.last().expect("every product has a price").1
    }
}

pub(super) struct Catalogue {
    pub(super) cycles: Vec<Cycle>,
    /// For each variety, the index into `cycles` of its batch.
    pub(super) cycle_of: Vec<Option<usize>>,
    pub(super) products: Vec<Listing>,
    /// For each variety, the products, best-selling first.
    pub(super) by_variety: Vec<Vec<usize>>,
}

/// Parts of an assembled system.
const PARTS: usize = 3;

/// How many products there are at a scale.
fn wanted(scale: u32) -> usize {
    (1200 + 60 * (scale.max(1) as usize - 1)).min(6000)
}

/// A price between two, rounded as price lists round.
fn price_between(rng: &mut Rng, (low, high): (Price, Price)) -> Price {
    let units = rng.range(low.units(), high.units());
    let step = match units {
        ..10_000 => 5,          // below one yuan: 0.0005
        10_000..100_000 => 100, // below ten: 0.01
        100_000..1_000_000 => 1_000,
        1_000_000..10_000_000 => 5_000,
        _ => 100_000, // from a thousand yuan on: ten
    };
    Price::from_units((units / step * step).max(step))
}

/// `price` cut by so many thousandths, rounded like [`price_between`].
fn cut(rng: &mut Rng, price: Price, permille: i64) -> Price {
    let units = price.units() * (1000 - permille) / 1000;
    price_between(rng, (Price::from_units(units), Price::from_units(units)))
}

impl Catalogue {
    pub(super) fn new(seed: u64, scale: u32, assets: &Assets, span: &Span, out: &mut Out<'_>) -> Self {
        let mut rng = Rng::new(seed, "catalogue");
        let cycles: Vec<Cycle> = assets
            .batches
            .iter()
            .enumerate()
            .map(|(batch, b)| {
                let start = month_start(span.today, b.start_month);
                let end = plus(month_start(start, b.months), -1);
                Cycle {
                    batch,
                    start,
                    end,
                    sign_deadline: span.step(start, if b.start_month > 1 { -8 } else { -2 }),
                }
            })
            .collect();
        let cycle_of: Vec<_> = assets
            .varieties
            .iter()
            .map(|v| v.batch.and_then(|key| assets.batches.iter().position(|b| b.key == key)))
            .collect();

        // Every maker of a kind may list every specification; the list is dealt out a round at a time.
        let mut shelves: Vec<Vec<(usize, usize)>> = Vec::new();
        for variety in &assets.varieties {
            let mut makers: Vec<usize> = (0..assets.manufacturers.len())
                .filter(|m| assets.manufacturers[*m].kinds.contains(&variety.kind))
                .collect();
            rng.shuffle(&mut makers);
            let mut specs: Vec<usize> = (0..variety.a.len() * variety.b.len()).collect();
            rng.shuffle(&mut specs);
            let mut shelf: Vec<_> = specs.iter().flat_map(|s| makers.iter().map(move |m| (*m, *s))).collect();
            shelf.reverse();
            shelves.push(shelf);
        }
        let mut chosen: Vec<Vec<(usize, usize)>> = vec![Vec::new(); shelves.len()];
        let mut left = wanted(scale);
        while left > 0 && shelves.iter().any(|shelf| !shelf.is_empty()) {
            for (variety, shelf) in shelves.iter_mut().enumerate() {
                if left > 0
                    && let Some(pair) = shelf.pop()
                {
                    chosen[variety].push(pair);
                    left -= 1;
                }
            }
        }

        let mut catalogue =
            Self { cycles, cycle_of, products: Vec::new(), by_variety: vec![Vec::new(); chosen.len()] };
        for (variety, pairs) in chosen.iter().enumerate() {
            let mut makers: Vec<usize> = Vec::new();
            for (maker, spec) in pairs {
                if !makers.contains(maker) {
                    makers.push(*maker);
                }
                let place = makers.iter().position(|m| m == maker).unwrap_or(0);
                // The first makers on the shelf, three in five, were selected.
                let selected = place * 5 < assets.makers_of(variety) * 3;
                let listing =
                    catalogue.listing(&mut rng, assets, span, out, variety, (*maker, *spec), selected);
                catalogue.by_variety[variety].push(catalogue.products.len());
                catalogue.products.push(listing);
            }
        }
        catalogue
    }

    #[allow(clippy::too_many_arguments)]
    fn listing(
        &self,
        rng: &mut Rng,
        assets: &Assets,
        span: &Span,
        out: &mut Out<'_>,
        variety_index: usize,
        (maker, spec): (usize, usize),
        selected: bool,
    ) -> Listing {
        let variety = &assets.varieties[variety_index];
        let (a, b) = (variety.a[spec / variety.b.len()], variety.b[spec % variety.b.len()]);
        let serial = self.products.len();
        let selected = selected && variety.batch.is_some();
        let level = self.cycle_of[variety_index].map(|cycle| assets.batches[self.cycles[cycle].batch].level);
        let purchase_type = match (selected, level) {
            (true, Some("alliance")) => "联盟",
            (true, _) => "带量",
            _ => "阳光",
        };
        let uncoded = variety.class.is_empty() || rng.chance(12);
        let registered = plus(span.today, -rng.range(120, 1700));
        let mut registration_expiry = plus(registered, 1826);
        // A few registrations ran out lately and are being renewed.
        if rng.chance(15) {
            registration_expiry = plus(span.today, -rng.range(3, 80));
        }
        let expired = registration_expiry < span.today;
        let listed = !(rng.chance(20) || expired && rng.chance(500));
        let prices = self.prices(rng, assets, span, variety_index, selected);
        let listing_day = plus(span.first, -rng.range(40, 400));
        let changed = prices.last().map_or(0, |(from, _)| *from).max(at(listing_day, 10 * HOUR));
        let updated = if listed { changed } else { at(plus(span.today, -rng.range(5, 50)), 9 * HOUR) };
        Listing {
            id: out.ids.next(at(listing_day, 9 * HOUR + rng.range(0, 8 * HOUR))),
            variety: variety_index,
            maker,
            spec: variety.spec.replace("{a}", a).replace("{b}", b),
            model: model(variety, assets.manufacturers[maker].mark, a, spec % variety.b.len()),
            mcs: (!uncoded).then(|| {
                numbers::mcs(
                    variety.class,
                    variety.generic,
                    spec / variety.b.len() + 1,
                    11_000 + maker * 37,
                    serial + 1,
                )
            }),
            udi_di: (!rng.chance(60)).then(|| numbers::gtin(10_200 + maker * 13, serial % 10_000)),
            selected,
            purchase_type,
            listed,
            registration: registration(rng, variety.registration, registered.year()),
            registration_expiry,
            prices,
            updated: updated.min(span.now),
        }
    }

    /// Price steps at the start of a batch (to the selected price, or down in step with it), and now and then
    /// by price linkage (价格联动).
    fn prices(
        &self,
        rng: &mut Rng,
        assets: &Assets,
        span: &Span,
        variety: usize,
        selected: bool,
    ) -> Vec<(i64, Price)> {
        let v = &assets.varieties[variety];
        let base = price_between(rng, v.price);
        let mut prices = vec![(0, base)];
        if let Some((cycle, range)) = self.cycle_of[variety].zip(v.selected_price) {
            let cycle = &self.cycles[cycle];
            let from = at(cycle.start, 0);
            if from <= span.now {
                let renewal = assets.batches[cycle.batch].name.contains("接续");
                if selected {
                    let price = price_between(rng, range);
                    // A renewed batch follows an earlier one: its products were cheap already.
                    if renewal {
                        let permille = -rng.range(20, 90);
                        prices[0].1 = cut(rng, price, permille);
                    }
                    prices.push((from, price));
                } else {
                    let permille = rng.range(120, 380);
                    prices.push((from, cut(rng, base, permille)));
                }
            }
        } else if rng.chance(160) {
            let month = rng.range(-20, -2) as i32;
            let permille = rng.range(20, 110);
            prices.push((at(month_start(span.today, month), 0), cut(rng, base, permille)));
        }
        prices
    }

    /// 非中选产品限价, in every fourth variety that was bought by volume: the median of its products that were not selected.
    fn cap(&self, product: &Listing) -> Option<Price> {
        if product.selected || self.cycle_of[product.variety].is_none() || !product.variety.is_multiple_of(4)
        {
            return None;
        }
        let others = self.by_variety[product.variety].iter().map(|index| &self.products[*index]);
        let mut prices: Vec<Price> = others.filter(|other| !other.selected).map(Listing::price).collect();
        prices.sort_unstable();
        prices.get(prices.len() / 2).copied()
    }

    /// 组套: of the orthopaedic sets whose maker lists other goods too, the parts.
    fn parts(&self, assets: &Assets, product: &Listing) -> Vec<&Listing> {
        let variety = &assets.varieties[product.variety];
        if variety.category != "骨科材料" || variety.unit != "套" {
            return Vec::new();
        }
        let of_maker = |other: &&Listing| {
            let of = &assets.varieties[other.variety];
            other.maker == product.maker && of.category == variety.category && of.unit != "套" && other.listed
        };
        self.products.iter().filter(of_maker).take(PARTS).collect()
    }

    pub(super) fn emit(&self, assets: &Assets, out: &mut Out<'_>, maker_ids: &[String]) {
        for product in &self.products {
            let variety = &assets.varieties[product.variety];
            let parts = self.parts(assets, product);
            let record = Product {
                procurecatalog_id: product.id.clone(),
                goods_name: variety.name.to_owned(),
                goods_spec: product.spec.clone(),
                goods_model: product.model.clone(),
                mcs_code: product.mcs.clone(),
                udi_di: product.udi_di.clone(),
                unit: variety.unit.to_owned(),
                category: variety.category.to_owned(),
                company_id_tb: maker_ids[product.maker].clone(),
                reg_no: product.registration.clone(),
                reg_expiry: Some(product.registration_expiry),
                purchase_type: product.purchase_type.to_owned(),
                selected: product.selected,
                price: product.price(),
                price_cap: self.cap(product),
                assembled_from: parts.into_iter().map(|part| part.id.clone()).collect(),
                state: if product.listed { "1" } else { "0" }.to_owned(),
            };
            out.shared(Resource::Product, &product.id, product.updated, Amount::ZERO, &record);
        }
    }
}

impl Assets {
    /// How many manufacturers make a variety.
    fn makers_of(&self, variety: usize) -> usize {
        self.manufacturers.iter().filter(|m| m.kinds.contains(&self.varieties[variety].kind)).count()
    }
}

fn model(variety: &Variety, mark: &str, a: &str, b: usize) -> String {
    let digits: String = a.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        let place = variety.a.iter().position(|x| *x == a).unwrap_or(0) + 1;
        format!("{mark}-{}{place}0{}", variety.model, b + 1)
    } else {
        format!("{mark}-{}{digits}{:02}", variety.model, b + 1)
    }
}

/// 注册证号 from 国 or 岭, the class, and the catalogue number.
fn registration(rng: &mut Rng, pattern: &str, year: i32) -> String {
    let (authority, rest) = pattern.split_at("国".len());
    let (class, number) = rest.split_once('-').unwrap_or((rest, "14"));
    let serial = rng.range(11, 1989);
    if class == "1" {
        return format!("{authority}澜械备{year}{serial:04}");
    }
    format!("{authority}械注准{year}{class}{number}{serial:04}")
}
