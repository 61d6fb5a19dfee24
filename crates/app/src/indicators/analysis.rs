//! 综合分析: purchases by product, supplier, department, month and category.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use sunbench_domain::Amount;
use sunbench_domain::policy::{Ratio, Scope};
use sunbench_store::local::campus;
use sunbench_store::mirror::indicator::{self, Purchased};

use crate::context::Context;
use crate::error::{ApiError, ApiResult, ErrorCode};
use crate::outbox::small;
use crate::wire::{Analysis, AnalysisReq, AnalysisRow};

/// Rows that are shown; the others are summed.
const SHOWN: usize = 200;
/// Months at most: the two years of a demo, and the years of a hospital.
const MOST_MONTHS: i64 = 120;

fn month(text: &str, field: &str) -> ApiResult<i64> {
    let invalid = || ApiError::field(ErrorCode::FieldInvalid, field);
    let first: NaiveDate = format!("{text}-01").parse().map_err(|_| invalid())?;
    Ok(i64::from(first.year()) * 12 + i64::from(first.month0()))
}

/// The campuses by their place in the list, from 1; 0 is where no campus has the department.
#[derive(Default)]
struct CampusKeys {
    names: Vec<String>,
    of: BTreeMap<i64, i64>,
}

impl CampusKeys {
    fn of_department(&self, key: i64) -> i64 {
        self.of.get(&key).copied().unwrap_or_default()
    }

    fn name(&self, key: i64) -> String {
        let place = usize::try_from(key).ok().and_then(|key| key.checked_sub(1));
        place.and_then(|place| self.names.get(place)).cloned().unwrap_or_else(|| "未归入院区".to_owned())
    }
}

fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

impl Context<'_> {
    fn campus_keys(&self) -> ApiResult<CampusKeys> {
        let (campuses, departments) =
            self.store.read(|conn| Ok((campus::list(conn)?, campus::department_keys(conn)?)))?;
        let mut keys = CampusKeys::default();
        for (place, campus) in (1..).zip(campuses) {
            for department in &campus.departments {
                keys.of.extend(departments.get(department).map(|key| (*key, place)));
            }
            keys.names.push(campus.name);
        }
        Ok(keys)
    }

    /// Purchases between two months, from the tallies; the lines are found with the orders' own search.
    pub fn analysis(&self, req: &AnalysisReq) -> ApiResult<Analysis> {
        let (from, to) = (month(&req.from, "from")?, month(&req.to, "to")?);
        if from > to || to - from >= MOST_MONTHS {
            return Err(ApiError::field(ErrorCode::FieldInvalid, "to"));
        }
        let is_by_month = req.by == "month";
        let is_by_campus = req.by == "campus";
        let scope = match req.by.as_str() {
            "product" => Scope::Product(0),
            "supplier" => Scope::Supplier(0),
            "department" | "campus" => Scope::Department(0),
            "category" | "month" => Scope::Category(0),
            _ => return Err(ApiError::field(ErrorCode::FieldInvalid, "by")),
        };
        let (now, before) = self.store.read(|conn| {
            let months = |shift: i64| indicator::purchased(conn, scope, (from - shift, to - shift));
            Ok((months(0)?, months(12)?))
        })?;
        // A campus is its departments; those that belong to none stand together.
        let campuses = if is_by_campus { self.campus_keys()? } else { CampusKeys::default() };
        let of_key = |key: i64| if is_by_campus { campuses.of_department(key) } else { key };
        let key = |row: &Purchased| if is_by_month { row.month } else { of_key(row.key) };
        let mut sums: BTreeMap<i64, (i64, Amount, Amount)> = BTreeMap::new();
        for row in &now {
            let sum = sums.entry(key(row)).or_default();
            sum.0 += row.lines;
            sum.1 = sum.1.checked_add(row.amount).unwrap_or(sum.1);
        }
        for row in &before {
            let of = if is_by_month { row.month + 12 } else { of_key(row.key) };
            if let Some(sum) = sums.get_mut(&of) {
                sum.2 = sum.2.checked_add(row.amount).unwrap_or(sum.2);
            }
        }
        let mut rows: Vec<_> = sums.into_iter().collect();
        if !is_by_month {
            rows.sort_by(|a, b| b.1.1.cmp(&a.1.1).then(a.0.cmp(&b.0)));
        }
        let lines: i64 = rows.iter().map(|(_, (lines, ..))| lines).sum();
        let whole: Amount = rows.iter().map(|(_, (_, sum, _))| *sum).sum();
        let left = rows.split_off(rows.len().min(SHOWN));
        let scope_of = |key: i64| match scope {
            Scope::Product(_) => Scope::Product(key),
            Scope::Supplier(_) => Scope::Supplier(key),
            _ => Scope::Category(key),
        };
        let rows = self.store.read(|conn| {
            let mut shown = Vec::with_capacity(rows.len());
            for (key, (lines, sum, year_before)) in rows {
                let name = match key {
                    _ if is_by_month => month_text(key),
                    _ if is_by_campus => campuses.name(key),
                    _ => indicator::name_of(conn, scope_of(key))?,
                };
                shown.push(AnalysisRow {
                    key: if is_by_month { name.clone() } else { key.to_string() },
                    name,
                    lines: small(u64::try_from(lines).unwrap_or_default()),
                    amount: sum.to_string(),
                    share: Ratio::new(sum.units().into(), whole.units().into())
                        .map(|share| share.to_string()),
                    year_before: year_before.to_string(),
                });
            }
            Ok(shown)
        })?;
        Ok(Analysis {
            rows,
            lines: small(u64::try_from(lines).unwrap_or_default()),
            amount: whole.to_string(),
            more: small(left.len() as u64),
            more_amount: left.iter().map(|(_, (_, sum, _))| *sum).sum::<Amount>().to_string(),
        })
    }
}
