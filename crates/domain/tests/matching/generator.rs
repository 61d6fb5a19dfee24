//! Ledgers with known truth. Written from what goes wrong in hospitals' books, and not from what the matcher looks
//! at: it knows no threshold and no pass.

use chrono::{Days, NaiveDate};
use sunbench_domain::matching::{DifferenceKind as Kind, Ledger, LedgerLine};
use sunbench_domain::{Amount, Price, Quantity};

use crate::random::Random;
use crate::style::{Keys, Style};

/// A line as a file holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub order: String,
    pub order_line: String,
    pub code: String,
    pub name: String,
    pub spec: String,
    pub supplier: String,
    pub lot: String,
    pub expiry: Option<NaiveDate>,
    pub date: Option<NaiveDate>,
    pub quantity: i64,
    pub unit: String,
    /// In 1/10,000 yuan.
    pub price: i64,
}

impl Row {
    pub(crate) fn amount(&self) -> Amount {
        Amount::of(Price::from_units(self.price), Quantity::from_units(self.quantity * 10_000)).unwrap()
    }
}

/// What is true of two ledgers; rows by index.
#[derive(Default)]
pub(crate) struct Truth {
    /// (left, right) rows that are the same goods.
    pub edges: Vec<(usize, usize)>,
    /// What was planted: kind, and the left and right rows, one of which has to be named.
    pub planted: Vec<(Kind, Vec<usize>, Vec<usize>)>,
    /// Rows that nobody could tell apart.
    pub twins: (Vec<usize>, Vec<usize>),
}

pub(crate) struct Case {
    pub left: Vec<Row>,
    pub right: Vec<Row>,
    pub truth: Truth,
}

struct Product {
    code: String,
    name: &'static str,
    spec: String,
    units: (&'static str, &'static str, i64),
    price: i64,
    supplier: &'static str,
    usual: i64,
}

const NAMES: [&str; 16] = [
    "一次性使用无菌注射器（带针）",
    "一次性使用输液器",
    "冠状动脉药物洗脱支架系统",
    "球囊扩张导管",
    "医用外科口罩",
    "可吸收缝合线",
    "人工晶状体",
    "髋关节假体",
    "一次性使用血液透析器",
    "导引导丝",
    "疝修补补片",
    "吻合器（带钉仓）",
    "神经外科颅骨固定板",
    "静脉留置针",
    "血糖试纸",
    "腹腔镜穿刺器",
];

const SUPPLIERS: [&str; 14] = [
    "国药控股（深圳）有限公司",
    "华润医药商业集团有限公司",
    "上药控股有限公司",
    "九州通医药集团股份有限公司",
    "广东省医药进出口有限公司",
    "深圳市康源医疗器械有限公司",
    "湖南德源医药有限公司",
    "河南省医药有限公司",
    "泉州市鲤城医药有限公司",
    "阜新市仁和医疗器械有限公司",
    "北京科园信海医药经营有限公司",
    "杭州大潮医疗器械有限公司",
    "厦门鹭燕医药股份有限公司",
    "重庆医药（集团）股份有限公司",
];

const UNITS: [(&str, &str, i64); 6] = [
    ("盒", "支", 10),
    ("包", "片", 50),
    ("箱", "盒", 20),
    ("盒", "个", 5),
    ("套", "个", 2),
    ("包", "根", 25),
];

fn products(random: &mut Random, style: &Style) -> Vec<Product> {
    (0..style.products)
        .map(|number| {
            let name = *random.pick(&NAMES);
            let spec = match random.below(3) {
                0 => format!("{}.{}mm×{}mm", random.between(1, 6), random.below(10), random.between(8, 48)),
                1 => format!("{}ml（{}G）", random.between(1, 60), random.between(14, 30)),
                _ => format!("{}-{}", ["A", "XL", "ZB"][random.below(3) as usize], 100 + number),
            };
            // Whole tens, so that a price by the piece is exact to four places.
            let price = random.between(5, 9_000) * 1_000 * if random.chance(200) { 17 } else { 1 };
            Product {
                code: format!(
                    "C{:02}{:08}{:09}",
                    random.between(1, 17),
                    random.below(100_000_000),
                    number * 37 + 11
                ),
                name,
                spec,
                units: *random.pick(&UNITS),
                price,
                supplier: random.pick::<&str>(&SUPPLIERS),
                usual: random.between(1, 30),
            }
        })
        .collect()
}

/// Two neighbouring different digits exchanged, if there are any.
fn transposed(text: &str, random: &mut Random) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let places: Vec<usize> = (1..bytes.len())
        .filter(|at| {
            bytes[at - 1].is_ascii_digit() && bytes[*at].is_ascii_digit() && bytes[at - 1] != bytes[*at]
        })
        .collect();
    if places.is_empty() {
        return None;
    }
    let at = *random.pick(&places);
    bytes.swap(at - 1, at);
    String::from_utf8(bytes).ok()
}

