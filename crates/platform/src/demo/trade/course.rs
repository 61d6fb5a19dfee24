//! When what happens to one distributor's part of an order.

use super::Plot;
use crate::demo::days::{DAY, HOUR, MINUTE, Span};
use crate::demo::random::Rng;

/// Not yet, as far as the demo knows.
pub(super) const NEVER: i64 = i64::MAX;

/// The times of one shipment; they never go down.
#[derive(Clone, Copy)]
pub(super) struct Leg {
    pub(super) ship: i64,
    pub(super) arrive: i64,
    /// 预验收; the same as `accept` where the goods are accepted at once.
    pub(super) pre_accept: i64,
    pub(super) accept: i64,
}

pub(super) struct Course {
    pub(super) respond: i64,
    pub(super) first: Leg,
}

impl Plot {
    /// The delivery clock that an order of this plot has, where the plot is about the clock.
    pub(super) fn hours(self) -> Option<i64> {
        match self {
            Self::Unanswered(left) | Self::Running(left) => Some(if left > 24 * 60 { 48 } else { 24 }),
            Self::Overdue(_) | Self::Waiting(_) | Self::OnTheWay | Self::PreAccepted => Some(24),
            Self::None | Self::Draft => None,
        }
    }
}

impl Course {
    pub(super) fn new(
        rng: &mut Rng,
        span: &Span,
        submit: i64,
        hours: i64,
        late_permille: u32,
        urgent: bool,
        plot: Plot,
    ) -> Self {
        let due = submit + hours * HOUR;
        let respond = submit
            + if urgent {
                rng.range(5, 20) * MINUTE
            } else if plot == Plot::None && rng.chance(35) {
                rng.range(12, 60) * HOUR
            } else {
                rng.range(8, 230) * MINUTE + rng.range(0, 59)
            };
        let late = rng.chance(late_permille);
        let ship = match (urgent, late) {
            (true, _) => respond + rng.range(10, 50) * MINUTE,
            (false, true) => respond.max(due) + rng.range(1, 50) * HOUR,
            (false, false) => respond + rng.range(50, 480) * MINUTE + rng.range(0, 59),
        };
        let mut arrive = ship + if urgent { rng.range(20, 100) } else { rng.range(60, 720) } * MINUTE;
        if !late && arrive > due {
            arrive = (due - rng.range(5, 140) * MINUTE).max(ship + 25 * MINUTE);
        }
        // Not in the middle of the night, unless the clock says so.
        let morning = Span::daytime(arrive, rng);
        if !urgent && (late || morning <= due) {
            arrive = morning;
        }
        let mut course = Self { respond, first: Leg::received(rng, span, ship, arrive, urgent) };
        let before_now = |minutes: i64| span.now - minutes * MINUTE;
        let leg = &mut course.first;
        match plot {
            Plot::None => {}
            Plot::Draft | Plot::Unanswered(_) => course.respond = NEVER,
            Plot::Running(_) | Plot::Overdue(_) => {
                course.respond = respond.min(before_now(6));
                *leg = Leg { ship: NEVER, arrive: NEVER, pre_accept: NEVER, accept: NEVER };
            }
            Plot::OnTheWay => {
                leg.ship = before_now(rng.range(70, 500));
                leg.arrive = span.now + rng.range(40, 400) * MINUTE;
                (leg.pre_accept, leg.accept) = (NEVER, NEVER);
            }
            Plot::Waiting(ago) => {
                leg.arrive = before_now(ago * 60 + rng.range(0, 50));
                leg.ship = leg.arrive - rng.range(90, 600) * MINUTE;
                (leg.pre_accept, leg.accept) = (NEVER, NEVER);
            }
            Plot::PreAccepted => {
                leg.arrive = before_now(rng.range(1100, 1500));
                leg.ship = leg.arrive - rng.range(90, 600) * MINUTE;
                leg.pre_accept = before_now(rng.range(120, 1000));
                leg.accept = NEVER;
            }
        }
        course
    }
}

impl Leg {
    /// The shipment after this one, of what was left out.
    pub(super) fn following(&self, rng: &mut Rng, span: &Span) -> Self {
        if self.ship == NEVER {
            return *self;
        }
        let ship = self.ship + rng.range(20, 110) * HOUR + rng.range(0, 59) * MINUTE;
        let arrive = Span::daytime(ship + rng.range(60, 720) * MINUTE, rng);
        Self::received(rng, span, ship, arrive, false)
    }

    fn received(rng: &mut Rng, span: &Span, ship: i64, arrive: i64, urgent: bool) -> Self {
        let mut pre_accept = if urgent {
            arrive + rng.range(10, 60) * MINUTE
        } else {
            // On days off the duty clerk sees to three deliveries of four.
            let seen = arrive + rng.range(20, 280) * MINUTE;
            if rng.chance(750) { Span::daytime(seen, rng) } else { span.office_hours(seen, rng) }
        };
        // Now and then a delivery lies about; lately more often, which is what the bureau has noticed.
        let lies = if (span.now - 9 * DAY..span.now).contains(&arrive) { 220 } else { 40 };
        if !urgent && rng.chance(lies) {
            pre_accept = span.office_hours(pre_accept + rng.range(2, 8) * DAY, rng);
        }
        let accept = if rng.chance(120) {
            span.office_hours(pre_accept + rng.range(20, 80) * HOUR, rng)
        } else {
            pre_accept
        };
        Self { ship, arrive, pre_accept, accept }
    }
}
