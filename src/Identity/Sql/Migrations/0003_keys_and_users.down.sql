DROP INDEX users_name_prefix;
DROP INDEX users_disabled;
DROP INDEX users_role;
DROP INDEX users_created_at;

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
DROP INDEX refresh_tokens_generation;

DROP INDEX signing_keys_active;
ALTER TABLE signing_keys RENAME TO signing_keys_next;

CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    algorithm   text NOT NULL,
    public_x    text NOT NULL,
    public_y    text NOT NULL,
    private_key text NOT NULL,
    created_at  timestamptz NOT NULL,
    retired_at  timestamptz
);

CREATE UNIQUE INDEX signing_keys_active ON signing_keys (algorithm) WHERE retired_at IS NULL;
