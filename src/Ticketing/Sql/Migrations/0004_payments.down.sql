DROP INDEX bookings_of_guests;
DROP TABLE payment_callbacks;
DROP TABLE refunds;
DROP TABLE payments;
