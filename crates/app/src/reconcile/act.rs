//! What a person does about a month: each action is one decision, taken back as one.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_domain::matching::Finding;
use sunbench_store::local::outbox::{self, Change, OutboxState as Stored};
use sunbench_store::local::{bundle, decision, statement};
use sunbench_store::{Connection, StoreError, audit};

use super::decided::{Action, Group, Marked};
use super::line::Line;
use super::model::{Computed, Item, link_topic, topic};
use super::period::Period;
use super::{Reconciled, input};
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::wire::{
    Act, DutyArea, ItemSort, ItemState, LineGroup, PeriodReq, ReconcileDone, ReconcileItemsReq,
    ReconcileLinkReq, ReconcileMarkReq,
};

/// Items of one action.
const MOST_ITEMS: usize = 10_000;
const LONGEST_NOTE: usize = 2_000;

impl Context<'_> {
    pub(super) fn reconcile_link(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileLinkReq,
    ) -> ApiResult<ReconcileDone> {
        let period = self.month_to_change(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let action = link(&computed, &req.groups)?;
        self.decide(period, &action)?;
        self.done(reconciled, period, req.groups.len())
    }

    pub(super) fn reconcile_accept(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileItemsReq,
    ) -> ApiResult<ReconcileDone> {
        let period = self.month_to_change(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let items = items(&computed, &req.items)?;
        let mut groups = Vec::new();
        let mut plain = Vec::new();
        let mut actions = Vec::new();
        for item in &items {
            match item.sort {
                ItemSort::Pair => return Err(ErrorCode::WrongState.into()),
                ItemSort::Proposal => {
                    let proposal = &computed.model.found.proposals[item.at];
                    // Which of several equally good ones, only a person can say.
                    if proposal.reason.finding == Finding::EquallyGood {
                        return Err(ErrorCode::WrongState.into());
                    }
                    groups.push(group(&computed, item));
                }
                ItemSort::Difference => match &item.remembered {
                    Some(remembered) => actions.push(Action::Mark {
                        items: vec![marked(&computed, item)],
                        state: Some(ItemState::Accepted),
                        owner: remembered.owner,
                        note: Some(remembered.note.clone()).filter(|note| !note.is_empty()),
                    }),
                    None => plain.push(marked(&computed, item)),
                },
            }
        }
        if !groups.is_empty() {
            let groups: Vec<LineGroup> = groups
                .into_iter()
                .map(|group| LineGroup { platform: group.platform, ledger: group.ledger })
                .collect();
            actions.push(link(&computed, &groups)?);
        }
        if !plain.is_empty() {
            actions.push(Action::Mark {
                items: plain,
                state: Some(ItemState::Accepted),
                owner: None,
                note: None,
            });
        }
        self.decide(period, &together(actions)?)?;
        self.done(reconciled, period, items.len())
    }

    pub(super) fn reconcile_unlink(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileItemsReq,
    ) -> ApiResult<ReconcileDone> {
        let period = self.month_to_change(&req.period)?;
        let computed = self.computed(reconciled, period)?;
        let items = items(&computed, &req.items)?;
        let mut groups = Vec::with_capacity(items.len());
        for item in &items {
            let is_joined = item.sort != ItemSort::Difference || computed.pair_of(item).is_some();
            let group = group(&computed, item);
            if !is_joined || group.platform.is_empty() || group.ledger.is_empty() {
                return Err(ErrorCode::WrongState.into());
            }
            groups.push(group);
        }
        self.decide(period, &Action::Part { groups })?;
        self.done(reconciled, period, items.len())
    }

    pub(super) fn reconcile_mark(
        &self,
        reconciled: &Reconciled,
        req: &ReconcileMarkReq,
    ) -> ApiResult<ReconcileDone> {
        let period = self.month_to_change(&req.period)?;
        if req.state == Some(ItemState::Filed) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "state"));
        }
        if req.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "note"));
        }
        if req.state.is_none() && req.owner.is_none() && req.note.is_none() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "state"));
        }
        let computed = self.computed(reconciled, period)?;
        let items = items(&computed, &req.items)?;
        let action = Action::Mark {
            items: items.iter().map(|item| marked(&computed, item)).collect(),
            state: req.state,
            owner: req.owner,
            note: req.note.clone(),
        };
        self.decide(period, &action)?;
        self.done(reconciled, period, items.len())
    }

    pub(super) fn reconcile_undo(
        &self,
        reconciled: &Reconciled,
        req: &PeriodReq,
    ) -> ApiResult<ReconcileDone> {
        let period = self.month_to_change(&req.period)?;
        let actor = self.actor()?;
        self.store.try_write_local(|tx| {
            refuse_signed(tx, period)?;
            let last = decision::last(tx, &period.text())?.ok_or(ErrorCode::NotFound)?;
            let action: Action =
                serde_json::from_str(&last.body).map_err(|error| ApiError::internal(&error))?;
            for key in action.submissions() {
                let item = outbox::get(tx, key)?.ok_or(ErrorCode::NotFound)?;
                let change = Change { at: self.now.unix(), not_before: Some(0), ..Change::default() };
                // What has left, or may have, is no longer taken back here.
                let is_here = matches!(
                    item.state,
                    Stored::Queued
                        | Stored::Refused
                        | Stored::NeedsDecision
                        | Stored::AwaitingReview
                        | Stored::Returned
                ) && !item.may_have_left
                    && !bundle::has_left(tx, key)?;
                let is_withdrawn = item.state == Stored::Withdrawn
                    || is_here && outbox::advance(tx, key, Stored::Withdrawn, &change)?;
                if !is_withdrawn {
                    return Err(ApiError::from(ErrorCode::WrongState));
                }
            }
            decision::undo(tx, last.seq, &actor, self.now.unix())?;
            let detail = serde_json::json!({ "decision": last.seq, "body": digest(&last.body) });
            let subject = format!("reconcile:{}", period.text());
            audit::append(tx, &self.entry(&actor, "reconcile.undone", &subject, detail))?;
            Ok(())
        })?;
        self.done(reconciled, period, 1)
    }

    /// A month that this person may change.
    pub(super) fn month_to_change(&self, period: &str) -> ApiResult<Period> {
        self.may(Act::Reconcile)?;
        self.open_month(period)
    }

    /// Keeps a decision, and says so in the log.
    fn decide(&self, period: Period, action: &Action) -> ApiResult<()> {
        let actor = self.actor()?;
        let body = serde_json::to_string(action).map_err(|error| ApiError::internal(&error))?;
        self.store.try_write_local(|tx| {
            refuse_signed(tx, period)?;
            self.record(tx, period, &body, &actor)?;
            Ok(())
        })
    }

    /// The same in the transaction of something else.
    pub(super) fn record(
        &self,
        tx: &sunbench_store::Transaction<'_>,
        period: Period,
        body: &str,
        actor: &str,
    ) -> Result<(), StoreError> {
        let seq = decision::add(tx, &period.text(), body, actor, self.now.unix())?;
        let mut detail = serde_json::json!({ "decision": seq, "body": digest(body) });
        if let Some(absent) = self.stands_in_for(tx, Some(DutyArea::Reconcile), actor)? {
            detail["on_behalf_of"] = absent.into();
        }
        let subject = format!("reconcile:{}", period.text());
        audit::append(tx, &self.entry(actor, "reconcile.decided", &subject, detail))?;
        Ok(())
    }
}

