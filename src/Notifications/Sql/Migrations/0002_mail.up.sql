-- What mails and webhooks need to know of other modules, told by their integration events.
CREATE TABLE recipients (
    user_id  uuid PRIMARY KEY,
    email    text NOT NULL,
    name     text,
    language text,
    known_at timestamptz NOT NULL
);

CREATE TABLE known_events (
    event_id     uuid PRIMARY KEY,
    organizer_id uuid NOT NULL,
    name         text NOT NULL,
    slug         text NOT NULL,
    venue        text,
    start_at     timestamptz NOT NULL,
    end_at       timestamptz NOT NULL,
    time_zone    text NOT NULL,
    -- draft, published, cancelled; deleted where the event is no more.
    status       text NOT NULL,
    version      integer NOT NULL
);

CREATE TABLE known_bookings (
    booking_id uuid PRIMARY KEY,
    event_id   uuid NOT NULL,
    user_id    uuid NOT NULL,
    quantity   integer NOT NULL,
    status     text NOT NULL,
    -- When the change that is known was made: what happened before it and comes later is old.
    changed_at timestamptz NOT NULL
);

-- Whom to tell that an event changed, a batch of people at a time.
CREATE INDEX known_bookings_by_event ON known_bookings (event_id, status, user_id);

CREATE TABLE mails (
    id            uuid PRIMARY KEY,
    -- The fact, the recipient and the template: the same fact told twice makes one mail.
    dedupe_key    text NOT NULL UNIQUE,
    user_id       uuid,
    address       text NOT NULL,
    template      text NOT NULL,
    language      text NOT NULL,
    subject       text NOT NULL,
    model         text NOT NULL,
    state         text NOT NULL,
    attempts      integer NOT NULL,
    -- Set before the server is spoken to and cleared after: no other worker sends it meanwhile. Where it has passed,
    -- an attempt began and has no known end: the mail may have been delivered.
    sending_until timestamptz,
    error         text,
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    message_id    text NOT NULL,
    CHECK (state IN ('queued', 'sent', 'bounced', 'failed')),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

CREATE INDEX mails_unsent ON mails (created_at) WHERE state = 'queued';

CREATE INDEX mails_by_time ON mails (created_at, id);
