//! 下发督办, from a template or from an indicator.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use sunbench_contract::{Evidence, Indicator, Notice, Resource};

use super::Fault;
use super::page::{Place, csrf, hospital_select, page};
use super::session::Supervisor;
use super::templates::{TEMPLATES, Template};
use crate::account;
use crate::error::Error;
use crate::notices::{self, NewNotice, REPLY_WORKING_DAYS};
use crate::object::of_resource;
use crate::shared::Shared;

const LEVELS: [(&str, &str); 3] = [("notice", "提示"), ("warning", "预警"), ("serious", "严重")];
const ISSUER: &str = "市医疗保障局";

/// Where the form starts from.
#[derive(Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    institution: String,
    #[serde(default)]
    template: String,
    /// `<indicator id>|<scope>` of the hospital.
    #[serde(default)]
    indicator: String,
}

/// What the form holds.
#[derive(Deserialize, Default)]
pub(super) struct Filled {
    #[serde(default)]
    csrf: String,
    institution: String,
    title: String,
    body: String,
    level: String,
    rule: String,
    clause: String,
    issuer: String,
    days: String,
    #[serde(default)]
    indicator: String,
    #[serde(default)]
    evidence: String,
}

/// What the form chooses from.
struct Choices {
    hospitals: Vec<(String, String)>,
    /// The hospital's indicators past their threshold.
    indicators: Vec<Indicator>,
    issuer: String,
}

fn choices(shared: &Shared, institution: &str) -> Result<Choices, Error> {
    shared.database.read(|connection| {
        let hospitals = account::hospitals(connection)?;
        let mut indicators: Vec<Indicator> = of_resource::<Indicator>(connection, Resource::Indicator)?
            .into_iter()
            .filter(|indicator| indicator.institution == institution)
            .map(|indicator| indicator.data)
            .filter(|indicator| LEVELS.iter().any(|(level, _)| *level == indicator.level))
            .collect();
        indicators.sort_by(|a, b| (&a.indicator_id, &a.scope).cmp(&(&b.indicator_id, &b.scope)));
        let notices = of_resource::<Notice>(connection, Resource::Notice)?;
        let last = notices.into_iter().max_by_key(|notice| notice.data.issue_time);
        let issuer = last.map_or_else(|| ISSUER.to_owned(), |notice| notice.data.issuer);
        Ok(Choices { hospitals, indicators, issuer })
    })
}

pub(super) async fn form(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Query(start): Query<Start>,
) -> Result<Markup, Fault> {
    let institution = start.institution.clone();
    let choices = shared.blocking(move |shared| Ok(choices(shared, &institution)?)).await?;
    let filled = filled_from(&start, &choices);
    Ok(form_page(&shared, &supervisor, &choices, &start.template, &filled, ""))
}

/// The form as a template or an indicator fills it.
fn filled_from(start: &Start, choices: &Choices) -> Filled {
    let indicator = choices.indicators.iter().find(|indicator| key_of(indicator) == start.indicator);
    let template: Option<&Template> = match indicator {
        Some(indicator) => TEMPLATES.iter().find(|template| template.indicator == indicator.indicator_id),
        None => TEMPLATES.iter().find(|template| template.key == start.template),
    };
    let mut filled = Filled {
        institution: start.institution.clone(),
        level: "warning".to_owned(),
        issuer: choices.issuer.clone(),
        days: REPLY_WORKING_DAYS.to_string(),
        ..Filled::default()
    };
    if let Some(template) = template {
        template.title.clone_into(&mut filled.title);
        template.body.clone_into(&mut filled.body);
        template.level.clone_into(&mut filled.level);
        template.rule.clone_into(&mut filled.rule);
        template.clause.clone_into(&mut filled.clause);
    }
    if let Some(indicator) = indicator {
        let value = indicator.value.as_deref().unwrap_or("—");
        let threshold = indicator.threshold.as_deref().unwrap_or("—");
        let cut_off = indicator.cut_off.at().date_naive();
        if template.is_none() {
            filled.title = format!("关于{}异常的督办通知", indicator.name);
            "请核实原因，采取整改措施，并在规定时限内反馈。".clone_into(&mut filled.body);
        }
        filled.level.clone_from(&indicator.level);
        filled.indicator = key_of(indicator);
        filled.body = format!(
            "截至{cut_off}，{}（{}）为{value}，阈值{threshold}。{}",
            indicator.name, indicator.scope, filled.body
        );
        filled.evidence = format!("{}（{}）：{value}，阈值{threshold}", indicator.name, indicator.scope);
    }
    filled
}

