-- Modules that came before this table moved here have it already, in this shape.
CREATE TABLE IF NOT EXISTS outbox (
    id           uuid PRIMARY KEY,
    type         text NOT NULL,
    aggregate_id text NOT NULL,
    payload      text NOT NULL,
    occurred_at  timestamptz NOT NULL,
    sent_at      timestamptz
);
