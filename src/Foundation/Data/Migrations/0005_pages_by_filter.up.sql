-- For those who look: what an administrator filters by is found by it, however long the table has grown.
CREATE INDEX audit_log_action ON audit_log (action, at, number);

CREATE INDEX jobs_by_kind ON jobs (kind, id);
