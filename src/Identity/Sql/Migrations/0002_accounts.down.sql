DROP TABLE recovery_codes;
DROP TABLE authenticators;

ALTER TABLE sessions ADD COLUMN end_cause text CHECK (end_cause IN ('logout', 'reuse'));
UPDATE sessions SET end_cause = CASE WHEN end_reason = 'reuse' THEN 'reuse' ELSE 'logout' END
WHERE end_reason IS NOT NULL;
ALTER TABLE sessions DROP COLUMN end_reason;
ALTER TABLE sessions RENAME COLUMN end_cause TO end_reason;
ALTER TABLE sessions DROP COLUMN address;
ALTER TABLE sessions DROP COLUMN device;
ALTER TABLE sessions DROP COLUMN authenticated_at;

DROP TABLE devices;
DROP TABLE account_links;

ALTER TABLE users DROP COLUMN email_verified_at;
ALTER TABLE users DROP COLUMN time_zone;
ALTER TABLE users DROP COLUMN language;
