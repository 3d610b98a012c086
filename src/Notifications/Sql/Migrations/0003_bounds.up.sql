-- A webhook fails since the first of its failures that has no day without any before the next.
ALTER TABLE webhooks ADD COLUMN last_failed_at timestamptz;

-- What an account may be told, as identity has it. Apart from recipients, since it may be heard of before the person.
CREATE TABLE known_accounts (
    user_id     uuid PRIMARY KEY,
    role        text,
    -- When what is known was so: what happened before it and comes later is old. The same for the state.
    role_at     timestamptz,
    is_disabled boolean NOT NULL DEFAULT false,
    state_at    timestamptz
);

-- security (never held back), personal, or bulk: who is told the same with many others.
ALTER TABLE mails ADD COLUMN kind text NOT NULL DEFAULT 'personal';
