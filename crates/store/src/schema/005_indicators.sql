-- Step 5, indicators.

-- A recount of the tallies that is under way: the highest keys of order lines and deliveries that it has come to, and how many.
CREATE TABLE tally_recount (
  edition INTEGER PRIMARY KEY, line_key INTEGER NOT NULL, delivery_key INTEGER NOT NULL, done INTEGER NOT NULL
) STRICT;
