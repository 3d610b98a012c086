-- Where it is, for a map or a taxi.
ALTER TABLE events ADD COLUMN address text;
-- Buyers may cancel until then; until the event begins where it is null.
ALTER TABLE events ADD COLUMN cancel_until timestamptz;

-- Null: the event's own pool, which every ticket type draws on. There is one.
ALTER TABLE pools ADD COLUMN name text;
CREATE UNIQUE INDEX pools_own ON pools (event_id) WHERE name IS NULL;
CREATE UNIQUE INDEX pools_name ON pools (event_id, name) WHERE name IS NOT NULL;

CREATE TABLE ticket_types (
    event_id     uuid NOT NULL REFERENCES events (id),
    id           uuid NOT NULL,
    name         text NOT NULL,
    description  text,
    price        bigint NOT NULL,
    sale_from    timestamptz,
    sale_until   timestamptz,
    quantity_min integer NOT NULL,
    quantity_max integer NOT NULL,
    -- What one buyer may have of it in all.
    buyer_max    integer,
    position     integer NOT NULL,
    created_at   timestamptz NOT NULL,
    archived_at  timestamptz,
    PRIMARY KEY (event_id, id),
    CHECK (price >= 0),
    CHECK (quantity_min >= 1 AND quantity_max >= quantity_min),
    CHECK (buyer_max >= 1),
    CHECK (sale_until > sale_from)
);

-- A type draws on all of its pools for each place, the event's own among them. They never change: what was taken from
-- a pool is given back to the same.
CREATE TABLE ticket_type_pools (
    event_id       uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    pool_id        uuid NOT NULL,
    PRIMARY KEY (event_id, pool_id, ticket_type_id),
    FOREIGN KEY (event_id, ticket_type_id) REFERENCES ticket_types (event_id, id),
    FOREIGN KEY (event_id, pool_id) REFERENCES pools (event_id, id)
);

-- Who booked: of a guest the user_id is made from the address, and the secret opens the booking.
ALTER TABLE bookings ADD COLUMN email text;
ALTER TABLE bookings ADD COLUMN name text;
ALTER TABLE bookings ADD COLUMN secret_hash text;

CREATE TABLE booking_lines (
    event_id       uuid NOT NULL,
    booking_id     uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    quantity       integer NOT NULL,
    -- Of the quantity, those whose tickets were cancelled one by one.
    cancelled      integer NOT NULL DEFAULT 0,
    -- Of one place when it was booked.
    price          bigint NOT NULL,
    PRIMARY KEY (event_id, booking_id, ticket_type_id),
    CHECK (quantity > 0),
    CHECK (cancelled BETWEEN 0 AND quantity),
    CHECK (price >= 0)
);

-- For whether a type was ever booked.
CREATE INDEX booking_lines_by_type ON booking_lines (event_id, ticket_type_id);

-- For what one buyer has of an event, however much else they booked or cancelled.
CREATE INDEX bookings_live_of_buyer ON bookings (user_id, event_id) WHERE status IN ('held', 'confirmed');

ALTER TABLE tickets ADD COLUMN ticket_type_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';

-- Every event gets the one type it had without a name; an id nobody else can have is the event's.
INSERT INTO ticket_types (event_id, id, name, price, quantity_min, quantity_max, position, created_at)
SELECT id, id, 'Standard', price, 1, 100, 1, created_at
FROM events;

INSERT INTO ticket_type_pools (event_id, ticket_type_id, pool_id)
SELECT event_id, event_id, id
FROM pools;

INSERT INTO booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
SELECT event_id, id, event_id, quantity, total / quantity
FROM bookings;

UPDATE tickets SET ticket_type_id = event_id;
