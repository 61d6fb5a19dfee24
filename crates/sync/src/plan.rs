//! What to do next. Pure: stored position and answers in, steps out; no network, no database, no clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sunbench_contract::{Part, SubmissionKind};

/// Where sync stands; stored in the transaction that brings the records it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Position {
    /// The platform's data set; another one means another platform, or a restored one.
    pub epoch: String,
    /// Follow the feed from here; `None` before the first head.
    pub cursor: Option<String>,
    /// The feed's highest `seq` when that cursor was first given: an earlier snapshot lacks changes that the feed will
    /// not bring again.
    pub first_seq: u64,
    /// The highest `seq` that the feed has brought.
    pub last_seq: u64,
    /// Pages in a row that promised more and brought nothing new, within one run.
    pub empty_pages: u32,
    /// The feed was read to its end.
    pub caught_up: bool,
    /// The parts of the first sync, in the order of [`Part::ALL`].
    pub parts: [PartPosition; 4],
    /// The mirror is being rebuilt: what the snapshot does not bring is taken away at the end.
    pub rebuilding: bool,
}

/// How far one part of the snapshot has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PartPosition {
    /// Read to its end.
    pub done: bool,
    /// Go on after this resume mark.
    pub mark: Option<String>,
    /// Items so far.
    pub items: u64,
    /// Items in all, as the platform said.
    pub total: u64,
}

impl Position {
    /// The start of a rebuild: the records stay until their successors are there.
    #[must_use]
    pub fn rebuild(epoch: String) -> Self {
        Self { epoch, rebuilding: true, ..Self::default() }
    }
    /// How far `part` is.
    #[must_use]
    pub fn part(&self, part: Part) -> &PartPosition {
        &self.parts[part as usize]
    }
    /// How far `part` is.
    pub fn part_mut(&mut self, part: Part) -> &mut PartPosition {
        &mut self.parts[part as usize]
    }
    /// Whether a snapshot of the feed's place `seq` may be taken in: what changed between an earlier one and the
    /// profile's own beginning would be missing for ever.
    #[must_use]
    pub fn may_take(&self, seq: u64) -> bool {
        seq >= self.first_seq
    }
    /// Whether feed and history have been read to the end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.caught_up && self.parts.iter().all(|part| part.done) && !self.rebuilding
    }
}

/// The next thing to ask the platform for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A part of the snapshot, from its start or after a mark.
    ReadPart {
        /// Which.
        part: Part,
        /// The mark.
        after: Option<String>,
    },
    /// The feed, until there is no more.
    FollowFeed {
        /// From here.
        cursor: String,
    },
    /// A rebuild's last step: take away what the snapshot did not bring.
    Sweep,
    /// Nothing.
    Done,
}

/// What comes next. `feed_due` says that the feed has not been looked at for a while, so that notices stay fresh
/// while history is loading.
///
/// ```
/// use sunbench_sync::plan::{Position, Step, next};
/// assert!(matches!(next(&Position::default(), true), Step::ReadPart { after: None, .. }));
/// ```
#[must_use]
pub fn next(position: &Position, feed_due: bool) -> Step {
    let unread = Part::ALL.into_iter().find(|part| !position.part(*part).done);
    match (&position.cursor, unread) {
        (Some(cursor), Some(_)) if feed_due => Step::FollowFeed { cursor: cursor.clone() },
        (_, Some(part)) => Step::ReadPart { part, after: position.part(part).mark.clone() },
        (Some(cursor), None) if !position.caught_up => Step::FollowFeed { cursor: cursor.clone() },
        (Some(_), None) if position.rebuilding => Step::Sweep,
        (Some(_), None) => Step::Done,
        // Every part has a head with a cursor, so this is a position that nothing here wrote.
        (None, None) => Step::ReadPart { part: Part::Rules, after: None },
    }
}

/// What a page of the feed says about itself.
#[derive(Debug, Clone, Copy)]
pub struct PageFacts<'a> {
    /// How many items it has that did not come before.
    pub items: usize,
    /// Whether it has some that came before.
    pub repeats: bool,
    /// The highest `seq` of its items.
    pub highest: Option<u64>,
    /// Its own next cursor.
    pub next_cursor: &'a str,
    /// Whether it promises more.
    pub has_more: bool,
}

/// The feed does not get on: asking again would go on for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    /// There are items, or more is promised, and the cursor is the same.
    #[error("the cursor stands still")]
    Cursor,
    /// Page after page promises more and brings nothing.
    #[error("the feed's pages stay empty")]
    EmptyPages,
}

