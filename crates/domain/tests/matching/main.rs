//! Matching measured on ledgers with known truth, and its promises as properties.

mod generator;
mod measure;
mod random;
mod style;
