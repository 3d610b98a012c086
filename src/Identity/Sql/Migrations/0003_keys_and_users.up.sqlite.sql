CREATE INDEX users_name_prefix ON users (lower(name));
