-- By the beginning of the text; codes have an index already, in the order of their letters.
CREATE INDEX bookings_email_prefix ON bookings (event_id, lower(email)) WHERE email IS NOT NULL;
CREATE INDEX bookings_name_prefix ON bookings (event_id, lower(name)) WHERE name IS NOT NULL;