/// The same name as another clerk types it.
fn retyped(text: &str, random: &mut Random) -> String {
    match random.below(6) {
        0 => text.replace('（', "(").replace('）', ")"),
        1 => text
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
            .collect(),
        2 => text.replace('（', "【").replace('）', "】"),
        3 => text
            .replace('药', "藥")
            .replace('医', "醫")
            .replace('针', "針")
            .replace('无', "無")
            .replace('东', "東"),
        4 => format!(" {} ", text.replace('×', "*").replace("ml", "ML")),
        _ => text.to_lowercase(),
    }
}

/// A book of orders, with the product each line came from.
fn orders(random: &mut Random, style: &Style, products: &[Product]) -> Vec<(Row, usize)> {
    let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let mut book = Vec::new();
    let mut lots: Vec<String> = products
        .iter()
        .map(|_| format!("{}{:06}", ["L", "", "SH"][random.below(3) as usize], random.below(1_000_000)))
        .collect();
    let mut serial = 100 + random.below(50);
    while book.len() < style.lines {
        serial += 1 + random.below(3);
        let day = book.len() as u64 * style.days / style.lines as u64;
        let date = first + Days::new(day);
        let order = match style.keys {
            Keys::Digits => {
                format!("9{:08}{:09}", serial * 7919 % 100_000_000, serial * 104_729 % 1_000_000_000)
            }
            _ => format!("DD{}{serial:06}", date.format("%Y%m%d")),
        };
        for line in 1..=random.between(1, 6) {
            let at = random.below(products.len() as u64) as usize;
            let product = &products[at];
            if random.chance(style.new_lot) {
                lots[at] = format!("{}{:06}", ["L", "", "SH"][at % 3], random.below(1_000_000));
            }
            let quantity = if random.chance(style.standing) { product.usual } else { random.between(1, 60) };
            let order_line = match style.keys {
                Keys::Small => line.to_string(),
                Keys::OrderOnly => String::new(),
                _ => format!("{order}-{line:03}"),
            };
            book.push((
                Row {
                    order: order.clone(),
                    order_line,
                    code: product.code.clone(),
                    name: product.name.to_owned(),
                    spec: product.spec.clone(),
                    supplier: product.supplier.to_owned(),
                    lot: if style.lots { lots[at].clone() } else { String::new() },
                    expiry: style.expiries.then(|| date + Days::new(400 + at as u64)),
                    date: Some(date),
                    quantity,
                    unit: product.units.0.to_owned(),
                    price: product.price,
                },
                at,
            ));
        }
    }
    book
}

fn unkeyed(row: &mut Row) {
    row.order.clear();
    row.order_line.clear();
}

fn rekeyed(row: &mut Row, to: &Row) {
    row.order.clone_from(&to.order);
    row.order_line.clone_from(&to.order_line);
}

pub(crate) fn case(seed: u64, style: &Style) -> Case {
    let mut random = Random::new(seed);
    let products = products(&mut random, style);
    let book = orders(&mut random, style, &products);
    let mut case = Case { left: Vec::new(), right: Vec::new(), truth: Truth::default() };
    let mut at = 0;
    while at < book.len() {
        at += case.enter(&book[at..], &book, &products, style, &mut random);
    }
    case.shuffled(&mut random)
}

impl Case {
    fn keep_left(&mut self, row: &Row) -> usize {
        self.left.push(row.clone());
        self.left.len() - 1
    }

    /// Enters a row into the right ledger, as the hospital's clerk would write it.
    fn enter_right(&mut self, mut row: Row, style: &Style, random: &mut Random) -> usize {
        for text in [&mut row.name, &mut row.spec, &mut row.supplier] {
            if random.chance(style.retyped) {
                *text = retyped(text, random);
            }
        }
        if style.full_codes_left && !row.code.is_empty() {
            row.code.truncate(20);
        }
        match style.keys {
            Keys::None => unkeyed(&mut row),
            Keys::Foreign if !row.order.is_empty() => {
                row.order = format!("CG-{}", random.below(10_000_000));
                row.order_line = format!("{}", random.between(1, 40));
            }
            _ => {}
        }
        if random.chance(style.lots_blank) {
            row.lot.clear();
        }
        self.right.push(row);
        self.right.len() - 1
    }

    fn plant(&mut self, kind: Kind, left: &[usize], right: &[usize]) {
        self.truth.planted.push((kind, left.to_vec(), right.to_vec()));
    }

