DROP TRIGGER entry_search_insert;
DROP TRIGGER entry_search_update;
DROP TRIGGER entry_search_delete;
DROP TABLE entry_search;
DROP VIEW entry_texts;
DROP TABLE entry_numbers;
DROP TABLE journal_numbers;
