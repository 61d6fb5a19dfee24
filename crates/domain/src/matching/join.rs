//! Joins by sorting: the same groups whatever the order of the lines.

use std::cmp::Ordering;

use super::run::At;

/// A number to join by, and the line.
pub(super) type Keyed = (u64, At);

/// Calls `each` for every number that both sides have, with that number's lines of both sides.
pub(super) fn groups(left: &mut [Keyed], right: &mut [Keyed], mut each: impl FnMut(&[Keyed], &[Keyed])) {
    left.sort_unstable();
    right.sort_unstable();
    let (mut left, mut right): (&[Keyed], &[Keyed]) = (left, right);
    while let (Some((a, _)), Some((b, _))) = (left.first(), right.first()) {
        let (a, b) = (*a, *b);
        let (ls, rs) = (run_length(left), run_length(right));
        match a.cmp(&b) {
            Ordering::Less => left = &left[ls..],
            Ordering::Greater => right = &right[rs..],
            Ordering::Equal => {
                each(&left[..ls], &right[..rs]);
                (left, right) = (&left[ls..], &right[rs..]);
            }
        }
    }
}

/// How many entries at the beginning have the first one's number.
fn run_length(entries: &[Keyed]) -> usize {
    let Some((key, _)) = entries.first() else { return 0 };
    entries.iter().take_while(|(other, _)| other == key).count()
}

/// One number for several: equal numbers for equal parts; whoever joins by it compares the lines themselves.
pub(super) fn mix(parts: &[u64]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    for part in parts {
        hasher.write_u64(*part);
    }
    hasher.finish() | 1
}
