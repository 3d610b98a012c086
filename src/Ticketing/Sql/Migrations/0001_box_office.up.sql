CREATE TABLE events (
    id           uuid PRIMARY KEY,
    organizer_id uuid NOT NULL,
    slug         text NOT NULL UNIQUE,
    name         text NOT NULL,
    description  text,
    venue        text,
    start_at     timestamptz NOT NULL,
    end_at       timestamptz NOT NULL,
    time_zone    text NOT NULL,
    price        bigint NOT NULL,
    currency     text NOT NULL,
    status       text NOT NULL,
    version      integer NOT NULL,
    created_at   timestamptz NOT NULL,
    CHECK (end_at > start_at),
    CHECK (price >= 0),
    CHECK (status IN ('draft', 'published', 'cancelled'))
);

CREATE INDEX events_by_start ON events (status, start_at, id);

CREATE INDEX events_by_organizer ON events (organizer_id, start_at, id);

-- The promise of the house: no statement, from wherever it comes, can take a pool past its size.
CREATE TABLE pools (
    event_id uuid NOT NULL REFERENCES events (id),
    id       uuid NOT NULL,
    size     integer NOT NULL,
    held     integer NOT NULL,
    sold     integer NOT NULL,
    PRIMARY KEY (event_id, id),
    CHECK (held >= 0),
    CHECK (sold >= 0),
    CHECK (held + sold <= size)
);

CREATE TABLE bookings (
    event_id   uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    code       text NOT NULL,
    quantity   integer NOT NULL,
    total      bigint NOT NULL,
    currency   text NOT NULL,
    status     text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (event_id, id),
    UNIQUE (event_id, code),
    CHECK (quantity > 0),
    CHECK (status IN ('held', 'confirmed', 'cancelled', 'expired')),
    CHECK ((status = 'held') = (expires_at IS NOT NULL))
);

-- Ids are UUIDv7: their order is the order of time.
CREATE INDEX bookings_by_user ON bookings (user_id, id);

-- With the quantity, so that lapsed places are summed from the index alone.
CREATE INDEX bookings_held ON bookings (event_id, expires_at, quantity) WHERE status = 'held';

CREATE TABLE tickets (
    event_id   uuid NOT NULL,
    booking_id uuid NOT NULL,
    id         uuid NOT NULL,
    code       text NOT NULL,
    status     text NOT NULL,
    PRIMARY KEY (event_id, booking_id, id),
    CHECK (status IN ('valid', 'void'))
);

CREATE TABLE idempotency_keys (
    user_id      uuid NOT NULL,
    key          text NOT NULL,
    request_hash text NOT NULL,
    answer       text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE TABLE outbox (
    id           uuid PRIMARY KEY,
    type         text NOT NULL,
    aggregate_id text NOT NULL,
    payload      text NOT NULL,
    occurred_at  timestamptz NOT NULL,
    sent_at      timestamptz
);
