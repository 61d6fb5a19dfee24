//! 双人复核: kinds of submissions that a second person looks at before they go out. What he approves goes on byte for
//! byte as it was written; what he returns is its maker's again, with the reason.

use sunbench_contract::SubmissionKind;
use sunbench_contract::sign::hex;
use sunbench_store::local::account::{self, Account, Person};
use sunbench_store::local::outbox::{self, OutboxItem as Item, OutboxState as Stored};
use sunbench_store::local::review;
use sunbench_store::{Connection, StoreResult, audit};

use crate::clocked::text;
use crate::content::content;
use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::permission::{act_of, permits, reviews};
use crate::wire::{
    Act, OutboxItem, OutboxKeyReq, ReviewBar, ReviewCounts, ReviewReturnReq, ReviewRule, ReviewRuleReq,
    ReviewRules, ReviewSubject,
};

const LONGEST_REASON: usize = 2_000;

/// A check-in is a person's own act, and signing for a notice states nothing but that it has come.
fn may_be_reviewed(kind: SubmissionKind) -> bool {
    !matches!(kind, SubmissionKind::CheckIn | SubmissionKind::NoticeSign)
}

/// Whether somebody could approve what another wrote: a second person beside the maker, whoever that is.
fn has_second_person(people: &[Person], kind: SubmissionKind) -> bool {
    let may = |person: &&Person| reviews(&person.roles, kind);
    let Some(reviewer) = people.iter().find(may) else { return false };
    people
        .iter()
        .any(|other| other.user != reviewer.user && (may(&other) || permits(&other.roles, act_of(kind))))
}

/// Why a person does not decide about a submission; `None` where he may.
fn bar(me: &Account, item: &Item) -> Option<ReviewBar> {
    let kind = SubmissionKind::from_name(&item.kind);
    if item.state != Stored::AwaitingReview {
        Some(ReviewBar::NotAwaited)
    } else if me.user == item.actor {
        Some(ReviewBar::OwnWork)
    } else if kind.is_some_and(|kind| !reviews(&me.roles, kind)) {
        Some(ReviewBar::NotPermitted)
    } else {
        None
    }
}

