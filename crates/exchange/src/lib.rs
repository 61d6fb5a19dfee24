//! Files in and out (文件交换): what crosses to and from the program by hand instead of by network.
//!
//! The crate reads and writes files; it knows no database and no network. [`bundle`] is the air gap's file;
//! [`sheet`] reads the tables that other programs wrote; [`print`] makes what is printed.

pub mod bundle;
pub mod ledger;
pub mod print;
pub mod sheet;
pub mod statement;
pub mod table;
