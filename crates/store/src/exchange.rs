//! A whole new `db` folder takes the place of the one that is there; a kill at any instant leaves one of them whole.
//!
//! ```text
//! <data>/db.making   unfinished: thrown away
//! <data>/db.next     whole: takes the place of db at the next step, or when the profile is opened next
//! <data>/db.old      given up: removed
//! ```

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    durable,
    error::{StoreError, StoreResult},
    profile::Layout,
};

const MAKING: &str = "db.making";
const NEXT: &str = "db.next";
const OLD: &str = "db.old";
/// In the new folder: where the one before goes, when it is to be kept.
const KEEP_AS: &str = "keep-as";

/// An empty folder for the files to come.
pub(crate) fn begin(layout: &Layout) -> StoreResult<PathBuf> {
    let making = layout.root.join(MAKING);
    remove_dir(&making)?;
    durable::private_dir(&making)?;
    Ok(making)
}

/// The folder that [`begin`] made is whole: it becomes `db`. The one before is kept under the name `keep_as`, or
/// removed.
pub(crate) fn commit(layout: &Layout, keep_as: Option<&str>) -> StoreResult<()> {
    let making = layout.root.join(MAKING);
    if let Some(name) = keep_as {
        durable::replace(&making.join(KEEP_AS), name.as_bytes())?;
    }
    durable::sync_dir(&making)?;
    durable::rename(&making, &layout.root.join(NEXT))?;
    finish(layout)
}

/// Ends what a kill interrupted. Needs the profile's lock.
pub(crate) fn finish(layout: &Layout) -> StoreResult<()> {
    let (next, old) = (layout.root.join(NEXT), layout.root.join(OLD));
    if next.exists() {
        if layout.db_dir.exists() {
            let aside = if let Ok(name) = fs::read_to_string(next.join(KEEP_AS)) {
                layout.root.join(name)
            } else {
                remove_dir(&old)?;
                old.clone()
            };
            durable::rename(&layout.db_dir, &aside)?;
        }
        durable::rename(&next, &layout.db_dir)?;
    }
    durable::remove_if_there(&layout.db_dir.join(KEEP_AS))?;
    remove_dir(&old)?;
    remove_dir(&layout.root.join(MAKING))
}

/// Throws away what [`begin`] began. What cannot be removed now goes at the next opening.
pub(crate) fn abandon(layout: &Layout) {
    let _ = remove_dir(&layout.root.join(MAKING));
}

/// Where the profile's files are now, for somebody who only looks.
pub(crate) fn present(root: &Path) -> PathBuf {
    let (db, next) = (root.join("db"), root.join(NEXT));
    if !db.exists() && next.exists() { next } else { db }
}

/// A name in the profile's folder that is free.
pub(crate) fn free_name(layout: &Layout, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    for n in 2.. {
        if !layout.root.join(&name).exists() {
            break;
        }
        name = format!("{wanted}-{n}");
    }
    name
}

fn remove_dir(path: &Path) -> StoreResult<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path, e)),
        _ => Ok(()),
    }
}
