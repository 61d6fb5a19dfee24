//! Equal texts of both ledgers get equal numbers, column by column.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::ledger::Ledger;
use super::packed::{Column, Packed, Text};
use super::pool::{NONE, TextId, Union};
use super::slips::{SlipKind, slip};

/// Lines whose slots are fetched together, before the first is looked at: one wait for memory in place of many.
const FETCHED: usize = 16;
/// Texts of the other ledger that are looked at before the table is asked.
const AHEAD: usize = 4;
/// Searches that cost less than a table.
const FEW_SEARCHES: usize = 1000;
/// Slots of a new table, as a power of two.
const FIRST_BITS: u32 = 12;

/// One column's numbers by line, up to the last line that states it.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) left: Vec<TextId>,
    pub(super) right: Vec<TextId>,
}

impl Numbers {
    pub(super) fn sides(&self) -> [&[TextId]; 2] {
        [&self.left, &self.right]
    }
}

/// One column of both ledgers as packed texts, with its numbers' range.
#[derive(Debug)]
pub(super) struct ColumnTexts<'a> {
    left: &'a [Packed],
    right: &'a [Packed],
    /// Longer texts of both ledgers.
    long: &'a Union<'a>,
    /// The numbers of this column are higher.
    base: TextId,
}

impl<'a> ColumnTexts<'a> {
    pub(super) fn new(left: &'a Column, right: &'a Column, long: &'a Union<'a>, base: TextId) -> Self {
        Self { left: left.values(), right: right.values(), long, base }
    }

    /// The highest number that this column may have.
    pub(super) fn end(&self) -> TextId {
        self.base + self.places() as TextId
    }

    /// The text at a place: the left ledger's lines first, then the right one's.
    fn at(&self, place: usize) -> Packed {
        match place.checked_sub(self.left.len()) {
            Some(right) => self.right[right].translated(|id| self.long.of_right(id)),
            None => self.left[place],
        }
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.left.len() + self.right.len()
    }

    /// The place that one of this column's numbers stands for; none for [`NONE`].
    pub(super) fn place(&self, id: TextId) -> Option<usize> {
        if id == NONE { None } else { Some((id - self.base) as usize - 1) }
    }

    /// Whether the left ledger states the text of one of this column's numbers.
    pub(super) fn is_of_left(&self, id: TextId) -> bool {
        self.place(id).is_some_and(|place| place < self.left.len())
    }

    fn packed(&self, id: TextId) -> Packed {
        self.at((id - self.base) as usize - 1)
    }

    /// The length of a number's text in bytes.
    pub(super) fn length(&self, id: TextId) -> usize {
        let packed = self.packed(id);
        packed.as_long().map_or_else(|| packed.len(), |id| self.long.text(id).len())
    }

    /// The text of a number.
    pub(super) fn text(&self, id: TextId) -> Text<'a> {
        let packed = self.packed(id);
        packed.as_long().map_or_else(|| packed.into(), |id| Text::Kept(self.long.text(id)))
    }

    /// Numbers this column: a text's number is one past the place where it stands first.
    pub(super) fn number(&self) -> Numbers {
        let mut table = Table {
            texts: self,
            slots: vec![0; 1 << FIRST_BITS],
            bits: FIRST_BITS,
            used: 0,
            holds_left: !self.left.is_sorted(),
            searched: 0,
        };
        let left =
            if table.holds_left { table.number(0..self.left.len(), &[]) } else { self.number_ascending() };
        let right = table.number(self.left.len()..self.left.len() + self.right.len(), &left);
        Numbers { left, right }
    }
}

/// A platform numbers its documents as they come: then equal texts stand together, and no table is needed for them.
impl ColumnTexts<'_> {
    fn number_ascending(&self) -> Vec<TextId> {
        let (mut last, mut number) = (Packed::NONE, NONE);
        let mut number_of = |(place, text): (usize, &Packed)| {
            if *text != last {
                last = *text;
                number = self.base + 1 + place as TextId;
            }
            number
        };
        self.left.iter().enumerate().map(&mut number_of).collect()
    }
}

/// The places of texts by hash; a slot holds the hash's upper half and one more than the place.
struct Table<'t, 'a> {
    texts: &'t ColumnTexts<'a>,
    slots: Vec<u64>,
    bits: u32,
    used: usize,
    /// Whether the left ledger's texts are in it. Where they ascend, they are searched for among themselves at first.
    holds_left: bool,
    /// How often they were.
    searched: usize,
}