/// Pages without items that may follow each other although more is promised.
const EMPTY_PAGES: u32 = 50;

/// Moves the position past a page, or says why it does not get on.
///
/// A page of nothing but what came before is an older one that came late: it proves no end.
pub fn advance(position: &Position, page: &PageFacts<'_>) -> Result<Position, Stuck> {
    let stands = position.cursor.as_deref() == Some(page.next_cursor);
    let goes_on = page.has_more || (page.repeats && page.items == 0);
    if stands && (page.items > 0 || goes_on) {
        return Err(Stuck::Cursor);
    }
    // What cannot be read has no place in the feed, so it proves no progress.
    let idle = goes_on && page.highest.is_none_or(|highest| highest <= position.last_seq);
    let empty_pages = if idle { position.empty_pages + 1 } else { 0 };
    if empty_pages > EMPTY_PAGES {
        return Err(Stuck::EmptyPages);
    }
    Ok(Position {
        cursor: Some(page.next_cursor.to_owned()),
        last_seq: page.highest.map_or(position.last_seq, |highest| highest.max(position.last_seq)),
        empty_pages,
        caught_up: !goes_on,
        ..position.clone()
    })
}

/// How long to wait before attempt `attempt` (1 is the first repeat): doubling from one second to `most`, and
/// between half and all of it, so that the seats of a province do not come back together.
#[must_use]
pub fn back_off(attempt: u32, most: Duration, seed: u64) -> Duration {
    let full = Duration::from_secs(1 << attempt.saturating_sub(1).min(10)).min(most);
    let random = (split_mix(seed.wrapping_add(u64::from(attempt))) % 1001) as u32;
    full / 2 + full / 2 * random / 1000
}

/// Sebastiano Vigna's SplitMix64: enough to spread retries.
fn split_mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What a request is for, when the day's quota runs low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// What people submitted.
    Submit,
    /// The feed: notices and everything else that is new.
    Feed,
    /// The first sync's parts up to the last 90 days.
    Recent,
    /// History.
    History,
    /// The daily comparison.
    Compare,
}

/// Whether a request may still be spent with `left` of the day's quota: the rest is kept for what matters more.
#[must_use]
pub fn may_spend(purpose: Purpose, left: Option<u32>) -> bool {
    let reserve = match purpose {
        Purpose::Submit => 0,
        Purpose::Feed => 20,
        Purpose::Recent => 50,
        Purpose::History => 100,
        Purpose::Compare => 200,
    };
    left.is_none_or(|left| left > reserve)
}

