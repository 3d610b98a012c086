-- One row a person: its lock makes their changes follow one another, and how many entries there are costs no counting.
CREATE TABLE journals (
    user_id uuid PRIMARY KEY,
    entries bigint NOT NULL,
    CHECK (entries >= 0)
);

CREATE TABLE entries (
    user_id    uuid NOT NULL,
    id         uuid NOT NULL,
    text       text NOT NULL,
    mood       integer NOT NULL,
    category   text NOT NULL,
    -- A JSON array, in order.
    tags       text NOT NULL,
    at         timestamptz NOT NULL,
    version    integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- It can be had back for a day after that.
    deleted_at timestamptz,
    PRIMARY KEY (user_id, id),
    CHECK (mood BETWEEN 1 AND 10)
);

CREATE INDEX entries_by_time ON entries (user_id, at, id) WHERE deleted_at IS NULL;
CREATE INDEX entries_by_category ON entries (user_id, category, at, id) WHERE deleted_at IS NULL;
CREATE INDEX entries_deleted ON entries (deleted_at) WHERE deleted_at IS NOT NULL;

-- Of live entries alone.
CREATE TABLE entry_tags (
    user_id  uuid NOT NULL,
    tag      text NOT NULL,
    at       timestamptz NOT NULL,
    entry_id uuid NOT NULL,
    PRIMARY KEY (user_id, tag, at, entry_id)
);

CREATE TABLE idempotency_keys (
    user_id      uuid NOT NULL,
    key          text NOT NULL,
    request_hash text NOT NULL,
    answer       text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
