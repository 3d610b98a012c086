-- Small letters without marks, whatever the database's collation, and each word alone. What another process writes is
-- searched as well, since the column makes itself.
ALTER TABLE events ADD COLUMN search tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', normalize(
        regexp_replace(
            regexp_replace(
                normalize(
                    name || ' ' || coalesce(venue, '') || ' ' || coalesce(address, '') || ' '
                        || coalesce(description, ''),
                    NFD),
                '[\u0300-\u036F]', '', 'g'),
            '[!-/:-@[-`{-~]+', ' ', 'g'),
        NFC))) STORED;
CREATE INDEX events_search ON events USING gin (search);
