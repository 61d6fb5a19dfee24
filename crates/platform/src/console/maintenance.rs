//! 平台维护: a window in which every call of the hospitals is answered with 503.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;

use super::Fault;
use super::page::{Place, csrf, page};
use super::session::Supervisor;
use crate::database::set_meta;
use crate::error::Error;
use crate::shared::Shared;

/// Seconds that are proposed.
const WAIT_S: u32 = 300;

/// Begins or ends a maintenance window; the data folder keeps it.
pub(crate) fn set_maintenance(shared: &Shared, retry_after_s: Option<u32>) -> Result<(), Error> {
    let text = retry_after_s.map(|seconds| seconds.to_string());
    shared.database.write::<_, Error>(|tx| set_meta(tx, "maintenance_s", text.as_deref()))?;
    shared.set_maintenance(retry_after_s);
    Ok(())
}

pub(super) async fn form(State(shared): State<Arc<Shared>>, supervisor: Supervisor) -> Markup {
    let now = shared.maintenance();
    let body = html! {
        section.card.fields #maintenance data-on=(now.is_some()) {
            p { @match now {
                Some(seconds) => { "维护中。医院的请求会被告知 " (seconds) " 秒后再试，其待提交内容不受影响。" }
                None => { "平台正常服务。开始维护后，医院的请求会得到“维护中，请稍后再试”，其待提交内容不受影响。" }
            } }
            form method="post" action="/console/maintenance" {
                (csrf(&supervisor))
                @if now.is_some() {
                    input type="hidden" name="on" value="false";
                    button.primary #end-maintenance type="submit" { "结束维护" }
                } @else {
                    input type="hidden" name="on" value="true";
                    label for="seconds" { "请医院等待（秒）" }
                    input #seconds name="seconds" type="number" min="1" max="86400" value=(WAIT_S) required;
                    button.primary #begin-maintenance type="submit" { "开始维护" }
                }
            }
        }
    };
    page(&shared, &supervisor, Place::Maintenance, "平台维护", &body)
}

#[derive(Deserialize)]
pub(super) struct Switch {
    csrf: String,
    on: bool,
    #[serde(default)]
    seconds: String,
}

pub(super) async fn switch(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Form(form): Form<Switch>,
) -> Result<Redirect, Fault> {
    supervisor.check(&form.csrf)?;
    let seconds = match (form.on, form.seconds.trim().parse::<u32>()) {
        (false, _) => None,
        (true, Ok(seconds)) if (1..=86_400).contains(&seconds) => Some(seconds),
        (true, _) => return Err(Fault::NotAllowed("等待时间须为 1 至 86400 秒".to_owned())),
    };
    shared.blocking(move |shared| Ok(set_maintenance(shared, seconds)?)).await?;
    Ok(Redirect::to("/console/maintenance"))
}
