//! Every target under libFuzzer; built by `scripts/fuzz.sh` only.

#![cfg(fuzzing)]

use sunbench_fuzz::TARGETS;

macro_rules! guided {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let (_, target, _) = TARGETS
                    .iter()
                    .find(|(name, ..)| *name == stringify!($name))
                    .expect("a target of this name");
                bolero::check!().for_each(|input: &[u8]| target(input));
            }
        )*
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

guided! {
    codes decimals amounts canonical_json instants deadlines calendar_file feed_page snapshot answers addresses
    records office search recovery_code key_file requests tables cells bundle
}

#[test]
fn none_is_missing() {
    assert!(TARGETS.iter().all(|(name, ..)| NAMES.contains(name)));
}