/// In which order submissions of different documents go out; lower first, and in their own order within one rank.
#[must_use]
pub fn rank(kind: Option<SubmissionKind>) -> u8 {
    match kind {
        Some(SubmissionKind::CheckIn) => 0,
        Some(SubmissionKind::NoticeSign | SubmissionKind::NoticeReply) => 1,
        Some(
            SubmissionKind::ReceiptCreate | SubmissionKind::ReceiptConfirm | SubmissionKind::ReturnCreate,
        ) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(done: usize, cursor: Option<&str>, caught_up: bool) -> Position {
        let mut position = Position { cursor: cursor.map(str::to_owned), caught_up, ..Position::default() };
        for part in &mut position.parts[..done] {
            part.done = true;
        }
        position
    }

    #[test]
    fn steps() {
        let read = |part, after: Option<&str>| Step::ReadPart { part, after: after.map(str::to_owned) };
        let follow = || Step::FollowFeed { cursor: "c".to_owned() };
        let mut resumed = position(2, Some("c"), true);
        resumed.part_mut(Part::Recent).mark = Some("m".to_owned());
        let rebuilt = Position { rebuilding: true, ..position(4, Some("c"), true) };
        let swept_late = Position { rebuilding: true, ..position(4, Some("c"), false) };
        for (name, position, feed_due, expected) in [
            ("nothing yet", Position::default(), false, read(Part::Rules, None)),
            ("nothing yet, no feed to look at", Position::default(), true, read(Part::Rules, None)),
            ("between parts", position(1, Some("c"), false), true, follow()),
            ("the next part", position(1, Some("c"), true), false, read(Part::Notices, None)),
            ("after a cut", resumed.clone(), false, read(Part::Recent, Some("m"))),
            ("news before the rest", resumed, true, follow()),
            ("history", position(3, Some("c"), true), false, read(Part::History, None)),
            ("parts read, feed not", position(4, Some("c"), false), false, follow()),
            ("all read", position(4, Some("c"), true), true, Step::Done),
            ("rebuild: feed first", swept_late, false, follow()),
            ("rebuild: then the sweep", rebuilt, false, Step::Sweep),
            ("a position without cursor", position(4, None, false), false, read(Part::Rules, None)),
        ] {
            assert_eq!(next(&position, feed_due), expected, "{name}");
        }
    }

    #[test]
    fn pages() {
        let at = |cursor: &str, last_seq, empty_pages| Position {
            cursor: Some(cursor.to_owned()),
            last_seq,
            empty_pages,
            ..Position::default()
        };
        // New items, whether there are known ones, the highest.
        for (name, from, (items, repeats, highest), next_cursor, has_more, expected) in [
            ("items", at("a", 5, 0), (2, false, Some(9)), "b", true, Ok((9, 0, false))),
            ("the last page", at("a", 5, 3), (2, false, Some(9)), "b", false, Ok((9, 0, true))),
            ("nothing new", at("a", 5, 0), (0, false, None), "a", false, Ok((5, 0, true))),
            ("nothing new, a newer cursor", at("a", 5, 0), (0, false, None), "b", false, Ok((5, 0, true))),
            ("items, same cursor", at("a", 5, 0), (1, false, Some(6)), "a", false, Err(Stuck::Cursor)),
            ("more promised, same cursor", at("a", 5, 0), (0, false, None), "a", true, Err(Stuck::Cursor)),
            ("an older page, same cursor", at("a", 5, 0), (0, true, Some(5)), "a", false, Err(Stuck::Cursor)),
            ("an older page proves no end", at("a", 5, 0), (0, true, Some(5)), "b", false, Ok((5, 1, false))),
            ("pages that overlap", at("a", 5, 7), (1, true, Some(8)), "b", true, Ok((8, 0, false))),
            ("an empty page", at("a", 5, 0), (0, false, None), "b", true, Ok((5, 1, false))),
            ("the last empty page", at("a", 5, 49), (0, false, None), "b", true, Ok((5, 50, false))),
            ("one empty page too many", at("a", 5, 50), (0, false, None), "b", true, Err(Stuck::EmptyPages)),
            ("only unreadable items", at("a", 5, 7), (2, false, None), "b", true, Ok((5, 8, false))),
            ("unreadable items at the end", at("a", 5, 7), (2, false, None), "b", false, Ok((5, 0, true))),
        ] {
            let got = advance(&from, &PageFacts { items, repeats, highest, next_cursor, has_more });
            let got = got.map(|p| {
                assert_eq!(p.cursor.as_deref(), Some(next_cursor), "{name}");
                (p.last_seq, p.empty_pages, p.caught_up)
            });
            assert_eq!(got, expected, "{name}");
        }
    }

    #[test]
    fn waits_grow_and_differ() {
        let most = Duration::from_secs(30);
        for (attempt, full) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (u32::MAX, 30)] {
            let full = Duration::from_secs(full);
            let mut seen = std::collections::HashSet::new();
            for seed in 0..100 {
                let wait = back_off(attempt, most, seed);
                assert!(full / 2 <= wait && wait <= full, "attempt {attempt}, seed {seed}: {wait:?}");
                seen.insert(wait);
            }
            assert!(seen.len() > 50, "attempt {attempt}: only {} different waits", seen.len());
        }
    }

    #[test]
    fn a_low_quota_is_kept_for_what_matters() {
        use Purpose::{Compare, Feed, History, Recent, Submit};
        for (left, allowed) in [
            (None, vec![Submit, Feed, Recent, History, Compare]),
            (Some(1000), vec![Submit, Feed, Recent, History, Compare]),
            (Some(200), vec![Submit, Feed, Recent, History]),
            (Some(100), vec![Submit, Feed, Recent]),
            (Some(50), vec![Submit, Feed]),
            (Some(20), vec![Submit]),
            (Some(1), vec![Submit]),
            (Some(0), vec![]),
        ] {
            let got: Vec<_> = [Submit, Feed, Recent, History, Compare]
                .into_iter()
                .filter(|p| may_spend(*p, left))
                .collect();
            assert_eq!(got, allowed, "{left:?}");
        }
    }

    #[test]
    fn check_in_goes_first() {
        let mut kinds = SubmissionKind::ALL.to_vec();
        kinds.sort_by_key(|kind| rank(Some(*kind)));
        assert_eq!(kinds[0], SubmissionKind::CheckIn);
        assert!(
            kinds[1..3].iter().all(|k| matches!(k, SubmissionKind::NoticeSign | SubmissionKind::NoticeReply))
        );
        assert_eq!(rank(None), 3);
    }
}
