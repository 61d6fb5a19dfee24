//! Joins by sorting: the same groups whatever the order of the lines.

use std::cmp::Ordering;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::run::At;

/// A number to join by, and the line.
pub(super) type Keyed = (u64, At);

/// Calls `each` for every number that both sides have, with that number's lines of both sides.
pub(super) fn groups(left: &mut [Keyed], right: &mut [Keyed], mut each: impl FnMut(&[Keyed], &[Keyed])) {
    rayon::join(|| left.sort_unstable(), || right.sort_unstable());
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

/// Results of `each` for every number that both sides have, in the order of the numbers, on all processors.
pub(super) fn map_groups<T: Send>(
    left: &mut [Keyed],
    right: &mut [Keyed],
    each: impl Fn(&[Keyed], &[Keyed], &mut Vec<T>) + Sync,
) -> Vec<Vec<T>> {
    rayon::join(|| left.par_sort_unstable(), || right.par_sort_unstable());
    let mut parts: Vec<(&mut [Keyed], &mut [Keyed])> = Vec::new();
    let (mut left, mut right) = (left, right);
    while !left.is_empty() {
        let key = left[left.len().min(PART) - 1].0;
        let (head, rest) = left.split_at_mut(left.partition_point(|(other, _)| *other <= key));
        let (right_head, right_rest) = right.split_at_mut(right.partition_point(|(other, _)| *other <= key));
        parts.push((head, right_head));
        (left, right) = (rest, right_rest);
    }
    parts
        .into_par_iter()
        .map(|(left, right)| {
            let mut found = Vec::new();
            groups(left, right, |ls, rs| each(ls, rs, &mut found));
            found
        })
        .collect()
}

/// Lines or pairs that one processor goes through at a time.
pub(super) const PART: usize = 1 << 14;

/// How many entries at the beginning have the first one's number.
fn run_length(entries: &[Keyed]) -> usize {
    let Some((key, _)) = entries.first() else { return 0 };
    entries.iter().take_while(|(other, _)| other == key).count()
}

/// Numbers of which it is told at once, for nearly all that are not among them, that they are not.
pub(super) struct Sieve {
    bits: Vec<u64>,
    shift: u32,
}

impl Sieve {
    fn with_capacity(count: usize) -> Self {
        let bits = (count * 16).next_power_of_two().max(64);
        Self { bits: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() }
    }

    /// Of these numbers, about `count` of them.
    pub(super) fn of(count: usize, numbers: impl Iterator<Item = u64>) -> Self {
        let mut sieve = Self::with_capacity(count);
        for number in numbers {
            sieve.insert(number);
        }
        sieve
    }

    const fn place(&self, number: u64) -> (usize, u64) {
        let bit = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        (bit / 64, 1 << (bit % 64))
    }

    fn insert(&mut self, number: u64) {
        let (word, bit) = self.place(number);
        self.bits[word] |= bit;
    }

    /// Never false for a number that is in it.
    pub(super) fn may_hold(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.bits[word] & bit != 0
    }
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