    /// One order line, or several that are entered together; returns how many.
    fn enter(
        &mut self,
        next: &[(Row, usize)],
        book: &[(Row, usize)],
        products: &[Product],
        style: &Style,
        random: &mut Random,
    ) -> usize {
        let (ordered, product) = (&next[0].0, &products[next[0].1]);
        let mut booked = ordered.clone();
        let later = |row: &mut Row, days: i64| {
            row.date = row.date.map(|date| date + Days::new(days.max(0) as u64));
        };
        later(&mut booked, random.between(style.lag.0, style.lag.1));
        let has_keys = !matches!(style.keys, Keys::None | Keys::Foreign);
        let mut event = random.below(1000);
        let mut is = |permille: u64| {
            let hit = event < permille;
            event = event.wrapping_sub(permille);
            hit
        };
        if is(25) && ordered.quantity >= 3 {
            let l = self.keep_left(ordered);
            let first = random.between(1, ordered.quantity - 1);
            let mut parts = vec![first, ordered.quantity - first];
            if parts[1] >= 2 && random.chance(300) {
                let second = random.between(1, parts[1] - 1);
                parts = vec![first, second, parts[1] - second];
            }
            let keyless = has_keys && random.chance(200);
            for (number, quantity) in parts.into_iter().enumerate() {
                let mut part = Row { quantity, ..booked.clone() };
                later(&mut part, number as i64 * random.between(0, 4));
                if keyless && number > 0 {
                    unkeyed(&mut part);
                }
                let r = self.enter_right(part, style, random);
                self.truth.edges.push((l, r));
            }
        } else if is(15) {
            // A second line of the same goods, received together.
            let mut second = ordered.clone();
            second.quantity = random.between(1, 20);
            second.order = format!("{}B", ordered.order);
            second.order_line = match style.keys {
                Keys::Small => "1".to_owned(),
                Keys::OrderOnly => String::new(),
                _ => format!("{}-001", second.order),
            };
            let (a, b) = (self.keep_left(ordered), self.keep_left(&second));
            booked.quantity += second.quantity;
            match random.below(3) {
                0 => unkeyed(&mut booked),
                1 => rekeyed(&mut booked, &second),
                _ => {}
            }
            let r = self.enter_right(booked, style, random);
            self.truth.edges.extend([(a, r), (b, r)]);
        } else if is(20) {
            let (_, small, per) = product.units;
            booked.unit = small.to_owned();
            booked.quantity *= per;
            booked.price /= per;
            self.one(Some(Kind::UnitDiffers), ordered, booked, style, random);
        } else if is(40) {
            unkeyed(&mut booked);
            self.one(None, ordered, booked, style, random);
        } else if is(20) {
            let typed = if booked.order_line.len() > 4 { &mut booked.order_line } else { &mut booked.order };
            if let Some(wrong) = transposed(typed, random) {
                *typed = wrong;
            }
            self.one(None, ordered, booked, style, random);
        } else if is(12) && style.lots {
            let wrong = transposed(&booked.lot, random);
            let kind = wrong.as_ref().map(|_| Kind::LotDiffers);
            booked.lot = wrong.unwrap_or(booked.lot);
            self.one(kind, ordered, booked, style, random);
        } else if is(12) {
            let wrong = transposed(&booked.code, random);
            let kind = wrong.as_ref().map(|_| Kind::CodeDiffers);
            booked.code = wrong.unwrap_or(booked.code);
            self.one(kind, ordered, booked, style, random);
        } else if is(15) && has_keys {
            let before = booked.quantity;
            booked.quantity = match random.below(3) {
                0 => transposed(&before.to_string(), random).map_or(before + 1, |text| text.parse().unwrap()),
                1 => before + random.between(1, 9),
                _ => (before - random.between(1, 3)).max(1),
            };
            let kind = match booked.quantity.cmp(&before) {
                std::cmp::Ordering::Less => Some(Kind::QuantityShort),
                std::cmp::Ordering::Greater => Some(Kind::QuantityOver),
                std::cmp::Ordering::Equal => None,
            };
            self.one(kind.filter(|_| booked.quantity > 0), ordered, booked, style, random);
        } else if is(15) {
            booked.price = match random.below(3) {
                0 => booked.price * 113 / 100,
                1 => booked.price + random.between(1, 500) * 100,
                _ => booked.price * 9 / 10,
            };
            self.one(Some(Kind::PriceDiffers), ordered, booked, style, random);
        } else if is(8) && has_keys {
            booked.supplier = (*random.pick(&SUPPLIERS)).to_owned();
            let kind = (booked.supplier != ordered.supplier).then_some(Kind::WrongSupplier);
            self.one(kind, ordered, booked, style, random);
        } else if is(20) {
            later(&mut booked, random.between(28, 50));
            self.one(Some(Kind::WrongMonth), ordered, booked, style, random);
        } else if is(20) {
            let l = self.keep_left(ordered);
            self.plant(Kind::NotInLedger, &[l], &[]);
        } else if is(20) {
            // Bought off the platform: another product, or this one again, with its own lot.
            let mut bought = booked.clone();
            bought.lot = if style.lots { format!("X{:07}", random.below(10_000_000)) } else { String::new() };
            bought.quantity = random.between(1, 60);
            if random.chance(500) {
                unkeyed(&mut bought);
            } else {
                bought.order = format!("LS{:07}", random.below(10_000_000));
                bought.order_line =
                    if style.keys == Keys::Small { "1".to_owned() } else { format!("{}-1", bought.order) };
            }
            self.one(None, ordered, booked, style, random);
            let r = self.enter_right(bought, style, random);
            self.plant(Kind::NotOnPlatform, &[], &[r]);
        } else if is(15) && has_keys {
            let (l, r) = self.one(None, ordered, booked, style, random);
            let mut again = self.right[r].clone();
            later(&mut again, if random.chance(400) { random.between(1, 5) } else { 0 });
            self.right.push(again);
            self.plant(Kind::ReceivedTwice, &[l], &[self.right.len() - 1, r]);
        } else if is(4) && has_keys {
            // The key of another line, by a slip.
            rekeyed(&mut booked, &random.pick(book).0);
            self.one(None, ordered, booked, style, random);
        } else if is(4) {
            let mut twin = ordered.clone();
            unkeyed(&mut twin);
            twin.quantity = 77;
            for _ in 0..2 {
                let l = self.keep_left(&twin);
                self.truth.twins.0.push(l);
                let mut copy = twin.clone();
                later(&mut copy, style.lag.0);
                let name = copy.name.clone();
                let r = self.enter_right(copy, style, random);
                self.right[r].name = name;
                self.truth.twins.1.push(r);
            }
        } else if is(8) && style.expiries {
            booked.expiry = booked.expiry.map(|date| date + Days::new(30));
            self.one(Some(Kind::ExpiryDiffers), ordered, booked, style, random);
        } else {
            self.one(None, ordered, booked, style, random);
        }
        1
    }

