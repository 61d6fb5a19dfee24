//! 角色与权限: what the platform's roles allow. The platform judges again; here nobody is let begin what it would refuse.

use sunbench_contract::SubmissionKind;
use sunbench_store::local::account::{self, Account};

use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::wire::Act;

/// Every act, for the window.
const ACTS: [Act; 11] = [
    Act::CheckIn,
    Act::Draft,
    Act::Reply,
    Act::Receive,
    Act::Purchase,
    Act::Submissions,
    Act::Exchange,
    Act::Reconcile,
    Act::SignOff,
    Act::Govern,
    Act::Manage,
];

/// The roles that may; none is everybody. 采购员 buyer, 收货员 receiver, 审核员 reviewer, 经办人 clerk, 管理员 admin.
const fn roles(act: Act) -> &'static [&'static str] {
    match act {
        Act::CheckIn => &[],
        Act::Draft => &["buyer", "reviewer", "clerk", "admin"],
        Act::Reply => &["buyer", "reviewer", "clerk"],
        Act::Receive => &["buyer", "receiver", "clerk"],
        Act::Purchase => &["buyer", "clerk"],
        Act::Submissions | Act::Exchange => &["buyer", "receiver", "reviewer", "clerk"],
        Act::Reconcile | Act::Manage => &["buyer", "receiver", "reviewer", "clerk", "admin"],
        Act::SignOff | Act::Govern => &["reviewer", "admin"],
    }
}

/// Whether a person with these roles may. A platform that names no roles leaves it to its own judgement; a role that
/// this program does not know allows no more than reading and the own check-in.
pub(crate) fn permits(held: &[String], act: Act) -> bool {
    let needed = roles(act);
    needed.is_empty() || held.is_empty() || held.iter().any(|role| needed.contains(&role.as_str()))
}

/// What a submission of a kind needs of its maker.
pub(crate) fn act_of(kind: SubmissionKind) -> Act {
    match kind {
        SubmissionKind::CheckIn => Act::CheckIn,
        SubmissionKind::NoticeSign | SubmissionKind::NoticeReply => Act::Reply,
        SubmissionKind::ReceiptCreate | SubmissionKind::ReceiptConfirm => Act::Receive,
        _ => Act::Purchase,
    }
}

/// Whether a person with these roles may review a colleague's submission: 审核员, or who may make such ones himself.
pub(crate) fn reviews(held: &[String], kind: SubmissionKind) -> bool {
    permits(held, act_of(kind)) || held.iter().any(|role| role == "reviewer")
}

/// What a person with these roles may do.
pub(crate) fn acts(held: &[String]) -> Vec<Act> {
    ACTS.into_iter().filter(|act| permits(held, *act)).collect()
}

impl Context<'_> {
    /// The person at work, who may do this. Whatever writes in somebody's name asks here for the name.
    pub(crate) fn acting(&self, act: Act) -> ApiResult<Account> {
        let account = self.account()?;
        if permits(&account.roles, act) { Ok(account) } else { Err(ErrorCode::NotPermitted.into()) }
    }

    /// The same for what needs no connection: before the first sign-in there is nobody to ask.
    pub(crate) fn may(&self, act: Act) -> ApiResult<()> {
        match self.store.read(account::get)? {
            Some(account) if !permits(&account.roles, act) => Err(ErrorCode::NotPermitted.into()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_do_what() {
        use Act::{
            CheckIn, Draft, Exchange, Govern, Manage, Receive, Reconcile, Reply, SignOff, Submissions,
        };
        let all_but_leading =
            || ACTS.into_iter().filter(|act| ![SignOff, Govern].contains(act)).collect::<Vec<_>>();
        for (held, expected) in [
            (vec!["buyer", "receiver", "reviewer"], ACTS.to_vec()),
            (vec!["buyer"], all_but_leading()),
            (
                vec!["reviewer"],
                vec![CheckIn, Draft, Reply, Submissions, Exchange, Reconcile, SignOff, Govern, Manage],
            ),
            (vec!["receiver"], vec![CheckIn, Receive, Submissions, Exchange, Reconcile, Manage]),
            (vec!["admin"], vec![CheckIn, Draft, Reconcile, SignOff, Govern, Manage]),
            (vec!["viewer"], vec![CheckIn]),
            (vec!["supervisor"], vec![CheckIn]),
            (vec!["someNewRole"], vec![CheckIn]),
            (vec!["viewer", "buyer"], all_but_leading()),
            // The platform names none: it judges by itself.
            (vec![], ACTS.to_vec()),
        ] {
            let held: Vec<String> = held.into_iter().map(str::to_owned).collect();
            assert_eq!(acts(&held), expected, "{held:?}");
        }
    }
}
