//! What certain pairs teach: other names of suppliers, and factors between units.

use rustc_hash::FxHashMap;

use super::compare::{Match, QuantityMatch};
use super::decisions::{Alias, AliasOf, KnownFactor};
use super::outcome::{Field, LearnedAlias, LearnedFactor, Pair};
use super::pool::{NONE, TextId};
use super::run::Run;

/// Pairs that have to say the same before a name is taken for another name.
const ENOUGH: u32 = 3;

impl Run<'_> {
    /// Suppliers that pairs made by key and lot name differently, again and again: one company from here on.
    pub(super) fn learn_suppliers(&mut self) {
        let suppliers = |pair: &Pair| (self.l(pair.left[0]).supplier, self.r(pair.right[0]).supplier);
        let of_others: Vec<(TextId, TextId)> = self
            .made
            .iter()
            .filter(|pair| pair.reason.differ.contains(Field::Supplier))
            .map(suppliers)
            .filter(|(l, r)| l != r && *l != NONE && *r != NONE)
            .collect();
        let mut seen: FxHashMap<(TextId, TextId), u32> = FxHashMap::default();
        for both in of_others {
            *seen.entry(both).or_default() += 1;
        }
        seen.retain(|_, n| *n >= ENOUGH);
        if seen.is_empty() {
            return;
        }
        let mut total: FxHashMap<TextId, u32> = FxHashMap::default();
        for (_, r) in self.made.iter().map(suppliers).filter(|(l, r)| *l != NONE && *r != NONE) {
            *total.entry(r).or_default() += 1;
        }
        let mut aliases: Vec<(TextId, TextId, u32)> = seen
            .iter()
            .filter(|((_, r), n)| **n * 5 > total[r] * 4)
            .map(|((l, r), n)| (*r, *l, *n))
            .collect();
        if aliases.is_empty() {
            return;
        }
        let text = |id: TextId| self.texts.words.text(id);
        aliases.sort_unstable_by_key(|(r, l, _)| (text(*r), text(*l)));
        let to_left: FxHashMap<TextId, TextId> = aliases.iter().map(|(r, l, _)| (*r, *l)).collect();
        self.learned.aliases = aliases
            .iter()
            .map(|(r, l, seen)| LearnedAlias {
                alias: Alias { of: AliasOf::Supplier, left: text(*l).to_owned(), right: text(*r).to_owned() },
                seen: *seen,
            })
            .collect();
        for line in &mut self.right.lines {
            line.supplier = *to_left.get(&line.supplier).unwrap_or(&line.supplier);
        }
    }

    /// Factors that pairs show and nobody has confirmed yet.
    pub(super) fn learn_factors(&mut self) {
        let mut seen: FxHashMap<(TextId, TextId, TextId, u32), u32> = FxHashMap::default();
        let factor = |pair: &Pair| {
            let ([l], [r]) = (&*pair.left, &*pair.right) else { return None };
            let (l, r) = (self.l(*l), self.r(*r));
            if Match::exact(l.product.unit, r.product.unit) != Match::Differ {
                return None;
            }
            let QuantityMatch::Converted { left, right, known: false } = self.quantity(l, r) else {
                return None;
            };
            let product = if l.product.code == NONE { r.product.code } else { l.product.code };
            Some(if left > right {
                (product, l.product.unit, r.product.unit, left)
            } else {
                (product, r.product.unit, l.product.unit, right)
            })
        };
        let differing = self.made.iter().filter(|pair| pair.reason.differ.contains(Field::Quantity));
        for factor in differing.filter_map(factor) {
            *seen.entry(factor).or_default() += 1;
        }
        let text = |id: TextId| self.texts.words.text(id).to_owned();
        let mut factors: Vec<LearnedFactor> = seen
            .into_iter()
            .map(|((code, unit, of, per), seen)| LearnedFactor {
                factor: KnownFactor { code: text(code), unit: text(unit), of: text(of), per },
                seen,
            })
            .collect();
        factors.sort_unstable_by(|a, b| a.factor.cmp(&b.factor));
        self.learned.factors = factors;
    }
}
