//! 院内耗材对照: how like one of the hospital's items is to a listed product. A ranking, never a decision.

use std::collections::BTreeMap;

use crate::text::half_width;

/// 院内耗材, as the hospital's ledger names it. Empty is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Item<'a> {
    pub mcs_code: &'a str,
    pub name: &'a str,
    pub spec: &'a str,
    pub maker: &'a str,
    pub unit: &'a str,
}

/// 挂网产品, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Candidate<'a> {
    pub mcs_code: &'a str,
    pub name: &'a str,
    pub spec: &'a str,
    pub model: &'a str,
    pub maker: &'a str,
    pub unit: &'a str,
}

/// What speaks for a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The whole national code.
    Code,
    /// Category, generic name, feature and company: the first 20 characters of the code.
    CodeFamily,
    /// 名称, in percent.
    Name(u32),
    /// 规格型号, in percent.
    Spec(u32),
    /// 生产企业.
    Maker,
    /// 单位.
    Unit,
}

impl Reason {
    /// What to tell the person.
    #[must_use]
    pub fn text_zh(self) -> String {
        match self {
            Self::Code => "医保编码相同".to_owned(),
            Self::CodeFamily => "医保编码前 20 位相同".to_owned(),
            Self::Name(100) => "名称相同".to_owned(),
            Self::Name(percent) => format!("名称相似 {percent}%"),
            Self::Spec(100) => "规格相同".to_owned(),
            Self::Spec(percent) => format!("规格相似 {percent}%"),
            Self::Maker => "生产企业相同".to_owned(),
            Self::Unit => "单位相同".to_owned(),
        }
    }
}

/// How like a product is: 0 to 100, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// 100 is the same code.
    pub score: u32,
    /// The strongest first.
    pub reasons: Vec<Reason>,
}

/// Less alike than this is no suggestion.
pub const LEAST: u32 = 40;
/// Characters of a national code up to and with the company.
const FAMILY: usize = 20;

/// Compares an item with a product; `None` where they are too unlike to be suggested.
///
/// ```
/// use sunbench_domain::purchase::item::{Candidate, Item, likeness};
/// let item = Item { name: "一次性使用输尿管导管", spec: "F6", ..Item::default() };
/// let product = Candidate { name: "一次性使用输尿管导管", spec: "F6 70cm", ..Candidate::default() };
/// assert!(likeness(&item, &product).is_some_and(|like| like.score >= 60));
/// ```
#[must_use]
pub fn likeness(item: &Item<'_>, product: &Candidate<'_>) -> Option<Likeness> {
    let (ours, theirs) = (code(item.mcs_code), code(product.mcs_code));
    let mut reasons = Vec::new();
    let mut score = 0;
    if !ours.is_empty() && ours == theirs {
        score = 100;
        reasons.push(Reason::Code);
    } else if ours.len() >= FAMILY && theirs.len() >= FAMILY && ours[..FAMILY] == theirs[..FAMILY] {
        score = 70;
        reasons.push(Reason::CodeFamily);
    }
    let name = alike(item.name, product.name);
    let whole = format!("{} {}", product.spec, product.model);
    let spec = [product.spec, product.model, &whole].into_iter().map(|text| alike(item.spec, text)).max();
    let spec = spec.unwrap_or_default();
    let maker = !plain(item.maker).is_empty() && plain(item.maker) == plain(product.maker);
    let unit = !plain(item.unit).is_empty() && plain(item.unit) == plain(product.unit);
    let by_words = name * 60 / 100 + spec * 25 / 100 + u32::from(maker) * 10 + u32::from(unit) * 5;
    // Two different codes are two different products, however they are called.
    let parted = !ours.is_empty() && !theirs.is_empty() && reasons.is_empty();
    score = if parted { by_words / 2 } else { score.max(by_words) };
    if name >= 50 {
        reasons.push(Reason::Name(name));
    }
    if spec >= 50 {
        reasons.push(Reason::Spec(spec));
    }
    reasons.extend(maker.then_some(Reason::Maker));
    reasons.extend(unit.then_some(Reason::Unit));
    (score >= LEAST).then_some(Likeness { score, reasons })
}

/// A national code as it is compared.
fn code(text: &str) -> String {
    half_width(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// A text's letters and digits, in lower case and half width.
fn plain(text: &str) -> String {
    half_width(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many of their characters two texts share, in percent of both together (Dice); nought where one is empty.
fn alike(a: &str, b: &str) -> u32 {
    let (a, b) = (plain(a), plain(b));
    let mut counts: BTreeMap<char, i32> = BTreeMap::new();
    for c in a.chars() {
        *counts.entry(c).or_default() += 1;
    }
    let mut shared = 0;
    for c in b.chars() {
        if let Some(left) = counts.get_mut(&c).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    let (n, m) = (a.chars().count(), b.chars().count());
    if n == 0 || m == 0 {
        return 0;
    }
    u32::try_from(200 * shared / (n + m)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "C1401011220000012345000001A";

    fn item() -> Item<'static> {
        Item {
            mcs_code: "", name: "一次性使用输尿管导管", spec: "F6", maker: "康宁", unit: "根"
        }
    }
    fn product() -> Candidate<'static> {
        Candidate {
            mcs_code: CODE,
            name: "一次性使用输尿管导管",
            spec: "F6",
            model: "",
            maker: "康宁",
            unit: "根",
        }
    }

    #[test]
    fn the_more_alike_the_higher() {
        let score = |item: Item<'_>, product: Candidate<'_>| likeness(&item, &product).map(|like| like.score);
        for (item, product, expected) in [
            (item(), product(), Some(100)),
            (Item { mcs_code: "c1401011220000012345 000001a", name: "", ..item() }, product(), Some(100)),
            (Item { mcs_code: "C14010112200000123450000099", ..item() }, product(), Some(100)),
            (
                Item { mcs_code: "C14010112200000123450000099", name: "导管鞘", spec: "", ..item() },
                product(),
                Some(70),
            ),
            // Another code: half as likely as the words say.
            (Item { mcs_code: "C02010112200000123450000017", ..item() }, product(), Some(50)),
            (Item { maker: "", unit: "", ..item() }, product(), Some(85)),
            (Item { spec: "F7", maker: "", unit: "", ..item() }, product(), Some(72)),
            (Item { name: "一次性导尿管", spec: "", maker: "", unit: "", ..item() }, product(), Some(45)),
            (Item { name: "医用外科口罩", ..item() }, product(), Some(47)),
            (Item { name: "医用外科口罩", spec: "", ..item() }, product(), None),
            (Item::default(), product(), None),
        ] {
            assert_eq!(score(item, product), expected, "{item:?}");
        }
    }

    #[test]
    fn every_reason_has_its_words() {
        let found = likeness(&Item { mcs_code: CODE, ..item() }, &product()).unwrap();
        let words: Vec<String> = found.reasons.into_iter().map(Reason::text_zh).collect();
        assert_eq!(words, ["医保编码相同", "名称相同", "规格相同", "生产企业相同", "单位相同"]);
        assert_eq!(Reason::CodeFamily.text_zh(), "医保编码前 20 位相同");
        assert_eq!(
            (Reason::Name(66).text_zh(), Reason::Spec(50).text_zh()),
            ("名称相似 66%".into(), "规格相似 50%".into())
        );
    }
}
