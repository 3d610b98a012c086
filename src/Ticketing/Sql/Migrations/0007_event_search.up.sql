-- When an organizer last changed it; null where that was never noted.
ALTER TABLE events ADD COLUMN changed_at timestamptz;
