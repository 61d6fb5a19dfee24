//! `indicators`: the names that scripts rely on, the day and the pack.

use std::collections::BTreeSet;

use crate::world::{Seat, World, keys, set};

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

#[test]
fn what_the_hospital_comes_to() {
    let world = World::start();
    let seat = Seat::new();
    world.connect(&seat);
    seat.json(&["sync"]);
    let all = seat.json(&["indicators"]);
    let all = all.as_array().unwrap();
    let ids: BTreeSet<&str> = all.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.len() >= 20, "{ids:?}");
    let stable = set("id scope value numerator denominator threshold level rule_version");
    let levels = set("normal notice warning serious");
    for row in all {
        assert!(keys(row).is_superset(&stable), "{row}");
        assert!(levels.contains(row["level"].as_str().unwrap()), "{row}");
        assert!(row["value"].is_null() || is_decimal(row["value"].as_str().unwrap()), "{row}");
        assert!(row["rule_version"].as_str().unwrap().starts_with("national-base/1+"), "{row}");
    }
    assert!(all.iter().any(|row| row["forecast_date"].is_string() && row["action"].is_string()));

    // Another day is measured by its own rules and its own data; the same day again gives the same.
    let then = seat.json(&["indicators", "--as-of", "2026-03-31"]);
    assert_eq!(then, seat.json(&["indicators", "--as-of", "2026-03-31"]));
    assert_ne!(then[0]["rule_version"], all[0]["rule_version"]);
    let other = seat.json(&["indicators", "--pack", "quanzhou-2024"]);
    assert!(other[0]["rule_version"].as_str().unwrap().starts_with("quanzhou-2024/1+"));
    for wrong in [["--pack", "nowhere"], ["--as-of", "2031-01-01"]] {
        let refused = seat.run(&["indicators", wrong[0], wrong[1]]);
        assert_eq!(
            (refused.code, &refused.json["error"]["code"]),
            (1, &"fieldInvalid".into()),
            "{refused:?}"
        );
    }
}
