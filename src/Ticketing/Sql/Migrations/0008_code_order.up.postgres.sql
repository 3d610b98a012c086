-- By its bytes, so that the index that keeps codes apart also finds them by their beginning: one index less a booking.
ALTER TABLE bookings ALTER COLUMN code TYPE text COLLATE "C";
DROP INDEX bookings_code_prefix;
