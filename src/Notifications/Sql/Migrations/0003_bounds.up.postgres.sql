ALTER TABLE mails DROP CONSTRAINT mails_state_check;
ALTER TABLE mails ADD CONSTRAINT mails_state_check
    CHECK (state IN ('queued', 'sent', 'bounced', 'failed', 'suppressed'));

-- How many an address has had lately.
CREATE INDEX mails_by_address ON mails (address, kind, created_at) WHERE state <> 'suppressed';

-- What is over and still has its content.
CREATE INDEX mails_with_content ON mails (created_at) WHERE state <> 'queued' AND model <> '';
