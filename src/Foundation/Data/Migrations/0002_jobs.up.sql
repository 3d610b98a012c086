-- Work that may not be lost. What is due is found by its kind and time alone, whatever else the table holds.
CREATE TABLE jobs (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    key         text,
    payload     text NOT NULL,
    state       text NOT NULL,
    -- When a worker may take it: a queued job not before, a running one once its worker's lease has lapsed.
    due_at      timestamptz NOT NULL,
    attempts    integer NOT NULL,
    lease_owner text,
    percent     integer,
    note        text,
    result      text,
    error       text,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK (state IN ('queued', 'running', 'done', 'dead')),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL)),
    CHECK (attempts >= 0),
    CHECK (percent BETWEEN 0 AND 100)
);

CREATE INDEX jobs_due ON jobs (kind, due_at) WHERE finished_at IS NULL;

CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE key IS NOT NULL;

-- For those who look, and for pruning. Ids are UUIDv7: their order is the order of time.
CREATE INDEX jobs_by_state ON jobs (state, id);

-- How the last run of each schedule went, the same for all instances.
CREATE TABLE schedules (
    name       text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    took_ms    bigint NOT NULL,
    outcome    text NOT NULL CHECK (outcome IN ('done', 'failed')),
    note       text,
    error      text
);
