-- Modules that came before this table moved here have it already, in this shape.
CREATE TABLE IF NOT EXISTS outbox (
    id           uuid PRIMARY KEY,
    type         text NOT NULL,
    aggregate_id text NOT NULL,
    payload      text NOT NULL,
    occurred_at  timestamptz NOT NULL,
    sent_at      timestamptz
);

DROP INDEX IF EXISTS outbox_unsent;

-- What each consumer has had. The event itself is kept only while it waits for another attempt or is a dead letter.
CREATE TABLE inbox (
    consumer       text NOT NULL,
    event_id       uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('done', 'waiting', 'dead')),
    -- That failed.
    attempts       integer NOT NULL,
    received_at    timestamptz NOT NULL,
    -- Done, or given up.
    handled_at     timestamptz,
    next_at        timestamptz,
    -- UUIDv7 of the time it was given up: names the dead letter, and orders them.
    dead_letter_id uuid,
    type           text,
    aggregate_id   text,
    occurred_at    timestamptz,
    payload        text,
    error          text,
    PRIMARY KEY (consumer, event_id),
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (handled_at IS NULL)),
    CHECK ((state = 'dead') = (dead_letter_id IS NOT NULL)),
    CHECK ((state = 'done') = (payload IS NULL))
);

CREATE INDEX inbox_waiting ON inbox (consumer, next_at) WHERE state = 'waiting';

CREATE UNIQUE INDEX inbox_dead ON inbox (dead_letter_id) WHERE state = 'dead';
