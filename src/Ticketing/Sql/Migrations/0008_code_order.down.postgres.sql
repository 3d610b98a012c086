CREATE INDEX bookings_code_prefix ON bookings (event_id, code COLLATE "C");
ALTER TABLE bookings ALTER COLUMN code TYPE text COLLATE "default";
