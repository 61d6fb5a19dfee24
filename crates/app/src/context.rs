//! What every use case stands on: the open profile, the calendar, the instant, the person.

use sunbench_contract::time::Instant;
use sunbench_store::local::account::{self, Account};
use sunbench_store::{Store, audit};
use sunbench_workdays::Calendar;

use crate::error::{ApiResult, ErrorCode};
use crate::indicators::Measurements;

/// One use case's surroundings; the instant is the platform's time as far as it is known.
pub struct Context<'a> {
    /// The open profile.
    pub store: &'a Store,
    /// The working-day calendar in force.
    pub calendar: &'a Calendar,
    /// Now.
    pub now: Instant,
    /// What the process measured last.
    pub measurements: &'a Measurements,
}

impl Context<'_> {
    /// Today's Shanghai date.
    pub(crate) fn today(&self) -> chrono::NaiveDate {
        sunbench_workdays::shanghai_date(&self.now.at())
    }

    /// The connection, or [`ErrorCode::NotConnected`].
    pub(crate) fn account(&self) -> ApiResult<Account> {
        Ok(self.store.read(account::get)?.ok_or(ErrorCode::NotConnected)?)
    }

    /// Whose name stands on what is done now; nobody's before the first sign-in.
    pub(crate) fn actor(&self) -> ApiResult<String> {
        Ok(self.store.read(account::get)?.map(|account| account.user).unwrap_or_default())
    }

    /// An entry for the audit log, in the transaction of what it tells.
    pub(crate) fn entry<'e>(
        &self,
        actor: &'e str,
        action: &'e str,
        subject: &'e str,
        detail: serde_json::Value,
    ) -> audit::Entry<'e> {
        audit::Entry { at: self.now.at(), actor, action, subject, detail }
    }
}
