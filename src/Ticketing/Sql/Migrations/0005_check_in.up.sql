-- The keys of ticket codes. The highest number signs; of two instances that make one at once, one does.
CREATE TABLE ticket_keys (
    kid         text PRIMARY KEY,
    number      integer NOT NULL UNIQUE,
    public_key  text NOT NULL,
    -- Sealed with the secret key of the installation.
    private_key text NOT NULL,
    created_at  timestamptz NOT NULL
);

-- A code names its ticket without its booking.
CREATE UNIQUE INDEX tickets_by_id ON tickets (event_id, id);

-- Codes of releases before are random, and are found by themselves.
CREATE INDEX tickets_plain ON tickets (event_id, code) WHERE length(code) = 26;

-- A code says which version of its ticket it is for.
ALTER TABLE tickets ADD COLUMN version integer NOT NULL DEFAULT 1;

-- No foreign keys: on PostgreSQL each would have an admission wait for the lock of a sale.
CREATE TABLE check_ins (
    event_id       uuid NOT NULL,
    id             uuid NOT NULL,
    ticket_id      uuid NOT NULL,
    ticket_type_id uuid NOT NULL,
    gate           text,
    -- An account or a door token.
    scanned_by     uuid NOT NULL,
    at             timestamptz NOT NULL,
    undone_at      timestamptz,
    undone_by      uuid,
    undo_reason    text,
    PRIMARY KEY (event_id, id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CHECK ((undone_at IS NULL) = (undo_reason IS NULL))
);

-- A ticket is admitted once, whatever else is believed.
CREATE UNIQUE INDEX check_ins_live ON check_ins (event_id, ticket_id) WHERE undone_at IS NULL;

CREATE TABLE door_tokens (
    event_id   uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    name       text NOT NULL,
    -- SHA-256 of the token, in hex.
    hash       text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, id)
);

-- Words of the names and e-mail addresses of guests, as they are looked for: in small letters, without accents.
CREATE TABLE guest_words (
    event_id   uuid NOT NULL,
    word       text NOT NULL,
    booking_id uuid NOT NULL,
    PRIMARY KEY (event_id, word, booking_id)
);
