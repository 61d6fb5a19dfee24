//! CA 证书 of the person at work: without a valid one the platform lets nobody in.

use chrono::NaiveDate;
use sunbench_sync::state;

use crate::context::Context;
use crate::error::ApiResult;

/// Serial number, whose it is, who issued it, its last day.
type Certificate = (String, String, String, NaiveDate);

impl Context<'_> {
    /// The certificate that the person at work signed in with, as the platform told it last; none where it told none.
    pub(super) fn certificate(&self) -> ApiResult<Option<Certificate>> {
        let account = self.account()?;
        let found = self.store.read(|conn| state::certificate(conn, &account.user))?;
        Ok(found.map(|certificate| {
            let last = certificate.not_after.at().date_naive();
            let issuer = [certificate.issuer.as_str(), &certificate.serial].join(" ");
            (certificate.serial, format!("CA 证书 {}", account.user_name), issuer.trim().to_owned(), last)
        }))
    }
}
