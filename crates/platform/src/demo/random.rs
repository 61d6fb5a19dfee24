//! Pseudo-random numbers that are the same on every machine (SplitMix64, whole numbers only).

/// A stream of pseudo-random numbers.
pub(super) struct Rng(u64);

impl Rng {
    /// A stream of its own for each `name`, so that a change in one part of the province leaves the others alone.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let mut state = seed ^ 0x5DEE_CE66_D4A3_91B7;
        for byte in name.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        Self(state)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to `bound`, which is left out.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// From `low` through `high`.
    pub(super) fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    pub(super) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille as usize
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// An index into running totals, as likely as its share.
    pub(super) fn by_share(&mut self, totals: &[u64]) -> usize {
        let total = totals.last().copied().unwrap_or(0);
        let at = self.below(total.max(1) as usize) as u64;
        totals.partition_point(|sum| *sum <= at).min(totals.len().saturating_sub(1))
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
