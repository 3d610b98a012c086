DROP INDEX bookings_code_prefix;
