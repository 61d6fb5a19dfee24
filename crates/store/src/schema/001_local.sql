-- The local plane: what the hospital's people made. Sync never overwrites it.

-- The one connection, with this seat's credentials.
CREATE TABLE account (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  adapter TEXT NOT NULL, url TEXT NOT NULL, institution TEXT NOT NULL, institution_name TEXT NOT NULL,
  user TEXT NOT NULL, user_name TEXT NOT NULL, roles TEXT NOT NULL,
  app_key TEXT NOT NULL, app_secret TEXT NOT NULL, renewal_credential TEXT NOT NULL,
  platform TEXT NOT NULL, epoch TEXT NOT NULL, capabilities TEXT NOT NULL, connected_at INTEGER NOT NULL
) STRICT;

-- What people submitted and what became of it. Never deleted.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  document TEXT NOT NULL,        -- order is kept within one document
  body TEXT NOT NULL,            -- the payload, byte for byte the same at each attempt
  body_sha256 BLOB NOT NULL,
  base_ver INTEGER,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'refused', 'needs-decision', 'withdrawn')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  error_code TEXT, error_text TEXT,
  answer TEXT,                   -- the platform's last answer, whole
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL, sent_at INTEGER, settled_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox(seq) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_attention ON outbox(seq) WHERE state IN ('refused', 'needs-decision');
CREATE INDEX outbox_document ON outbox(document, seq);

CREATE TABLE outbox_attachment (
  key TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (key, sha256)
) STRICT, WITHOUT ROWID;

-- Files that people attached, by content.
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, content BLOB NOT NULL, added_at INTEGER NOT NULL
) STRICT;

-- The answer that is being written to one round of a notice.
CREATE TABLE reply_draft (
  notice_id TEXT NOT NULL, round INTEGER NOT NULL,
  cause TEXT NOT NULL, measures TEXT NOT NULL, finish_by_on TEXT, responsible TEXT NOT NULL,
  attachments TEXT NOT NULL,     -- JSON array of {sha256, name, size}
  edited_at INTEGER NOT NULL, edited_by TEXT NOT NULL,
  PRIMARY KEY (notice_id, round)
) STRICT, WITHOUT ROWID;

-- A person's own act of signing in or unlocking on a working day.
CREATE TABLE check_in_act (
  acted_on TEXT NOT NULL, user TEXT NOT NULL, acted_at INTEGER NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (acted_on, user)
) STRICT, WITHOUT ROWID;
