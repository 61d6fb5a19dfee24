//! The statutory days of the national holiday regulation, computed for any year.
//!
//! 《全国年节及纪念日放假办法》(State Council, as revised by Order No. 795, in force from 2025-01-01),
//! article 2. The regulation fixes these days only; what the yearly notice adds by moving weekends is in
//! [`crate::outlook`].

use chinese_lunisolar_calendar::LunisolarDate;
use chrono::{Days, NaiveDate};

/// The last year whose lunar holidays are computed: in September 2089 the new moon falls so close to midnight
/// that the almanacs disagree about the day.
pub const LAST_COMPUTED_YEAR: i32 = 2088;

/// 法定节日: a holiday of the whole nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holiday {
    /// 元旦, 1 January.
    NewYear,
    /// 春节, the lunar New Year's Eve and the first three days of the first lunar month.
    SpringFestival,
    /// 清明节, the day of the solar term.
    Qingming,
    /// 劳动节, 1 and 2 May.
    LabourDay,
    /// 端午节, the fifth day of the fifth lunar month.
    DragonBoat,
    /// 中秋节, the fifteenth day of the eighth lunar month.
    MidAutumn,
    /// 国庆节, 1 to 3 October.
    NationalDay,
}

impl Holiday {
    /// All of them, in the order of the regulation.
    pub const ALL: [Self; 7] = [
        Self::NewYear,
        Self::SpringFestival,
        Self::Qingming,
        Self::LabourDay,
        Self::DragonBoat,
        Self::MidAutumn,
        Self::NationalDay,
    ];

    /// The official Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewYear => "元旦",
            Self::SpringFestival => "春节",
            Self::Qingming => "清明节",
            Self::LabourDay => "劳动节",
            Self::DragonBoat => "端午节",
            Self::MidAutumn => "中秋节",
            Self::NationalDay => "国庆节",
        }
    }
}

/// The statutory days of one holiday in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observance {
    /// Which holiday.
    pub holiday: Holiday,
    /// Its first statutory day.
    pub first: NaiveDate,
    /// Its last statutory day.
    pub last: NaiveDate,
}

impl Observance {
    /// Whether `date` is one of its statutory days.
    pub fn contains(&self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// The statutory holidays of a year, in the order of [`Holiday::ALL`]; `None` outside 2000 to
/// [`LAST_COMPUTED_YEAR`]. Years before 2025 are computed by today's regulation too.
///
/// ```
/// use sunbench_workdays::statutory_holidays;
/// let spring = statutory_holidays(2027).unwrap()[1];
/// assert_eq!((spring.first.to_string(), spring.last.to_string()), ("2027-02-05".into(), "2027-02-08".into()));
/// assert!(statutory_holidays(2089).is_none());
/// ```
pub fn statutory_holidays(year: i32) -> Option<[Observance; 7]> {
    if !(2000..=LAST_COMPUTED_YEAR).contains(&year) {
        return None;
    }
    let date = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let lunar = |month, day| {
        LunisolarDate::from_ymd(u16::try_from(year).ok()?, month, false, day)
            .ok()
            .map(LunisolarDate::to_naive_date)
    };
    let new_year_of_the_moon = lunar(1, 1)?;
    let observance = |holiday, first, last| Observance { holiday, first, last };
    let single = |holiday, day| observance(holiday, day, day);
    Some([
        single(Holiday::NewYear, date(1, 1)?),
        observance(
            Holiday::SpringFestival,
            new_year_of_the_moon.checked_sub_days(Days::new(1))?,
            new_year_of_the_moon.checked_add_days(Days::new(2))?,
        ),
        single(Holiday::Qingming, date(4, qingming(year))?),
        observance(Holiday::LabourDay, date(5, 1)?, date(5, 2)?),
        single(Holiday::DragonBoat, lunar(5, 5)?),
        single(Holiday::MidAutumn, lunar(8, 15)?),
        observance(Holiday::NationalDay, date(10, 1)?, date(10, 3)?),
    ])
}

/// The day of April on which the sun reaches 15° (清明), by the customary approximation for the 21st
/// century, exact for every year computed here (checked against an ephemeris in `tests/statutory.rs`).
fn qingming(year: i32) -> u32 {
    let of_century = (year - 2000).unsigned_abs();
    (of_century * 2_422 + 48_100) / 10_000 - of_century / 4
}
