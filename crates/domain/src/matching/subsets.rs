//! Lines of one side whose quantities add up.

use super::pool::{NONE, TextId};
use super::run::{At, Side};

/// Lines among which a sum is looked for, and parts of one sum.
pub(super) const MOST_IN_POOL: usize = 18;
const MOST_PARTS: usize = 6;

impl Side<'_> {
    /// Up to two ways to add `least` or more of these lines up to `target`; too large a pool has none.
    pub(super) fn subsets(&self, pool: &[At], target: i64, least: usize) -> Vec<Vec<At>> {
        let quantity = |at: &At| self.lines[*at as usize].quantity;
        let mut pool: Vec<At> = pool
            .iter()
            .copied()
            .filter(|at| quantity(at).signum() == target.signum() && quantity(at).abs() <= target.abs())
            .collect();
        let mut found = Vec::new();
        if pool.len() < least || pool.len() > MOST_IN_POOL || target == 0 {
            return found;
        }
        // The largest first; among equals the earliest, so that equal parts are taken in a fixed order.
        pool.sort_unstable_by_key(|at| {
            let line = &self.lines[*at as usize];
            (-line.quantity.abs(), line.date, self.row(*at))
        });
        let quantities: Vec<i64> = pool.iter().map(|at| quantity(at).abs()).collect();
        let mut chosen = Vec::new();
        search(&quantities, target.abs(), 0, least, &mut chosen, &mut |indexes: &[usize]| {
            found.push(indexes.iter().map(|at| pool[*at]).collect());
            found.len() < 2
        });
        found
    }

    /// The only lines of one lot, among lines that all state theirs, that add up to `target`.
    pub(super) fn only_lot(&self, among: &[At], target: i64) -> Option<Vec<At>> {
        let mut lots: Vec<TextId> = among.iter().map(|at| self.lines[*at as usize].lot).collect();
        lots.sort_unstable();
        lots.dedup();
        if lots.contains(&NONE) {
            return None;
        }
        let mut ways = lots.into_iter().flat_map(|lot| {
            let of_lot: Vec<At> =
                among.iter().copied().filter(|at| self.lines[*at as usize].lot == lot).collect();
            self.subsets(&of_lot, target, 2)
        });
        ways.next().filter(|_| ways.next().is_none())
    }

    /// The first of several ways that are the same but for equal lines.
    pub(super) fn first_of_equal(&self, mut ways: Vec<Vec<At>>) -> Option<Vec<At>> {
        let quantities = |way: &[At]| -> Vec<i64> {
            let mut all: Vec<i64> = way.iter().map(|at| self.lines[*at as usize].quantity).collect();
            all.sort_unstable();
            all
        };
        let is_same = ways.windows(2).all(|two| quantities(&two[0]) == quantities(&two[1]));
        (is_same && !ways.is_empty()).then(|| ways.swap_remove(0))
    }
}

/// Depth first over ascending indexes; `each` says whether to go on.
fn search(
    quantities: &[i64],
    target: i64,
    from: usize,
    least: usize,
    chosen: &mut Vec<usize>,
    each: &mut dyn FnMut(&[usize]) -> bool,
) -> bool {
    if target == 0 {
        return chosen.len() < least || each(chosen);
    }
    if chosen.len() == MOST_PARTS {
        return true;
    }
    for at in from..quantities.len() {
        if quantities[at] > target {
            continue;
        }
        if quantities[at] * (MOST_PARTS - chosen.len()) as i64 > 0
            && quantities[at].saturating_mul((MOST_PARTS - chosen.len()) as i64) < target
        {
            break;
        }
        chosen.push(at);
        let go_on = search(quantities, target - quantities[at], at + 1, least, chosen, each);
        chosen.pop();
        if !go_on {
            return false;
        }
    }
    true
}
