//! sunbench: the headless command.
fn main() {}
