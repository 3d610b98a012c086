-- What was not sent to spare somebody is told as not sent.
UPDATE mails SET state = 'failed' WHERE state = 'suppressed';
DROP INDEX mails_by_address;
DROP INDEX mails_with_content;
ALTER TABLE mails DROP COLUMN kind;
DROP TABLE known_accounts;
ALTER TABLE webhooks DROP COLUMN last_failed_at;
