-- Seats at the platform that somebody signed out of, until the platform has been told to close them.
CREATE TABLE seat_to_close (
  app_key TEXT PRIMARY KEY, app_secret TEXT NOT NULL, sign_type TEXT NOT NULL,
  adapter TEXT NOT NULL, url TEXT NOT NULL,
  user TEXT NOT NULL,            -- whose it was
  left_at INTEGER NOT NULL       -- seconds since 1970 (UTC)
) STRICT, WITHOUT ROWID;

-- Seats that came with a restored backup: the computer that it was made on may have them too.
CREATE TABLE shared_seat (app_key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
