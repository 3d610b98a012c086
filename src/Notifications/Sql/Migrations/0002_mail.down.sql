DROP TABLE mails;
DROP TABLE known_bookings;
DROP TABLE known_events;
DROP TABLE recipients;
