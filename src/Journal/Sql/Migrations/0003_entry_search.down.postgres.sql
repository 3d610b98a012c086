DROP INDEX entries_search;
DROP FUNCTION entry_words;
