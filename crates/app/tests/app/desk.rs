//! A desktop whose dialogs answer at once and whose viewer only notes what it was given.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sunbench_app::{FileChooser, FileKind, FileViewer};

pub(crate) struct Desk {
    folder: PathBuf,
}

impl Desk {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.join("desk") }
    }
}

#[async_trait]
impl FileChooser for Desk {
    async fn choose_save(&self, name: &str, _: &[FileKind]) -> Option<PathBuf> {
        std::fs::create_dir_all(&self.folder).unwrap();
        Some(self.folder.join(name))
    }
    async fn choose_open(&self, _: &[FileKind]) -> Option<PathBuf> {
        None
    }
    async fn choose_folder(&self) -> Option<PathBuf> {
        None
    }
}

impl FileViewer for Desk {
    fn view(&self, file: &Path) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        std::fs::write(self.folder.join("viewed"), file.to_str().unwrap())
    }
}
