//! What people decided, as it is kept, and what of it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use sunbench_store::local::decision::Decision;

use crate::wire::{DifferenceOwner, ItemState, Remembered};

/// 决定: one action of a person. Lines are named by their ids, items by their keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "camelCase")]
pub(super) enum Action {
    /// 勾对.
    Link {
        groups: Vec<Group>,
        /// Pairs of products that were linked one to one, to be remembered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        topics: Vec<LinkTopic>,
    },
    /// 拆开: never to be paired by themselves or proposed again.
    Part { groups: Vec<Group> },
    /// 处理: a state, an owner, a note.
    Mark {
        items: Vec<Marked>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<ItemState>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<DifferenceOwner>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// 备案补录: filed by this submission.
    File { items: Vec<Marked>, submission: String },
    /// Done at once, and undone at once.
    Together { actions: Vec<Action> },
}

/// Lines that belong together, or do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) platform: Vec<String>,
    pub(super) ledger: Vec<String>,
}

/// Two products that a person linked: as the platform and as the ledger names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct LinkTopic {
    pub(super) platform: String,
    pub(super) ledger: String,
}

/// An item, and what it is about in any month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marked {
    pub(super) item: String,
    pub(super) topic: String,
}

impl Action {
    /// For people.
    pub(super) fn text_zh(&self) -> String {
        match self {
            Self::Link { groups, .. } => format!("勾对 {} 组", groups.len()),
            Self::Part { groups } => format!("拆开 {} 组", groups.len()),
            Self::File { .. } => "备案补录".to_owned(),
            Self::Together { actions } => actions.iter().map(Self::text_zh).collect::<Vec<_>>().join("，"),
            Self::Mark { items, state, owner, note } => {
                let mut done: Vec<String> = Vec::new();
                done.extend(state.map(|state| state_text(state).to_owned()));
                done.extend(owner.map(|owner| format!("转给{}", owner_text(owner))));
                done.extend(note.as_ref().map(|_| "备注".to_owned()));
                format!("{} {} 项", done.join("、"), items.len())
            }
        }
    }

    pub(super) fn note(&self) -> &str {
        match self {
            Self::Mark { note: Some(note), .. } => note,
            Self::Together { actions } => {
                actions.iter().map(Self::note).find(|note| !note.is_empty()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The submissions that it made.
    pub(super) fn submissions(&self) -> Vec<&str> {
        match self {
            Self::File { submission, .. } => vec![submission],
            Self::Together { actions } => actions.iter().flat_map(Self::submissions).collect(),
            _ => Vec::new(),
        }
    }

    /// One by one.
    fn each(self) -> Vec<Self> {
        match self {
            Self::Together { actions } => actions.into_iter().flat_map(Self::each).collect(),
            one => vec![one],
        }
    }

    /// Whether it is about this item or one of these lines.
    pub(super) fn concerns(&self, item: &str, lines: &BTreeSet<&str>) -> bool {
        match self {
            Self::Link { groups, .. } | Self::Part { groups } => groups.iter().any(|group| {
                group.platform.iter().chain(&group.ledger).any(|id| lines.contains(id.as_str()))
            }),
            Self::Mark { items, .. } | Self::File { items, .. } => {
                items.iter().any(|marked| marked.item == item)
            }
            Self::Together { actions } => actions.iter().any(|action| action.concerns(item, lines)),
        }
    }
}

pub(super) const fn state_text(state: ItemState) -> &'static str {
    match state {
        ItemState::Open => "待处理",
        ItemState::Waiting => "已转办",
        ItemState::Filed => "已备案",
        ItemState::Accepted => "已认可",
    }
}

pub(super) const fn owner_text(owner: DifferenceOwner) -> &'static str {
    match owner {
        DifferenceOwner::Procurement => "采购办公室",
        DifferenceOwner::Store => "库房",
        DifferenceOwner::Finance => "财务科",
        DifferenceOwner::Supplier => "配送企业",
    }
}

/// What stands about one item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mark {
    pub(super) state: Option<ItemState>,
    pub(super) owner: Option<DifferenceOwner>,
    pub(super) note: Option<String>,
    /// The submission that files it.
    pub(super) submission: Option<String>,
}

/// What stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    pub(super) links: Vec<Group>,
    /// Platform line, ledger line.
    pub(super) refusals: BTreeSet<(String, String)>,
    pub(super) marks: HashMap<String, Mark>,
}

