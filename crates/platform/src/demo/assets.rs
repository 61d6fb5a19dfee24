//! The name lists in `assets/demo`.

use serde::Deserialize;
use sunbench_domain::Price;

#[derive(Deserialize)]
pub(super) struct Province {
    pub(super) name: String,
    pub(super) rule_mark: String,
    pub(super) city_mark: String,
    pub(super) supervisor: Supervisor,
    pub(super) offices: Vec<Office>,
    pub(super) hospitals: Vec<HospitalName>,
    pub(super) people: People,
    pub(super) carriers: Carriers,
}

#[derive(Deserialize)]
pub(super) struct Supervisor {
    pub(super) user: String,
    pub(super) password: String,
}

#[derive(Deserialize)]
pub(super) struct Office {
    pub(super) name: String,
    pub(super) division: String,
}

#[derive(Deserialize)]
pub(super) struct HospitalName {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) user: String,
    pub(super) user_name: String,
    pub(super) password: String,
    pub(super) colleagues: Vec<String>,
    pub(super) head: String,
}

#[derive(Deserialize)]
pub(super) struct People {
    pub(super) surnames: Vec<String>,
    pub(super) given: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Carriers {
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Texts {
    pub(super) issuer: String,
    pub(super) notices: Vec<NoticeText>,
    pub(super) announcements: Vec<AnnouncementText>,
    pub(super) filings: Vec<FilingText>,
}

#[derive(Deserialize)]
pub(super) struct NoticeText {
    pub(super) key: String,
    pub(super) indicator: String,
    pub(super) level: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) rule: String,
    pub(super) clause: String,
    pub(super) causes: Vec<String>,
    pub(super) measures: Vec<String>,
    #[serde(default)]
    pub(super) return_reason: String,
}

#[derive(Deserialize)]
pub(super) struct AnnouncementText {
    pub(super) title: String,
    pub(super) body: String,
}

#[derive(Deserialize)]
pub(super) struct FilingText {
    pub(super) name: String,
    pub(super) spec: String,
    pub(super) unit: String,
    pub(super) price: Price,
    pub(super) reason: String,
}

impl FilingText {
    /// Dear things are bought one or two at a time.
    pub(super) fn most(&self) -> i64 {
        if self.price.units() > 1000 * sunbench_domain::SCALE { 2 } else { 12 }
    }
}

pub(super) struct Manufacturer {
    pub(super) name: &'static str,
    pub(super) mark: &'static str,
    pub(super) division: &'static str,
    pub(super) kinds: Vec<&'static str>,
}

pub(super) struct Distributor {
    pub(super) name: &'static str,
    pub(super) division: &'static str,
    pub(super) kinds: Vec<&'static str>,
    pub(super) late_permille: u32,
    pub(super) hours: i64,
}

/// 采购批次: one round of volume purchase; months are counted from the month of today.
pub(super) struct Batch {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) level: &'static str,
    pub(super) start_month: i32,
    pub(super) months: i32,
    pub(super) signed: bool,
}

/// 品种: one kind of consumable and how hospitals use it.
pub(super) struct Variety {
    pub(super) name: &'static str,
    pub(super) category: &'static str,
    /// 2+2+2 digits; empty for in-vitro reagents, which have a code list of their own.
    pub(super) class: &'static str,
    pub(super) generic: &'static str,
    pub(super) kind: &'static str,
    pub(super) unit: &'static str,
    pub(super) item_unit: &'static str,
    /// How many of `unit` are in one `item_unit`.
    pub(super) factor: u32,
    pub(super) spec: &'static str,
    pub(super) a: Vec<&'static str>,
    pub(super) b: Vec<&'static str>,
    pub(super) model: &'static str,
    pub(super) price: (Price, Price),
    pub(super) selected_price: Option<(Price, Price)>,
    pub(super) batch: Option<&'static str>,
    pub(super) departments: Vec<&'static str>,
    pub(super) frequency: u64,
    pub(super) quantity: (i64, i64),
    pub(super) pack: i64,
    pub(super) hours: i64,
    /// 国 or 岭, the class, and the catalogue number.
    pub(super) registration: &'static str,
    pub(super) flags: Vec<&'static str>,
}

impl Variety {
    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }
}

pub(super) struct Assets {
    pub(super) province: Province,
    pub(super) texts: Texts,
    pub(super) manufacturers: Vec<Manufacturer>,
    pub(super) distributors: Vec<Distributor>,
    pub(super) batches: Vec<Batch>,
    pub(super) varieties: Vec<Variety>,
}

