//! 角色与权限: what the platform's roles allow. The platform judges again; here nobody is let begin what it would refuse.

use sunbench_store::local::account::{self, Account};

use crate::context::Context;
use crate::error::{ApiResult, ErrorCode};
use crate::wire::Act;

/// Every act, for the window.
const ACTS: [Act; 10] = [
    Act::CheckIn,
    Act::Draft,
    Act::Reply,
    Act::Receive,
    Act::Purchase,
    Act::Submissions,
    Act::Exchange,
    Act::Reconcile,
    Act::SignOff,
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
        Act::SignOff => &["reviewer", "admin"],
    }
}

/// Whether a person with these roles may. A platform that names no roles leaves it to its own judgement; a role that
/// this program does not know allows no more than reading and the own check-in.
pub(crate) fn permits(held: &[String], act: Act) -> bool {
    let needed = roles(act);
    needed.is_empty() || held.is_empty() || held.iter().any(|role| needed.contains(&role.as_str()))
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
        use Act::{CheckIn, Draft, Exchange, Manage, Receive, Reconcile, Reply, SignOff, Submissions};
        let all_but_sign_off = || ACTS.into_iter().filter(|act| *act != SignOff).collect::<Vec<_>>();
        for (held, expected) in [
            (vec!["buyer", "receiver", "reviewer"], ACTS.to_vec()),
            (vec!["buyer"], all_but_sign_off()),
            (
                vec!["reviewer"],
                vec![CheckIn, Draft, Reply, Submissions, Exchange, Reconcile, SignOff, Manage],
            ),
            (vec!["receiver"], vec![CheckIn, Receive, Submissions, Exchange, Reconcile, Manage]),
            (vec!["admin"], vec![CheckIn, Draft, Reconcile, SignOff, Manage]),
            (vec!["viewer"], vec![CheckIn]),
            (vec!["supervisor"], vec![CheckIn]),
            (vec!["someNewRole"], vec![CheckIn]),
            (vec!["viewer", "buyer"], all_but_sign_off()),
            // The platform names none: it judges by itself.
            (vec![], ACTS.to_vec()),
        ] {
            let held: Vec<String> = held.into_iter().map(str::to_owned).collect();
            assert_eq!(acts(&held), expected, "{held:?}");
        }
    }
}
