-- For the organizer's list of one status, from wherever in it.
CREATE INDEX bookings_by_status ON bookings (event_id, status, id);
