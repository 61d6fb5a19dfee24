-- The purchase cycle: what a person is still writing, and what documents say since.

-- A document that is being written: everybody has his own. Kept until it is submitted; the submission then holds what was
-- written, whatever becomes of it.
CREATE TABLE draft (
  document TEXT NOT NULL,        -- as in the outbox, such as delivery:123 or order:<uuid>
  edited_by TEXT NOT NULL,
  body TEXT NOT NULL,            -- JSON
  edited_at INTEGER NOT NULL,
  PRIMARY KEY (document, edited_by)
) STRICT, WITHOUT ROWID;

ALTER TABLE agreement ADD COLUMN signed_at INTEGER;
ALTER TABLE agreement ADD COLUMN dispute_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE goods_return ADD COLUMN refuse_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE invoice ADD COLUMN refuse_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE settlement ADD COLUMN dispute_reason TEXT NOT NULL DEFAULT '';
