DROP TABLE guest_words;
DROP TABLE door_tokens;
DROP TABLE check_ins;
ALTER TABLE tickets DROP COLUMN version;
DROP INDEX tickets_plain;
DROP INDEX tickets_by_id;
DROP TABLE ticket_keys;
