//! 督办通知: the list, one of them with its replies, closing and returning.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;
use sunbench_contract::{Notice, NoticeReply, Resource};
use sunbench_domain::state::{NoticeState, State as _};

use super::Fault;
use super::page::{Place, csrf, due_cell, hospital_select, level, page, state, time};
use super::session::Supervisor;
use crate::account;
use crate::error::Error;
use crate::notices;
use crate::object::{Stored, find, of_resource};
use crate::shared::Shared;

/// Rows shown at once.
const ROWS: usize = 300;

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    institution: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    done: String,
}

const FILTERS: [(&str, &str); 4] =
    [("", "全部状态"), ("open", "待反馈"), ("replied", "待审核"), ("closed", "已销号")];

fn matches(filter: &str, state: Option<NoticeState>) -> bool {
    match filter {
        "open" => state.is_some_and(NoticeState::is_open),
        "replied" => state == Some(NoticeState::Replied),
        "closed" => state == Some(NoticeState::Closed),
        _ => true,
    }
}

pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Query(filter): Query<Filter>,
) -> Result<Markup, Fault> {
    let now = shared.now();
    let (hospitals, mut rows) = shared
        .blocking(|shared| {
            Ok(shared.database.read::<_, Error>(|connection| {
                let rows = of_resource::<Notice>(connection, Resource::Notice)?;
                Ok((account::hospitals(connection)?, rows))
            })?)
        })
        .await?;
    rows.retain(|row| {
        (filter.institution.is_empty() || row.institution == filter.institution)
            && matches(&filter.state, NoticeState::from_raw(&row.data.state))
    });
    rows.sort_by(|a, b| b.data.issue_time.cmp(&a.data.issue_time).then(b.seq.cmp(&a.seq)));
    let found = rows.len();
    rows.truncate(ROWS);
    let name_of = |code: &str| {
        hospitals
            .iter()
            .find(|(its, _)| its == code)
            .map_or_else(|| code.to_owned(), |(_, name)| name.clone())
    };
    let body = html! {
        (done(&filter.done))
        form.filter method="get" action="/console/notices" {
            label for="institution" { "医疗机构" }
            (hospital_select(&hospitals, &filter.institution, Some("全部机构")))
            label for="state" { "状态" }
            select #state name="state" {
                @for (value, text) in FILTERS {
                    option value=(value) selected[value == filter.state] { (text) }
                }
            }
            button #filter type="submit" { "筛选" }
            span.muted #found { "共 " (found) " 份" @if found > ROWS { "，显示最近 " (ROWS) " 份" } }
            a.button.primary #new-notice href="/console/notices/new" { "下发督办" }
        }
        @if rows.is_empty() {
            p.empty #empty { "没有符合条件的督办通知。" }
        } @else {
            table #notices {
                thead { tr {
                    th { "下发时间" } th { "医疗机构" } th { "标题" } th { "级别" } th { "反馈期限" } th { "状态" }
                } }
                tbody {
                    @for row in &rows {
                        tr data-notice=(row.data.notice_id) data-state=(row.data.state) {
                            td.nowrap { (time(row.data.issue_time)) }
                            td { (name_of(&row.institution)) }
                            td {
                                a href={ "/console/notices/" (row.data.notice_id) } { (row.data.title) }
                                div.muted { (row.data.notice_code) }
                            }
                            td { (level(&row.data.level)) }
                            td.nowrap { (due_cell(&row.data, now)) }
                            td.nowrap { (state(&row.data)) }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&shared, &supervisor, Place::Notices, "督办通知", &body))
}

/// What the last form did.
fn done(code: &str) -> Markup {
    let text = match code {
        "issued" => "督办通知已下发，医院同步后即可看到。",
        "closed" => "已销号。",
        "returned" => "已退回，医院将看到退回原因和新的期限。",
        _ => "",
    };
    html! { @if !text.is_empty() { p.success #done role="status" { (text) } } }
}

struct Whole {
    notice: Stored<Notice>,
    hospital: String,
    replies: Vec<NoticeReply>,
}

fn whole(shared: &Shared, id: &str) -> Result<Option<Whole>, Error> {
    shared.database.read(|connection| {
        let Some(notice) = find::<Notice>(connection, Resource::Notice, id)? else { return Ok(None) };
        let hospitals = account::hospitals(connection)?;
        let hospital = hospitals.into_iter().find(|(code, _)| *code == notice.institution);
        let mut replies: Vec<NoticeReply> = of_resource::<NoticeReply>(connection, Resource::NoticeReply)?
            .into_iter()
            .map(|reply| reply.data)
            .filter(|reply| reply.notice_id == id)
            .collect();
        replies.sort_by_key(|reply| (reply.round, reply.submit_time));
        let hospital = hospital.map_or_else(|| notice.institution.clone(), |(_, name)| name);
        Ok(Some(Whole { notice, hospital, replies }))
    })
}

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    done: String,
}

pub(super) async fn detail(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Markup, Fault> {
    let found = shared.blocking(move |shared| Ok(whole(shared, &id)?)).await?;
    let Whole { notice, hospital, replies } = found.ok_or(Fault::NotFound)?;
    let notice = notice.data;
    let body = html! {
        (done(&shown.done))
        div.columns {
            section.card #notice data-state=(notice.state) {
                p { (level(&notice.level)) " " (state(&notice)) }
                dl {
                    dt { "医疗机构" } dd { (hospital) }
                    dt { "文号" } dd { (notice.notice_code) }
                    dt { "发文机关" } dd { (notice.issuer) }
                    dt { "依据" } dd { (notice.rule_name) " " (notice.clause) }
                    dt { "下发时间" } dd { (time(notice.issue_time)) }
                    dt { "签收" } dd {
                        @match notice.sign_time {
                            Some(at) => { (time(at)) " " (notice.signed_by.as_deref().unwrap_or_default()) }
                            None => { "尚未签收" }
                        }
                    }
                    dt { "反馈期限" } dd #due { (due_cell(&notice, shared.now())) }
                    @if !notice.return_reason.is_empty() {
                        dt { "退回原因" } dd.text { (notice.return_reason) }
                    }
                    @if let Some(at) = notice.close_time { dt { "销号时间" } dd { (time(at)) } }
                }
                h2 { "正文" }
                p.text { (notice.body) }
                @if !notice.evidence.is_empty() {
                    h2 { "佐证" }
                    table { tbody {
                        @for line in &notice.evidence { tr { td { (line.label) } td { (line.value) } } }
                    } }
                }
            }
            div {
                (judge(&supervisor, &notice))
                @for reply in replies.iter().rev() { (reply_card(reply)) }
                @if replies.is_empty() { p.empty #no-replies { "医院尚未反馈。" } }
            }
        }
    };
    Ok(page(&shared, &supervisor, Place::Notices, &notice.title, &body))
}

/// What may be done with it now.
fn judge(supervisor: &Supervisor, notice: &Notice) -> Markup {
    let replied = NoticeState::from_raw(&notice.state) == Some(NoticeState::Replied);
    let action = format!("/console/notices/{}", notice.notice_id);
    html! {
        @if replied {
            section.card.judge {
                h2 { "审核" }
                form method="post" action={ (action) "/close" } {
                    (csrf(supervisor))
                    button.primary #close type="submit" { "整改到位，予以销号" }
                }
                form method="post" action={ (action) "/return" } {
                    (csrf(supervisor))
                    label for="reason" { "退回原因" }
                    textarea #reason name="reason" rows="3" maxlength="1000" required {}
                    label for="due-date" { "新的反馈期限（不填为五个工作日）" }
                    input #due-date name="due" type="date";
                    button #return type="submit" { "退回重新整改" }
                }
            }
        }
    }
}

fn reply_card(reply: &NoticeReply) -> Markup {
    html! {
        section.card.reply data-round=(reply.round) {
            h2 { "第 " (reply.round) " 轮反馈" }
            p.muted { (time(reply.submit_time)) " " (reply.operator) " 提交" }
            h3 { "原因分析" } p.text { (reply.cause) }
            h3 { "整改措施" } p.text { (reply.measures) }
            p { "责任人：" (reply.responsible)
                @if let Some(day) = reply.finish_by { "　完成时限：" (day) } }
            @if !reply.attachments.is_empty() {
                h3 { "附件" }
                ul { @for (index, attachment) in reply.attachments.iter().enumerate() {
                    li {
                        a href={ "/console/replies/" (reply.reply_id) "/attachments/" (index) } download {
                            (attachment.name)
                        }
                        span.muted { " " (attachment.size.div_ceil(1024)) " KB" }
                    }
                } }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct CloseForm {
    csrf: String,
}

pub(super) async fn close(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Path(id): Path<String>,
    Form(form): Form<CloseForm>,
) -> Result<Redirect, Fault> {
    supervisor.check(&form.csrf)?;
    let to = format!("/console/notices/{id}?done=closed");
    shared.blocking(move |shared| Ok(notices::close(shared, &id))).await??;
    Ok(Redirect::to(&to))
}

#[derive(Deserialize)]
pub(super) struct ReturnForm {
    csrf: String,
    reason: String,
    #[serde(default)]
    due: String,
}

pub(super) async fn send_back(
    State(shared): State<Arc<Shared>>,
    supervisor: Supervisor,
    Path(id): Path<String>,
    Form(form): Form<ReturnForm>,
) -> Result<Redirect, Fault> {
    supervisor.check(&form.csrf)?;
    let due: Option<NaiveDate> = match form.due.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Fault::NotAllowed("反馈期限不是日期".to_owned()))?),
    };
    let to = format!("/console/notices/{id}?done=returned");
    shared.blocking(move |shared| Ok(notices::send_back(shared, &id, &form.reason, due))).await??;
    Ok(Redirect::to(&to))
}

/// An attachment of a reply, always saved, never shown by the browser.
pub(super) async fn attachment(
    State(shared): State<Arc<Shared>>,
    _: Supervisor,
    Path((id, index)): Path<(String, usize)>,
) -> Result<Response, Fault> {
    let found = shared
        .blocking(move |shared| {
            let reply = shared.database.read(|c| find::<NoticeReply>(c, Resource::NoticeReply, &id))?;
            let Some(reply) = reply else { return Ok(None) };
            let Some(attachment) = reply.data.attachments.into_iter().nth(index) else { return Ok(None) };
            let held = shared.attachments.held(&reply.institution, &attachment.sha256);
            let Some(held) = held.filter(|held| held.complete) else { return Ok(None) };
            let bytes = shared.attachments.read(&reply.institution, &attachment.sha256, 0, held.received)?;
            Ok(Some((attachment.name, bytes)))
        })
        .await?;
    let (name, bytes) = found.ok_or(Fault::NotFound)?;
    let disposition = format!("attachment; filename*=UTF-8''{}", percent(&name));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes).into_response())
}

/// A text as RFC 5987 writes it.
fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_cannot_leave_the_header() {
        for (name, expected) in [
            ("a-b.pdf", "a-b.pdf"),
            ("说.pdf", "%E8%AF%B4.pdf"),
            ("a\r\nX: \"y\"", "a%0D%0AX%3A%20%22y%22"),
            ("../x", "..%2Fx"),
        ] {
            assert_eq!(percent(name), expected);
        }
    }
}
