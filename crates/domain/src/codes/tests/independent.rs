//! Agreement with an independent library (`fixtures/make_fixtures.py`).

use super::super::{CodeKind, check};

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
