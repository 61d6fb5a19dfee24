//! What purchases came to, summed once and kept while it stands.

use std::collections::HashMap;

use sunbench_domain::Amount;
use sunbench_domain::policy::Scope;
use sunbench_store::local::campus::{self, Campus};
use sunbench_store::mirror::{indicator, sync_state};
use sunbench_store::{Connection, StoreResult};

/// What purchases are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Product,
    Supplier,
    Department,
    Campus,
    Category,
    Month,
}

impl By {
    pub(super) const ALL: [Self; 6] =
        [Self::Product, Self::Supplier, Self::Department, Self::Campus, Self::Category, Self::Month];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "product" => Self::Product,
            "supplier" => Self::Supplier,
            "department" => Self::Department,
            "campus" => Self::Campus,
            "category" => Self::Category,
            "month" => Self::Month,
            _ => return None,
        })
    }

    /// The tallies that it is summed from, under one of their keys.
    pub(super) const fn scope(self, key: i64) -> Scope {
        match self {
            Self::Product => Scope::Product(key),
            Self::Supplier => Scope::Supplier(key),
            Self::Department | Self::Campus => Scope::Department(key),
            // Every line has one category, and there are few.
            Self::Category | Self::Month => Scope::Category(key),
        }
    }
}

/// What statistics stand on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// How often the mirror had changed.
    changes: u64,
    by: By,
    /// First and last, as year * 12 + month.
    months: (i64, i64),
    /// Where purchases are told apart by them.
    campuses: Vec<Campus>,
}

impl Question {
    pub(super) fn read(conn: &Connection, by: By, months: (i64, i64)) -> StoreResult<Self> {
        let campuses = if by == By::Campus { campus::list(conn)? } else { Vec::new() };
        Ok(Self { changes: sync_state::changes(conn)?, by, months, campuses })
    }

    /// The campuses of the departments by their place in the list, from 1. A campus is its departments; those that belong to none
    /// stand together.
    fn campus_keys(&self, conn: &Connection) -> StoreResult<HashMap<i64, i64>> {
        let departments = campus::department_keys(conn)?;
        let placed = (1..).zip(&self.campuses);
        let keys = placed.flat_map(|(place, campus)| {
            campus.departments.iter().filter_map(|name| departments.get(name)).map(move |key| (*key, place))
        });
        Ok(keys.collect())
    }
}

/// What was purchased under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    pub(super) key: i64,
    pub(super) lines: i64,
    pub(super) amount: Amount,
    /// In the same months of the year before.
    pub(super) year_before: Amount,
}

/// The answer to a question: 32 bytes for each product, supplier and so on.
#[derive(Debug)]
pub(super) struct Statistics {
    pub(super) question: Question,
    /// The largest amounts first; months in their order.
    pub(super) rows: Vec<Sum>,
    pub(super) lines: i64,
    pub(super) amount: Amount,
}

impl Statistics {
    pub(super) fn sum(conn: &Connection, question: Question) -> StoreResult<Self> {
        let Question { by, months: (from, to), .. } = question;
        let campuses = if by == By::Campus { question.campus_keys(conn)? } else { HashMap::new() };
        let key_of = |month: i64, key: i64| match by {
            By::Month => month,
            By::Campus => campuses.get(&key).copied().unwrap_or_default(),
            By::Product | By::Supplier | By::Department | By::Category => key,
        };
        let mut sums: HashMap<i64, Sum> = HashMap::new();
        let scope = by.scope(0);
        indicator::each_purchase(conn, scope, (from, to), |row| {
            let key = key_of(row.month, row.key);
            let sum = sums.entry(key).or_insert_with(|| Sum { key, ..Sum::default() });
            sum.lines += row.lines;
            sum.amount = sum.amount.checked_add(row.amount).unwrap_or(sum.amount);
        })?;
        indicator::each_purchase(conn, scope, (from - 12, to - 12), |row| {
            if let Some(sum) = sums.get_mut(&key_of(row.month + 12, row.key)) {
                sum.year_before = sum.year_before.checked_add(row.amount).unwrap_or(sum.year_before);
            }
        })?;
        let mut rows: Vec<Sum> = sums.into_values().collect();
        rows.sort_unstable_by_key(|row| {
            let by_amount = if by == By::Month { Amount::ZERO } else { row.amount };
            (std::cmp::Reverse(by_amount), row.key)
        });
        Ok(Self {
            lines: rows.iter().map(|row| row.lines).sum(),
            amount: rows.iter().map(|row| row.amount).sum(),
            question,
            rows,
        })
    }

    /// What a row is called.
    pub(super) fn name(&self, conn: &Connection, row: &Sum) -> StoreResult<String> {
        let Question { by, ref campuses, .. } = self.question;
        match by {
            By::Month => Ok(format!("{:04}-{:02}", row.key.div_euclid(12), row.key.rem_euclid(12) + 1)),
            By::Campus => {
                let place = usize::try_from(row.key - 1).ok();
                let campus = place.and_then(|place| campuses.get(place));
                Ok(campus.map_or_else(|| "未归入院区".to_owned(), |campus| campus.name.clone()))
            }
            By::Product | By::Supplier | By::Department | By::Category => {
                indicator::name_of(conn, by.scope(row.key))
            }
        }
    }
}
