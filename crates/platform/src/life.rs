//! The life cycles of documents on the platform's side: who may move one on, the domain's tables say.

use sunbench_domain::state::State;

use crate::error::{Error, Refusal};

/// Why a document does not move on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// The stored code is none of the domain's.
    Unknown(String),
    /// The table has no such step; for people.
    NotAllowed(String),
}

impl From<Stuck> for Refusal {
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Unknown(raw) => Error::OtherData(format!("a document in state {raw}")).into(),
            Stuck::NotAllowed(msg) => Self::wrong_state(msg),
        }
    }
}

impl From<Stuck> for Error {
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Unknown(raw) => Self::OtherData(format!("a document in state {raw}")),
            Stuck::NotAllowed(msg) => Self::NotAllowed(msg),
        }
    }
}

/// The canonical state of a raw code.
pub(crate) fn state_of<S: State>(raw: &str) -> Result<S, Stuck> {
    S::from_raw(raw).ok_or_else(|| Stuck::Unknown(raw.to_owned()))
}

/// Moves a document called `name` on, where the table allows it; its code and its text change together.
pub(crate) fn step<S: State>(
    name: &str,
    (state, text): (&mut String, &mut String),
    to: S,
) -> Result<(), Stuck> {
    let from: S = state_of(state)?;
    if !from.may_become(to) {
        return Err(Stuck::NotAllowed(format!("{name}{}，不能改为{}", from.text_zh(), to.text_zh())));
    }
    set((state, text), to);
    Ok(())
}

/// Puts a document into a state: a new one, or where quantities and not the table decide.
pub(crate) fn set<S: State>((state, text): (&mut String, &mut String), to: S) {
    to.raw().clone_into(state);
    to.text_zh().clone_into(text);
}
