//! 岗位分工 (AB岗): for each area one who answers for it, and a deputy while he is away. It directs attention and says in
//! whose place something was done; it hinders nobody.

use chrono::NaiveDate;
use sunbench_contract::SubmissionKind;
use sunbench_store::local::account;
use sunbench_store::local::duty::{self, Absence, Duty};
use sunbench_store::{Connection, StoreError, StoreResult, Transaction, audit};

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::permission::permits;
use crate::wire::{
    AbsenceRemoveReq, AbsenceReq, AbsenceRow, Act, AreaDuty, DutyArea, DutyRow, DutySetReq, Roster, TaskKind,
};

const LONGEST_NOTE: usize = 200;

impl DutyArea {
    const ALL: [Self; 8] = [
        Self::Notices,
        Self::Orders,
        Self::Receiving,
        Self::Filings,
        Self::Supply,
        Self::Billing,
        Self::Volume,
        Self::Reconcile,
    ];

    /// The name in the database.
    const fn name(self) -> &'static str {
        match self {
            Self::Notices => "notices",
            Self::Orders => "orders",
            Self::Receiving => "receiving",
            Self::Filings => "filings",
            Self::Supply => "supply",
            Self::Billing => "billing",
            Self::Volume => "volume",
            Self::Reconcile => "reconcile",
        }
    }
}

/// The area of a submission kind; a check-in is each person's own.
pub(crate) fn area_of(kind: &str) -> Option<DutyArea> {
    use SubmissionKind as Kind;
    Some(match SubmissionKind::from_name(kind)? {
        Kind::CheckIn => return None,
        Kind::NoticeSign | Kind::NoticeReply => DutyArea::Notices,
        Kind::OrderSubmit | Kind::OrderCancel => DutyArea::Orders,
        Kind::ReceiptCreate | Kind::ReceiptConfirm | Kind::ReturnCreate => DutyArea::Receiving,
        Kind::FilingCreate => DutyArea::Filings,
        Kind::SupplyIssueCreate
        | Kind::SupplyIssueClose
        | Kind::EvaluationCreate
        | Kind::NegotiationInvite
        | Kind::NegotiationDecide => DutyArea::Supply,
        Kind::InvoiceVerify | Kind::SettlementCreate | Kind::SettlementConfirm => DutyArea::Billing,
        Kind::DemandReportSubmit | Kind::AgreementSign => DutyArea::Volume,
    })
}

/// The area of a group of tasks.
pub(crate) const fn area_of_task(kind: TaskKind) -> DutyArea {
    match kind {
        TaskKind::DeliveryClock => DutyArea::Orders,
        TaskKind::Delivery | TaskKind::Receipt => DutyArea::Receiving,
        TaskKind::Payment | TaskKind::Invoice | TaskKind::Settlement => DutyArea::Billing,
        TaskKind::SupplyIssue | TaskKind::Negotiation | TaskKind::Evaluation | TaskKind::Paper => {
            DutyArea::Supply
        }
        TaskKind::Filing => DutyArea::Filings,
        TaskKind::Agreement | TaskKind::Contract | TaskKind::Demand => DutyArea::Volume,
    }
}

/// Whether a person is away on a date.
fn is_away(absences: &[Absence], user: &str, date: &str) -> bool {
    absences
        .iter()
        .any(|one| one.user == user && one.from_on.as_str() <= date && date <= one.through_on.as_str())
}

/// Who answers for an area on a date, and whom he stands in for; nobody in particular where nobody is named or both are
/// away. Pure: what is known is an argument.
fn responsible<'d>(
    duty: Option<&'d Duty>,
    absences: &[Absence],
    date: &str,
) -> Option<(&'d str, Option<&'d str>)> {
    let duty = duty?;
    let here = |user: &&str| !is_away(absences, user, date);
    match (duty.a.as_deref(), duty.b.as_deref()) {
        (Some(a), _) if here(&a) => Some((a, None)),
        (a, Some(b)) if here(&b) => Some((b, a.filter(|a| *a != b))),
        _ => None,
    }
}

/// The roster and who is away from today on.
struct Office {
    duties: Vec<Duty>,
    absences: Vec<Absence>,
}

impl Office {
    fn read(conn: &Connection, today: NaiveDate) -> StoreResult<Self> {
        Ok(Self { duties: duty::duties(conn)?, absences: duty::absences(conn, &today.to_string())? })
    }

    fn responsible(&self, area: DutyArea, date: &str) -> Option<(&str, Option<&str>)> {
        let duty = self.duties.iter().find(|duty| duty.area == area.name());
        responsible(duty, &self.absences, date)
    }
}

