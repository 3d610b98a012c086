CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         text NOT NULL,
    name          text,
    role          text NOT NULL CHECK (role IN ('user', 'organizer', 'admin')),
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz
);

-- The address is normalised before it is written, so this index is what makes one account of two registrations at once.
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Refresh tokens carry the generation they were made for; only the newest is good.
    generation   integer NOT NULL CHECK (generation >= 0),
    created_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    end_reason   text CHECK (end_reason IN ('logout', 'reuse'))
);

CREATE INDEX sessions_user_id ON sessions (user_id);

CREATE TABLE refresh_tokens (
    hash       text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    generation integer NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    algorithm   text NOT NULL,
    public_x    text NOT NULL,
    public_y    text NOT NULL,
    private_key text NOT NULL,
    created_at  timestamptz NOT NULL,
    retired_at  timestamptz
);

-- One key signs; of two instances that start at once, the second finds the first one's.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (algorithm) WHERE retired_at IS NULL;

CREATE TABLE outbox (
    id           uuid PRIMARY KEY,
    type         text NOT NULL,
    aggregate_id text NOT NULL,
    payload      text NOT NULL,
    occurred_at  timestamptz NOT NULL,
    sent_at      timestamptz
);

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
