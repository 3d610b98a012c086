DROP TABLE mood_counts;
DROP INDEX journals_unbuilt;
ALTER TABLE journals DROP COLUMN zone_known_at;
ALTER TABLE journals DROP COLUMN built_until;
ALTER TABLE journals DROP COLUMN building_zone;
ALTER TABLE journals DROP COLUMN building_generation;
ALTER TABLE journals DROP COLUMN last_generation;
ALTER TABLE journals DROP COLUMN generation;
ALTER TABLE journals DROP COLUMN time_zone;
