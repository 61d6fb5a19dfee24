//! Files and folders that must be on disk, whole, before the next step.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{StoreError, StoreResult};

/// Makes a folder that only its owner can enter, with its parents. Their names are on disk before anything in it is.
///
/// # Errors
/// What the disk says.
pub fn private_dir(path: &Path) -> StoreResult<()> {
    let missing = path.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists()).count();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|e| StoreError::io(path, e))?;
    // The folder may have been there with wider rights.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(|e| StoreError::io(path, e))?;
    }
    // An attempt before this one may have ended between making the folder and flushing its name.
    for parent in path.ancestors().skip(1).take(missing.max(1)) {
        match sync_dir(if parent.as_os_str().is_empty() { Path::new(".") } else { parent }) {
            // A folder that we may pass through and not read is none that we made.
            Err(StoreError::ReadOnly) => {}
            other => other?,
        }
    }
    Ok(())
}

/// Replaces `path` by `bytes`: after a crash at any instant it holds the old bytes or the new ones.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> StoreResult<()> {
    let mut staged: PathBuf = path.to_path_buf();
    staged.as_mut_os_string().push(".new");
    let written = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(&staged)?;
        file.write_all(bytes)?;
        file.sync_all()
    })();
    written.map_err(|e| StoreError::io(&staged, e))?;
    rename(&staged, path)
}

/// A file for somebody outside the profile: it appears under its name only when it is whole and on disk, and an earlier
/// one of that name stays until then. Dropped before that, nothing is left of it.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// Begins a file that will be `target`, in the same folder, so that it can take its place at once.
    ///
    /// # Errors
    /// What the disk says.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut named = tempfile::Builder::new();
        named.prefix(".sunbench-").suffix(".part");
        let file = named.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self { file, target: target.to_path_buf() })
    }

    /// The open file.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where it lies until it is finished, for a writer that wants a path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// What the disk says; the earlier file stays.
    pub fn put(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist(&self.target).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Renames within one folder, and makes the new name durable.
pub(crate) fn rename(from: &Path, to: &Path) -> StoreResult<()> {
    fs::rename(from, to).map_err(|e| StoreError::io(to, e))?;
    to.parent().map_or(Ok(()), sync_dir)
}

/// Makes the names in a folder durable. Windows has no such call; its file system journals names itself.
pub(crate) fn sync_dir(dir: &Path) -> StoreResult<()> {
    if cfg!(unix) {
        match File::open(dir).and_then(|d| d.sync_all()) {
            // Some network file systems know no such call.
            Err(e) if e.kind() != io::ErrorKind::InvalidInput => return Err(StoreError::io(dir, e)),
            _ => {}
        }
    }
    Ok(())
}

/// Flushes a file that somebody else wrote.
pub(crate) fn sync_file(path: &Path) -> StoreResult<()> {
    OpenOptions::new().write(true).open(path).and_then(|f| f.sync_all()).map_err(|e| StoreError::io(path, e))
}

/// Removes a file that may not be there.
pub(crate) fn remove_if_there(path: &Path) -> StoreResult<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path, e)),
        _ => Ok(()),
    }
}
