-- The hospital's items of its own ledger, linked to listed products by a person.
CREATE TABLE item_link (
  item TEXT PRIMARY KEY,         -- 院内编码, or name and specification where the ledger has none
  product_id TEXT NOT NULL,
  factor_num INTEGER NOT NULL CHECK (factor_num > 0), factor_den INTEGER NOT NULL CHECK (factor_den > 0),
  linked_at INTEGER NOT NULL, linked_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_line_item ON ledger_line(item, name, spec, unit, manufacturer, code);
