//! Agreement with an independent library (`fixtures/make_fixtures.py`).

use super::super::{CodeKind, Parts, check, check_at};

#[test]
fn verdicts_and_parts_agree() {
    let mut lines = 0;
    for line in include_str!("../fixtures/independent.tsv").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let kind: CodeKind = cells[0].parse().unwrap();
        let code = check(kind, cells[1]);
        assert_eq!(code.valid, cells[2] == "1", "{line}: {:?}", code.reason);
        for part in cells[3].split_terminator(' ') {
            let (name, value) = part.split_once('=').unwrap();
            assert_eq!(code.parts[name], value, "{line}");
        }
        lines += 1;
    }
    assert_eq!(lines, 360);
}

/// Labels put together from their parts by a Python script written from the standard alone (ANSI/HIBC 2.6, tables 2
/// and 3, appendix B), random with a fixed seed; one character of every fourth is then changed.
#[test]
fn labels_put_together_elsewhere_are_taken_apart() {
    let mut valid = 0;
    for line in include_str!("../fixtures/hibc.tsv").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let code = check_at(CodeKind::Udi, cells[1], 2026);
        assert_eq!(code.valid, cells[2] == "1", "{line}: {:?}", code.reason);
        if code.valid {
            let expected: Parts = cells[3]
                .split(' ')
                .filter_map(|part| part.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            assert_eq!(code.parts, expected, "{line}");
            valid += 1;
        }
    }
    assert!(valid > 100, "{valid}");
}
