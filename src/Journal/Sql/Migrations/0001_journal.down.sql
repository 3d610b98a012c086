DROP TABLE idempotency_keys;
DROP TABLE entry_tags;
DROP TABLE entries;
DROP TABLE journals;
