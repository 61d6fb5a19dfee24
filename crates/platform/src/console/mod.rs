//! The supervisor's web console.

use std::sync::Arc;

use axum::Router;

use crate::database::set_meta;
use crate::error::Error;
use crate::shared::Shared;

/// Who is signed in.
#[derive(Default)]
pub(crate) struct Sessions;

pub(crate) fn router(_shared: &Arc<Shared>) -> Router {
    Router::new()
}

/// Begins or ends a maintenance window; the data folder keeps it.
pub(crate) fn set_maintenance(shared: &Shared, retry_after_s: Option<u32>) -> Result<(), Error> {
    let text = retry_after_s.map(|seconds| seconds.to_string());
    shared.database.write::<_, Error>(|tx| set_meta(tx, "maintenance_s", text.as_deref()))?;
    shared.set_maintenance(retry_after_s);
    Ok(())
}