/// What earlier months decided about the same things: by topic, the latest.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    pub(super) marks: BTreeMap<String, Remembered>,
    /// With the month.
    pub(super) links: BTreeMap<LinkTopic, String>,
}

fn actions(decision: &Decision) -> Vec<Action> {
    if decision.undone_at.is_some() {
        return Vec::new();
    }
    serde_json::from_str::<Action>(&decision.body).map(Action::each).unwrap_or_default()
}

/// A later decision goes before an earlier one about the same lines.
pub(super) fn standing(decisions: &[Decision]) -> Decided {
    let mut ordered: Vec<&Decision> = decisions.iter().collect();
    ordered.sort_by_key(|decision| decision.seq);
    let mut decided = Decided::default();
    for action in ordered.into_iter().flat_map(actions) {
        match action {
            Action::Link { groups, .. } => {
                for group in groups {
                    let shares = |other: &Group| {
                        other.platform.iter().any(|id| group.platform.contains(id))
                            || other.ledger.iter().any(|id| group.ledger.contains(id))
                    };
                    decided.links.retain(|other| !shares(other));
                    for l in &group.platform {
                        for r in &group.ledger {
                            decided.refusals.remove(&(l.clone(), r.clone()));
                        }
                    }
                    decided.links.push(group);
                }
            }
            Action::Part { groups } => {
                for group in groups {
                    let parts = |other: &Group| {
                        other.platform.iter().any(|id| group.platform.contains(id))
                            && other.ledger.iter().any(|id| group.ledger.contains(id))
                    };
                    decided.links.retain(|other| !parts(other));
                    for l in &group.platform {
                        for r in &group.ledger {
                            decided.refusals.insert((l.clone(), r.clone()));
                        }
                    }
                }
            }
            Action::Mark { items, state, owner, note } => {
                for marked in items {
                    let mark = decided.marks.entry(marked.item).or_default();
                    mark.state = state.or(mark.state);
                    mark.owner = owner.or(mark.owner);
                    mark.note = note.clone().or_else(|| mark.note.take());
                }
            }
            Action::File { items, submission } => {
                for marked in items {
                    decided.marks.entry(marked.item).or_default().submission = Some(submission.clone());
                }
            }
            Action::Together { .. } => unreachable!("taken apart by `actions`"),
        }
    }
    decided.links.sort();
    decided
}

/// What months before this one decided.
pub(super) fn remembered(decisions: &[Decision]) -> Memory {
    let mut ordered: Vec<&Decision> = decisions.iter().collect();
    ordered.sort_by(|a, b| (&a.period, a.seq).cmp(&(&b.period, b.seq)));
    let mut memory = Memory::default();
    for (decision, action) in
        ordered.into_iter().flat_map(|one| actions(one).into_iter().map(move |a| (one, a)))
    {
        match action {
            Action::Mark { items, state, owner, note } => {
                for marked in items {
                    let before = memory.marks.remove(&marked.topic);
                    let same = before.filter(|before| before.period == decision.period);
                    let old = same.unwrap_or(Remembered {
                        period: decision.period.clone(),
                        state: ItemState::Open,
                        owner: None,
                        note: String::new(),
                    });
                    let now = Remembered {
                        period: decision.period.clone(),
                        state: state.unwrap_or(old.state),
                        owner: owner.or(old.owner),
                        note: note.clone().unwrap_or(old.note),
                    };
                    memory.marks.insert(marked.topic, now);
                }
            }
            Action::Link { topics, .. } => {
                memory.links.extend(topics.into_iter().map(|topic| (topic, decision.period.clone())));
            }
            _ => {}
        }
    }
    memory
}
