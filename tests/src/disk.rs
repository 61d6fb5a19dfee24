//! A disk that is watched or fails, and what a loss of power leaves of it.
//!
//! The programs run with `tests/shim/failing_disk.c` between them and the file system. It makes their changes fail, or
//! notes them in their order; from those notes follows every state that a disk may be in after the power was cut: what
//! was flushed is there, of the rest any part may be.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use fastrand::Rng;

/// What a disk writes as one; a tear falls between two of them.
const SECTOR: u64 = 512;
/// What an operating system keeps in memory as one.
const PAGE: u64 = 4_096;

/// The library between a program and the file system.
#[derive(Debug)]
pub struct Shim {
    folder: TempDir,
}

impl Shim {
    /// Builds it.
    ///
    /// # Panics
    ///
    /// Without a C compiler.
    pub fn build() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim/failing_disk.c");
        let built = Command::new("cc")
            .args(["-std=c11", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o"])
            .arg(folder.path().join("failing_disk.so"))
            .arg(source)
            .status()
            .expect("there is a C compiler: scripts/packages.sh build installs one");
        assert!(built.success(), "the shim does not compile");
        Self { folder }
    }

    /// Notes what `command` changes below `folder`.
    pub fn watch<'a>(&self, command: &'a mut Command, folder: &Path) -> &'a mut Command {
        self.put_under(command, folder).env("SUNBENCH_DISK_LOG", self.log())
    }

    /// Lets the change number `at` of `command` below `folder` fail; the kinds are the shim's.
    pub fn fail<'a>(&self, command: &'a mut Command, folder: &Path, at: u64, kind: &str) -> &'a mut Command {
        self.put_under(command, folder).env("SUNBENCH_DISK_FAULT", format!("{at} {kind}"))
    }

    fn put_under<'a>(&self, command: &'a mut Command, folder: &Path) -> &'a mut Command {
        let folder = folder.canonicalize().expect("the folder is there");
        command
            .env("LD_PRELOAD", self.folder.path().join("failing_disk.so"))
            .env("SUNBENCH_DISK_FOLDER", folder)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What was noted since the last time.
    ///
    /// # Panics
    ///
    /// When nothing was.
    pub fn changes(&self) -> Vec<Change> {
        let log = fs::read(self.log()).expect("the program ran with the shim");
        fs::remove_file(self.log()).expect("the log can be removed");
        let changes = parse(&log);
        assert!(changes.len() > 1, "the program writes past the shim");
        changes
    }
}

/// A change to the disk, in the order in which the programs made them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Change {
    /// A program began; it has no open files.
    Start,
    Open {
        handle: u32,
        path: PathBuf,
        emptied: bool,
    },
    Write {
        handle: u32,
        at: u64,
        bytes: Vec<u8>,
    },
    Cut {
        handle: u32,
        length: u64,
    },
    Flush {
        handle: u32,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    Folder {
        path: PathBuf,
    },
}

fn parse(mut log: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    while !log.is_empty() {
        let (head, rest) = log.split_at(21);
        let short = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
        let (handle, at) = (short(1), u64::from_le_bytes(head[5..13].try_into().expect("eight bytes")));
        let (one, rest) = rest.split_at(short(13) as usize);
        let (two, rest) = rest.split_at(short(17) as usize);
        log = rest;
        let path = |bytes: &[u8]| PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
        changes.push(match head[0] {
            1 => Change::Start,
            2 => Change::Open { handle, path: path(one), emptied: at == 1 },
            3 => Change::Write { handle, at, bytes: one.to_vec() },
            4 => Change::Cut { handle, length: at },
            5 => Change::Flush { handle },
            6 => Change::Rename { from: path(one), to: path(two) },
            7 | 9 => Change::Remove { path: path(one) },
            8 => Change::Folder { path: path(one) },
            other => panic!("the shim noted {other}"),
        });
    }
    changes
}

#[derive(Debug, Clone)]
enum Edit {
    Write { at: u64, bytes: Vec<u8> },
    Cut { length: u64 },
}

fn write_at(content: &mut Vec<u8>, at: u64, bytes: &[u8]) {
    let end = at as usize + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at as usize..end].copy_from_slice(bytes);
}

