CREATE SEQUENCE outbox_position;

-- The shard is computed here, so that a program of yesterday beside this one writes it too.
ALTER TABLE outbox
    ADD COLUMN position bigint,
    ADD COLUMN shard smallint NOT NULL
        GENERATED ALWAYS AS (get_byte(decode(md5(aggregate_id), 'hex'), 0) & 15) STORED;

-- What is there already, in the order of its ids, which are of their time.
UPDATE outbox
SET position = ordered.position
FROM (SELECT id, row_number() OVER (ORDER BY id) AS position FROM outbox) AS ordered
WHERE ordered.id = outbox.id;

SELECT setval('outbox_position', (SELECT COALESCE(MAX(position), 0) + 1 FROM outbox), false);

ALTER TABLE outbox
    ALTER COLUMN position SET DEFAULT nextval('outbox_position'),
    ALTER COLUMN position SET NOT NULL;

ALTER SEQUENCE outbox_position OWNED BY outbox.position;

CREATE INDEX outbox_waiting ON outbox (shard, position) WHERE sent_at IS NULL;

-- Who looks after which part of the outbox, and how long that is believed of somebody who is silent.
CREATE TABLE outbox_shards (
    shard        smallint PRIMARY KEY,
    owner        uuid,
    leased_until timestamptz NOT NULL
);

INSERT INTO outbox_shards (shard, leased_until)
SELECT shard, now()
FROM generate_series(0, 15) AS numbers (shard);
