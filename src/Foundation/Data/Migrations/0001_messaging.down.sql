-- The outbox stays: where a module made it, that module takes it back.
DROP INDEX outbox_waiting;
DROP TABLE inbox;
