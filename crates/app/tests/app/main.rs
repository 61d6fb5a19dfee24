//! The program without its window, with a real encrypted profile, against the reference platform.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod again;
mod audit;
mod cycle;
mod daily;
mod desk;
mod hostile;
mod indicators;
mod items;
mod kept;
mod ordering;
mod people;
mod purchase;
mod receiving;
mod reconcile;
mod rules;
mod teamwork;
mod trouble;
mod world;
