//! Texts kept once: each distinct text gets a number, and lines hold numbers.

use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// The number of a text in its [`Pool`]; nought stands for "no text".
pub(super) type TextId = u32;

/// No text.
pub(super) const NONE: TextId = 0;

/// Distinct texts, numbered from one in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool {
    bytes: String,
    /// By number less one.
    places: Vec<Place>,
    table: HashTable<Slot>,
}

/// Where a text begins, how long it is, and its hash.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    length: u32,
    hash: u64,
}

/// What the table holds of a text: enough to compare without a look at its place, which would be one more cache line.
#[derive(Debug, Clone, Copy)]
struct Slot {
    start: usize,
    length: u32,
    id: TextId,
    hash: u64,
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Pool {
    /// The number of `text`, new or known. The empty text is [`NONE`].
    pub(super) fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return NONE;
        }
        let hash = hash(text);
        if let Some(id) = self.find_hashed(text, hash) {
            return id;
        }
        let id = self.places.len() as TextId + 1;
        let (start, length) = (self.bytes.len(), text.len() as u32);
        self.bytes.push_str(text);
        self.places.push(Place { start, length, hash });
        self.table.insert_unique(hash, Slot { start, length, id, hash }, |slot| slot.hash);
        id
    }

    fn find_hashed(&self, text: &str, hash: u64) -> Option<TextId> {
        let bytes = self.bytes.as_bytes();
        let is_same = |slot: &Slot| {
            slot.hash == hash
                && slot.length as usize == text.len()
                && &bytes[slot.start..slot.start + text.len()] == text.as_bytes()
        };
        self.table.find(hash, is_same).map(|slot| slot.id)
    }

    /// Whether a number, if there is such a one, stands for this text.
    fn is(&self, id: TextId, text: &str, hash: u64) -> bool {
        self.places.get(id as usize - 1).is_some_and(|place| {
            place.hash == hash
                && place.length as usize == text.len()
                && self.bytes.as_bytes()[place.start..].starts_with(text.as_bytes())
        })
    }

    /// The text of a number that this pool gave.
    pub(super) fn text(&self, id: TextId) -> &str {
        match id.checked_sub(1) {
            Some(at) => {
                let place = &self.places[at as usize];
                &self.bytes[place.start..place.start + place.length as usize]
            }
            None => "",
        }
    }

    /// How many texts there are, and so the highest number.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }
}

/// Texts that are looked at before the table is asked.
const AHEAD: TextId = 4;

/// Two pools read as one: the numbers of `left` stay, those of `right` are translated.
#[derive(Debug)]
pub(super) struct Union<'a> {
    left: &'a Pool,
    right: &'a Pool,
    /// By right number: the number in the union.
    translated: Vec<TextId>,
    /// Right numbers of texts that only the right has, in the order of their union numbers.
    only_right: Vec<TextId>,
}

impl<'a> Union<'a> {
    pub(super) fn new(left: &'a Pool, right: &'a Pool) -> Self {
        let mut translated = Vec::with_capacity(right.len() + 1);
        let mut only_right = Vec::new();
        translated.push(NONE);
        // Two books of one business mostly go through it in one order: the next text is looked at before the table.
        let mut next = 1;
        for id in 1..=right.len() as TextId {
            let (text, hash) = (right.text(id), right.places[id as usize - 1].hash);
            let found = (next..next + AHEAD)
                .find(|id| left.is(*id, text, hash))
                .or_else(|| left.find_hashed(text, hash));
            next = found.map_or(next, |found| found + 1);
            translated.push(found.unwrap_or_else(|| {
                only_right.push(id);
                (left.len() + only_right.len()) as TextId
            }));
        }
        Self { left, right, translated, only_right }
    }

    /// The number in the union of a text that the right pool numbered `id`.
    pub(super) fn of_right(&self, id: TextId) -> TextId {
        self.translated[id as usize]
    }

    /// The text of a number in the union.
    pub(super) fn text(&self, id: TextId) -> &'a str {
        match (id as usize).checked_sub(self.left.len() + 1) {
            Some(at) => self.right.text(self.only_right[at]),
            None => self.left.text(id),
        }
    }

    /// The highest number.
    pub(super) fn len(&self) -> usize {
        self.left.len() + self.only_right.len()
    }

    /// The number of a text that one of the sides has.
    pub(super) fn find(&self, text: &str) -> Option<TextId> {
        let hash = hash(text);
        self.left
            .find_hashed(text, hash)
            .or_else(|| self.right.find_hashed(text, hash).map(|id| self.of_right(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbered_once() {
        let (mut left, mut right) = (Pool::default(), Pool::default());
        let (a, b) = (left.intern("甲"), left.intern("乙"));
        assert_eq!((left.intern("甲"), left.intern(""), left.text(b)), (a, NONE, "乙"));
        let (c, d) = (right.intern("丙"), right.intern("乙"));
        let union = Union::new(&left, &right);
        assert_eq!(union.of_right(d), b);
        assert_eq!(union.text(union.of_right(c)), "丙");
        assert_eq!((union.find("乙"), union.find("丙"), union.find("丁")), (Some(b), Some(3), None));
    }
}
