-- What indicators are summed from: kept in the transaction that brings the records, so that evaluating costs the same at
-- any size. sunbench_domain::policy says what each number of a measure, scope and lag means.

-- Varieties, categories and departments by number. kind: 1 variety, 2 category, 3 department.
CREATE TABLE tally_name (
  key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name)
) STRICT;

CREATE TABLE tally_day (
  measure INTEGER NOT NULL, scope INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,
  day INTEGER NOT NULL,          -- Shanghai days since 1970
  lag INTEGER NOT NULL, n INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (measure, scope, a, b, day, lag)
) STRICT, WITHOUT ROWID;
-- The same by month, so that a long window reads few rows.
CREATE TABLE tally_month (
  measure INTEGER NOT NULL, scope INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,
  month INTEGER NOT NULL,        -- year * 12 + month, January being 0
  n INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (measure, scope, a, b, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_month_period ON tally_month(measure, scope, month, a, n, sum);

-- Which edition of the counting the tallies are of; without a row they are to be counted anew.
CREATE TABLE tally_edition (edition INTEGER PRIMARY KEY) STRICT;

-- The steps of the price lists (价格表), by product: which price was listed when.
CREATE TABLE price_step (
  product_id TEXT NOT NULL, effective_at INTEGER NOT NULL, list_id TEXT NOT NULL,
  is_volume INTEGER NOT NULL, old_price INTEGER NOT NULL, price INTEGER NOT NULL,
  PRIMARY KEY (product_id, effective_at, list_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX price_step_list ON price_step(list_id);

-- What a person recorded to be left out of the assessment, with its reason and evidence. Taking one back marks it.
CREATE TABLE exemption (
  exemption INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, agreement_id TEXT, product_id TEXT, maker_id TEXT, variety TEXT,
  relief INTEGER NOT NULL, from_on TEXT NOT NULL, through_on TEXT NOT NULL,
  reason TEXT NOT NULL, evidence TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, recorded_by TEXT NOT NULL, undone_at INTEGER, undone_by TEXT
) STRICT;