impl Edit {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => write_at(content, *at, bytes),
            Self::Cut { length } => content.resize(*length as usize, 0),
        }
    }
}

/// A file's content on the disk, and what waits in memory.
#[derive(Debug, Clone, Default)]
struct Content {
    flushed: Vec<u8>,
    waiting: Vec<Edit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

/// A change of names, which waits until its folder is flushed.
#[derive(Debug, Clone)]
enum Naming {
    Put(PathBuf, Node),
    Move(PathBuf, PathBuf),
    Take(PathBuf),
}

impl Naming {
    fn folder(&self) -> &Path {
        let (Self::Put(path, _) | Self::Move(_, path) | Self::Take(path)) = self;
        path.parent().expect("a path below the watched folder")
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        match self {
            Self::Put(path, node) => {
                names.insert(path.clone(), *node);
            }
            Self::Move(from, to) => {
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
            Self::Take(path) => {
                names.remove(path);
            }
        }
    }
}

/// What is left of what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// All of it: the program was killed, the system went on.
    None,
    /// Nothing.
    Everything,
    /// Any pages, in no order; files may have grown without their content.
    Pages,
    /// What came first, and of the last write some sectors.
    Tail,
}

impl Loss {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Everything, Self::Pages, Self::Tail];
}

/// A disk under a program's changes.
#[derive(Debug, Default)]
pub struct Disk {
    contents: Vec<Content>,
    open: HashMap<u32, PathBuf>,
    /// Open files keep their content when they are renamed or removed.
    files: HashMap<u32, usize>,
    names: BTreeMap<PathBuf, Node>,
    flushed_names: BTreeMap<PathBuf, Node>,
    waiting_names: Vec<Naming>,
}

impl Disk {
    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.waiting_names.push(naming);
    }

    /// Makes the next change.
    pub fn make(&mut self, change: &Change) {
        match change {
            Change::Start => {
                self.open.clear();
                self.files.clear();
            }
            Change::Open { handle, path, emptied } => {
                self.open.insert(*handle, path.clone());
                let file = match self.names.get(path) {
                    Some(Node::File(file)) => *file,
                    Some(Node::Folder) => return,
                    // A folder from before the watch is opened to flush it, never to write to it.
                    None if self.names.keys().any(|name| name.starts_with(path)) => return,
                    None => {
                        self.contents.push(Content::default());
                        let file = self.contents.len() - 1;
                        self.name(Naming::Put(path.clone(), Node::File(file)));
                        file
                    }
                };
                self.files.insert(*handle, file);
                if *emptied {
                    self.contents[file].waiting.push(Edit::Cut { length: 0 });
                }
            }
            Change::Write { handle, at, bytes } => {
                let file = self.files[handle];
                self.contents[file].waiting.push(Edit::Write { at: *at, bytes: bytes.clone() });
            }
            Change::Cut { handle, length } => {
                let file = self.files[handle];
                self.contents[file].waiting.push(Edit::Cut { length: *length });
            }
            Change::Flush { handle } => {
                if let Some(file) = self.files.get(handle) {
                    let content = &mut self.contents[*file];
                    for edit in content.waiting.drain(..) {
                        edit.apply(&mut content.flushed);
                    }
                } else {
                    let folder = self.open[handle].clone();
                    let (now, later): (Vec<_>, Vec<_>) =
                        self.waiting_names.drain(..).partition(|naming| naming.folder() == folder);
                    self.waiting_names = later;
                    for naming in now {
                        naming.apply(&mut self.flushed_names);
                    }
                }
            }
            Change::Rename { from, to } => self.name(Naming::Move(from.clone(), to.clone())),
            Change::Remove { path } => self.name(Naming::Take(path.clone())),
            Change::Folder { path } => self.name(Naming::Put(path.clone(), Node::Folder)),
        }
    }

    /// Writes into `target` what the disk holds below `root` after the power was cut now.
    ///
    /// # Panics
    ///
    /// When it cannot write there.
    pub fn cut(&self, root: &Path, loss: Loss, random: &mut Rng, target: &Path) {
        let mut names = self.flushed_names.clone();
        let kept = match loss {
            Loss::None => self.waiting_names.len(),
            Loss::Everything => 0,
            Loss::Pages | Loss::Tail => random.usize(..=self.waiting_names.len()),
        };
        for naming in &self.waiting_names[..kept] {
            naming.apply(&mut names);
        }
        for (path, node) in &names {
            let place = target.join(path.strip_prefix(root).expect("a path below the watched folder"));
            match node {
                Node::Folder => fs::create_dir_all(&place).expect("a folder can be made"),
                // What is in a folder whose own name is lost is lost. The index in shared memory ends with the power.
                Node::File(_) if !place.parent().is_some_and(Path::is_dir) || is_index(path) => {}
                Node::File(file) => {
                    let content = left_of(&self.contents[*file], loss, random);
                    fs::write(&place, content).expect("a file can be written");
                }
            }
        }
    }
}

