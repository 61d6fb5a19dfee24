//! 今日.

use super::backup::BackupState;
use super::notices::NoticeRow;
use super::teamwork::{AreaDuty, DutyArea, ReviewCounts};
use super::wire;

wire! {
    /// Where today's check-in stands.
    enum CheckInState {
        /// Not a working day.
        NotNeeded,
        /// Not yet.
        Missing,
        /// The act is recorded and waits to be sent: not yet done.
        Waiting,
        /// The platform has it.
        Done,
    }
    /// How near a due instant is.
    enum Urgency {
        Overdue,
        /// Due today.
        Today,
        /// Due within two working days, or within four hours for a clock.
        Soon,
        Later,
    }
    /// What a task is about.
    enum TaskKind {
        /// 供应商未发货: the delivery clock of an order line runs.
        DeliveryClock,
        /// 待收货.
        Delivery,
        /// 预验收待确认.
        Receipt,
        /// 待付款.
        Payment,
        /// 供应问题 whose clock runs out.
        SupplyIssue,
        /// 议价: the hospital's decision, or a company that did not answer.
        Negotiation,
        /// 备案 that came back, or is a draft at the platform.
        Filing,
        /// 带量协议 to be signed.
        Agreement,
        /// 合同 to be signed.
        Contract,
        /// 报量.
        Demand,
        /// 满意度评价.
        Evaluation,
        /// 发票 to be verified.
        Invoice,
        /// 结算单 to be confirmed.
        Settlement,
        /// 证照 that end within 30 days.
        Paper,
    }
}

wire! {
    /// Everything that is due, by deadline.
    struct Today {
        date: String,
        now: String,
        working_day: bool,
        /// Name of the holiday, or why a weekend is a working day.
        day_name: Option<String>,
        check_in: CheckIn,
        /// Open notices, the nearest deadline first.
        notices: Vec<NoticeRow>,
        /// Whose each area is today.
        duties: Vec<AreaDuty>,
        groups: Vec<TaskGroup>,
        /// Submissions that need a person.
        attention: u32,
        waiting: u32,
        review: ReviewCounts,
        backup: BackupState,
    }
    struct CheckIn {
        state: CheckInState,
        at: Option<String>,
        /// Working days of this month with a check-in, and working days so far.
        done_this_month: u32,
        working_days_so_far: u32,
    }
    /// Tasks of one kind.
    struct TaskGroup {
        kind: TaskKind,
        area: DutyArea,
        total: u32,
        /// At most twenty, the nearest first.
        tasks: Vec<Task>,
    }
    struct Task {
        id: String,
        title: String,
        detail: String,
        due_at: Option<String>,
        urgency: Urgency,
        /// The order line to open, where there is one.
        order_line: Option<String>,
        /// The delivery of a receipt.
        delivery: Option<String>,
    }
    struct AttendanceReq {
        /// yyyy-MM.
        month: String,
    }
    /// 打卡考勤 of one month.
    struct Attendance {
        month: String,
        days: Vec<AttendanceDay>,
    }
    struct AttendanceDay {
        date: String,
        working: bool,
        name: Option<String>,
        provisional: bool,
        checked_in: bool,
        /// Recorded here, not yet at the platform.
        waiting: bool,
    }
}
