-- Reconciliation: the hospital's own ledger, what people decided about it, the statements that they signed.
-- Money, prices and quantities are integers of 1/10,000; *_at are seconds since 1970 (UTC); *_on are yyyy-MM-dd.

-- What the headings of a file mean: confirmed once, remembered by name.
CREATE TABLE import_profile (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,            -- JSON {sheet, headings: [[heading, field or null]]}
  edited_at INTEGER NOT NULL, edited_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One import of a file; undone as a whole or not at all.
CREATE TABLE ledger_batch (
  batch INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name TEXT NOT NULL, file_sha256 TEXT NOT NULL, profile TEXT NOT NULL,
  line_count INTEGER NOT NULL, accepted INTEGER NOT NULL, added INTEGER NOT NULL, refused INTEGER NOT NULL,
  from_on TEXT, to_on TEXT,
  problems TEXT NOT NULL,        -- JSON array of what could not be read
  imported_at INTEGER NOT NULL, imported_by TEXT NOT NULL,
  undone_at INTEGER, undone_by TEXT
) STRICT;
CREATE INDEX ledger_batch_file ON ledger_batch(file_sha256);

-- A line of the ledger. Equal lines of one file are told apart by their ordinal, so that they stay as many as they are.
CREATE TABLE ledger_line (
  key INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16), ordinal INTEGER NOT NULL,
  month INTEGER NOT NULL,        -- 202610: of its date, or as was said at the import
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'return')),
  dated_on TEXT, order_code TEXT NOT NULL, order_line TEXT NOT NULL, delivery TEXT NOT NULL, delivery_line TEXT NOT NULL,
  invoice TEXT NOT NULL, code TEXT NOT NULL, udi TEXT NOT NULL, item TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL,
  manufacturer TEXT NOT NULL, supplier TEXT NOT NULL, lot TEXT NOT NULL, serial TEXT NOT NULL, expires_on TEXT,
  quantity INTEGER NOT NULL, unit TEXT NOT NULL, price INTEGER, amount INTEGER,
  UNIQUE (fingerprint, ordinal)
) STRICT;
CREATE INDEX ledger_line_month ON ledger_line(month);

-- Which imports hold a line: it goes when the last of them is undone.
CREATE TABLE ledger_source (
  line_key INTEGER NOT NULL, batch INTEGER NOT NULL, sheet_row INTEGER NOT NULL, PRIMARY KEY (line_key, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_source_batch ON ledger_source(batch);

-- What people decided, one row for each of their actions. Taking one back marks it; nothing is deleted.
CREATE TABLE reconcile_decision (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  period TEXT NOT NULL,          -- yyyy-MM
  body TEXT NOT NULL,            -- JSON; lines are named by the platform's document or by fingerprint and ordinal
  decided_at INTEGER NOT NULL, decided_by TEXT NOT NULL,
  undone_at INTEGER, undone_by TEXT
) STRICT;
CREATE INDEX reconcile_decision_period ON reconcile_decision(period, seq);

-- What is the same under two names, and how many of one unit make another: confirmed by a person.
CREATE TABLE known_alias (
  kind TEXT NOT NULL CHECK (kind IN ('supplier', 'product')),
  platform TEXT NOT NULL, ledger TEXT NOT NULL, added_at INTEGER NOT NULL, added_by TEXT NOT NULL,
  PRIMARY KEY (kind, ledger, platform)
) STRICT, WITHOUT ROWID;
CREATE TABLE known_factor (
  code TEXT NOT NULL, unit TEXT NOT NULL, of_unit TEXT NOT NULL, per INTEGER NOT NULL CHECK (per > 0),
  added_at INTEGER NOT NULL, added_by TEXT NOT NULL,
  PRIMARY KEY (code, unit, of_unit)
) STRICT, WITHOUT ROWID;

-- A month as it was computed last, for the list of months; worth nothing but time.
CREATE TABLE reconcile_summary (
  period TEXT PRIMARY KEY, digest TEXT NOT NULL, body TEXT NOT NULL, computed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Signed statements, whole: nothing that comes later changes them.
CREATE TABLE statement (
  period TEXT PRIMARY KEY,
  body TEXT NOT NULL,            -- JSON: the summary, both sides' lines, what was found and decided
  digest TEXT NOT NULL,          -- SHA-256 of the body
  note TEXT NOT NULL,
  signed_at INTEGER NOT NULL, signed_by TEXT NOT NULL, signed_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE statement_line (
  line TEXT NOT NULL, period TEXT NOT NULL,
  is_paired INTEGER NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (line, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_line_period ON statement_line(period, line);

CREATE TRIGGER statement_is_kept BEFORE DELETE ON statement
BEGIN SELECT RAISE(ABORT, 'a signed statement is kept'); END;
CREATE TRIGGER statement_is_final BEFORE UPDATE ON statement
BEGIN SELECT RAISE(ABORT, 'a signed statement is final'); END;
CREATE TRIGGER statement_line_is_kept BEFORE DELETE ON statement_line
BEGIN SELECT RAISE(ABORT, 'a signed statement is kept'); END;
CREATE TRIGGER statement_line_is_final BEFORE UPDATE ON statement_line
BEGIN SELECT RAISE(ABORT, 'a signed statement is final'); END;
