-- A key as it is published, so that keys of any kind have room, and since when it signs. Which one signs at a time is
-- said by these rows alone: the last one that has begun and has not retired.
CREATE TABLE signing_keys_next (
    kid          text PRIMARY KEY,
    algorithm    text NOT NULL,
    public_key   text NOT NULL,
    private_key  text NOT NULL,
    created_at   timestamptz NOT NULL,
    activates_at timestamptz NOT NULL,
    retired_at   timestamptz
);

INSERT INTO signing_keys_next (kid, algorithm, public_key, private_key, created_at, activates_at, retired_at)
SELECT kid, algorithm,
    '{"kid":"' || kid || '","kty":"EC","alg":"' || algorithm || '","use":"sig","crv":"P-256","x":"' || public_x
        || '","y":"' || public_y || '"}',
    private_key, created_at, created_at, retired_at
FROM signing_keys;

DROP TABLE signing_keys;
ALTER TABLE signing_keys_next RENAME TO signing_keys;

-- Of two instances that make the first one at once, or follow the last one with another, one succeeds.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (algorithm) WHERE retired_at IS NULL;

-- The spent tokens of a session by their age.
CREATE INDEX refresh_tokens_generation ON refresh_tokens (session_id, generation);
DROP INDEX refresh_tokens_session_id;

-- For administrators who look for an account.
CREATE INDEX users_created_at ON users (created_at, id);
CREATE INDEX users_role ON users (role, created_at, id);
CREATE INDEX users_disabled ON users (created_at, id) WHERE disabled_at IS NOT NULL;
