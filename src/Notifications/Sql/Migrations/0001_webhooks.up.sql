CREATE TABLE webhooks (
    id                    uuid PRIMARY KEY,
    user_id               uuid NOT NULL,
    -- No two of a user have the same: so there are never more than so many, whoever comes at once.
    slot                  integer NOT NULL,
    url                   text NOT NULL,
    -- Names and patterns with a space between.
    events                text NOT NULL,
    description           text,
    status                text NOT NULL,
    scope                 text NOT NULL,
    -- Sealed, both.
    secret                text NOT NULL,
    previous_secret       text,
    previous_secret_until timestamptz,
    failing_since         timestamptz,
    disabled_at           timestamptz,
    disabled_reason       text,
    created_at            timestamptz NOT NULL,
    UNIQUE (user_id, slot),
    CHECK (slot BETWEEN 1 AND 20),
    CHECK (status IN ('active', 'inactive')),
    CHECK (scope IN ('own', 'all')),
    CHECK (disabled_at IS NULL OR status = 'inactive')
);

-- Who gets everything: asked at each integration event.
CREATE INDEX webhooks_for_all ON webhooks (id) WHERE scope = 'all';

CREATE TABLE webhook_deliveries (
    id              uuid PRIMARY KEY,
    -- Without REFERENCES: the log of a webhook that was deleted is tidied away later, a batch at a time.
    webhook_id      uuid NOT NULL,
    message_id      uuid NOT NULL,
    type            text NOT NULL,
    body            text NOT NULL,
    status          text NOT NULL,
    -- One more each time it is sent again; what an attempt of an earlier round found does not count.
    round           integer NOT NULL,
    round_attempts  integer NOT NULL,
    attempts        integer NOT NULL,
    http_status     integer,
    latency_ms      integer,
    error           text,
    answer          text,
    created_at      timestamptz NOT NULL,
    attempted_at    timestamptz,
    next_attempt_at timestamptz,
    -- A message is one delivery to a webhook, however often it is heard of or sent again.
    UNIQUE (webhook_id, message_id),
    CHECK (status IN ('pending', 'delivered', 'failed')),
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);

CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, created_at, id);

CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook_id) WHERE status = 'pending';

CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