/// In the transaction of a change: a signature may have come in between.
pub(super) fn refuse_signed(conn: &Connection, period: Period) -> ApiResult<()> {
    if statement::signatures(conn)?.iter().any(|signature| signature.period == period.text()) {
        return Err(ApiError::field(ErrorCode::PeriodSigned, &period.text()));
    }
    Ok(())
}

fn digest(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}

fn together(mut actions: Vec<Action>) -> ApiResult<Action> {
    match actions.len() {
        0 => Err(ApiError::field(ErrorCode::FieldRequired, "items")),
        1 => Ok(actions.remove(0)),
        _ => Ok(Action::Together { actions }),
    }
}

fn items<'c>(computed: &'c Computed, keys: &[String]) -> ApiResult<Vec<&'c Item>> {
    if keys.is_empty() || keys.len() > MOST_ITEMS {
        return Err(ApiError::field(ErrorCode::FieldRequired, "items"));
    }
    let keys: BTreeSet<&String> = keys.iter().collect();
    let found = keys.into_iter().map(|key| computed.item(key));
    Ok(found.collect::<Option<Vec<_>>>().ok_or(ErrorCode::NotFound)?)
}

fn group(computed: &Computed, item: &Item) -> Group {
    let (left, right) = computed.lines(item);
    let ids = |lines: &[&Line]| lines.iter().map(|line| line.id.clone()).collect();
    Group { platform: ids(&left), ledger: ids(&right) }
}

/// An item with what it is about in any month.
pub(super) fn marked(computed: &Computed, item: &Item) -> Marked {
    let (left, right) = computed.lines(item);
    let topic = match (item.sort, right.first().or(left.first())) {
        (ItemSort::Difference, Some(line)) => topic(computed.model.found.differences[item.at].kind, line),
        _ => String::new(),
    };
    Marked { item: item.key.clone(), topic }
}

/// A link of lines that are there, none of them twice.
fn link(computed: &Computed, groups: &[LineGroup]) -> ApiResult<Action> {
    if groups.is_empty() || groups.len() > MOST_ITEMS {
        return Err(ApiError::field(ErrorCode::FieldRequired, "groups"));
    }
    let of = |side: &'_ BTreeMap<u32, Line>| -> BTreeSet<String> {
        side.values().filter(|line| input::is_matched(line)).map(|line| line.id.clone()).collect()
    };
    let (left, right) = (of(&computed.model.left), of(&computed.model.right));
    let mut seen = BTreeSet::new();
    let mut kept = Vec::with_capacity(groups.len());
    let mut topics = Vec::new();
    for group in groups {
        for (field, ids, known) in [("platform", &group.platform, &left), ("ledger", &group.ledger, &right)] {
            if ids.is_empty() {
                return Err(ApiError::field(ErrorCode::FieldRequired, field));
            }
            for id in ids {
                if !known.contains(id) {
                    return Err(ApiError::field(ErrorCode::NotFound, field));
                }
                if !seen.insert(id) {
                    return Err(ApiError::field(ErrorCode::FieldInvalid, field));
                }
            }
        }
        if let ([l], [r]) = (&group.platform[..], &group.ledger[..]) {
            let left = computed.model.left.values().find(|line| line.id == *l);
            let right = computed.model.right.values().find(|line| line.id == *r);
            topics.extend(left.zip(right).map(|(l, r)| link_topic(l, r)));
        }
        let mut group = Group { platform: group.platform.clone(), ledger: group.ledger.clone() };
        group.platform.sort();
        group.ledger.sort();
        kept.push(group);
    }
    topics.sort();
    topics.dedup();
    Ok(Action::Link { groups: kept, topics })
}
