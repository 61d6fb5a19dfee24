-- The mirror: what the platform says. Only sync writes it, and it can be pulled again at any time.
-- Money, prices and quantities are integers of 1/10,000; *_at are seconds since 1970 (UTC); *_on are yyyy-MM-dd.
-- ver 0 is a stub: referred to, not yet received. hash is the record's fingerprint.

CREATE TABLE org (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL DEFAULT 0, hash BLOB, extra TEXT,
  kind TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', uscc TEXT, contact TEXT, phone TEXT
) STRICT;

CREATE TABLE product (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL DEFAULT 0, hash BLOB, extra TEXT,
  name TEXT NOT NULL DEFAULT '', spec TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '',
  mcs_code TEXT, udi_di TEXT, unit TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '',
  maker_key INTEGER, reg_no TEXT NOT NULL DEFAULT '', reg_expires_on TEXT,
  purchase_type TEXT NOT NULL DEFAULT '', selected INTEGER NOT NULL DEFAULT 0,
  price INTEGER NOT NULL DEFAULT 0, raw_state TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE hosp_item (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB, extra TEXT,
  code TEXT NOT NULL, name TEXT NOT NULL, product_key INTEGER NOT NULL, unit TEXT NOT NULL,
  factor_num INTEGER NOT NULL, factor_den INTEGER NOT NULL
) STRICT;
CREATE INDEX hosp_item_product ON hosp_item(product_key);

CREATE TABLE agreement (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB, extra TEXT,
  batch TEXT NOT NULL, variety TEXT NOT NULL, product_key INTEGER NOT NULL,
  maker_key INTEGER NOT NULL, supplier_key INTEGER NOT NULL, unit TEXT NOT NULL,
  agreed INTEGER NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT NOT NULL, sign_by_on TEXT NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL
) STRICT;

CREATE TABLE purchase_order (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL DEFAULT 0, hash BLOB, extra TEXT,
  code TEXT NOT NULL DEFAULT '' COLLATE NOCASE, kind TEXT NOT NULL DEFAULT '', dept TEXT NOT NULL DEFAULT '',
  operator TEXT NOT NULL DEFAULT '', submit_at INTEGER NOT NULL DEFAULT 0,
  line_count INTEGER NOT NULL DEFAULT 0, amount INTEGER NOT NULL DEFAULT 0, remarks TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX purchase_order_code ON purchase_order(code);
CREATE INDEX purchase_order_submit ON purchase_order(submit_at);

CREATE TABLE order_line (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  order_key INTEGER NOT NULL, line_no INTEGER NOT NULL,
  product_key INTEGER NOT NULL, maker_key INTEGER NOT NULL, supplier_key INTEGER NOT NULL,
  unit TEXT NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, amount INTEGER NOT NULL,
  kind TEXT NOT NULL, raw_state TEXT NOT NULL, state_text TEXT NOT NULL,
  state TEXT NOT NULL,           -- canonical, or '' where this version does not know the raw code
  late INTEGER NOT NULL,         -- the platform says so (未及时配送)
  submit_at INTEGER NOT NULL, response_at INTEGER, delivery_due_at INTEGER,
  delivered INTEGER NOT NULL, received INTEGER NOT NULL, returned INTEGER NOT NULL,
  urgent INTEGER NOT NULL, agreement_id TEXT, own_key TEXT
) STRICT;
CREATE INDEX order_line_submit ON order_line(submit_at);
CREATE INDEX order_line_order ON order_line(order_key);
CREATE INDEX order_line_product ON order_line(product_key, submit_at);
CREATE INDEX order_line_supplier ON order_line(supplier_key, submit_at);
CREATE INDEX order_line_state ON order_line(state, submit_at);
-- The lines whose delivery clock runs.
CREATE INDEX order_line_clock ON order_line(delivery_due_at)
  WHERE delivery_due_at IS NOT NULL AND state IN ('SUBMITTED', 'ACCEPTED');
CREATE INDEX order_line_agreement ON order_line(agreement_id) WHERE agreement_id IS NOT NULL;

CREATE TABLE delivery (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  code TEXT NOT NULL, order_id TEXT, supplier_key INTEGER NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL,
  shipped_at INTEGER NOT NULL, arrived_at INTEGER, carrier TEXT NOT NULL, express_no TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_shipped ON delivery(shipped_at);
CREATE INDEX delivery_open ON delivery(shipped_at) WHERE state IN ('WAITING', 'CONFIRMED', 'ACCEPTING');
CREATE TABLE delivery_line (
  delivery_key INTEGER NOT NULL, pos INTEGER NOT NULL,
  id TEXT NOT NULL, order_line_id TEXT, product_key INTEGER NOT NULL, quantity INTEGER NOT NULL,
  lot TEXT NOT NULL, made_on TEXT, expires_on TEXT, udi TEXT NOT NULL,
  PRIMARY KEY (delivery_key, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_line_order ON delivery_line(order_line_id) WHERE order_line_id IS NOT NULL;

CREATE TABLE receipt (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  code TEXT NOT NULL, delivery_id TEXT NOT NULL, supplier_key INTEGER NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL,
  received_at INTEGER NOT NULL, operator TEXT NOT NULL
) STRICT;
CREATE INDEX receipt_received ON receipt(received_at);
CREATE INDEX receipt_delivery ON receipt(delivery_id);
CREATE INDEX receipt_open ON receipt(received_at) WHERE state = 'PRE_ACCEPTED';
CREATE TABLE receipt_line (
  receipt_key INTEGER NOT NULL, pos INTEGER NOT NULL,
  id TEXT NOT NULL, delivery_line_id TEXT NOT NULL, order_line_id TEXT,
  received INTEGER NOT NULL, rejected INTEGER NOT NULL, reject_reason TEXT NOT NULL,
  lot TEXT NOT NULL, expires_on TEXT, udi TEXT NOT NULL,
  PRIMARY KEY (receipt_key, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_line_order ON receipt_line(order_line_id) WHERE order_line_id IS NOT NULL;

CREATE TABLE goods_return (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  code TEXT NOT NULL, kind TEXT NOT NULL, supplier_key INTEGER NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL,
  returned_at INTEGER NOT NULL, reason TEXT NOT NULL, amount INTEGER NOT NULL
) STRICT;
CREATE INDEX goods_return_at ON goods_return(returned_at);
CREATE TABLE return_line (
  return_key INTEGER NOT NULL, pos INTEGER NOT NULL,
  id TEXT NOT NULL, order_line_id TEXT NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL, lot TEXT NOT NULL,
  PRIMARY KEY (return_key, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX return_line_order ON return_line(order_line_id);

CREATE TABLE invoice (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  number TEXT NOT NULL, kind TEXT NOT NULL, supplier_key INTEGER NOT NULL, invoiced_on TEXT NOT NULL,
  amount INTEGER NOT NULL, tax INTEGER NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL,
  red_of TEXT, upstream_number TEXT NOT NULL
) STRICT;
CREATE INDEX invoice_on ON invoice(invoiced_on);
CREATE INDEX invoice_number ON invoice(number);
CREATE INDEX invoice_open ON invoice(invoiced_on) WHERE state IN ('DRAFT', 'WAITING');
CREATE TABLE invoice_line (
  invoice_key INTEGER NOT NULL, pos INTEGER NOT NULL,
  id TEXT NOT NULL, order_line_id TEXT NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (invoice_key, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_line_order ON invoice_line(order_line_id);

CREATE TABLE settlement (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  code TEXT NOT NULL, kind TEXT NOT NULL, supplier_key INTEGER NOT NULL, period TEXT NOT NULL,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL,
  amount INTEGER NOT NULL, due_on TEXT NOT NULL, paid_at INTEGER, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX settlement_created ON settlement(created_at);
CREATE INDEX settlement_open ON settlement(due_on) WHERE state <> 'PAID';
CREATE TABLE settlement_invoice (
  settlement_key INTEGER NOT NULL, pos INTEGER NOT NULL, invoice_id TEXT NOT NULL,
  PRIMARY KEY (settlement_key, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_invoice_id ON settlement_invoice(invoice_id);

CREATE TABLE notice (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  code TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, level TEXT NOT NULL, indicator_id TEXT,
  rule_name TEXT NOT NULL, clause TEXT NOT NULL, issuer TEXT NOT NULL,
  issued_at INTEGER NOT NULL, reply_working_days INTEGER NOT NULL, stated_due_at INTEGER,
  raw_state TEXT NOT NULL, state_text TEXT NOT NULL, state TEXT NOT NULL, round INTEGER NOT NULL,
  signed_at INTEGER, signed_by TEXT, returned_at INTEGER, return_reason TEXT NOT NULL, closed_at INTEGER,
  evidence TEXT NOT NULL         -- JSON array of {label, value, orderDetailId?}
) STRICT;
CREATE INDEX notice_issued ON notice(issued_at);
CREATE INDEX notice_open ON notice(issued_at) WHERE state IN ('ISSUED', 'SIGNED', 'RECTIFYING', 'RETURNED', '');

CREATE TABLE notice_reply (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  notice_id TEXT NOT NULL, round INTEGER NOT NULL, cause TEXT NOT NULL, measures TEXT NOT NULL,
  finish_by_on TEXT, responsible TEXT NOT NULL, attachments TEXT NOT NULL, operator TEXT NOT NULL,
  submitted_at INTEGER NOT NULL, client_key TEXT NOT NULL
) STRICT;
CREATE INDEX notice_reply_notice ON notice_reply(notice_id, round);

CREATE TABLE check_in (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, ver INTEGER NOT NULL, hash BLOB NOT NULL, extra TEXT,
  operator TEXT NOT NULL, checked_on TEXT NOT NULL, checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX check_in_on ON check_in(checked_on, operator);

-- Records that have no screen of their own yet, whole; and those of resources that this version does not know.
CREATE TABLE document (
  resource TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL, hash BLOB NOT NULL,
  updated_at INTEGER NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (resource, id)
) STRICT, WITHOUT ROWID;

-- Deleted records, so that a late page of a snapshot cannot bring one back.
CREATE TABLE tombstone (
  resource TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL,
  PRIMARY KEY (resource, id)
) STRICT, WITHOUT ROWID;

-- The tail of a page that ends inside a document waits here for the rest.
CREATE TABLE staging (
  seq INTEGER PRIMARY KEY, item TEXT NOT NULL
) STRICT;

-- While the mirror is rebuilt: the records that have not arrived again yet.
CREATE TABLE stale (
  resource TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL,
  PRIMARY KEY (resource, id)
) STRICT, WITHOUT ROWID;

-- Bad records, whole, with the reason; tried again after an update of the program.
CREATE TABLE quarantine (
  resource TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL,
  field TEXT NOT NULL, reason TEXT NOT NULL, item TEXT NOT NULL, seen_at INTEGER NOT NULL,
  PRIMARY KEY (resource, id)
) STRICT, WITHOUT ROWID;

-- Where sync stands: cursor, parts, clock offset, last run. One JSON value per key.
CREATE TABLE sync_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Counted in the transaction that brings the records, so that opening a room costs the same at any size.
CREATE TABLE tally_resource (resource TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tally_line (
  day INTEGER NOT NULL,          -- Shanghai days since 1970
  state TEXT NOT NULL, n INTEGER NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (day, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_product (product_key INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;
CREATE TABLE tally_supplier (supplier_key INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;

-- Names split into single characters; rowid = dimension's key * 4 + its kind.
CREATE VIRTUAL TABLE name_index USING fts5(
  name, pinyin, initials, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0", detail = full
);
CREATE TABLE code_index (
  code TEXT NOT NULL, kind INTEGER NOT NULL, key INTEGER NOT NULL,
  PRIMARY KEY (code, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX code_index_owner ON code_index(kind, key);