/// The cells of one row of a table, taken from the left.
struct Cells(std::str::Split<'static, char>);

impl Cells {
    fn text(&mut self) -> &'static str {
        self.0.next().expect("the tables are checked by this crate's tests")
    }
    fn list(&mut self) -> Vec<&'static str> {
        self.text().split(';').filter(|part| !part.is_empty()).collect()
    }
    fn number<T: std::str::FromStr>(&mut self) -> T {
        self.optional().expect("the tables are checked by this crate's tests")
    }
    fn optional<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.text().parse().ok()
    }
}

/// The tables hold no quotes, so a comma always parts two cells.
fn rows(table: &'static str) -> impl Iterator<Item = Cells> {
    table.lines().skip(1).map(|line| Cells(line.split(',')))
}

impl Assets {
    pub(super) fn load() -> Self {
        let toml = "the texts are checked by this crate's tests";
        Self {
            province: toml::from_str(include_str!("../../../../assets/demo/province.toml")).expect(toml),
            texts: toml::from_str(include_str!("../../../../assets/demo/texts.toml")).expect(toml),
            manufacturers: rows(include_str!("../../../../assets/demo/manufacturers.csv"))
                .map(|mut c| Manufacturer {
                    name: c.text(),
                    mark: c.text(),
                    division: c.text(),
                    kinds: c.list(),
                })
                .collect(),
            distributors: rows(include_str!("../../../../assets/demo/distributors.csv"))
                .map(|mut c| Distributor {
                    name: c.text(),
                    division: c.text(),
                    kinds: c.list(),
                    late_permille: c.number(),
                    hours: c.number(),
                })
                .collect(),
            batches: rows(include_str!("../../../../assets/demo/batches.csv"))
                .map(|mut c| Batch {
                    key: c.text(),
                    name: c.text(),
                    level: c.text(),
                    start_month: c.number(),
                    months: c.number(),
                    signed: c.text() == "1",
                })
                .collect(),
            varieties: rows(include_str!("../../../../assets/demo/catalogue.csv")).map(variety).collect(),
        }
    }
}

fn variety(mut c: Cells) -> Variety {
    Variety {
        name: c.text(),
        category: c.text(),
        class: c.text(),
        generic: c.text(),
        kind: c.text(),
        unit: c.text(),
        item_unit: c.text(),
        factor: c.number(),
        spec: c.text(),
        a: c.list(),
        b: c.list(),
        model: c.text(),
        price: (c.number(), c.number()),
        selected_price: {
            let (low, high) = (c.optional(), c.optional());
            low.zip(high)
        },
        batch: Some(c.text()).filter(|key| !key.is_empty()),
        departments: c.list(),
        frequency: c.number(),
        quantity: (c.number(), c.number()),
        pack: c.number(),
        hours: c.number(),
        registration: c.text(),
        flags: c.list(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_are_whole() {
        let assets = Assets::load();
        for table in [
            include_str!("../../../../assets/demo/manufacturers.csv"),
            include_str!("../../../../assets/demo/distributors.csv"),
            include_str!("../../../../assets/demo/batches.csv"),
            include_str!("../../../../assets/demo/catalogue.csv"),
        ] {
            let columns = table.lines().next().unwrap().matches(',').count();
            for line in table.lines() {
                assert_eq!(line.matches(',').count(), columns, "{line}");
                assert!(!line.contains('"'), "{line}");
            }
        }
        assert_eq!((assets.manufacturers.len(), assets.distributors.len()), (60, 25));
        let batches: BTreeSet<_> = assets.batches.iter().map(|b| b.key).collect();
        let generics: BTreeSet<_> = assets.varieties.iter().map(|v| v.generic).collect();
        let names: BTreeSet<_> = assets.varieties.iter().map(|v| v.name).collect();
        assert_eq!((generics.len(), names.len()), (assets.varieties.len(), assets.varieties.len()));
        for variety in &assets.varieties {
            let name = variety.name;
            let makers = assets.manufacturers.iter().filter(|m| m.kinds.contains(&variety.kind)).count();
            let sellers = assets.distributors.iter().filter(|d| d.kinds.contains(&variety.kind)).count();
            assert!(makers >= 4 && sellers >= 2, "{name}: {makers} makers, {sellers} distributors");
            assert!(variety.batch.is_none_or(|key| batches.contains(key)), "{name}");
            assert_eq!(variety.batch.is_some(), variety.selected_price.is_some(), "{name}");
            assert!(variety.class.len() == 6 || variety.class.is_empty(), "{name}");
            assert!(variety.price.0 < variety.price.1, "{name}");
            assert!(
                variety.quantity.0 % variety.pack == 0 && variety.quantity.0 <= variety.quantity.1,
                "{name}"
            );
            assert!(variety.frequency > 0 && !variety.departments.is_empty() && variety.factor > 0, "{name}");
        }
    }
}
