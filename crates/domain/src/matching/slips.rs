//! Slips of the pen between two texts.

/// How one text becomes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlipKind {
    /// Two neighbouring characters exchanged.
    Transposed,
    /// One character wrong, missing or too much.
    OneCharacter,
    /// Leading noughts lost, or the end cut off.
    CutShort,
    /// Not by a slip, but the rest says that it is the same.
    Other,
}

/// Shortest text in which one slip still leaves something to recognise.
const SHORTEST: usize = 4;

/// The slip that makes `b` of `a`, if one is enough.
pub(super) fn slip(a: &str, b: &str) -> Option<SlipKind> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.len() < SHORTEST || long.len() > short.len() + 16 {
        return None;
    }
    let (x, y) = (long.as_bytes(), short.as_bytes());
    let head = x.iter().zip(y).take_while(|(p, q)| p == q).count();
    let tail = x[head..].iter().rev().zip(y[head..].iter().rev()).take_while(|(p, q)| p == q).count();
    let (rest_x, rest_y) = (&x[head..x.len() - tail], &y[head..y.len() - tail]);
    match (rest_x, rest_y) {
        ([p, q], [s, t]) if p == t && q == s => Some(SlipKind::Transposed),
        ([_], [_] | []) => Some(SlipKind::OneCharacter),
        // One character of several bytes.
        (p, q) if is_one_char(long, head, p.len()) && (q.is_empty() || is_one_char(short, head, q.len())) => {
            Some(SlipKind::OneCharacter)
        }
        _ if long.trim_start_matches('0') == short.trim_start_matches('0') => Some(SlipKind::CutShort),
        // The end, or what stands before a mark, was cut off.
        _ if short.len() >= 6
            && short.len() * 3 >= long.len() * 2
            && (long.starts_with(short) || long.ends_with(short)) =>
        {
            Some(SlipKind::CutShort)
        }
        _ => None,
    }
}

fn is_one_char(text: &str, from: usize, length: usize) -> bool {
    text.get(from..from + length).is_some_and(|part| part.chars().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        for (a, b, expected) in [
            ("DD20260001", "DD20260010", Some(SlipKind::Transposed)),
            ("DD20261203", "DD20262103", Some(SlipKind::Transposed)),
            ("DD20260001", "DD20260002", Some(SlipKind::OneCharacter)),
            ("DD20260001", "DD2026001", Some(SlipKind::OneCharacter)),
            ("00012345", "12345", Some(SlipKind::CutShort)),
            ("LOT2026A1", "LOT2026", Some(SlipKind::CutShort)),
            ("LOT1", "LOT2", Some(SlipKind::OneCharacter)),
            ("A1", "A2", None),
            ("DD20260001", "DD20267701", None),
            ("批号甲一", "批号乙一", Some(SlipKind::OneCharacter)),
        ] {
            assert_eq!(slip(a, b), expected, "{a} {b}");
            assert_eq!(slip(b, a), expected, "{b} {a}");
        }
    }
}
