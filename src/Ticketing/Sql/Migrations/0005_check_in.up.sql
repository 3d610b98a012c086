-- The keys of ticket codes. The highest number signs; of two instances that make one at once, one does.
CREATE TABLE ticket_keys (
    kid         text PRIMARY KEY,
    number      integer NOT NULL UNIQUE,
    public_key  text NOT NULL,
    -- Sealed with the secret key of the installation.
    private_key text NOT NULL,
    created_at  timestamptz NOT NULL
);
