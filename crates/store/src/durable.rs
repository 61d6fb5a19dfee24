//! Files and folders that must be on disk, whole, before the next step.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::NamedTempFile;

use crate::error::{StoreError, StoreResult};
use crate::exchange;

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

/// Why a file is not written where a person said; it comes inside an [`io::Error`] (see [`OutputFault::of`]).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutputFault {
    /// It would lie in this profile's folder, where it could take the place of what the profile stands on.
    #[error("inside the profile {}", .0.display())]
    InsideProfile(PathBuf),
    /// This is there and is a device, a pipe or a folder.
    #[error("not a regular file: {}", .0.display())]
    NotRegular(PathBuf),
}

impl OutputFault {
    /// The fault that an error of [`Staged::beside`] or [`destination`] is about.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<OutputFault> for io::Error {
    fn from(fault: OutputFault) -> Self {
        Self::new(io::ErrorKind::InvalidInput, fault)
    }
}

/// Links that are followed to a file's place at most, as the system does it.
const MOST_LINKS: usize = 40;

/// Where a file that a person named comes to lie, with all links followed.
///
/// # Errors
/// An [`OutputFault`], and what the disk says of the folder.
pub fn destination(target: &Path) -> io::Result<PathBuf> {
    let file = resolved(target)?;
    match profile_around(&file) {
        Some(root) => Err(OutputFault::InsideProfile(root).into()),
        None => Ok(file),
    }
}

/// The same for a backup, which may also lie in a profile's own folder of backups.
pub(crate) fn destination_of_backup(target: &Path) -> io::Result<PathBuf> {
    let file = resolved(target)?;
    match profile_around(&file) {
        Some(root) if file.parent() != Some(&root.join("backups")) => {
            Err(OutputFault::InsideProfile(root).into())
        }
        _ => Ok(file),
    }
}

