//! 指标: the tallies that indicators are summed from, the small records beside them, and the lines behind a result.

use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sunbench_domain::policy::{DayTally, Measure, Scope, Tallies, Tally, is_national_code, variety_of};
use sunbench_domain::{Amount, Quantity};

use super::counting::NameKind;
use super::recount;
use super::table::{DateText, Seconds};
use super::tally::{day_start, shanghai_day};
use crate::error::{StoreError, StoreResult};
use crate::plan::queries;

queries! {
    SUM_MONTHS = "SELECT coalesce(sum(n), 0), coalesce(sum(sum), 0) FROM tally_month
        WHERE measure = ?1 AND scope = ?2 AND a = ?3 AND b = ?4 AND month BETWEEN ?5 AND ?6";
    SUM_DAYS = "SELECT coalesce(sum(n), 0), coalesce(sum(sum), 0) FROM tally_day
        WHERE measure = ?1 AND scope = ?2 AND a = ?3 AND b = ?4 AND day BETWEEN ?5 AND ?6";
    EACH_DAY = "SELECT day, lag, n, sum FROM tally_day
        WHERE measure = ?1 AND scope = ?2 AND a = ?3 AND b = ?4 AND day BETWEEN ?5 AND ?6 ORDER BY day, lag";
    EACH_MONTH = "SELECT month, n, sum FROM tally_month
        WHERE measure = ?1 AND scope = ?2 AND a = ?3 AND b = ?4 AND month BETWEEN ?5 AND ?6";
    NAME = "SELECT key FROM tally_name WHERE kind = ?1 AND name = ?2";
    NAME_OF = "SELECT name FROM tally_name WHERE key = ?1";
    RECEIVED_OF_PRODUCT = "SELECT n.received, l.unit, p.unit
        FROM order_line l INDEXED BY order_line_product JOIN product p ON p.key = l.product_key
          JOIN receipt_line n INDEXED BY receipt_line_order ON n.order_line_id = l.id
          JOIN receipt r ON r.key = n.receipt_key
        WHERE l.product_key = ?1 AND n.order_line_id IS NOT NULL AND r.state = 'ACCEPTED'
          AND r.received_at BETWEEN ?2 AND ?3";
    RETURNED_OF_PRODUCT = "SELECT n.quantity, l.unit, p.unit
        FROM order_line l INDEXED BY order_line_product JOIN product p ON p.key = l.product_key
          JOIN return_line n INDEXED BY return_line_order ON n.order_line_id = l.id
          JOIN goods_return r ON r.key = n.return_key
        WHERE l.product_key = ?1 AND r.state = 'CONFIRMED' AND r.kind = 'goods'
          AND r.returned_at BETWEEN ?2 AND ?3";
    AGREEMENTS = "SELECT a.id, a.batch, a.variety, a.agreed, a.unit, a.starts_on, a.ends_on, a.raw_state, a.signed_at,
          p.key, p.mcs_code, p.name, p.spec, p.unit, m.key, m.name
        FROM agreement a JOIN product p ON p.key = a.product_key JOIN org m ON m.key = a.maker_key";
    UNIT_OF = "SELECT factor_num, factor_den FROM hosp_item WHERE product_key = ?1 AND unit = ?2 ORDER BY key LIMIT 1";
    PRODUCT = "SELECT key, mcs_code, name FROM product WHERE id = ?1";
    ORG = "SELECT key FROM org WHERE id = ?1";
    SETTLEMENTS = "SELECT id, period, amount, created_at, due_on, paid_at, code FROM settlement INDEXED BY settlement_created
        WHERE created_at >= ?1 ORDER BY created_at";
    NOTICES = "SELECT n.id, n.issued_at, n.reply_working_days, n.stated_due_at, n.round,
          (SELECT min(r.submitted_at) FROM notice_reply r WHERE r.notice_id = n.id AND r.round = 1), n.title
        FROM notice n INDEXED BY notice_issued WHERE n.issued_at >= ?1 ORDER BY n.issued_at";
    CHECK_INS = "SELECT DISTINCT checked_on FROM check_in WHERE checked_on BETWEEN ?1 AND ?2 ORDER BY checked_on";
    BY_MONTH = "SELECT month, a, n, sum FROM tally_month INDEXED BY tally_month_period
        WHERE measure = ?1 AND scope = ?2 AND month BETWEEN ?3 AND ?4";
}

