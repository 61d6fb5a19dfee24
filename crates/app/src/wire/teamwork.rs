//! The office: second persons, deputies, campuses.

use super::outbox::OutboxItem;
use super::wire;

wire! {
    /// 岗位: what one person answers for.
    enum DutyArea {
        /// 督办.
        Notices,
        /// 订单.
        Orders,
        /// 收货与退货.
        Receiving,
        /// 备案补录.
        Filings,
        /// 供应、议价、评价.
        Supply,
        /// 发票与结算.
        Billing,
        /// 集采.
        Volume,
        /// 对账.
        Reconcile,
    }
    /// Why a person does not decide about a submission.
    enum ReviewBar {
        /// It awaits nobody.
        NotAwaited,
        /// He wrote it himself.
        OwnWork,
        /// His role does not allow the kind.
        NotPermitted,
    }
}

wire! {
    /// An area today, for the person at work.
    struct AreaDuty {
        area: DutyArea,
        /// He answers for it, stands in for the one who does, or nobody in particular does.
        mine: bool,
        /// Who answers for it today.
        responsible: Option<String>,
        /// 代: the colleague whom he stands in for.
        covers: Option<String>,
    }
    /// 岗位分工.
    struct Roster {
        areas: Vec<DutyRow>,
        /// Those that have not ended, the earliest first.
        absences: Vec<AbsenceRow>,
        may_set: bool,
        /// The sign-in name of the person at work.
        me: String,
    }
    struct DutyRow {
        area: DutyArea,
        /// A岗, by sign-in name.
        a: Option<String>,
        /// B岗, by sign-in name.
        b: Option<String>,
        /// Who answers for it today, by name; nobody in particular where it is absent.
        now: Option<String>,
        /// That is the deputy.
        stands_in: bool,
    }
    struct AbsenceRow {
        id: u32,
        user: String,
        name: String,
        /// yyyy-MM-dd, both dates included.
        from: String,
        through: String,
        note: String,
        /// It has begun.
        now: bool,
        may_remove: bool,
    }
    struct DutySetReq {
        area: DutyArea,
        a: Option<String>,
        b: Option<String>,
    }
    struct AbsenceReq {
        user: String,
        from: String,
        through: String,
        note: String,
    }
    struct AbsenceRemoveReq {
        id: u32,
    }

    /// 双人复核: which kinds of submissions await a second person.
    struct ReviewRules {
        kinds: Vec<ReviewRule>,
        /// People who signed in with this profile.
        people: u32,
        may_set: bool,
    }
    struct ReviewRule {
        /// As on the wire, such as `notice.reply`.
        kind: String,
        required: bool,
        since: Option<String>,
        by: Option<String>,
        /// Names of those whose roles allow the review.
        reviewers: Vec<String>,
        /// Somebody could approve what another wrote.
        second_person: bool,
        /// Submissions that await one.
        waiting: u32,
    }
    struct ReviewRuleReq {
        kind: String,
        required: bool,
    }
    /// What concerns the person at work among the submissions in review.
    struct ReviewCounts {
        /// 待我复核.
        to_review: u32,
        /// His own that await somebody else.
        awaiting: u32,
        /// His own that came back.
        returned: u32,
    }
    /// A submission as a second person has to see it.
    struct ReviewSubject {
        item: OutboxItem,
        parts: Vec<ContentPart>,
        /// The payload as it goes out, byte for byte.
        body: String,
        /// Why the person at work does not decide.
        bar: Option<ReviewBar>,
    }
    /// The fields of a submission, or of one row of a list in it.
    struct ContentPart {
        /// The list's field; empty for the submission's own fields.
        list: String,
        /// From 1; 0 for the submission's own fields.
        row: u32,
        fields: Vec<ContentField>,
    }
    struct ContentField {
        /// As on the wire.
        field: String,
        value: String,
        /// What a number stands for.
        meaning: Option<String>,
    }
    struct ReviewReturnReq {
        key: String,
        reason: String,
    }

    /// 院区.
    struct Campuses {
        campuses: Vec<Campus>,
        /// Departments of orders that belong to none.
        unplaced: Vec<String>,
        may_set: bool,
    }
    struct Campus {
        /// Empty for a new one.
        id: String,
        name: String,
        /// 申领科室, as orders name them.
        departments: Vec<String>,
    }
    struct CampusesReq {
        campuses: Vec<Campus>,
    }
}
