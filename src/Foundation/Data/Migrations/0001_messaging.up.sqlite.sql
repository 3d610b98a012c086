-- Every index of SQLite ends with the rowid, which is the order of insertion.
CREATE INDEX outbox_waiting ON outbox (sent_at) WHERE sent_at IS NULL;
