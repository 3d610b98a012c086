-- What happened, one row after another: each holds the hash of the one before it, so that a changed or missing row
-- shows. Where the chain ends stands apart, so that a cut tail shows too, and two writers cannot both be next.
CREATE TABLE audit_log (
    number         bigint PRIMARY KEY,
    at             timestamptz NOT NULL,
    actor          uuid,
    actor_kind     text NOT NULL CHECK (actor_kind IN ('user', 'system', 'command')),
    request_id     text,
    client_address text,
    action         text NOT NULL,
    object         text NOT NULL,
    before         text,
    after          text,
    previous_hash  text NOT NULL,
    hash           text NOT NULL
);

CREATE INDEX audit_log_at ON audit_log (at, number);
CREATE INDEX audit_log_actor ON audit_log (actor, at, number);
CREATE INDEX audit_log_object ON audit_log (object, at, number);

CREATE TABLE audit_head (
    one    integer PRIMARY KEY CHECK (one = 1),
    number bigint NOT NULL,
    hash   text NOT NULL
);

INSERT INTO audit_head (one, number, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
