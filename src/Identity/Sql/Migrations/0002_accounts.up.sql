ALTER TABLE users ADD COLUMN language text;
ALTER TABLE users ADD COLUMN time_zone text;
ALTER TABLE users ADD COLUMN email_verified_at timestamptz;

-- Links that were mailed; each is good once. Only the hash is kept: a stolen database opens no account.
CREATE TABLE account_links (
    hash       text PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('verify_email', 'change_email', 'reset_password')),
    -- The address it was mailed to: what it verifies, or changes to.
    email      text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    -- Where a change of address was asked for: who is thrown out takes the link along.
    session_id uuid
);

CREATE INDEX account_links_user_id ON account_links (user_id, purpose);
CREATE INDEX account_links_expires_at ON account_links (expires_at);

-- Where an account has signed in before. The owner's device is let through when strangers have used up the guesses.
CREATE TABLE devices (
    hash         text PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL
);

CREATE INDEX devices_user_id ON devices (user_id);
CREATE INDEX devices_last_seen_at ON devices (last_seen_at);

-- When the password (and the code, where there is a second factor) was last shown; null counts as created_at.
ALTER TABLE sessions ADD COLUMN authenticated_at timestamptz;
-- What its client says it is, and where it was last seen.
ALTER TABLE sessions ADD COLUMN device text;
ALTER TABLE sessions ADD COLUMN address text;

-- There are more reasons now than the old column's CHECK allows; they are listed in Domain/SessionEnd.cs.
ALTER TABLE sessions ADD COLUMN end_cause text;
UPDATE sessions SET end_cause = end_reason WHERE end_reason IS NOT NULL;
ALTER TABLE sessions DROP COLUMN end_reason;
ALTER TABLE sessions RENAME COLUMN end_cause TO end_reason;

-- The second factor: RFC 6238. The secret is sealed; it counts once confirmed_at is set.
CREATE TABLE authenticators (
    user_id      uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret       text NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    -- The time step of the last code that was good: none is good twice.
    last_step    bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    text NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, hash)
);
