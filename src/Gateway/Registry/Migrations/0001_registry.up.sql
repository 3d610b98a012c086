-- Servers that registered. Leases are by the clock of the database, whoever asks.
CREATE TABLE members (
    cluster       text NOT NULL,
    id            text NOT NULL,
    address       text NOT NULL,
    weight        integer NOT NULL,
    tags          text NOT NULL,
    health_path   text,
    lease_seconds integer NOT NULL,
    registered_at timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (cluster, id)
);

CREATE INDEX members_by_expiry ON members (expires_at);
