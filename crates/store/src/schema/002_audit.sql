-- "What did we send on that day, and about this notice?" without reading the whole log.
CREATE INDEX audit_log_at ON audit_log(at);
CREATE INDEX audit_log_subject ON audit_log(subject);
