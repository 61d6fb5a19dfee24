-- The people who work with this profile, each with the platform's credentials of his own. `account` holds those of the one
-- at work. Signed out, a person stays, without credentials.
CREATE TABLE person (
  user TEXT PRIMARY KEY,         -- the sign-in name at the platform
  name TEXT NOT NULL, roles TEXT NOT NULL,
  slot TEXT UNIQUE,              -- his passphrase's slot in keys.json
  app_key TEXT NOT NULL, app_secret TEXT NOT NULL, renewal_credential TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO person
SELECT user, user_name, roles, NULL, app_key, app_secret, renewal_credential, connected_at FROM account;

-- Each person's own draft of an answer.
CREATE TABLE reply_draft_own (
  notice_id TEXT NOT NULL, round INTEGER NOT NULL, edited_by TEXT NOT NULL,
  cause TEXT NOT NULL, measures TEXT NOT NULL, finish_by_on TEXT, responsible TEXT NOT NULL,
  attachments TEXT NOT NULL,     -- JSON array of {sha256, name, size}
  edited_at INTEGER NOT NULL,
  PRIMARY KEY (notice_id, round, edited_by)
) STRICT, WITHOUT ROWID;
INSERT INTO reply_draft_own
SELECT notice_id, round, edited_by, cause, measures, finish_by_on, responsible, attachments, edited_at FROM reply_draft;
DROP TABLE reply_draft;
ALTER TABLE reply_draft_own RENAME TO reply_draft;
