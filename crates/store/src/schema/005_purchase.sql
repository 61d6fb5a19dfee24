-- Step 5, what the purchase cycle keeps beside the platform's records.

-- What an earlier version did not know was kept as `extra`.
ALTER TABLE receipt ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';      -- JSON array of {sha256, name, size}
UPDATE receipt SET attachments = json_extract(extra, '$.attachments'),
  extra = nullif(json_remove(extra, '$.attachments'), '{}')
  WHERE extra IS NOT NULL AND json_type(extra, '$.attachments') = 'array';
ALTER TABLE product ADD COLUMN price_cap INTEGER;
ALTER TABLE product ADD COLUMN assembled_from TEXT NOT NULL DEFAULT '[]';   -- JSON array of product ids
UPDATE product SET price_cap = CAST(round(CAST(json_extract(extra, '$.priceCap') AS REAL) * 10000) AS INTEGER),
  assembled_from = coalesce(json_extract(extra, '$.assembledFrom'), '[]'),
  extra = nullif(json_remove(extra, '$.priceCap', '$.assembledFrom'), '{}')
  WHERE extra IS NOT NULL
    AND (json_type(extra, '$.priceCap') = 'text' OR json_type(extra, '$.assembledFrom') = 'array');

-- 订单模板: an order that is written again and again.
CREATE TABLE order_template (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,            -- JSON, as an order that is being written
  saved_at INTEGER NOT NULL, saved_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- 科室申请: what a department asks for, until it is ordered.
CREATE TABLE department_request (
  id TEXT PRIMARY KEY,
  dept TEXT NOT NULL,
  item TEXT NOT NULL,            -- what is asked for, as it was written
  product_id TEXT,               -- the listed product that it is
  quantity INTEGER NOT NULL CHECK (quantity > 0), unit TEXT NOT NULL,
  needed_by_on TEXT, note TEXT NOT NULL,
  entered_at INTEGER NOT NULL, entered_by TEXT NOT NULL,
  order_id TEXT, own_key TEXT    -- the order that was sent for it, and the hospital's own key of its line
) STRICT, WITHOUT ROWID;
CREATE INDEX department_request_own_key ON department_request(own_key) WHERE own_key IS NOT NULL;

-- 院间调剂: goods lent or given from one hospital to another. No purchase: counted nowhere.
CREATE TABLE transfer (
  id TEXT PRIMARY KEY,
  incoming INTEGER NOT NULL,     -- 1 to this hospital, 0 from it
  other TEXT NOT NULL,           -- the other hospital
  product_id TEXT, name TEXT NOT NULL, spec TEXT NOT NULL, unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0), lot TEXT NOT NULL, expires_on TEXT,
  reason TEXT NOT NULL, moved_on TEXT NOT NULL, handled_by TEXT NOT NULL,
  attachments TEXT NOT NULL,     -- JSON array of {sha256, name, size}
  recorded_at INTEGER NOT NULL, recorded_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_moved ON transfer(moved_on);
