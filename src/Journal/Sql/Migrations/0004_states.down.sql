ALTER TABLE journals DROP COLUMN state;