    fn one(
        &mut self,
        kind: Option<Kind>,
        ordered: &Row,
        booked: Row,
        style: &Style,
        random: &mut Random,
    ) -> (usize, usize) {
        let l = self.keep_left(ordered);
        let r = self.enter_right(booked, style, random);
        self.truth.edges.push((l, r));
        // What the clerk left out cannot be wrong.
        if let Some(kind) = kind.filter(|kind| *kind != Kind::LotDiffers || !self.right[r].lot.is_empty()) {
            self.plant(kind, &[l], &[r]);
        }
        (l, r)
    }

    /// Both ledgers in an order of their own; the truth follows.
    pub(crate) fn shuffled(self, random: &mut Random) -> Self {
        let Self { left, right, mut truth } = self;
        let mut shuffle = |rows: Vec<Row>| {
            let mut order: Vec<usize> = (0..rows.len()).collect();
            random.shuffle(&mut order);
            let mut place = vec![0; rows.len()];
            order.iter().enumerate().for_each(|(to, from)| place[*from] = to);
            (order.iter().map(|from| rows[*from].clone()).collect::<Vec<_>>(), place)
        };
        let ((left, l), (right, r)) = (shuffle(left), shuffle(right));
        truth.edges.iter_mut().for_each(|edge| *edge = (l[edge.0], r[edge.1]));
        for (_, lefts, rights) in &mut truth.planted {
            lefts.iter_mut().for_each(|at| *at = l[*at]);
            rights.iter_mut().for_each(|at| *at = r[*at]);
        }
        truth.twins.0.iter_mut().for_each(|at| *at = l[*at]);
        truth.twins.1.iter_mut().for_each(|at| *at = r[*at]);
        Self { left, right, truth }
    }
}

/// A ledger of rows, numbered from one.
pub(crate) fn ledger(rows: &[Row]) -> Ledger {
    let mut ledger = Ledger::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        ledger.push(&line(at as u32 + 1, row));
    }
    ledger
}

pub(crate) fn line(number: u32, row: &Row) -> LedgerLine<'_> {
    LedgerLine {
        row: number,
        order: &row.order,
        order_line: &row.order_line,
        code: &row.code,
        name: &row.name,
        spec: &row.spec,
        supplier: &row.supplier,
        lot: &row.lot,
        expiry: row.expiry,
        date: row.date,
        quantity: Some(Quantity::from_units(row.quantity * 10_000)),
        unit: &row.unit,
        price: Some(Price::from_units(row.price)),
        amount: Some(row.amount()),
        ..LedgerLine::default()
    }
}
