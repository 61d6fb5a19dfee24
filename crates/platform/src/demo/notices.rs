//! Supervision notices (督办通知) in every state, with evidence that the generated documents bear out.

mod facts;

use chrono::{Datelike, NaiveDate};
use sunbench_contract::{Notice, NoticeReply, Resource};
use sunbench_domain::Amount;
use sunbench_domain::state::{NoticeState, State};

use super::Out;
use super::billing::Billing;
use super::books::Books;
use super::days::{DAY, HOUR, MINUTE, Span, at, date_of, instant, plus};
use super::numbers;
use super::parties::Hospital;
use super::random::Rng;
use super::trade::Setting;
use super::volume::Agreed;
use crate::record::DemoSpec;
use facts::Facts;

/// Working days from the issue to the answer.
pub(super) const REPLY_DAYS: i64 = 5;

/// Open notices at scale 2 and more: six, and so many besides.
const MORE_OPEN: usize = 18;

/// When a notice was issued.
#[derive(Clone, Copy)]
enum Timing {
    /// Due in so many working days from today; 0 on a day that doesn't work is the next one that does.
    DueIn(i64),
    /// On the last working day so many days ago or more.
    Ago(i64),
}

/// One notice of the story.
#[derive(Clone, Copy)]
struct Role {
    subject: &'static str,
    timing: Timing,
    state: NoticeState,
    round: u32,
    /// Chooses among agreements, varieties, causes.
    variant: usize,
}

const fn role(subject: &'static str, timing: Timing, state: NoticeState, round: u32, variant: usize) -> Role {
    Role { subject, timing, state, round, variant }
}

/// Answers given and owed, for the indicator.
#[derive(Default)]
pub(super) struct Answered {
    pub(super) due: i64,
    pub(super) timely: i64,
}

fn cast(scale: u32, main: bool) -> Vec<Role> {
    use NoticeState::{Closed, Issued, Rectifying, Replied, Returned, Signed};
    use Timing::{Ago, DueIn};
    if !main {
        return vec![
            role("progress", Ago(96), Closed, 1, 0),
            role("receipt", Ago(41), Closed, 1, 1),
            role("evaluation", DueIn(3), Signed, 1, 0),
        ];
    }
    let mut roles = vec![
        role("receipt", DueIn(0), Rectifying, 1, 0),
        role("progress", DueIn(1), Signed, 1, 0),
        role("nonselected", DueIn(3), Issued, 1, 0),
        role("filing", Ago(12), Returned, 2, 0),
        role("payment", DueIn(-2), Signed, 1, 0),
        role("evaluation", DueIn(4), Issued, 1, 0),
        role("progress", Ago(10), Replied, 1, 1),
        role("attendance", Ago(24), Replied, 2, 0),
        role("delivery", Ago(38), Closed, 1, 0),
        role("nonselected", Ago(58), Closed, 1, 1),
        role("filing", Ago(83), Closed, 2, 1),
        role("payment", Ago(121), Closed, 1, 1),
        role("code", Ago(166), Closed, 1, 0),
        role("receipt", Ago(233), Closed, 1, 1),
    ];
    if scale >= 2 {
        const SUBJECTS: [&str; 9] = [
            "progress",
            "nonselected",
            "receipt",
            "delivery",
            "filing",
            "progress",
            "code",
            "payment",
            "nonselected",
        ];
        for n in 0..MORE_OPEN {
            let (timing, state, round) = match n % 9 {
                3 => (Ago(13 + n as i64), Returned, 2),
                6 => (DueIn(-3), Rectifying, 1),
                k if k % 3 == 0 => (DueIn(4), Issued, 1),
                k if k % 3 == 1 => (DueIn(2), Signed, 1),
                k => (DueIn(k as i64 % 4), Rectifying, 1),
            };
            roles.push(role(SUBJECTS[n % 9], timing, state, round, n / 3 + 2));
        }
        for n in 0..(scale as usize * 4).min(80) {
            roles.push(role(SUBJECTS[n % 9], Ago(30 + n as i64 * 8), Closed, 1 + u32::from(n % 6 == 5), n));
        }
    }
    roles
}

/// The times of a notice's life, in order.
struct Life {
    issue: i64,
    sign: Option<i64>,
    first_reply: Option<i64>,
    returned: Option<i64>,
    /// What the platform states for the second round.
    due: Option<i64>,
    second_reply: Option<i64>,
    close: Option<i64>,
}

impl Life {
    fn new(role: &Role, span: &Span, rng: &mut Rng) -> Self {
        let issue_day = issue_day(role.timing, span);
        let issue = at(issue_day, rng.range(9 * 60, 16 * 60) * MINUTE + rng.range(0, 59));
        let on = |day: NaiveDate, rng: &mut Rng| {
            at(day, rng.range(8 * 60 + 30, 17 * 60) * MINUTE + rng.range(0, 59))
        };
        let wait = rng.range(40, 400);
        let sign = span.office_hours(issue + wait * MINUTE, rng).min(span.now - 20 * MINUTE);
        let mut life = Self {
            issue,
            sign: Some(sign),
            first_reply: None,
            returned: None,
            due: None,
            second_reply: None,
            close: None,
        };
        let replied = role.round == 2 || matches!(role.state, NoticeState::Replied | NoticeState::Closed);
        if role.state == NoticeState::Issued {
            life.sign = None;
        }
        if replied {
            life.first_reply = Some(on(span.step(issue_day, rng.range(3, 5)), rng));
        }
        if role.round == 2 {
            // A notice that stands returned was returned on the last working day.
            let day = if role.state == NoticeState::Returned {
                span.step(span.today, -1)
            } else {
                span.step(issue_day, 7)
            };
            life.returned = Some(on(day, rng));
            life.due = Some(at(span.step(day, 3), 17 * HOUR + 30 * MINUTE));
            if role.state != NoticeState::Returned {
                life.second_reply = Some(on(span.step(day, rng.range(1, 3)), rng));
            }
        }
        if role.state == NoticeState::Closed {
            let last = life.second_reply.or(life.first_reply).unwrap_or(issue);
            life.close = Some(on(span.step(date_of(last), rng.range(1, 6)), rng));
        }
        life
    }