impl Context<'_> {
    /// Which kinds are reviewed, and by whom they could be.
    pub fn review_rules(&self) -> ApiResult<ReviewRules> {
        let (rules, people, counts, at_work) = self.store.read(|conn| {
            Ok((
                review::rules(conn)?,
                account::people(conn)?,
                outbox::count_in_review(conn)?,
                account::get(conn)?,
            ))
        })?;
        let name = |user: &str| people.iter().find(|p| p.user == user).map(|p| p.name.clone());
        let kinds = SubmissionKind::ALL.iter().copied().filter(|kind| may_be_reviewed(*kind));
        Ok(ReviewRules {
            kinds: kinds
                .map(|kind| {
                    let rule = rules.iter().find(|rule| rule.kind == kind.name());
                    let waiting = counts
                        .iter()
                        .filter(|count| count.kind == kind.name() && count.state == Stored::AwaitingReview);
                    ReviewRule {
                        kind: kind.name().to_owned(),
                        required: rule.is_some(),
                        since: rule.map(|rule| text(rule.since)),
                        by: rule.map(|rule| name(&rule.by).unwrap_or_else(|| rule.by.clone())),
                        reviewers: people
                            .iter()
                            .filter(|person| reviews(&person.roles, kind))
                            .map(|person| person.name.clone())
                            .collect(),
                        second_person: has_second_person(&people, kind),
                        waiting: small(waiting.map(|count| count.count).sum()),
                    }
                })
                .collect(),
            people: small(people.len() as u64),
            may_set: at_work.is_some_and(|account| permits(&account.roles, Act::Govern)),
        })
    }

    /// Asks for a second person for a kind from now on, or no longer. What waits keeps to the rule of its day.
    pub fn review_rule_set(&self, req: &ReviewRuleReq) -> ApiResult<ReviewRules> {
        let account = self.acting(Act::Govern)?;
        let kind = SubmissionKind::from_name(&req.kind).filter(|kind| may_be_reviewed(*kind));
        let kind = kind.ok_or_else(|| ApiError::field(ErrorCode::FieldInvalid, "kind"))?;
        let people = self.store.read(account::people)?;
        if req.required && !has_second_person(&people, kind) {
            return Err(ApiError::field(ErrorCode::NeedsTwoPeople, kind.name()));
        }
        let action = if req.required { "review.required" } else { "review.released" };
        let detail = serde_json::json!({ "kind": kind.name() });
        self.store.write_local(|tx| {
            let changed = if req.required {
                review::require(tx, kind.name(), &account.user, self.now.unix())?
            } else {
                review::release(tx, kind.name())?
            };
            if changed {
                audit::append(tx, &self.entry(&account.user, action, "review", detail))?;
            }
            Ok(())
        })?;
        self.review_rules()
    }

    /// A submission as a second person has to see it: all that would be sent, with what its numbers stand for.
    pub fn review_subject(&self, req: &OutboxKeyReq) -> ApiResult<ReviewSubject> {
        let me = self.account()?;
        let (item, parts) = self.store.read(|conn| {
            let Some(item) = outbox::get(conn, &req.key)? else { return Ok((None, Vec::new())) };
            let parts = content(conn, &item)?;
            Ok((Some(item), parts))
        })?;
        let item = item.ok_or(ErrorCode::NotFound)?;
        Ok(ReviewSubject {
            parts,
            body: item.body.clone(),
            bar: bar(&me, &item),
            item: self.outbox_item(&item)?,
        })
    }

    /// Approves a colleague's submission: the same bytes go out.
    pub fn review_approve(&self, req: &OutboxKeyReq) -> ApiResult<OutboxItem> {
        self.settle_review(&req.key, None)
    }

    /// Gives a colleague's submission back to him, with the reason.
    pub fn review_return(&self, req: &ReviewReturnReq) -> ApiResult<OutboxItem> {
        let reason = req.reason.trim();
        if reason.is_empty() {
            return Err(ApiError::field(ErrorCode::FieldRequired, "reason"));
        }
        if reason.chars().count() > LONGEST_REASON {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "reason"));
        }
        self.settle_review(&req.key, Some(reason))
    }

    fn settle_review(&self, key: &str, returned: Option<&str>) -> ApiResult<OutboxItem> {
        let me = self.account()?;
        let action = if returned.is_some() { "review.returned" } else { "review.approved" };
        self.store.try_write_local(|tx| {
            let item = outbox::get(tx, key)?.ok_or(ErrorCode::NotFound)?;
            match bar(&me, &item) {
                Some(ReviewBar::NotAwaited) => return Err(ErrorCode::WrongState.into()),
                Some(ReviewBar::OwnWork) => return Err(ErrorCode::OwnWork.into()),
                Some(ReviewBar::NotPermitted) => return Err(ErrorCode::NotPermitted.into()),
                None => {}
            }
            // Restored from a backup: until the platform was asked it may be there already.
            if returned.is_some() && item.may_have_left {
                return Err(ApiError::from(ErrorCode::WrongState));
            }
            let kind = SubmissionKind::from_name(&item.kind);
            let decision = outbox::Review {
                reviewer: &me.user,
                at: self.now.unix(),
                returned,
                may_send: kind.is_some_and(|kind| permits(&me.roles, act_of(kind))),
            };
            if !outbox::review(tx, key, &decision)? {
                return Err(ErrorCode::WrongState.into());
            }
            let mut detail = serde_json::json!({
                "key": key, "kind": item.kind, "body": hex(&item.body_sha256), "maker": item.actor,
            });
            if let Some(reason) = returned {
                detail["reason"] = reason.into();
            }
            audit::append(tx, &self.entry(&me.user, action, &item.document, detail))?;
            Ok::<_, ApiError>(())
        })?;
        let item = self.store.read(|conn| outbox::get(conn, key))?.ok_or(ErrorCode::NotFound)?;
        self.outbox_item(&item)
    }
}

/// What concerns the person at work among the submissions in review.
pub(crate) fn counts(conn: &Connection) -> StoreResult<ReviewCounts> {
    let mut counts = ReviewCounts { to_review: 0, awaiting: 0, returned: 0 };
    let Some(me) = account::get(conn)? else { return Ok(counts) };
    for found in outbox::count_in_review(conn)? {
        let count = small(found.count);
        let own = found.actor == me.user;
        match found.state {
            Stored::AwaitingReview if own => counts.awaiting += count,
            Stored::AwaitingReview
                if SubmissionKind::from_name(&found.kind).is_none_or(|kind| reviews(&me.roles, kind)) =>
            {
                counts.to_review += count;
            }
            Stored::Returned if own => counts.returned += count,
            _ => {}
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(user: &str, roles: &[&str]) -> Person {
        Person {
            user: user.to_owned(),
            name: user.to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            slot: None,
            app_key: String::new(),
            app_secret: String::new().into(),
            renewal_credential: String::new().into(),
            signed_in_at: 0,
        }
    }

    #[test]
    fn a_second_person_is_another_one_whose_role_allows_it() {
        let order = SubmissionKind::OrderSubmit;
        for (name, people, expected) in [
            ("nobody", vec![], false),
            ("one alone", vec![person("li", &["buyer", "reviewer"])], false),
            ("two buyers", vec![person("li", &["buyer"]), person("liu", &["buyer"])], true),
            ("a buyer and a reviewer", vec![person("li", &["buyer"]), person("wang", &["reviewer"])], true),
            ("a buyer and a viewer", vec![person("li", &["buyer"]), person("wang", &["viewer"])], false),
            ("a buyer and a receiver", vec![person("li", &["buyer"]), person("wang", &["receiver"])], false),
            ("a platform without roles", vec![person("li", &[]), person("wang", &[])], true),
        ] {
            assert_eq!(has_second_person(&people, order), expected, "{name}");
        }
    }
}
