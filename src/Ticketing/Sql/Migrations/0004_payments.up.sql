CREATE TABLE payments (
    event_id   uuid NOT NULL,
    id         uuid NOT NULL,
    booking_id uuid NOT NULL,
    provider   text NOT NULL,
    amount     bigint NOT NULL,
    currency   text NOT NULL,
    status     text NOT NULL,
    -- The provider's word for it.
    reference  text,
    created_at timestamptz NOT NULL,
    -- When the hold ends that it was begun in.
    expires_at timestamptz NOT NULL,
    settled_at timestamptz,
    -- When the provider is asked what became of it, should it not say so itself.
    look_at    timestamptz NOT NULL,
    PRIMARY KEY (event_id, id),
    FOREIGN KEY (event_id, booking_id) REFERENCES bookings (event_id, id),
    CHECK (amount > 0),
    CHECK (status IN ('pending', 'succeeded', 'failed')),
    CHECK ((status = 'pending') = (settled_at IS NULL))
);

-- One at a time: whoever begins another gets the one that is pending.
CREATE UNIQUE INDEX payments_pending ON payments (event_id, booking_id) WHERE status = 'pending';
CREATE INDEX payments_of_booking ON payments (event_id, booking_id);

-- Providers know a payment by its id alone.
CREATE UNIQUE INDEX payments_by_id ON payments (id);
CREATE INDEX payments_to_look_at ON payments (look_at) WHERE status = 'pending';

CREATE TABLE refunds (
    event_id   uuid NOT NULL,
    id         uuid NOT NULL,
    booking_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount     bigint NOT NULL,
    created_at timestamptz NOT NULL,
    -- Due until then.
    done_at    timestamptz,
    PRIMARY KEY (event_id, id),
    FOREIGN KEY (event_id, payment_id) REFERENCES payments (event_id, id),
    CHECK (amount > 0)
);

CREATE INDEX refunds_of_booking ON refunds (event_id, booking_id);
CREATE INDEX refunds_due ON refunds (created_at) WHERE done_at IS NULL;

-- What a provider has said: the same twice has its effect once.
CREATE TABLE payment_callbacks (
    provider    text NOT NULL,
    id          text NOT NULL,
    event_id    uuid NOT NULL,
    payment_id  uuid NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, id)
);

CREATE INDEX payment_callbacks_by_age ON payment_callbacks (received_at);

-- Guests know a booking by its id alone.
CREATE UNIQUE INDEX bookings_of_guests ON bookings (id) WHERE secret_hash IS NOT NULL;