    fn last(&self) -> i64 {
        [self.sign, self.first_reply, self.returned, self.second_reply, self.close]
            .into_iter()
            .flatten()
            .fold(self.issue, i64::max)
    }
}

fn issue_day(timing: Timing, span: &Span) -> NaiveDate {
    match timing {
        Timing::DueIn(0) if span.is_working(span.today) => span.step(span.today, -REPLY_DAYS),
        Timing::DueIn(0) => span.step(span.step(span.today, 1), -REPLY_DAYS),
        Timing::DueIn(days) => span.step(span.step(span.today, days), -REPLY_DAYS),
        Timing::Ago(days) => span.step(plus(span.today, 1 - days), -1),
    }
}

/// A hospital's notices and its answers.
pub(super) fn own(
    spec: &DemoSpec,
    set: Setting<'_>,
    hospital: &Hospital,
    books: &Books,
    billing: &Billing,
    agreements: &[Agreed],
    out: &mut Out<'_>,
) -> Answered {
    let span = set.span;
    let mut rng = Rng::new(spec.seed, &format!("notices {}", hospital.code));
    let mut told: Vec<(Role, Life)> = cast(spec.scale, hospital.index == 0)
        .into_iter()
        .map(|role| {
            let life = Life::new(&role, span, &mut rng);
            (role, life)
        })
        .collect();
    told.sort_by_key(|(_, life)| life.issue);
    let mut answered = Answered::default();
    let (mut year, mut serial) = (0, 0);
    for (role, life) in told {
        if date_of(life.issue).year() != year {
            (year, serial) = (date_of(life.issue).year(), 3);
        }
        serial += 4 + i64::from(role.variant as u32 % 3) * 4;
        let facts = Facts { seed: spec.seed, set, hospital, books, billing, agreements, issue: life.issue };
        let number =
            format!("{}〔{year}〕{:04}号", set.assets.province.city_mark, serial + hospital.index as i64);
        write(&mut rng, set, hospital, &role, &life, &facts, &number, out);
        let due = span.step(date_of(life.issue), REPLY_DAYS);
        if due < span.today || life.first_reply.is_some() {
            answered.due += 1;
            answered.timely += i64::from(life.first_reply.is_some_and(|reply| date_of(reply) <= due));
        }
    }
    answered
}

#[allow(clippy::too_many_arguments)]
fn write(
    rng: &mut Rng,
    set: Setting<'_>,
    hospital: &Hospital,
    role: &Role,
    life: &Life,
    facts: &Facts<'_>,
    number: &str,
    out: &mut Out<'_>,
) {
    let (text, fields, evidence) = facts.gather(role.subject, role.variant);
    let fill = |pattern: &str| {
        fields
            .iter()
            .fold(pattern.to_owned(), |body, (field, value)| body.replace(&format!("{{{field}}}"), value))
    };
    let id = out.ids.next(life.issue);
    let signed_by = life.sign.map(|_| hospital.user_name.clone());
    let notice = Notice {
        notice_id: id.clone(),
        notice_code: number.to_owned(),
        title: fill(&text.title),
        body: fill(&text.body),
        level: text.level.clone(),
        indicator_id: Some(text.indicator.clone()),
        rule_name: text.rule.clone(),
        clause: text.clause.clone(),
        issuer: set.assets.texts.issuer.clone(),
        issue_time: instant(life.issue),
        reply_working_days: REPLY_DAYS as u32,
        due_time: life.due.map(instant),
        state: role.state.raw().to_owned(),
        state_text: role.state.text_zh().to_owned(),
        round: role.round,
        sign_time: life.sign.map(instant),
        signed_by,
        return_time: life.returned.map(instant),
        return_reason: if life.returned.is_none() {
            String::new()
        } else if text.return_reason.is_empty() {
            "整改措施不够具体，请补充责任人、完成时限及佐证材料。".to_owned()
        } else {
            text.return_reason.clone()
        },
        close_time: life.close.map(instant),
        evidence,
    };
    let times = (life.last().min(set.span.now), notice.issue_time);
    out.dated(hospital, Resource::Notice, &id, times, Amount::ZERO, &notice);
    for (round, submitted) in [(1, life.first_reply), (2, life.second_reply)] {
        let Some(submitted) = submitted else { continue };
        let measures = &text.measures[(role.variant + round) % text.measures.len()];
        let reply_id = out.ids.next(submitted);
        let key = numbers::client_key(instant(submitted), rng.next());
        let reply = NoticeReply {
            reply_id: reply_id.clone(),
            notice_id: id.clone(),
            round: round as u32,
            cause: text.causes[role.variant % text.causes.len()].clone(),
            measures: if round == 2 {
                format!("{measures}补充：责任到人，佐证材料已留存备查。")
            } else {
                measures.clone()
            },
            finish_by: Some(date_of(submitted + rng.range(5, 25) * DAY)),
            responsible: hospital.head.clone(),
            attachments: Vec::new(),
            operator: hospital.user_name.clone(),
            submit_time: instant(submitted),
            client_key: key,
        };
        out.own(hospital, Resource::NoticeReply, &reply_id, submitted, Amount::ZERO, &reply);
    }
}
