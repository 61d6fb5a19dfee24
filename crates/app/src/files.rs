//! Which file: chosen by a person with the system's dialog, never by the window's web page.

use std::path::PathBuf;

use async_trait::async_trait;

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
