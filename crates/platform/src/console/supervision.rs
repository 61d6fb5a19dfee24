//! 指标监管: measuring all hospitals now, and adjusting a rule.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use sunbench_contract::{Indicator, Resource};

use super::Fault;
use super::page::{Place, csrf, page};
use super::session::Supervisor;
use crate::error::Error;
use crate::object::of_resource;
use crate::shared::Shared;
use crate::supervision;

pub(super) async fn form(State(shared): State<Arc<Shared>>, supervisor: Supervisor) -> Result<Markup, Fault> {
    let read = |shared: &Shared| {
        Ok(shared
            .database
            .read::<_, Error>(|connection| of_resource::<Indicator>(connection, Resource::Indicator))?)
    };
    let mut found = shared.blocking(read).await?;
    found.retain(|one| one.data.level != "normal");
    found.sort_by(|a, b| (&a.institution, &a.data.name).cmp(&(&b.institution, &b.data.name)));
    let body = html! {
        section.card.fields {
            p { "按各医院的订单、配送、验收、结算等单据重新计算全部指标；越过预警限值而近期没有督办的，自动下发督办通知。" }
            form method="post" action="/console/supervision" {
                (csrf(&supervisor))
                button.primary #supervise type="submit" { "立即计算并下发" }
            }
        }
        section.card.fields {
            p { "调整规则：自此刻起生效，随数据同步推送到各医院。" }
            form method="post" action="/console/supervision/rule" {
                (csrf(&supervisor))
                label for="indicator" { "指标编号" }
                input #indicator name="indicator" required placeholder="progress-lag";
                label for="parameter" { "参数" }
                input #parameter name="parameter" required placeholder="threshold.warning";
                label for="value" { "新值" }
                input #value name="value" required placeholder="10";
                button.primary #adjust type="submit" { "调整" }
            }
        }
        section.card {
            table {
                thead { tr { th { "医疗机构" } th { "指标" } th { "范围" } th { "结果" } th { "限值" } th { "级别" } } }
                tbody {
                    @for one in &found {
                        tr {
                            td { (one.institution) }
                            td { (one.data.name) }
                            td { (one.data.scope) }
                            td { (one.data.value.as_deref().unwrap_or("—")) }
                            td { (one.data.threshold.as_deref().unwrap_or("")) }
                            td { (level(&one.data.level)) }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&shared, &supervisor, Place::Supervision, "指标监管", &body))
}

fn level(level: &str) -> &str {
    match level {
        "notice" => "提示",
        "warning" => "预警",
        "serious" => "严重",
        other => other,
    }
}

#[derive(Deserialize)]
pub(super) struct Begin {
    csrf: String,
}

pub(super) async fn supervise(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Form(form): Form<Begin>,
) -> Result<Redirect, Fault> {
    supervisor.check(&form.csrf)?;
    shared.blocking(|shared| Ok(supervision::supervise(shared)?)).await?;
    Ok(Redirect::to("/console/supervision"))
}

#[derive(Deserialize)]
pub(super) struct Adjusted {
    csrf: String,
    indicator: String,
    parameter: String,
    value: String,
}

pub(super) async fn adjust(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Form(form): Form<Adjusted>,
) -> Result<Redirect, Fault> {
    supervisor.check(&form.csrf)?;
    let work = move |shared: &Shared| {
        let (indicator, parameter) = (form.indicator.trim(), form.parameter.trim());
        Ok(supervision::adjust(shared, indicator, parameter, form.value.trim()))
    };
    // What was typed wrongly is for the person; the rest is for the log.
    shared.blocking(work).await??;
    Ok(Redirect::to("/console/supervision"))
}