fn resolved(target: &Path) -> io::Result<PathBuf> {
    let not_regular = || OutputFault::NotRegular(target.to_path_buf()).into();
    let mut file = target.to_path_buf();
    for _ in 0..MOST_LINKS {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        // `/dev/stdout` leads to an open file by way of this: a rename would leave whoever reads there behind.
        if cfg!(unix) && folder.starts_with("/proc") {
            return Err(not_regular());
        }
        file = folder.join(file.file_name().ok_or_else(not_regular)?);
        match fs::symlink_metadata(&file) {
            Ok(found) if found.is_symlink() => file = folder.join(fs::read_link(&file)?),
            Ok(found) if found.is_file() => return Ok(file),
            Ok(_) => return Err(not_regular()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(file),
            Err(error) => return Err(error),
        }
    }
    Err(not_regular())
}

/// The folder of the profile that a file lies in, open or not, this one or another.
fn profile_around(file: &Path) -> Option<PathBuf> {
    let is_profile = |root: &&Path| {
        let db = exchange::present(root);
        [crate::profile::DATABASE, crate::vault::KEY_FILE].iter().any(|name| db.join(name).exists())
    };
    // The first of its ancestors is the file itself.
    file.ancestors().skip(1).find(is_profile).map(Path::to_path_buf)
}

/// A file for somebody outside the profile: it appears under its name only when it is whole and on disk, and an earlier
/// one of that name stays until then. Dropped before that, nothing is left of it.
#[derive(Debug)]
pub struct Staged {
    file: Unfinished,
    target: PathBuf,
}

/// A file that has not got its name yet.
#[derive(Debug)]
enum Unfinished {
    /// Without any: a kill leaves nothing of it.
    #[cfg(target_os = "linux")]
    Unnamed { file: File, path: PathBuf },
    /// Under a name for the time being, where the file system knows no other.
    Named(NamedTempFile),
}

/// Removes what a kill left of an earlier file here: nobody is silent over one for so long. The file system's own clock
/// tells, by the age of `fresh`.
fn clear_abandoned(folder: &Path, fresh: &File) -> io::Result<()> {
    let now = fresh.metadata()?.modified()?;
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name();
        let is_ours =
            name.to_str().is_some_and(|name| name.starts_with(PART_BEGINS) && name.ends_with(PART_ENDS));
        let is_old = || {
            let found = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            now.duration_since(found.modified().ok()?).ok()
        };
        if is_ours && is_old().is_some_and(|age| age > ABANDONED_AFTER) {
            // What cannot be removed hinders nobody.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

const PART_BEGINS: &str = ".sunbench-";
const PART_ENDS: &str = ".part";
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

fn named_part() -> tempfile::Builder<'static, 'static> {
    let mut named = tempfile::Builder::new();
    named.prefix(PART_BEGINS).suffix(PART_ENDS);
    named
}

#[cfg(target_os = "linux")]
fn unnamed_in(folder: &Path) -> Option<Unfinished> {
    use std::os::{fd::AsRawFd as _, unix::fs::OpenOptionsExt as _};

    let flags = rustix::fs::OFlags::TMPFILE.bits().cast_signed();
    let file = OpenOptions::new().read(true).write(true).mode(0o600).custom_flags(flags).open(folder).ok()?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    // Without a name it can only be reached, and be given one, by way of this.
    path.exists().then_some(Unfinished::Unnamed { file, path })
}

impl Staged {
    /// Begins a file that will be `target`, in the same folder, so that it can take its place at once.
    ///
    /// # Errors
    /// An [`OutputFault`] where nothing may be written, and what the disk says.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let target = destination(target)?;
        let folder = target.parent().unwrap_or(Path::new(".")).to_path_buf();
        #[cfg(target_os = "linux")]
        let unnamed = unnamed_in(&folder);
        #[cfg(not(target_os = "linux"))]
        let unnamed = None;
        let file = match unnamed {
            Some(file) => file,
            None => Unfinished::Named(named_part().tempfile_in(&folder)?),
        };
        let mut staged = Self { file, target };
        // A folder that may be written to and not be read is no obstacle.
        let _ = clear_abandoned(&folder, staged.file());
        Ok(staged)
    }

    /// The open file.
    pub fn file(&mut self) -> &mut File {
        match &mut self.file {
            #[cfg(target_os = "linux")]
            Unfinished::Unnamed { file, .. } => file,
            Unfinished::Named(file) => file.as_file_mut(),
        }
    }

    /// Where it lies until it is finished, for a writer that wants a path.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.file {
            #[cfg(target_os = "linux")]
            Unfinished::Unnamed { path, .. } => path,
            Unfinished::Named(file) => file.path(),
        }
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// What the disk says; the earlier file stays.
    pub fn put(self) -> io::Result<()> {
        match self.file {
            #[cfg(target_os = "linux")]
            Unfinished::Unnamed { file, path } => {
                use rustix::fs::{AtFlags, CWD, linkat};

                file.sync_all()?;
                // A link replaces nothing, so it gets a name beside first; whole and on disk as it is by now.
                let folder = self.target.parent().unwrap_or(Path::new("."));
                let named = named_part()
                    .make_in(folder, |name| Ok(linkat(CWD, &path, CWD, name, AtFlags::SYMLINK_FOLLOW)?))?;
                named.persist(&self.target).map_err(|error| error.error)
            }
            Unfinished::Named(file) => {
                file.as_file().sync_all()?;
                file.persist(&self.target).map_err(|error| error.error).map(drop)
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of an output named `target`: `written`, `inside`, `special`, or what the system says.
    fn outcome(target: &Path) -> String {
        let staged = Staged::beside(target).and_then(|mut staged| {
            staged.file().write_all("新".as_bytes())?;
            staged.put()
        });
        match staged {
            Ok(()) => "written".to_owned(),
            Err(error) => match OutputFault::of(&error) {
                Some(OutputFault::InsideProfile(_)) => "inside".to_owned(),
                Some(OutputFault::NotRegular(_)) => "special".to_owned(),
                None => error.kind().to_string(),
            },
        }
    }

    #[test]
    fn an_output_takes_the_place_of_regular_files_outside_profiles_only() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("office/db")).unwrap();
        fs::create_dir_all(at("office/policies")).unwrap();
        fs::create_dir_all(at("bare/db")).unwrap();
        fs::create_dir_all(at("halfway/db.next")).unwrap();
        let kept = ["office/db/sunbench.db", "bare/db/keys.json", "halfway/db.next/sunbench.db", "old.csv"];
        for file in kept {
            fs::write(at(file), "旧").unwrap();
        }
        for (target, expected) in [
            ("new.csv", "written"),
            ("old.csv", "written"),
            ("office/db/sunbench.db", "inside"),
            ("office/db/new.csv", "inside"),
            ("office/new.csv", "inside"),
            ("office/policies/new.csv", "inside"),
            ("office/db/../new.csv", "inside"),
            ("bare/new.csv", "inside"),
            ("halfway/new.csv", "inside"),
            ("office", "special"),
            ("none/new.csv", "entity not found"),
        ] {
            assert_eq!(outcome(&at(target)), expected, "{target}");
        }
        assert_eq!(fs::read(at("old.csv")).unwrap(), "新".as_bytes());
        for file in &kept[..3] {
            assert_eq!(fs::read(at(file)).unwrap(), "旧".as_bytes(), "{file}");
        }
        assert!(!at("office/new.csv").exists() && !at("office/db/new.csv").exists());
    }

    #[test]
    fn nothing_is_left_of_an_output_that_was_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let names = || -> Vec<String> {
            let entries = fs::read_dir(dir.path()).unwrap();
            let mut names: Vec<_> =
                entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        for (name, minutes) in [
            (".sunbench-aB3dE9.part", 61),
            (".sunbench-Zz0000.part", 59),
            (".other.part", 600),
            ("x.csv", 600),
        ] {
            let file = File::create(at(name)).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - Duration::from_mins(minutes)).unwrap();
        }
        let mut staged = Staged::beside(&at("new.csv")).unwrap();
        staged.file().write_all(b"half").unwrap();
        let kept = [".other.part", ".sunbench-Zz0000.part", "x.csv"];
        // As a kill leaves it: no destructor runs. Linux has no name for it.
        if cfg!(target_os = "linux") {
            assert_eq!(names(), kept);
        }
        drop(staged);
        assert_eq!(names(), kept);

        let staged = Staged::beside(&at("new.csv")).unwrap();
        fs::write(staged.path(), "旧").unwrap();
        staged.put().unwrap();
        let staged = Staged::beside(&at("new.csv")).unwrap();
        fs::write(staged.path(), "新").unwrap();
        assert_eq!(fs::read(at("new.csv")).unwrap(), "旧".as_bytes());
        staged.put().unwrap();
        assert_eq!(fs::read(at("new.csv")).unwrap(), "新".as_bytes());
        assert_eq!(names(), [kept[0], kept[1], "new.csv", kept[2]]);
    }

    #[cfg(unix)]
    #[test]
    fn an_output_follows_links_and_replaces_no_device() {
        use std::os::unix::fs::{FileTypeExt as _, symlink};

        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("office/db")).unwrap();
        fs::write(at("office/db/keys.json"), "旧").unwrap();
        fs::write(at("old.csv"), "旧").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        for (to, link) in [
            (at("old.csv"), "to-old"),
            (at("to-old"), "to-link"),
            (PathBuf::from("new.csv"), "to-new"),
            (at("office/db/keys.json"), "to-key"),
            (at("office"), "to-office"),
            (at("round"), "round"),
            (PathBuf::from("/dev/stdout"), "to-stdout"),
        ] {
            symlink(to, at(link)).unwrap();
        }
        for (target, expected) in [
            (at("to-old"), "written"),
            (at("to-link"), "written"),
            (at("to-new"), "written"),
            (at("to-key"), "inside"),
            (at("to-office/new.csv"), "inside"),
            (at("to-office"), "special"),
            (at("socket"), "special"),
            (at("round"), "special"),
            (at("to-stdout"), "special"),
            (PathBuf::from("/dev/stdout"), "special"),
            (PathBuf::from("/dev/fd/1"), "special"),
            (PathBuf::from("/dev/null"), "special"),
        ] {
            assert_eq!(outcome(&target), expected, "{}", target.display());
        }
        assert!(fs::symlink_metadata(at("to-link")).unwrap().is_symlink());
        assert_eq!(fs::read(at("old.csv")).unwrap(), "新".as_bytes());
        assert_eq!(fs::read(at("new.csv")).unwrap(), "新".as_bytes());
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert!(fs::metadata(at("socket")).unwrap().file_type().is_socket());
    }
}
