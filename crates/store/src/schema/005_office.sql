-- Step 5, the office: second persons, deputies, campuses.

-- Which submission kinds a second person reviews (双人复核). What waits already keeps to the rule of its day.
CREATE TABLE review_rule (
  kind TEXT PRIMARY KEY, required_since INTEGER NOT NULL, required_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The outbox with two states more, and with what a second person and a deputy add. A CHECK is not changed in place.
CREATE TABLE outbox_now (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  document TEXT NOT NULL,        -- order is kept within one document
  body TEXT NOT NULL,            -- the payload, byte for byte the same at each attempt
  body_sha256 BLOB NOT NULL,
  base_ver INTEGER,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'refused', 'needs-decision', 'withdrawn',
    'awaiting-review', 'returned')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  error_code TEXT, error_text TEXT,
  answer TEXT,                   -- the platform's last answer, whole
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL, sent_at INTEGER, settled_at INTEGER,
  on_behalf_of TEXT,             -- 代: who was away, whose area it is
  reviewer TEXT, reviewed_at INTEGER,
  also_by TEXT,                  -- who may send it besides its maker: the second person, where his own role allows the kind
  review_reason TEXT,            -- why the second person returned it
  -- After a restore: approved and sent since the backup, perhaps. The platform is asked before anything else.
  may_have_left INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO outbox_now (seq, key, kind, document, body, body_sha256, base_ver, state, attempts, not_before, error_code,
  error_text, answer, actor, created_at, sent_at, settled_at)
SELECT seq, key, kind, document, body, body_sha256, base_ver, state, attempts, not_before, error_code,
  error_text, answer, actor, created_at, sent_at, settled_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_now RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox(seq) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_attention ON outbox(seq) WHERE state IN ('refused', 'needs-decision');
CREATE INDEX outbox_review ON outbox(seq) WHERE state IN ('awaiting-review', 'returned');
CREATE INDEX outbox_document ON outbox(document, seq);

-- 岗位分工: who answers for an area (A岗), and who while he is away (B岗).
CREATE TABLE duty (
  area TEXT PRIMARY KEY, a_user TEXT, b_user TEXT
) STRICT, WITHOUT ROWID;

-- 外出: from one date to another, both included.
CREATE TABLE absence (
  id INTEGER PRIMARY KEY,
  user TEXT NOT NULL, from_on TEXT NOT NULL, through_on TEXT NOT NULL CHECK (through_on >= from_on),
  note TEXT NOT NULL
) STRICT;

-- 院区, with the departments whose orders belong to it.
CREATE TABLE campus (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE campus_department (
  department TEXT PRIMARY KEY, campus_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- The orders of a department, newest first.
CREATE INDEX purchase_order_dept ON purchase_order(dept, submit_at);