/// year * 12 + month, January being 0.
fn month(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// A sum that left the range of numbers, or a damaged one.
fn tally(row: &Row<'_>, n: usize, sum: usize) -> rusqlite::Result<Tally> {
    Ok(Tally { n: row.get::<_, i64>(n)?.into(), sum: row.get::<_, i64>(sum)?.into() })
}

fn number(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}

fn date(day: i64) -> NaiveDate {
    chrono::TimeDelta::try_days(day)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .unwrap_or_default()
}

/// Lines and deliveries that are counted before sums are written.
const RECOUNTED: u32 = 20_000;

/// The tallies of a profile.
pub struct StoredTallies<'c> {
    conn: &'c Connection,
}

/// Whether the tallies are those of this edition of the program; else [`recount::step`] makes them so, step by step.
pub fn is_current(conn: &Connection) -> StoreResult<bool> {
    recount::is_current(conn)
}

/// Counts everything anew, in one transaction.
pub fn recount(tx: &Transaction<'_>) -> StoreResult<()> {
    tx.execute_batch("DELETE FROM tally_edition; DELETE FROM tally_recount;")?;
    while !recount::step(tx, RECOUNTED)?.is_finished {}
    Ok(())
}

impl<'c> StoredTallies<'c> {
    /// The tallies as one snapshot sees them.
    #[must_use]
    pub const fn new(conn: &'c Connection) -> Self {
        Self { conn }
    }

    fn range(
        &self,
        sql: &str,
        measure: Measure,
        scope: Scope,
        (from, through): (i64, i64),
    ) -> StoreResult<Tally> {
        let (kind, a, b) = scope.columns();
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row(params![measure.code(), kind, a, b, from, through], |row| tally(row, 0, 1))?)
    }
}