fn is_index(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

fn left_of(content: &Content, loss: Loss, random: &mut Rng) -> Vec<u8> {
    let mut left = content.flushed.clone();
    let waiting = &content.waiting;
    match loss {
        Loss::Everything => {}
        Loss::None => waiting.iter().for_each(|edit| edit.apply(&mut left)),
        Loss::Tail => {
            let whole = random.usize(..=waiting.len());
            for edit in &waiting[..whole] {
                edit.apply(&mut left);
            }
            if let Some(Edit::Write { at, bytes }) = waiting.get(whole) {
                let sectors = random.u64(..=bytes.len() as u64 / SECTOR) * SECTOR;
                write_at(&mut left, *at, &bytes[..(sectors as usize).min(bytes.len())]);
            }
        }
        Loss::Pages => {
            for edit in waiting {
                match edit {
                    Edit::Write { at, bytes } => some_pages(&mut left, *at, bytes, random),
                    Edit::Cut { .. } if random.bool() => edit.apply(&mut left),
                    Edit::Cut { .. } => {}
                }
            }
        }
    }
    left
}

fn some_pages(left: &mut Vec<u8>, at: u64, bytes: &[u8], random: &mut Rng) {
    let end = at + bytes.len() as u64;
    let mut from = at;
    while from < end {
        let to = ((from / PAGE + 1) * PAGE).min(end);
        if random.bool() {
            write_at(left, from, &bytes[(from - at) as usize..(to - at) as usize]);
        } else if random.bool() && left.len() < to as usize {
            left.resize(to as usize, 0); // the new length is there, what should be in it is not
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(changes: &[Change], loss: Loss) -> BTreeMap<String, String> {
        let mut disk = Disk::default();
        for change in changes {
            disk.make(change);
        }
        let dir = tempfile::tempdir().unwrap();
        disk.cut(Path::new("/d"), loss, &mut Rng::with_seed(1), dir.path());
        let files = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap());
        files
            .filter(|entry| entry.path().is_file())
            .map(|entry| {
                let name = entry.file_name().into_string().unwrap();
                (name, fs::read_to_string(entry.path()).unwrap())
            })
            .collect()
    }

    /// A file is there when its folder was flushed, and holds what it held when it was flushed.
    type Files = &'static [(&'static str, &'static str)];

    #[test]
    fn only_what_was_flushed_is_certain() {
        let open = |handle, path: &str| Change::Open { handle, path: path.into(), emptied: false };
        let write = |at, text: &str| Change::Write { handle: 1, at, bytes: text.into() };
        let flush = |handle| Change::Flush { handle };
        let moved = Change::Rename { from: "/d/a".into(), to: "/d/b".into() };
        let both =
            [open(1, "/d/a"), write(0, "old"), flush(1), open(2, "/d"), flush(2), write(0, "new"), moved];
        let table: [(usize, Loss, Files); 6] = [
            (3, Loss::Everything, &[]),
            (3, Loss::None, &[("a", "old")]),
            (6, Loss::Everything, &[("a", "old")]),
            (6, Loss::None, &[("a", "new")]),
            (7, Loss::Everything, &[("a", "old")]),
            (7, Loss::None, &[("b", "new")]),
        ];
        for (made, loss, expected) in table {
            let expected = expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            assert_eq!(after(&both[..made], loss), expected.collect(), "{made} {loss:?}");
        }
    }
}