fn key_of(indicator: &Indicator) -> String {
    format!("{}|{}", indicator.indicator_id, indicator.scope)
}

fn form_page(
    shared: &Shared,
    supervisor: &Supervisor,
    choices: &Choices,
    template: &str,
    filled: &Filled,
    error: &str,
) -> Markup {
    let body = html! {
        @if !error.is_empty() { p.error #error role="alert" { (error) } }
        form.filter method="get" action="/console/notices/new" {
            label for="institution" { "医疗机构" }
            (hospital_select(&choices.hospitals, &filled.institution, Some("请选择")))
            label for="template" { "模板" }
            select #template name="template" {
                option value="" { "空白" }
                @for its in &TEMPLATES {
                    option value=(its.key) selected[its.key == template] { (its.title) }
                }
            }
            label for="from-indicator" { "或由指标" }
            select #from-indicator name="indicator" {
                option value="" { @if choices.indicators.is_empty() { "先选机构" } @else { "不选" } }
                @for its in &choices.indicators {
                    option value=(key_of(its)) selected[key_of(its) == filled.indicator] {
                        (its.name) " " (its.scope) " " (its.value.as_deref().unwrap_or("—"))
                    }
                }
            }
            button #fill type="submit" { "带入" }
        }
        form.card.fields #issue-form method="post" action="/console/notices" {
            (csrf(supervisor))
            input type="hidden" name="indicator" value=(filled.indicator);
            label for="to" { "发往" }
            select #to name="institution" required {
                option value="" { "请选择医疗机构" }
                @for (code, name) in &choices.hospitals {
                    option value=(code) selected[*code == filled.institution] { (name) }
                }
            }
            label for="title" { "标题" }
            input #title name="title" value=(filled.title) maxlength="200" required;
            label for="body" { "正文" }
            textarea #body name="body" rows="6" maxlength="5000" required { (filled.body) }
            label for="level" { "级别" }
            select #level name="level" {
                @for (value, text) in LEVELS {
                    option value=(value) selected[value == filled.level] { (text) }
                }
            }
            label for="rule" { "依据" }
            input #rule name="rule" value=(filled.rule) maxlength="200";
            label for="clause" { "条款" }
            input #clause name="clause" value=(filled.clause) maxlength="500";
            label for="issuer" { "发文机关" }
            input #issuer name="issuer" value=(filled.issuer) maxlength="100" required;
            label for="days" { "反馈时限（工作日）" }
            input #days name="days" type="number" min="1" max="60" value=(filled.days) required;
            label for="evidence" { "佐证（每行一条，“名称：内容”）" }
            textarea #evidence name="evidence" rows="3" { (filled.evidence) }
            div.actions {
                a.button href="/console/notices" { "取消" }
                button.primary #issue type="submit" { "下发" }
            }
        }
    };
    page(shared, supervisor, Place::New, "下发督办", &body)
}

pub(super) async fn issue(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Form(filled): Form<Filled>,
) -> Result<Response, Fault> {
    supervisor.check(&filled.csrf)?;
    let indicator = filled.indicator.split('|').next().filter(|id| !id.is_empty());
    let new = NewNotice {
        institution: filled.institution.clone(),
        title: filled.title.clone(),
        body: filled.body.clone(),
        level: filled.level.clone(),
        indicator_id: indicator.map(str::to_owned),
        rule_name: filled.rule.clone(),
        clause: filled.clause.clone(),
        issuer: filled.issuer.clone(),
        reply_working_days: filled.days.trim().parse().unwrap_or(0),
        evidence: evidence(&filled.evidence),
    };
    match shared.blocking(move |shared| Ok(notices::issue(shared, &new))).await? {
        Ok(id) => Ok(Redirect::to(&format!("/console/notices/{id}?done=issued")).into_response()),
        Err(Error::NotAllowed(msg)) => {
            let institution = filled.institution.clone();
            let choices = shared.blocking(move |shared| Ok(choices(shared, &institution)?)).await?;
            let page = form_page(&shared, &supervisor, &choices, "", &filled, &msg);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn evidence(text: &str) -> Vec<Evidence> {
    let line = |line: &str| {
        let (label, value) = line.split_once(['：', ':']).unwrap_or((line, ""));
        Evidence { label: label.trim().to_owned(), value: value.trim().to_owned(), order_detail_id: None }
    };
    text.lines().map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
}