impl Table<'_, '_> {
    fn number(&mut self, places: std::ops::Range<usize>, left: &[TextId]) -> Vec<TextId> {
        let texts = self.texts;
        let base = texts.base;
        let mut numbers = Vec::with_capacity(places.len());
        let (mut last, mut last_number) = (Packed::NONE, NONE);
        // Two books of one business mostly go through it in one order: the next text is looked at before the table.
        let mut next = 0;
        let mut asked = 1;
        for chunk in places.clone().step_by(FETCHED) {
            let chunk = chunk..places.end.min(chunk + FETCHED);
            if asked > 0 {
                self.fetch(chunk.clone());
            }
            asked = 0;
            for place in chunk {
                let text = texts.at(place);
                if text != last {
                    last = text;
                    let ahead = texts.left.iter().zip(left).skip(next).take(AHEAD);
                    let ahead = ahead.enumerate().find(|(_, (other, _))| **other == text);
                    last_number = if text.is_none() {
                        NONE
                    } else if let Some((skipped, (_, number))) = ahead {
                        next += skipped + 1;
                        *number
                    } else {
                        asked += 1;
                        let first = self.first(text, place);
                        next = if first < left.len() { first + 1 } else { next };
                        base + 1 + first as TextId
                    };
                }
                numbers.push(last_number);
            }
        }
        numbers
    }

    /// Reads the slots of some texts, so that the memory is at hand when they are looked for one by one.
    fn fetch(&self, places: std::ops::Range<usize>) {
        let slots = places.map(|place| self.slots[self.slot(self.texts.at(place).hash())]);
        std::hint::black_box(slots.fold(0, std::ops::BitXor::bitxor));
    }

    const fn slot(&self, hash: u64) -> usize {
        (hash >> (64 - self.bits)) as usize
    }

    /// Where a text that stands at `place` stands first.
    fn first(&mut self, text: Packed, place: usize) -> usize {
        if self.holds_left {
            return self.first_in_table(text, place);
        }
        // Each search looks at twenty places: a right ledger in another order is better served by the table.
        self.searched += 1;
        if self.searched > FEW_SEARCHES.max(self.texts.left.len() / 32) {
            self.holds_left = true;
            for (place, text) in self.texts.left.iter().enumerate().filter(|(_, text)| !text.is_none()) {
                self.first_in_table(*text, place);
            }
            return self.first_in_table(text, place);
        }
        let at = self.texts.left.partition_point(|other| *other < text);
        if self.texts.left.get(at) == Some(&text) { at } else { self.first_in_table(text, place) }
    }

    fn first_in_table(&mut self, text: Packed, place: usize) -> usize {
        const PLACE: u64 = 0xffff_ffff;
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = text.hash();
        let mut at = self.slot(hash);
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                self.slots[at] = (hash & !PLACE) | (place as u64 + 1);
                self.used += 1;
                return place;
            }
            let known = (slot & PLACE) as usize;
            if (slot ^ hash) & !PLACE == 0 && self.texts.at(known - 1) == text {
                return known - 1;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let slots = std::mem::replace(&mut self.slots, vec![0; size]);
        self.bits += 1;
        for slot in slots.into_iter().filter(|slot| *slot != 0) {
            let mut at = self.slot(slot);
            while self.slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = slot;
        }
    }
}

/// All texts of both ledgers, by number: what they say of products first, then column after column.
pub(super) struct Texts<'a> {
    pub(super) words: Union<'a>,
    pub(super) columns: Vec<ColumnTexts<'a>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(left: &'a Ledger, right: &'a Ledger, long: &'a Union<'a>) -> Self {
        let words = Union::new(&left.words, &right.words);
        let mut end = words.len() as TextId;
        let columns = left.columns.iter().zip(&right.columns).map(|(left, right)| {
            let column = ColumnTexts::new(left, right, long, end);
            end = column.end();
            column
        });
        Self { columns: columns.collect(), words }
    }

    /// The numbers of both ledgers' lines, column by column.
    pub(super) fn numbers(&self) -> Vec<Numbers> {
        self.columns.par_iter().map(ColumnTexts::number).collect()
    }

    /// How one text becomes the other by a slip.
    pub(super) fn slip(&self, a: TextId, b: TextId) -> Option<SlipKind> {
        let packed = |id: TextId| self.column(id).map(|column| column.packed(id));
        match (packed(a), packed(b)) {
            (Some(one), Some(other)) if one.is_far_from(other) => None,
            _ => slip(&self.text(a), &self.text(b)),
        }
    }

    /// The column that a number is of; none for a product's.
    fn column(&self, id: TextId) -> Option<&ColumnTexts<'a>> {
        let is_word = id as usize <= self.words.len();
        (!is_word).then(|| &self.columns[self.columns.partition_point(|column| column.end() < id)])
    }

    /// The text of a number.
    pub(super) fn text(&self, id: TextId) -> Text<'_> {
        self.column(id).map_or_else(|| Text::Kept(self.words.text(id)), |column| column.text(id))
    }
}
