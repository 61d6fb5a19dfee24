//! Profiles in step with a real platform over a network that misbehaves.

#![allow(clippy::unwrap_used)]

mod proxy;
mod reading;
mod seats;
mod window;
mod world;
mod writing;
