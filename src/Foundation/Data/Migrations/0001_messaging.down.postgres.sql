DROP TABLE outbox_shards;
ALTER TABLE outbox
    DROP COLUMN shard,
    DROP COLUMN position;
