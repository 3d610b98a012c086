DROP TABLE outbox;
DROP TABLE idempotency_keys;
DROP TABLE tickets;
DROP TABLE bookings;
DROP TABLE pools;
DROP TABLE events;
