//! Which entries of the keyring are being made or given up.
//!
//! A kill may fall between a keyring and a key file, which cannot change together. So the names are noted first, in
//! `<data>/keyring.pending`; whoever opens the profile next takes away those that its key file does not name.

use std::{collections::BTreeSet, fs, path::Path};

use uuid::Uuid;

use super::KeyRing;
use crate::{durable, error::StoreResult};

const NAME: &str = "keyring.pending";

/// Remembers names before anything is done about them.
pub(super) fn note(root: &Path, names: &[Uuid]) -> StoreResult<()> {
    let mut all = noted(root);
    all.extend(names);
    let lines: Vec<_> = all.iter().map(Uuid::to_string).collect();
    durable::replace(&root.join(NAME), lines.join("\n").as_bytes())
}

/// Takes away every noted entry but the current one. What cannot be had now is tried again at the next opening.
pub(super) fn settle(root: &Path, current: Option<Uuid>, ring: &dyn KeyRing) {
    // A kill while the note was written.
    let _ = durable::remove_if_there(&root.join(format!("{NAME}.new")));
    if !root.join(NAME).exists() {
        return;
    }
    let gone = noted(root)
        .into_iter()
        .filter(|name| Some(*name) != current)
        .all(|name| ring.delete(&name.to_string()).is_ok());
    if gone {
        // A note that stays is looked at once more.
        let _ = durable::remove_if_there(&root.join(NAME));
    }
}

fn noted(root: &Path) -> BTreeSet<Uuid> {
    let text = fs::read_to_string(root.join(NAME)).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}
