DROP INDEX bookings_name_prefix;
DROP INDEX bookings_email_prefix;
DROP INDEX bookings_by_status;
