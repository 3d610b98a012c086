DROP TRIGGER event_search_insert;
DROP TRIGGER event_search_update;
DROP TRIGGER event_search_delete;
DROP TABLE event_search;
DROP VIEW event_texts;
DROP TABLE event_numbers;
