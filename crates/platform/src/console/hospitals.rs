//! 医疗机构.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use sunbench_contract::{CheckIn, Notice, Resource};
use sunbench_domain::state::{NoticeState, State as _};

use super::Fault;
use super::page::{Place, due, page};
use super::session::Supervisor;
use crate::account;
use crate::error::Error;
use crate::object::{of_day, of_resource};
use crate::shared::Shared;

#[derive(Default, Clone, Copy)]
struct Count {
    open: u32,
    overdue: u32,
    replied: u32,
}

pub(super) async fn list(State(shared): State<Arc<Shared>>, supervisor: Supervisor) -> Result<Markup, Fault> {
    let (now, today) = (shared.now(), shared.today());
    let rows = shared
        .blocking(move |shared| {
            let rows = shared.database.read::<_, Error>(|connection| {
                let mut counts: HashMap<String, Count> = HashMap::new();
                for notice in of_resource::<Notice>(connection, Resource::Notice)? {
                    let count = counts.entry(notice.institution).or_default();
                    match NoticeState::from_raw(&notice.data.state) {
                        Some(NoticeState::Replied) => count.replied += 1,
                        Some(state) if state.is_open() => {
                            count.open += 1;
                            count.overdue += u32::from(due(&notice.data, now).is_some_and(|due| due.overdue));
                        }
                        _ => {}
                    }
                }
                let mut rows = Vec::new();
                for (code, name) in account::hospitals(connection)? {
                    let here = of_day::<CheckIn>(connection, &code, Resource::CheckIn, today)?;
                    let count = counts.get(&code).copied().unwrap_or_default();
                    rows.push((code, name, count, here.len()));
                }
                Ok(rows)
            })?;
            Ok(rows)
        })
        .await?;
    let body = html! {
        table #hospitals {
            thead { tr {
                th { "机构代码" } th { "名称" } th.number { "待反馈" } th.number { "其中逾期" }
                th.number { "待审核" } th { "今日打卡" } th { "操作" }
            } }
            tbody {
                @for (code, name, count, here) in &rows {
                    tr data-institution=(code) {
                        td.code { (code) }
                        td { (name) }
                        td.number { (count.open) }
                        td.number { @if count.overdue > 0 { span.tag.late { (count.overdue) } } @else { "0" } }
                        td.number { (count.replied) }
                        td { @if *here > 0 { (here) " 人" } @else { span.muted { "未打卡" } } }
                        td.links {
                            a href={ "/console/notices?institution=" (code) } { "督办" }
                            a href={ "/console/notices/new?institution=" (code) } { "下发" }
                            a href={ "/console/attendance?institution=" (code) } { "考勤" }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&shared, &supervisor, Place::Hospitals, "医疗机构", &body))
}
