//! The inputs of a short run: the committed corpus, and inputs made from it by small changes.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

/// No input is longer: what a parser does with more follows from its limits, which have tests of their own.
const LONGEST: usize = 64 * 1024;

/// The committed inputs of a target, by their file's name.
pub fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = folder().join("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut found: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("a folder can be listed").path();
            let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    found.sort();
    found
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The words that inputs are spiced with, from the dictionary that libFuzzer reads too.
pub fn words() -> Vec<Vec<u8>> {
    let path = folder().join("words.dict");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"')).map(unescaped).collect()
}

/// A word of libFuzzer's dictionaries: `\\`, `\"` and `\xAB`, other bytes as they are.
fn unescaped(word: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = word.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let (byte, tail) = match (first, tail) {
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digits = [*high, *low];
                let hex = std::str::from_utf8(&digits).unwrap_or_default();
                (u8::from_str_radix(hex, 16).expect("two hex digits after \\x"), tail)
            }
            (b'\\', [byte, tail @ ..]) => (*byte, tail),
            _ => (first, tail),
        };
        out.push(byte);
        rest = tail;
    }
    out
}

/// Chance that follows from a seed and whatever else tells two sequences apart.
pub fn chance(seed: u64, name: &str, number: u64) -> Rng {
    let mixed = name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(1_099_511_628_211) ^ u64::from(byte));
    Rng::with_seed(mixed.wrapping_mul(1_099_511_628_211) ^ number)
}

/// An input made from the corpus by a few changes.
pub fn made(random: &mut Rng, corpus: &[(String, Vec<u8>)], words: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.choice(corpus).map(|(_, bytes)| bytes.clone()).unwrap_or_default();
    for _ in 0..=random.usize(..5) {
        let at = random.usize(..=input.len());
        let end = (at + random.usize(..16) + 1).min(input.len());
        match random.usize(..9) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..end)),
            2 => drop(input.splice(at..at, random.choice(words).cloned().unwrap_or_default())),
            3 => drop(input.splice(at..end, random.choice(words).cloned().unwrap_or_default())),
            4 => replace_number(random, &mut input, at, words),
            5 => {
                let part = input[at..end].to_vec();
                let times = random.usize(..40);
                input.splice(at..at, part.repeat(times));
            }
            6 => {
                let other = random.choice(corpus).map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
                let from = random.usize(..=other.len());
                input.splice(at.., other[from..].iter().copied());
            }
            7 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << random.usize(..8);
                }
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = random.u8(..);
                }
            }
        }
    }
    input.truncate(LONGEST);
    input
}

/// Puts a word in the place of the next run of digits.
fn replace_number(random: &mut Rng, input: &mut Vec<u8>, at: usize, words: &[Vec<u8>]) {
    let Some(start) = input[at..].iter().position(u8::is_ascii_digit).map(|n| n + at) else { return };
    let end = input[start..].iter().position(|b| !b.is_ascii_digit()).map_or(input.len(), |n| n + start);
    let word = random.choice(words).cloned().unwrap_or_default();
    input.splice(start..end, word);
}
