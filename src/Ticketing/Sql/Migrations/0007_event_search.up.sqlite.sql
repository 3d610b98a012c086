-- The texts stay in events. They are found by numbers of their own, as those that SQLite gives may change (VACUUM).
CREATE TABLE event_numbers (
    number   integer PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE
);

CREATE VIEW event_texts AS
SELECT n.number, e.name, e.venue, e.address, e.description
FROM event_numbers n
JOIN events e ON e.id = n.event_id;

CREATE VIRTUAL TABLE event_search USING fts5 (
    name, venue, address, description,
    content='event_texts', content_rowid='number', tokenize='unicode61 remove_diacritics 2');

INSERT INTO event_numbers (event_id)
SELECT id
FROM events;
INSERT INTO event_search (event_search) VALUES ('rebuild');

-- Triggers, so that what another process writes is searched as well.
CREATE TRIGGER event_search_insert AFTER INSERT ON events
BEGIN
    INSERT INTO event_numbers (event_id) VALUES (new.id);
    INSERT INTO event_search (rowid, name, venue, address, description)
    SELECT number, new.name, new.venue, new.address, new.description
    FROM event_numbers
    WHERE event_id = new.id;
END;

CREATE TRIGGER event_search_update AFTER UPDATE ON events
WHEN (old.name, old.venue, old.address, old.description)
    IS NOT (new.name, new.venue, new.address, new.description)
BEGIN
    INSERT INTO event_search (event_search, rowid, name, venue, address, description)
    SELECT 'delete', number, old.name, old.venue, old.address, old.description
    FROM event_numbers
    WHERE event_id = old.id;
    INSERT INTO event_search (rowid, name, venue, address, description)
    SELECT number, new.name, new.venue, new.address, new.description
    FROM event_numbers
    WHERE event_id = new.id;
END;

CREATE TRIGGER event_search_delete AFTER DELETE ON events
BEGIN
    INSERT INTO event_search (event_search, rowid, name, venue, address, description)
    SELECT 'delete', number, old.name, old.venue, old.address, old.description
    FROM event_numbers
    WHERE event_id = old.id;
    DELETE FROM event_numbers WHERE event_id = old.id;
END;
