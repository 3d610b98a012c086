DROP TABLE zones_to_tell;
