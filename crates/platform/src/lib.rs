//! sunbench-platform: the reference platform and its supervisor console.

pub mod record;
