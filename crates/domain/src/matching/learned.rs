//! What certain pairs teach: other names of suppliers, and factors between units.

use rustc_hash::FxHashMap;

use super::compare::{Match, QuantityMatch};
use super::decisions::{Alias, AliasOf, KnownFactor};
use super::outcome::{LearnedAlias, LearnedFactor};
use super::pool::{NONE, TextId};
use super::run::Run;

/// Pairs that have to say the same before a name is taken for another name.
const ENOUGH: u32 = 3;

impl Run<'_> {
    /// Suppliers that pairs made by key and lot name differently, again and again: one company from here on.
    pub(super) fn learn_suppliers(&mut self) {
        let mut seen: FxHashMap<(TextId, TextId), u32> = FxHashMap::default();
        let mut total: FxHashMap<TextId, u32> = FxHashMap::default();
        for made in &self.made {
            let (l, r) = (self.l(made.left[0]).supplier, self.r(made.right[0]).supplier);
            if l != NONE && r != NONE {
                *seen.entry((l, r)).or_default() += 1;
                *total.entry(r).or_default() += 1;
            }
        }
        let mut aliases: Vec<(TextId, TextId, u32)> = seen
            .iter()
            .filter(|((l, r), n)| l != r && **n >= ENOUGH && **n * 5 > total[r] * 4)
            .map(|((l, r), n)| (*r, *l, *n))
            .collect();
        if aliases.is_empty() {
            return;
        }
        aliases.sort_unstable_by_key(|(r, l, _)| (self.texts.text(*r), self.texts.text(*l)));
        let to_left: FxHashMap<TextId, TextId> = aliases.iter().map(|(r, l, _)| (*r, *l)).collect();
        self.learned.aliases = aliases
            .iter()
            .map(|(r, l, seen)| LearnedAlias {
                alias: Alias {
                    of: AliasOf::Supplier,
                    left: self.texts.text(*l).to_owned(),
                    right: self.texts.text(*r).to_owned(),
                },
                seen: *seen,
            })
            .collect();
        for line in self.right.lines.to_mut() {
            line.supplier = *to_left.get(&line.supplier).unwrap_or(&line.supplier);
        }
    }

    /// Factors that pairs show and nobody has confirmed yet.
    pub(super) fn learn_factors(&mut self) {
        let mut seen: FxHashMap<(TextId, TextId, TextId, u32), u32> = FxHashMap::default();
        for made in &self.made {
            let ([l], [r]) = (&*made.left, &*made.right) else { continue };
            let (l, r) = (self.l(*l), self.r(*r));
            if Match::exact(l.unit, r.unit) != Match::Differ {
                continue;
            }
            if let QuantityMatch::Converted { left, right, known: false } = self.quantity(l, r) {
                let product = if l.code == NONE { r.code } else { l.code };
                let (unit, of, per) =
                    if left > right { (l.unit, r.unit, left) } else { (r.unit, l.unit, right) };
                *seen.entry((product, unit, of, per)).or_default() += 1;
            }
        }
        let text = |id: TextId| self.texts.text(id).to_owned();
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
