-- The outbox stays: where a module made it, that module takes it back.
SELECT 1;