impl Context<'_> {
    /// Whom a person stands in for today in an area, where its first one is away.
    pub(crate) fn stands_in_for(
        &self,
        conn: &Connection,
        area: Option<DutyArea>,
        actor: &str,
    ) -> StoreResult<Option<String>> {
        let Some(area) = area else { return Ok(None) };
        let office = Office::read(conn, self.today())?;
        let found = office.responsible(area, &self.today().to_string());
        Ok(found.filter(|(who, _)| *who == actor).and_then(|(_, absent)| absent.map(str::to_owned)))
    }

    /// Every area as it is today for the person at work.
    pub(crate) fn area_duties(&self) -> ApiResult<Vec<AreaDuty>> {
        let me = self.actor()?;
        let (office, people) =
            self.store.read(|conn| Ok((Office::read(conn, self.today())?, account::people(conn)?)))?;
        let today = self.today().to_string();
        let named = |user: &str| {
            let person = people.iter().find(|person| person.user == user);
            person.map_or_else(|| user.to_owned(), |person| person.name.clone())
        };
        let one = |area| {
            let found = office.responsible(area, &today);
            AreaDuty {
                area,
                mine: found.is_none_or(|(who, _)| who == me),
                responsible: found.map(|(who, _)| named(who)),
                covers: found.filter(|(who, _)| *who == me).and_then(|(_, absent)| absent.map(named)),
            }
        };
        Ok(DutyArea::ALL.into_iter().map(one).collect())
    }

    /// One area as it is today for the person at work.
    pub(crate) fn area_duty(&self, area: DutyArea) -> ApiResult<AreaDuty> {
        let all = self.area_duties()?;
        all.into_iter().find(|duty| duty.area == area).ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// 岗位分工: who answers for what, and who is away.
    pub fn roster(&self) -> ApiResult<Roster> {
        let (office, people, at_work) = self.store.read(|conn| {
            Ok((Office::read(conn, self.today())?, account::people(conn)?, account::get(conn)?))
        })?;
        let today = self.today().to_string();
        let may_set = at_work.as_ref().is_none_or(|account| permits(&account.roles, Act::Govern));
        let me = at_work.map(|account| account.user).unwrap_or_default();
        let name = |user: &str| people.iter().find(|p| p.user == user).map(|p| p.name.clone());
        Ok(Roster {
            areas: DutyArea::ALL
                .into_iter()
                .map(|area| {
                    let duty = office.duties.iter().find(|duty| duty.area == area.name());
                    let now = office.responsible(area, &today);
                    DutyRow {
                        area,
                        a: duty.and_then(|duty| duty.a.clone()),
                        b: duty.and_then(|duty| duty.b.clone()),
                        now: now.map(|(who, _)| name(who).unwrap_or_else(|| who.to_owned())),
                        stands_in: now.is_some_and(|(_, absent)| absent.is_some()),
                    }
                })
                .collect(),
            absences: office
                .absences
                .iter()
                .map(|one| AbsenceRow {
                    id: u32::try_from(one.id).unwrap_or_default(),
                    name: name(&one.user).unwrap_or_else(|| one.user.clone()),
                    from: one.from_on.clone(),
                    through: one.through_on.clone(),
                    note: one.note.clone(),
                    now: one.from_on <= today,
                    may_remove: may_set || one.user == me,
                    user: one.user.clone(),
                })
                .collect(),
            may_set,
            me,
        })
    }

    /// Says who answers for an area, and who while he is away.
    pub fn duty_set(&self, req: &DutySetReq) -> ApiResult<Roster> {
        let account = self.acting(Act::Govern)?;
        for (field, user) in [("a", &req.a), ("b", &req.b)] {
            self.known_person(field, user.as_deref())?;
        }
        if req.a.is_some() && req.a == req.b {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "b"));
        }
        let duty = Duty { area: req.area.name().to_owned(), a: req.a.clone(), b: req.b.clone() };
        let detail = serde_json::json!({ "a": duty.a, "b": duty.b });
        let subject = format!("duty:{}", duty.area);
        self.store.write_local(|tx| {
            duty::set(tx, &duty)?;
            audit::append(tx, &self.entry(&account.user, "duty.set", &subject, detail))
        })?;
        self.roster()
    }

    fn known_person(&self, field: &str, user: Option<&str>) -> ApiResult<()> {
        let Some(user) = user else { return Ok(()) };
        let known = self.store.read(account::people)?.iter().any(|person| person.user == user);
        if known { Ok(()) } else { Err(ApiError::field(ErrorCode::NotFound, field)) }
    }

    /// Notes that somebody is away, from one date to another, both included: the own absence, or as a lead a colleague's.
    pub fn absence_add(&self, req: &AbsenceReq) -> ApiResult<Roster> {
        let account = self.acting(Act::CheckIn)?;
        if req.user != account.user {
            self.acting(Act::Govern)?;
        }
        self.known_person("user", Some(&req.user))?;
        let date = |field: &str, text: &str| {
            text.parse::<NaiveDate>().map_err(|_| ApiError::field(ErrorCode::FieldInvalid, field))
        };
        let (from, through) = (date("from", &req.from)?, date("through", &req.through)?);
        if through < from || through < self.today() {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "through"));
        }
        let note = req.note.trim();
        if note.chars().count() > LONGEST_NOTE {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "note"));
        }
        let (from, through) = (from.to_string(), through.to_string());
        let detail = serde_json::json!({ "from": from, "through": through });
        let subject = format!("person:{}", req.user);
        self.store.write_local(|tx| {
            duty::add_absence(tx, &req.user, (&from, &through), note)?;
            audit::append(tx, &self.entry(&account.user, "absence.added", &subject, detail))
        })?;
        self.roster()
    }

    /// Takes an absence back: he is here after all.
    pub fn absence_remove(&self, req: &AbsenceRemoveReq) -> ApiResult<Roster> {
        let account = self.acting(Act::CheckIn)?;
        let may_any = permits(&account.roles, Act::Govern);
        self.store.try_write_local(|tx: &Transaction<'_>| {
            let user = duty::remove_absence(tx, i64::from(req.id))?.ok_or(ErrorCode::NotFound)?;
            if !may_any && user != account.user {
                return Err(ApiError::from(ErrorCode::NotPermitted));
            }
            let subject = format!("person:{user}");
            let detail = serde_json::json!({ "absence": req.id });
            audit::append(tx, &self.entry(&account.user, "absence.removed", &subject, detail))
                .map_err(|error: StoreError| error.into())
                .map(drop)
        })?;
        self.roster()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_for_an_area() {
        let duty = |a: &str, b: &str| Duty {
            area: "notices".into(),
            a: Some(a.to_owned()).filter(|a| !a.is_empty()),
            b: Some(b.to_owned()).filter(|b| !b.is_empty()),
        };
        let away = |user: &str, from: &str, through: &str| Absence {
            id: 1,
            user: user.into(),
            from_on: from.into(),
            through_on: through.into(),
            note: String::new(),
        };
        let wang = || away("wang", "2026-11-20", "2026-11-24");
        for (name, duty, absences, date, expected) in [
            ("nobody is named", None, vec![], "2026-11-20", None),
            ("the first one", Some(duty("wang", "li")), vec![], "2026-11-20", Some(("wang", None))),
            (
                "the day before he goes",
                Some(duty("wang", "li")),
                vec![wang()],
                "2026-11-19",
                Some(("wang", None)),
            ),
            (
                "his first day away",
                Some(duty("wang", "li")),
                vec![wang()],
                "2026-11-20",
                Some(("li", Some("wang"))),
            ),
            (
                "his last day away",
                Some(duty("wang", "li")),
                vec![wang()],
                "2026-11-24",
                Some(("li", Some("wang"))),
            ),
            ("he is back", Some(duty("wang", "li")), vec![wang()], "2026-11-25", Some(("wang", None))),
            ("no deputy", Some(duty("wang", "")), vec![wang()], "2026-11-20", None),
            (
                "both are away",
                Some(duty("wang", "li")),
                vec![wang(), away("li", "2026-11-20", "2026-11-20")],
                "2026-11-20",
                None,
            ),
            ("a deputy alone", Some(duty("", "li")), vec![], "2026-11-20", Some(("li", None))),
            (
                "another's absence",
                Some(duty("wang", "li")),
                vec![away("li", "2026-11-20", "2026-11-20")],
                "2026-11-20",
                Some(("wang", None)),
            ),
        ] {
            assert_eq!(responsible(duty.as_ref(), &absences, date), expected, "{name}");
        }
    }

    #[test]
    fn every_submission_but_the_check_in_has_an_area() {
        for kind in SubmissionKind::ALL {
            assert_eq!(area_of(kind.name()).is_none(), *kind == SubmissionKind::CheckIn, "{}", kind.name());
        }
        assert_eq!(area_of("later.kind"), None);
    }
}
