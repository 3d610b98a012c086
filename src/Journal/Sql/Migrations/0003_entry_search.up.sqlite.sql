-- A person's entries have numbers of their own next to each other, so that a search reads that part of a word's list:
-- four billion to a person. They are kept here, as those that SQLite gives may change (VACUUM).
CREATE TABLE journal_numbers (
    number  integer PRIMARY KEY,
    user_id uuid NOT NULL UNIQUE
);

CREATE TABLE entry_numbers (
    number   integer PRIMARY KEY,
    user_id  uuid NOT NULL,
    entry_id uuid NOT NULL,
    UNIQUE (user_id, entry_id)
);

-- The texts stay in entries; those of deleted ones are not searched.
CREATE VIEW entry_texts AS
SELECT n.number, e.text
FROM entry_numbers n
JOIN entries e ON e.user_id = n.user_id AND e.id = n.entry_id
WHERE e.deleted_at IS NULL;

-- Short beginnings of words have lists of their own, like words.
CREATE VIRTUAL TABLE entry_search USING fts5 (
    text, content='entry_texts', content_rowid='number', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');

INSERT INTO journal_numbers (user_id)
SELECT DISTINCT user_id
FROM entries;
INSERT INTO entry_numbers (number, user_id, entry_id)
SELECT (j.number << 32) + row_number() OVER (PARTITION BY e.user_id ORDER BY e.id), e.user_id, e.id
FROM entries e
JOIN journal_numbers j ON j.user_id = e.user_id;
INSERT INTO entry_search (entry_search) VALUES ('rebuild');

-- Triggers, so that what another process writes is searched as well.
CREATE TRIGGER entry_search_insert AFTER INSERT ON entries
BEGIN
    INSERT INTO journal_numbers (user_id)
    SELECT new.user_id
    WHERE NOT EXISTS (SELECT 1 FROM journal_numbers WHERE user_id = new.user_id);
    INSERT INTO entry_numbers (number, user_id, entry_id)
    SELECT
        1 + COALESCE(
            (SELECT MAX(number)
             FROM entry_numbers
             WHERE number > j.number << 32 AND number < (j.number + 1) << 32),
            j.number << 32),
        new.user_id, new.id
    FROM journal_numbers j
    WHERE j.user_id = new.user_id;
    INSERT INTO entry_search (rowid, text)
    SELECT number, new.text
    FROM entry_numbers
    WHERE user_id = new.user_id AND entry_id = new.id AND new.deleted_at IS NULL;
END;

CREATE TRIGGER entry_search_update AFTER UPDATE ON entries
WHEN (old.text, old.deleted_at IS NULL) IS NOT (new.text, new.deleted_at IS NULL)
BEGIN
    INSERT INTO entry_search (entry_search, rowid, text)
    SELECT 'delete', number, old.text
    FROM entry_numbers
    WHERE user_id = old.user_id AND entry_id = old.id AND old.deleted_at IS NULL;
    INSERT INTO entry_search (rowid, text)
    SELECT number, new.text
    FROM entry_numbers
    WHERE user_id = new.user_id AND entry_id = new.id AND new.deleted_at IS NULL;
END;

CREATE TRIGGER entry_search_delete AFTER DELETE ON entries
BEGIN
    INSERT INTO entry_search (entry_search, rowid, text)
    SELECT 'delete', number, old.text
    FROM entry_numbers
    WHERE user_id = old.user_id AND entry_id = old.id AND old.deleted_at IS NULL;
    DELETE FROM entry_numbers WHERE user_id = old.user_id AND entry_id = old.id;
END;
