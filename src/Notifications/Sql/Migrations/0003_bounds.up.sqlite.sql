-- SQLite changes no CHECK: the table is made anew.
ALTER TABLE mails RENAME TO mails_before;
DROP INDEX mails_unsent;
DROP INDEX mails_by_time;

CREATE TABLE mails (
    id            uuid PRIMARY KEY,
    dedupe_key    text NOT NULL UNIQUE,
    user_id       uuid,
    address       text NOT NULL,
    template      text NOT NULL,
    language      text NOT NULL,
    subject       text NOT NULL,
    model         text NOT NULL,
    state         text NOT NULL,
    attempts      integer NOT NULL,
    sending_until timestamptz,
    error         text,
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    message_id    text NOT NULL,
    kind          text NOT NULL DEFAULT 'personal',
    CHECK (state IN ('queued', 'sent', 'bounced', 'failed', 'suppressed')),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

INSERT INTO mails
SELECT id, dedupe_key, user_id, address, template, language, subject, model, state, attempts, sending_until, error,
    created_at, sent_at, message_id, kind
FROM mails_before;

DROP TABLE mails_before;

CREATE INDEX mails_unsent ON mails (created_at) WHERE state = 'queued';
CREATE INDEX mails_by_time ON mails (created_at, id);
CREATE INDEX mails_by_address ON mails (address, kind, created_at) WHERE state <> 'suppressed';
CREATE INDEX mails_with_content ON mails (created_at) WHERE state <> 'queued' AND model <> '';
