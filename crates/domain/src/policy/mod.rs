//! Policy packs (政策包), indicators (指标) and early warning (预警).
//!
//! A pack says what a province measures: parameters, windows, thresholds, exemptions, deadlines, each with its clause. The
//! formulas are code, a closed set of kinds ([`Formula`]). [`RuleBook::as_of`] gives the rules as they stood at an instant,
//! [`evaluate`] measures a hospital by them from [`Records`] and [`Tallies`], and forecasts.
//!
//! Pure: the records, the day and the calendar are arguments. All values are exact ratios of integers.

mod evaluate;
mod facts;
mod fault;
mod forecast;
mod format;
mod formulas;
mod measure;
mod pack;
mod ratio;
mod records;
mod replay;
mod rules;
mod settlement;
mod share;
mod volume;

pub use evaluate::{
    Action, ActionKind, Basis, Cause, CauseKind, Forecast, Reading, ReadingScope, evaluate, foresee,
};
pub use facts::{Arrival, LineFacts, Moved, Shipment, delivery_contributions, is_national_code, variety_of};
pub use fault::{PackError, PackFault};
pub use format::{PACK_BYTES, pack_text};
pub use measure::{Contribution, DayTally, Grain, Measure, Scope, Tallies, Tally};
pub use pack::{
    BasisOf, DeadlineRule, Direction, ExemptionKind, ExemptionRule, Formula, Indicator, Level, Pack, Packs,
    Parameters, PurchaseKind, Source, Thresholds, TimeUnit, Window,
};
pub use ratio::{LimitUnit, Percent, Ratio};
pub use records::{
    AgreementRecord, DemandRecord, EvaluationRecord, Exemption, NoticeRecord, OffPlatform, Records,
    SettlementRecord, SupplyProblem,
};
pub use replay::Soon;
pub use rules::{Adjustment, RuleBook, Rules};
