-- By the beginning of the text, whatever the database's collation is.
CREATE INDEX users_email_prefix ON users (email COLLATE "C");
CREATE INDEX users_name_prefix ON users (lower(name) COLLATE "C");
