//! What the window gets to see of foreign text: nothing that turns it round, hides in it or controls a terminal.
//!
//! The data keep every character; only the copy for the window is made harmless. Text that a person is editing goes
//! through as it is, since it comes back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sunbench_domain::text::visible;

/// Made for people to see.
pub trait Shown: Sized {
    /// Makes every text in it harmless to look at, in place.
    fn show(&mut self);

    /// The same by value.
    #[must_use]
    fn shown(mut self) -> Self {
        self.show();
        self
    }
}

impl Shown for String {
    fn show(&mut self) {
        if let Cow::Owned(text) = visible(self) {
            *self = text;
        }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn show(&mut self) {
        self.iter_mut().for_each(Shown::show);
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn show(&mut self) {
        self.iter_mut().for_each(Shown::show);
    }
}

impl<T: Shown> Shown for Box<T> {
    fn show(&mut self) {
        (**self).show();
    }
}

impl<K, T: Shown> Shown for BTreeMap<K, T> {
    fn show(&mut self) {
        self.values_mut().for_each(Shown::show);
    }
}

macro_rules! holds_no_text {
    ($($kind:ty),*) => { $(impl Shown for $kind { fn show(&mut self) {} })* };
}
holds_no_text!(bool, u8, u16, u32, u64, i32, i64, crate::error::ErrorCode);
