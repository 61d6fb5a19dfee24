//! The air gap's files: found on a stick, or made by somebody who has the key.

use sunbench_exchange::bundle::{self, BundleError, ExchangeKey, Frame, Writer};

const KEY: ExchangeKey = ExchangeKey::new([7; 32]);

/// Between two frames of an input; a frame's first byte is its number, counted from `a`.
const BETWEEN: &[u8] = b"\n\n";

/// A file of foreign bytes is refused. Foreign frames, rightly encrypted and sealed, are refused for what is in them, or
/// read, and what was read is written and read again as the same; cut off or changed anywhere, the file is refused.
pub(crate) fn bundle(input: &[u8]) {
    if let Ok(contents) = bundle::check(input, &KEY) {
        panic!("foreign bytes are a bundle: {contents:?}");
    }
    let file = sealed(|writer| {
        for frame in split(input) {
            let (number, content) = frame.split_first().unwrap_or((&b'z', &[]));
            writer.write_bytes(number.wrapping_sub(b'a'), content)?;
        }
        Ok(())
    });
    let checked = bundle::check(file.as_slice(), &KEY);
    match (&checked, read(&file)) {
        (Ok(contents), Ok(frames)) => {
            let again = sealed(|writer| frames.iter().try_for_each(|frame| writer.write(frame)));
            let known: Vec<_> = frames.iter().filter(|frame| !matches!(frame, Frame::Unknown)).collect();
            let reread = read(&again).expect("what was written is read");
            assert_eq!(format!("{known:?}"), format!("{:?}", reread.iter().collect::<Vec<_>>()));
            let told = bundle::check(again.as_slice(), &KEY).expect("what was written is in order");
            assert_eq!(format!("{contents:?}"), format!("{told:?}"));
        }
        // The frames can be read, and are in no order that a bundle has.
        (Err(BundleError::Damaged(_)), Ok(_))
        | (Err(BundleError::Damaged(_) | BundleError::TooLarge), Err(_)) => {}
        (Err(error), _) => panic!("a sealed file is refused as {error}"),
        (Ok(_), Err(error)) => panic!("what was checked cannot be read: {error}"),
    }
    let at = input.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let at = at % file.len();
    let mut changed = file.clone();
    changed[at] ^= 1 << (input.len() % 8);
    for (what, bytes) in [("cut off", &file[..at]), ("changed", changed.as_slice())] {
        assert!(bundle::check(bytes, &KEY).is_err(), "{what} at {at} of {}", file.len());
    }
    if let Ok(contents) = bundle::check(file.as_slice(), &ExchangeKey::new([8; 32])) {
        panic!("opened by another key: {contents:?}");
    }
}

fn split(input: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        frames.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    frames.push(rest);
    frames
}

fn sealed(write: impl FnOnce(&mut Writer<Vec<u8>>) -> Result<(), BundleError>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &KEY).expect("a writer into memory");
    write(&mut writer).expect("frames of an input's size");
    writer.finish().expect("a writer into memory")
}

fn read(file: &[u8]) -> Result<Vec<Frame>, BundleError> {
    let mut reader = bundle::read(file, &KEY)?;
    let mut frames = Vec::new();
    while let Some(frame) = reader.read()? {
        frames.push(frame);
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The inputs that begin a run reach the content of every kind of frame.
    #[test]
    fn the_corpus_has_every_frame() {
        let mut kinds = std::collections::BTreeSet::new();
        for (name, input) in crate::inputs::corpus("bundle") {
            let file = sealed(|writer| {
                split(&input)
                    .into_iter()
                    .try_for_each(|frame| writer.write_bytes(frame[0].wrapping_sub(b'a'), &frame[1..]))
            });
            let expected = ["export", "submission", "unknown-frame", "deep", "relayed", "refused", "rebuilt"];
            assert_eq!(bundle::check(file.as_slice(), &KEY).is_ok(), expected.contains(&&*name), "{name}");
            let frames = read(&file).unwrap_or_default();
            kinds.extend(frames.iter().map(|frame| format!("{:?}", std::mem::discriminant(frame))));
        }
        assert_eq!(kinds.len(), 14, "{kinds:?}");
    }
}
