//! Which file: chosen by a person with the system's dialog, never by the window's web page.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sunbench_store::durable::{OutputFault, Staged};

use crate::error::{ApiError, ErrorCode};

/// A kind of files, for the dialog's filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// For people.
    pub name: &'static str,
    /// Without the dot.
    pub extensions: &'static [&'static str],
}

/// The system's dialogs, run by the shell. `None` is a person who closed the dialog.
#[async_trait]
pub trait FileChooser: Send + Sync {
    /// A file to write; `name` is proposed.
    async fn choose_save(&self, name: &str, kinds: &[FileKind]) -> Option<PathBuf>;
    /// A file to read.
    async fn choose_open(&self, kinds: &[FileKind]) -> Option<PathBuf>;
    /// A folder.
    async fn choose_folder(&self) -> Option<PathBuf>;
}

/// Writes a file that appears only when it is whole and on disk; an earlier one of that name stays until then.
pub(crate) fn write_whole(
    file: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut staged = Staged::beside(file)?;
    {
        let mut out = io::BufWriter::new(staged.file());
        write(&mut out)?;
        io::Write::flush(&mut out)?;
    }
    staged.put()
}

/// The same for a writer that wants a path.
///
/// # Errors
/// What the disk or `write` says, and what [`unwritten`] tells apart; an earlier file is then as it was.
pub fn whole_by_path(file: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let staged = Staged::beside(file)?;
    write(staged.path())?;
    staged.put()
}

/// Why a file that a person named was not written.
pub fn unwritten(error: &io::Error) -> ApiError {
    match OutputFault::of(error) {
        Some(OutputFault::InsideProfile(root)) => {
            return ApiError::field(ErrorCode::InsideProfile, &root.display().to_string());
        }
        Some(OutputFault::NotRegular(file)) => {
            return ApiError::field(ErrorCode::NotRegularFile, &file.display().to_string());
        }
        None => {}
    }
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull.into(),
        kind => {
            tracing::warn!(?kind, "a file to be written");
            ErrorCode::FileUnreadable.into()
        }
    }
}
