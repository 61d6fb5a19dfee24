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
    let equal = |(one, other): &(&u8, &u8)| one == other;
    let head = long.bytes().zip(short.bytes()).take_while(|(one, other)| one == other).count();
    let (in_long, in_short) = (&long.as_bytes()[head..], &short.as_bytes()[head..]);
    let tail = in_long.iter().rev().zip(in_short.iter().rev()).take_while(equal).count();
    // What is left between the common beginning and the common end.
    let (in_long, in_short) = (&in_long[..in_long.len() - tail], &in_short[..in_short.len() - tail]);
    let is_transposed = in_long.len() == 2 && in_short.len() == 2 && in_long.iter().eq(in_short.iter().rev());
    let is_one_byte = in_long.len() == 1 && in_short.len() <= 1;
    let is_one_long = || is_one_char(long, head, in_long.len());
    let is_at_most_one_short = || in_short.is_empty() || is_one_char(short, head, in_short.len());
    let is_cut = || {
        short.len() >= 6
            && short.len() * 3 >= long.len() * 2
            && (long.starts_with(short) || long.ends_with(short))
    };
    if is_transposed {
        Some(SlipKind::Transposed)
    } else if is_one_byte || is_one_long() && is_at_most_one_short() {
        Some(SlipKind::OneCharacter)
    } else if long.trim_start_matches('0') == short.trim_start_matches('0') || is_cut() {
        Some(SlipKind::CutShort)
    } else {
        None
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
