-- The air gap: bundles that left this profile, and those that came back.

-- What the institution's computers share; seals bundles. Given by the platform.
CREATE TABLE exchange_key (
  id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE bundle_export (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, predecessor TEXT, made_at INTEGER NOT NULL, made_by TEXT NOT NULL,
  submissions INTEGER NOT NULL, cursor TEXT
) STRICT;

-- Which submissions a bundle carries, and whether they were waiting to be sent for the first time.
CREATE TABLE bundle_item (
  key TEXT NOT NULL, seq INTEGER NOT NULL, was_queued INTEGER NOT NULL, PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

-- The relays whose answers were taken in; one bundle may come back several times.
CREATE TABLE bundle_import (
  relay TEXT PRIMARY KEY, seq INTEGER NOT NULL, relayed_at INTEGER NOT NULL, taken_at INTEGER NOT NULL,
  submissions INTEGER NOT NULL, changes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_import_taken ON bundle_import(taken_at);
