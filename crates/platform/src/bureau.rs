//! 医保部门的动作: what the bureau decides on documents that hospitals submitted.

use sunbench_contract::{Filing, Resource};
use sunbench_domain::state::FilingState;

use crate::error::Error;
use crate::life::step;
use crate::object::{Stored, find};
use crate::shared::Shared;

/// 审核备案: approves a filing, or returns it for the reason given.
pub(crate) fn decide_filing(shared: &Shared, id: &str, returned: Option<&str>) -> Result<(), Error> {
    let reason = returned.map(str::trim);
    if reason.is_some_and(|reason| reason.is_empty() || reason.chars().count() > 1_000) {
        return Err(Error::NotAllowed("退回原因须为 1 至 1000 字".to_owned()));
    }
    shared.publish(|connection, publisher| {
        let mut found: Stored<Filing> = find(connection, Resource::Filing, id)?
            .ok_or_else(|| Error::NotAllowed("没有这份备案".to_owned()))?;
        let filing = &mut found.data;
        let to = if reason.is_some() { FilingState::Returned } else { FilingState::Approved };
        step("备案", (&mut filing.state, &mut filing.state_text), to)?;
        reason.unwrap_or_default().clone_into(&mut filing.return_reason);
        publisher.replace(Resource::Filing, id, &found)?;
        Ok(())
    })
}
