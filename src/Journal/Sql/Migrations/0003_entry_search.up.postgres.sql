-- The words of a text as SearchText makes them: small, without marks, each with the end of its owner's id before it, so
-- that a lookup finds the owner's alone, beginnings of words too. What separates words is listed, since what the
-- database takes for a letter depends on its locale. In PL/pgSQL, so that the planner knows what it costs.
CREATE FUNCTION entry_words(owner uuid, said text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000
    AS $words$
DECLARE
    beginning CONSTANT text := right(CAST(owner AS text), 12);
    words text := said;
BEGIN
    -- Most texts are ASCII, and normal as they are.
    IF octet_length(words) > length(words) THEN
        words := normalize(regexp_replace(normalize(words, NFD), '[\u0300-\u036F]+', '', 'g'), NFC);
    END IF;
    words := trim(regexp_replace(
        lower(words),
        '[\u0001-/:-@[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7'
            '\u02C2-\u02C5\u02D2-\u02DF\u02E5-\u02EB\u02ED\u02EF-\u02FF\u0375\u037E\u0384\u0385\u0387\u0482'
            '\u055A-\u055F\u0589-\u058F\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u0600-\u060F\u061B-\u061F'
            '\u066A-\u066D\u06D4\u06DD\u06DE\u06E9\u06FD\u06FE\u0700-\u070F\u0964\u0965\u0970\u0E3F\u0E4F'
            '\u0E5A\u0E5B\u0F01-\u0F17\u104A-\u104F\u1361-\u1368\u17D4-\u17DB\u1800-\u180A'
            '\u2000-\u206F\u207A-\u207E\u208A-\u208E\u20A0-\u20CF\u2100-\u214F\u2190-\u245F\u249C-\u24E9'
            '\u2500-\u2775\u2794-\u2BFF\u2E00-\u2E7F\u2FF0-\u2FFF\u3000-\u3004\u3008-\u3020\u3030'
            '\u3036\u3037\u303D-\u303F\u309B\u309C\u30A0\u30FB\uFD3E\uFD3F\uFE00-\uFE1F\uFE30-\uFE6F\uFEFF'
            '\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF'
            '\U0001F000-\U0001F0FF\U0001F10D-\U0001FBEF\U000E0000-\U000E0FFF]+',
        ' ', 'g'));
    IF words ~ '[^ ]{61}' THEN
        words := regexp_replace(words, '([^ ]{60})[^ ]+', '\1', 'g');
    END IF;
    RETURN CASE
        WHEN words = '' THEN ''
        ELSE array_to_tsvector(string_to_array(beginning || replace(words, ' ', ' ' || beginning), ' '))
    END;
END
$words$;

-- The owner's entries that are not deleted, by their words.
CREATE INDEX entries_search ON entries USING gin (entry_words(user_id, text)) WHERE deleted_at IS NULL;