impl Tallies for StoredTallies<'_> {
    type Error = StoreError;

    /// Whole months by their sums, the days at the edges one by one.
    fn sum(&self, measure: Measure, scope: Scope, from: NaiveDate, through: NaiveDate) -> StoreResult<Tally> {
        let mut sum = Tally::default();
        if from > through {
            return Ok(sum);
        }
        let begins_month = from.day() == 1;
        let ends_month = through.succ_opt().is_none_or(|next| next.day() == 1);
        let first_whole = month(from) + i64::from(!begins_month);
        let last_whole = month(through) - i64::from(!ends_month);
        if first_whole > last_whole {
            return self.range(SUM_DAYS, measure, scope, (number(from), number(through)));
        }
        sum += self.range(SUM_MONTHS, measure, scope, (first_whole, last_whole))?;
        let first_of = |month: i64| {
            let year = i32::try_from(month.div_euclid(12)).unwrap_or_default();
            NaiveDate::from_ymd_opt(year, month.rem_euclid(12) as u32 + 1, 1).map_or(0, number)
        };
        if !begins_month {
            sum += self.range(SUM_DAYS, measure, scope, (number(from), first_of(first_whole) - 1))?;
        }
        if !ends_month {
            sum += self.range(SUM_DAYS, measure, scope, (first_of(last_whole + 1), number(through)))?;
        }
        Ok(sum)
    }

    fn days(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> StoreResult<Vec<DayTally>> {
        let (kind, a, b) = scope.columns();
        let mut statement = self.conn.prepare_cached(EACH_DAY)?;
        let rows = statement
            .query_map(params![measure.code(), kind, a, b, number(from), number(through)], |row| {
                Ok(DayTally { day: date(row.get(0)?), lag: row.get(1)?, tally: tally(row, 2, 3)? })
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn months(
        &self,
        measure: Measure,
        scope: Scope,
        from: NaiveDate,
        through: NaiveDate,
    ) -> StoreResult<Vec<Tally>> {
        let (kind, a, b) = scope.columns();
        let (first, last) = (month(from), month(through));
        let mut months = vec![Tally::default(); usize::try_from(last - first + 1).unwrap_or_default()];
        let mut statement = self.conn.prepare_cached(EACH_MONTH)?;
        let mut rows = statement.query(params![measure.code(), kind, a, b, first, last])?;
        while let Some(row) = rows.next()? {
            let place = usize::try_from(row.get::<_, i64>(0)? - first).unwrap_or_default();
            if let Some(found) = months.get_mut(place) {
                *found = tally(row, 1, 2)?;
            }
        }
        Ok(months)
    }

    fn category(&self, name: &str) -> StoreResult<Option<i64>> {
        key_of(self.conn, NameKind::Category, name)
    }

    fn accepted_of_product(&self, product: i64, from: NaiveDate, through: NaiveDate) -> StoreResult<i128> {
        let span = (day_start(number(from)), day_start(number(through) + 1) - 1);
        let read = |sql: &str| -> StoreResult<i128> {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params![product, span.0, span.1])?;
            let mut sum = 0;
            while let Some(row) = rows.next()? {
                let units: (String, String) = (row.get(1)?, row.get(2)?);
                if let Some(factor) = factor(self.conn, product, (&units.0, &units.1))? {
                    sum += converted(row.get(0)?, factor);
                }
            }
            Ok(sum)
        };
        Ok(read(RECEIVED_OF_PRODUCT)? - read(RETURNED_OF_PRODUCT)?)
    }
}

/// One of a unit is so many of the product's; `None` where that is unknown.
fn factor(conn: &Connection, product: i64, (unit, own): (&str, &str)) -> StoreResult<Option<(u32, u32)>> {
    if unit == own {
        return Ok(Some((1, 1)));
    }
    let found =
        conn.prepare_cached(UNIT_OF)?.query_row(params![product, unit], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// Half up.
fn converted(units: i64, (num, den): (u32, u32)) -> i128 {
    let (product, den) = (i128::from(units) * i128::from(num), i128::from(den.max(1)));
    (product + den / 2).div_euclid(den)
}

fn key_of(conn: &Connection, kind: NameKind, name: &str) -> StoreResult<Option<i64>> {
    Ok(conn.prepare_cached(NAME)?.query_row(params![kind as i64, name], |row| row.get(0)).optional()?)
}

/// The variety's keys: that of its code, and that of its name for products without one.
fn varieties(conn: &Connection, code: Option<&str>, names: [&str; 2]) -> StoreResult<Vec<i64>> {
    let mut keys = Vec::new();
    for name in [variety_of(code, names[0]).as_str(), names[0], names[1]] {
        if let Some(key) = key_of(conn, NameKind::Variety, name)?.filter(|key| !keys.contains(key)) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// 带量采购协议 with the keys of its goods.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Agreement {
    pub id: String,
    pub batch: String,
    pub variety: String,
    pub varieties: Vec<i64>,
    pub maker: i64,
    pub maker_name: String,
    pub product_name: String,
    /// The product's unit.
    pub unit: String,
    /// In 1/10,000 of that unit; `None` where the agreement's unit has no known relation to it.
    pub agreed: Option<i64>,
    pub starts_on: DateText,
    pub ends_on: DateText,
    pub raw_state: String,
    pub signed_at: Option<Seconds>,
}

/// Every agreement.
pub fn agreements(conn: &Connection) -> StoreResult<Vec<Agreement>> {
    let mut statement = conn.prepare_cached(AGREEMENTS)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let text = |place: usize| row.get::<_, String>(place);
        let (variety, unit, product_unit) = (text(2)?, text(4)?, text(13)?);
        let (code, name, spec): (Option<String>, String, String) = (row.get(10)?, text(11)?, text(12)?);
        let agreed = Quantity::from_units(row.get(3)?);
        let factor = factor(conn, row.get(9)?, (&unit, &product_unit))?;
        found.push(Agreement {
            id: text(0)?,
            batch: text(1)?,
            varieties: varieties(conn, code.as_deref(), [&name, &variety])?,
            variety,
            maker: row.get(14)?,
            maker_name: text(15)?,
            product_name: format!("{name} {spec}").trim().to_owned(),
            unit: product_unit,
            agreed: factor.and_then(|factor| i64::try_from(converted(agreed.units(), factor)).ok()),
            starts_on: text(5)?,
            ends_on: text(6)?,
            raw_state: text(7)?,
            signed_at: row.get(8)?,
        });
    }
    Ok(found)
}

/// A product's key and its variety's keys.
pub fn product(conn: &Connection, id: &str) -> StoreResult<Option<(i64, Vec<i64>)>> {
    let row: Option<(i64, Option<String>, String)> = conn
        .prepare_cached(PRODUCT)?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((key, code, name)) = row else { return Ok(None) };
    Ok(Some((key, varieties(conn, code.as_deref(), [&name, &name])?)))
}

/// An organisation's key.
pub fn org(conn: &Connection, id: &str) -> StoreResult<Option<i64>> {
    Ok(conn.prepare_cached(ORG)?.query_row([id], |row| row.get(0)).optional()?)
}

/// 结算单, as far as indicators need it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Settlement {
    pub id: String,
    pub code: String,
    /// `yyyy-MM`.
    pub period: String,
    pub amount: Amount,
    pub created_at: Seconds,
    pub due_on: DateText,
    pub paid_at: Option<Seconds>,
}

/// The settlements made since an instant.
pub fn settlements(conn: &Connection, since: Seconds) -> StoreResult<Vec<Settlement>> {
    let mut statement = conn.prepare_cached(SETTLEMENTS)?;
    let rows = statement.query_map([since], |row| {
        Ok(Settlement {
            id: row.get(0)?,
            period: row.get(1)?,
            amount: Amount::from_units(row.get(2)?),
            created_at: row.get(3)?,
            due_on: row.get(4)?,
            paid_at: row.get(5)?,
            code: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// 督办通知, as far as indicators need it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Notice {
    pub id: String,
    pub title: String,
    pub issued_at: Seconds,
    pub reply_working_days: u32,
    /// Of the present round.
    pub stated_due_at: Option<Seconds>,
    pub round: u32,
    /// The first round's answer.
    pub answered_at: Option<Seconds>,
}

/// The notices issued since an instant.
pub fn notices(conn: &Connection, since: Seconds) -> StoreResult<Vec<Notice>> {
    let mut statement = conn.prepare_cached(NOTICES)?;
    let rows = statement.query_map([since], |row| {
        Ok(Notice {
            id: row.get(0)?,
            issued_at: row.get(1)?,
            reply_working_days: row.get(2)?,
            stated_due_at: row.get(3)?,
            round: row.get(4)?,
            answered_at: row.get(5)?,
            title: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The days with a check-in, whoever's.
pub fn check_ins(conn: &Connection, from: &str, through: &str) -> StoreResult<Vec<DateText>> {
    let mut statement = conn.prepare_cached(CHECK_INS)?;
    let rows = statement.query_map([from, through], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was purchased in a month of one product, supplier, department or category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchased {
    /// year * 12 + month, January being 0.
    pub month: i64,
    /// Of the product, supplier, department or category.
    pub key: i64,
    /// Lines.
    pub lines: i64,
    /// Their amount.
    pub amount: Amount,
}

/// Purchases between two months (both included), of every key of a kind of scope, month after month; the key in `scope` does not
/// matter.
pub fn each_purchase(
    conn: &Connection,
    scope: Scope,
    (from, to): (i64, i64),
    mut each: impl FnMut(Purchased),
) -> StoreResult<()> {
    let mut statement = conn.prepare_cached(BY_MONTH)?;
    let mut rows = statement.query(params![Measure::Purchased.code(), scope.columns().0, from, to])?;
    while let Some(row) = rows.next()? {
        let amount = Amount::from_units(row.get(3)?);
        let found = Purchased { month: row.get(0)?, key: row.get(1)?, lines: row.get(2)?, amount };
        // What was counted and came to nothing leaves a row.
        if found.lines != 0 {
            each(found);
        }
    }
    Ok(())
}

/// What a key of the tallies is called.
pub fn name_of(conn: &Connection, scope: Scope) -> StoreResult<String> {
    let (sql, key) = match scope {
        Scope::Hospital => return Ok(String::new()),
        Scope::Supplier(key) => ("SELECT name FROM org WHERE key = ?1", key),
        Scope::Product(key) => ("SELECT trim(name || ' ' || spec) FROM product WHERE key = ?1", key),
        Scope::Category(key) | Scope::Department(key) | Scope::Goods { variety: key, .. } => (NAME_OF, key),
    };
    Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// The Shanghai date of an instant.
#[must_use]
pub fn date_of(at: Seconds) -> NaiveDate {
    date(shanghai_day(at))
}

/// The first second of a Shanghai date.
#[must_use]
pub fn start_of(day: NaiveDate) -> Seconds {
    day_start(number(day))
}

/// What the lines behind a result have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behind {
    /// Sent to suppliers; `unanswered` ones first of all are what a rate lacks.
    Unanswered,
    /// Their clock ended without the whole quantity having arrived.
    NotInTime,
    /// Less was delivered than ordered.
    NotWhole,
    /// Their product has no national code.
    Uncoded {
        /// Categories that need none.
        but: Vec<String>,
    },
    /// Dearer than the price list in force, or by more than so many per cent than the hospital's own last price.
    TooDear(u32),
    /// Selected goods with a price before the batch.
    Saved,
    /// Arrived, and accepted late or not at all: more hours than this.
    AcceptedLate(u32),
    /// Accepted goods of these products, of one manufacturer or of all.
    Goods {
        /// Keys of varieties.
        varieties: Vec<i64>,
        /// Of one manufacturer.
        maker: Option<i64>,
        /// 中选.
        is_selected: Option<bool>,
    },
}

macro_rules! behind {
    ($predicate:literal) => {
        concat!(
            "SELECT l.submit_at, l.key, l.id FROM order_line l INDEXED BY order_line_submit
             WHERE (l.submit_at, l.key) < (?1, ?2) AND l.submit_at >= ?3 AND l.state <> 'DRAFT' AND (",
            $predicate,
            ") ORDER BY l.submit_at DESC, l.key DESC LIMIT ?4"
        )
    };
}

const UNANSWERED: &str =
    behind!("(l.response_at IS NULL AND l.state <> 'CANCELLED' OR l.response_at > ?5) AND ?6 >= ''");
const NOT_IN_TIME: &str = behind!(
    "l.state NOT IN ('REFUSED', 'SHIP_REFUSED', 'CANCELLED') AND ?6 >= ''
     AND coalesce(l.delivery_due_at, l.submit_at + iif(l.urgent, 4, 48) * 3600) <= ?5
     AND (SELECT coalesce(sum(n.quantity), 0) FROM delivery_line n INDEXED BY delivery_line_order
            JOIN delivery d ON d.key = n.delivery_key
          WHERE n.order_line_id = l.id AND n.order_line_id IS NOT NULL AND d.state <> 'VOID'
            AND d.arrived_at <= coalesce(l.delivery_due_at, l.submit_at + iif(l.urgent, 4, 48) * 3600)) < l.quantity"
);
const NOT_WHOLE: &str = behind!(
    "(l.state <> 'CANCELLED' OR l.response_at IS NOT NULL) AND ?6 >= ''
     AND l.delivered - (SELECT coalesce(sum(n.quantity), 0) FROM delivery_line n INDEXED BY delivery_line_order
            JOIN delivery d ON d.key = n.delivery_key
          WHERE n.order_line_id = l.id AND n.order_line_id IS NOT NULL AND d.state <> 'VOID' AND d.shipped_at > ?5) < l.quantity"
);
const TOO_DEAR: &str = behind!(
    "l.state NOT IN ('REFUSED', 'SHIP_REFUSED', 'CANCELLED') AND ?6 >= ''
     AND (l.price > coalesce(
         (SELECT s.price FROM price_step s JOIN product p ON p.id = s.product_id
          WHERE p.key = l.product_key AND s.effective_at <= l.submit_at ORDER BY s.effective_at DESC, s.list_id DESC LIMIT 1),
         (SELECT s.old_price FROM price_step s JOIN product p ON p.id = s.product_id
          WHERE p.key = l.product_key ORDER BY s.effective_at, s.list_id LIMIT 1))
       OR l.price * 100 > (100 + ?5) * (SELECT nullif(e.price, 0) FROM order_line e INDEXED BY order_line_product
          WHERE e.product_key = l.product_key AND e.submit_at < l.submit_at AND e.unit = l.unit AND e.received > 0
          ORDER BY e.submit_at DESC, e.price DESC LIMIT 1))"
);
const ACCEPTED_LATE: &str = behind!(
    "EXISTS (SELECT 1 FROM delivery_line n INDEXED BY delivery_line_order JOIN delivery d ON d.key = n.delivery_key
       WHERE n.order_line_id = l.id AND n.order_line_id IS NOT NULL AND d.state <> 'VOID' AND d.arrived_at + ?5 * 3600 <
         coalesce((SELECT max(r.received_at) FROM receipt r INDEXED BY receipt_delivery
           WHERE r.delivery_id = d.id AND r.state IN ('ACCEPTED', 'REJECTED') AND d.state = 'STORED'),
           CAST(?6 AS INTEGER)))"
);
const GOODS: &str = behind!(
    "l.product_key IN (SELECT value FROM json_each(?6)) AND l.state NOT IN ('REFUSED', 'SHIP_REFUSED', 'CANCELLED')
     AND (?5 < 0 OR l.maker_key = ?5)"
);

/// Products that were selected in a batch that says their price before it.
const SAVED: &str = "SELECT key FROM product p WHERE selected = 1
    AND EXISTS (SELECT 1 FROM price_step s WHERE s.product_id = p.id AND s.is_volume = 1)";

/// The queries of [`lines_behind`], for the plan test.
pub(crate) const BEHIND: &[crate::plan::Query] = &[
    crate::plan::Query { name: "indicator::UNANSWERED", sql: UNANSWERED },
    crate::plan::Query { name: "indicator::NOT_IN_TIME", sql: NOT_IN_TIME },
    crate::plan::Query { name: "indicator::NOT_WHOLE", sql: NOT_WHOLE },
    crate::plan::Query { name: "indicator::ACCEPTED_LATE", sql: ACCEPTED_LATE },
    crate::plan::Query { name: "indicator::GOODS", sql: GOODS },
];

/// Where a page of lines ended.
pub type LinePlace = (Seconds, i64);

/// A page of the lines behind a result, the latest first: those submitted from `from` on and before `after`. `cut_off` is the
/// last second that counts. Their ids, and where the next page begins.
pub fn lines_behind(
    conn: &Connection,
    behind: &Behind,
    (from, cut_off): (Seconds, Seconds),
    after: Option<LinePlace>,
    limit: u32,
) -> StoreResult<(Vec<String>, Option<LinePlace>)> {
    let (sql, number, text) = match behind {
        Behind::Unanswered => (UNANSWERED, cut_off, String::new()),
        Behind::NotInTime => (NOT_IN_TIME, cut_off, String::new()),
        Behind::NotWhole => (NOT_WHOLE, cut_off, String::new()),
        Behind::Uncoded { but } => (GOODS, -1, listed(&uncoded(conn, but)?)),
        Behind::TooDear(percent) => (TOO_DEAR, i64::from(*percent), String::new()),
        Behind::Saved => {
            let mut statement = conn.prepare_cached(SAVED)?;
            let products = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            (GOODS, -1, listed(&products))
        }
        Behind::AcceptedLate(hours) => (ACCEPTED_LATE, i64::from(*hours), cut_off.to_string()),
        Behind::Goods { varieties, maker, is_selected } => {
            let products = products_of(conn, varieties, *is_selected)?;
            (GOODS, maker.unwrap_or(-1), listed(&products))
        }
    };
    let after = after.unwrap_or((cut_off, i64::MAX));
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![after.0, after.1, from, limit, number, text], |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
    })?;
    let found: Vec<(LinePlace, String)> = rows.collect::<Result<_, _>>()?;
    let next = found.last().map(|(place, _)| *place).filter(|_| found.len() == limit as usize);
    Ok((found.into_iter().map(|(_, id)| id).collect(), next))
}

/// Keys as the query takes them.
fn listed(keys: &[i64]) -> String {
    serde_json::to_string(keys).unwrap_or_else(|_| "[]".to_owned())
}

/// The products without a valid national code.
fn uncoded(conn: &Connection, but: &[String]) -> StoreResult<Vec<i64>> {
    let mut statement = conn.prepare_cached("SELECT key, mcs_code, category FROM product")?;
    let rows = statement.query_map([], |row| {
        let (code, category): (Option<String>, String) = (row.get(1)?, row.get(2)?);
        let is_wanted = !is_national_code(code.as_deref()) && !but.contains(&category);
        Ok(is_wanted.then_some(row.get(0)?))
    })?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The products of some varieties.
fn products_of(conn: &Connection, varieties: &[i64], is_selected: Option<bool>) -> StoreResult<Vec<i64>> {
    let mut names = std::collections::HashSet::new();
    for key in varieties {
        names.insert(name_of(conn, Scope::Category(*key))?);
    }
    let mut statement = conn.prepare_cached("SELECT key, mcs_code, name, selected FROM product")?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let (code, name): (Option<String>, String) = (row.get(1)?, row.get(2)?);
        let fits = is_selected.is_none_or(|wanted| row.get(3).is_ok_and(|found: bool| found == wanted));
        if fits && names.contains(&variety_of(code.as_deref(), &name)) {
            keys.push(row.get(0)?);
        }
    }
    Ok(keys)
}
