-- By the beginning of the text, whatever the database's collation is.
CREATE INDEX bookings_code_prefix ON bookings (event_id, code COLLATE "C");
CREATE INDEX bookings_email_prefix ON bookings (event_id, lower(email) COLLATE "C") WHERE email IS NOT NULL;
CREATE INDEX bookings_name_prefix ON bookings (event_id, lower(name) COLLATE "C") WHERE name IS NOT NULL;
