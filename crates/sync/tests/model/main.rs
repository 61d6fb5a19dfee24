//! The real engine and the real store against a platform that is a plain model in memory, over a network that does
//! everything that networks do, and across an air gap; by seed: `SUNBENCH_SEED` and `TORTURE` (a factor) choose how.

#![allow(clippy::unwrap_used)]

mod air_gap;
mod gap;
mod network;
mod office;
mod platform;
mod seat;
mod two_seats;
mod world;
