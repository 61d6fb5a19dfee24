//! Files in and out (文件交换): what crosses to and from the program by hand instead of by network.
//!
//! The crate reads and writes files; it knows no database and no network. [`bundle`] is the air gap's file;
//! [`sheet`] reads the tables that other programs wrote; [`print`] makes what is printed.

use std::fs::{File, metadata};
use std::io;
use std::path::Path;

pub mod bundle;
pub mod ledger;
pub mod print;
pub mod sheet;
pub mod statement;
pub mod table;

/// Opens a file that a person named. Only regular files (普通文件): a pipe that nobody writes to is waited for without
/// end, and a device may have none.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for anything else, and whatever the system says.
pub fn open_regular(path: &Path) -> io::Result<File> {
    if !metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "不是普通文件"));
    }
    File::open(path)
}
