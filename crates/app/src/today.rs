//! 今日: what is due, by deadline; 打卡.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest as _, Sha256};
use sunbench_contract::sign::hex;
use sunbench_contract::{CheckInPayload, SubmissionKind, canonical_json};
use sunbench_store::local::outbox::OutboxState as Stored;
use sunbench_store::local::{check_in, outbox};
use sunbench_store::mirror::work;
use sunbench_store::{StoreError, audit};

use crate::clocked::{clock_urgency, text};
use crate::context::Context;
use crate::duty::area_of_task;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{
    Act, Attendance, AttendanceDay, AttendanceReq, CheckIn, CheckInState, NoticeScope, NoticesReq, Task,
    TaskGroup, TaskKind, Today, Urgency,
};

const LISTED: u32 = 20;
const DAY: i64 = 86_400;

impl Context<'_> {
    /// Everything that is due.
    pub fn today_room(&self) -> ApiResult<Today> {
        let account = self.account()?;
        let date = self.today();
        let day = self.calendar.day(date)?;
        let notices = self.notices_list(&NoticesReq { scope: NoticeScope::Open })?.rows;
        let ((waiting, attention), review) =
            self.store.read(|conn| Ok((outbox::counts(conn)?, crate::review::counts(conn)?)))?;
        Ok(Today {
            date: date.to_string(),
            now: self.now.to_string(),
            working_day: day.working,
            day_name: day.name.clone(),
            check_in: self.check_in_state(date, &account.user, day.working)?,
            notices,
            duties: self.area_duties()?,
            groups: self.groups(date)?,
            attention: small(attention),
            waiting: small(waiting),
            review,
            backup: self.backup_state(self.store.root(), false)?,
        })
    }

    /// Where the user's check-in of a day stands. Done is only what the platform has.
    pub(crate) fn check_in_state(&self, date: NaiveDate, user: &str, working: bool) -> ApiResult<CheckIn> {
        let text_date = date.to_string();
        let (recorded, act, item) = self.store.read(|conn| {
            let act = check_in::act(conn, &text_date, user)?;
            let item = match &act {
                Some((_, key)) => outbox::get(conn, key)?,
                None => None,
            };
            Ok((work::checked_in(conn, &text_date, user)?, act, item))
        })?;
        let (state, at) = match (recorded, act, item.map(|item| item.state)) {
            (Some(at), _, _) | (None, Some((at, _)), Some(Stored::Accepted)) => {
                (CheckInState::Done, Some(at))
            }
            (None, Some((at, _)), Some(Stored::Queued | Stored::Sending)) => {
                (CheckInState::Waiting, Some(at))
            }
            _ if working => (CheckInState::Missing, None),
            _ => (CheckInState::NotNeeded, None),
        };
        let month = self.month(date.with_day(1).unwrap_or(date), date, user)?;
        let so_far = month.iter().filter(|d| d.working).count();
        let done = month.iter().filter(|d| d.working && d.checked_in).count();
        Ok(CheckIn {
            state,
            at: at.map(text),
            done_this_month: small(done as u64),
            working_days_so_far: small(so_far as u64),
        })
    }

    /// 打卡考勤 of one month.
    pub fn attendance(&self, req: &AttendanceReq) -> ApiResult<Attendance> {
        let account = self.account()?;
        let first: NaiveDate = format!("{}-01", req.month)
            .parse()
            .map_err(|_| ApiError::field(ErrorCode::FieldInvalid, "month"))?;
        let last = first
            .checked_add_months(chrono::Months::new(1))
            .and_then(|next| next.pred_opt())
            .unwrap_or(first);
        Ok(Attendance { month: req.month.clone(), days: self.month(first, last, &account.user)? })
    }

    fn month(&self, first: NaiveDate, last: NaiveDate, user: &str) -> ApiResult<Vec<AttendanceDay>> {
        let recorded =
            self.store.read(|conn| work::check_ins(conn, &first.to_string(), &last.to_string(), user))?;
        let mut days = Vec::new();
        for listed in self.calendar.days(first, last)? {
            let day = listed.day;
            let date = day.date.to_string();
            let sent = self.store.read(|conn| {
                let Some((_, key)) = check_in::act(conn, &date, user)? else { return Ok(None) };
                Ok(outbox::get(conn, &key)?.map(|item| item.state))
            })?;
            let checked_in = recorded.contains(&date) || sent == Some(Stored::Accepted);
            days.push(AttendanceDay {
                date,
                working: day.working,
                name: day.name,
                provisional: day.provisional,
                checked_in,
                waiting: !checked_in && matches!(sent, Some(Stored::Queued | Stored::Sending)),
            });
        }
        Ok(days)
    }

    /// Records the user's own act of the day and queues its submission; a repeat changes nothing.
    /// Returns whether it was the first (深医保发〔2022〕19号 二(三)).
    pub fn record_check_in(&self) -> ApiResult<bool> {
        let account = self.acting(Act::CheckIn)?;
        let date = self.today();
        let known = self.store.read(|conn| work::checked_in(conn, &date.to_string(), &account.user))?;
        if known.is_some() {
            return Ok(false);
        }
        let key = uuid::Uuid::now_v7().to_string();
        let body = canonical_json(&CheckInPayload { date, acted_at: self.now })
            .map_err(|error| ApiError::internal(&error))?;
        let document = format!("checkIn:{date}");
        Ok(self.store.write_local(|tx| {
            // An act that the platform refused is no check-in: another one may follow.
            if let Some((_, earlier)) = check_in::act(tx, &date.to_string(), &account.user)?
                && let Some(item) = outbox::get(tx, &earlier)?
                && matches!(item.state, Stored::Refused | Stored::Withdrawn)
            {
                check_in::forget(tx, &date.to_string(), &account.user)?;
            }
            if !check_in::record(tx, &date.to_string(), &account.user, self.now.unix(), &key)? {
                return Ok(false);
            }
            outbox::add(
                tx,
                &outbox::NewItem {
                    key: &key,
                    kind: SubmissionKind::CheckIn.name(),
                    document: &document,
                    body: &body,
                    base_ver: None,
                    attachments: &[],
                    actor: &account.user,
                    at: self.now.unix(),
                },
            )?;
            let detail = serde_json::json!({
                "key": key, "kind": SubmissionKind::CheckIn.name(), "body": hex(&Sha256::digest(body.as_bytes())),
            });
            audit::append(tx, &self.entry(&account.user, "checkIn.queued", &document, detail))?;
            Ok::<_, StoreError>(true)
        })?)
    }

    fn groups(&self, date: NaiveDate) -> ApiResult<Vec<TaskGroup>> {
        let now = self.now.unix();
        let soon = date.checked_add_days(chrono::Days::new(7)).unwrap_or(date).to_string();
        let (clocks, deliveries, receipts, payments) = self.store.read(|conn| {
            Ok((
                // What ran out more than a month ago is a matter for statistics, not for today.
                work::running_clocks(conn, now - 30 * DAY, now + 2 * DAY, LISTED)?,
                work::open_deliveries(conn, LISTED)?,
                work::open_receipts(conn, LISTED)?,
                work::due_payments(conn, &soon, LISTED)?,
            ))
        })?;
        let group =
            |kind, tasks, total| TaskGroup { kind, area: area_of_task(kind), total: small(total), tasks };
        let mut groups = vec![
            group(
                TaskKind::DeliveryClock,
                clocks
                    .0
                    .into_iter()
                    .map(|clock| Task {
                        id: clock.line_id.clone(),
                        title: format!("{} {}", clock.product, clock.spec),
                        detail: format!("{} · {}", clock.supplier, clock.order_code),
                        due_at: Some(text(clock.due_at)),
                        urgency: clock_urgency(clock.due_at, now),
                        order_line: Some(clock.line_id),
                        delivery: None,
                    })
                    .collect(),
                clocks.1,
            ),
            group(
                TaskKind::Delivery,
                deliveries
                    .0
                    .into_iter()
                    .map(|delivery| Task {
                        id: delivery.id,
                        title: delivery.supplier,
                        detail: format!(
                            "{} · {} 项 · {}",
                            delivery.code, delivery.lines, delivery.state_text
                        ),
                        due_at: None,
                        urgency: if delivery.arrived_at.is_some() { Urgency::Today } else { Urgency::Later },
                        order_line: None,
                        delivery: None,
                    })
                    .collect(),
                deliveries.1,
            ),
            group(
                TaskKind::Receipt,
                receipts
                    .0
                    .into_iter()
                    .map(|receipt| Task {
                        id: receipt.id,
                        title: receipt.supplier,
                        detail: receipt.code,
                        due_at: None,
                        urgency: if receipt.received_at < now - 3 * DAY {
                            Urgency::Soon
                        } else {
                            Urgency::Later
                        },
                        order_line: None,
                        delivery: Some(receipt.delivery),
                    })
                    .collect(),
                receipts.1,
            ),
            group(
                TaskKind::Payment,
                payments
                    .0
                    .into_iter()
                    .map(|payment| Task {
                        id: payment.id,
                        title: payment.supplier,
                        detail: format!("{} · ¥{} · {}", payment.code, payment.amount, payment.state_text),
                        urgency: match payment.due_on.parse::<NaiveDate>() {
                            Ok(due) if due < date => Urgency::Overdue,
                            Ok(due) if due == date => Urgency::Today,
                            _ => Urgency::Soon,
                        },
                        due_at: Some(payment.due_on),
                        order_line: None,
                        delivery: None,
                    })
                    .collect(),
                payments.1,
            ),
        ];
        groups.retain(|group| group.total > 0);
        groups.extend(self.purchase_tasks(date)?);
        Ok(groups)
    }
}
