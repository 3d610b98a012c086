-- So that those whose time is over are found without looking at the others.
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
