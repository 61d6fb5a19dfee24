//! Which file: chosen by a person with the system's dialog, never by the window's web page.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sunbench_store::durable::Staged;

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
pub(crate) fn whole_by_path(file: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let staged = Staged::beside(file)?;
    write(staged.path())?;
    staged.put()
}
