-- Time zones that were chosen before anyone listened are told once more. A row goes in the transaction that tells of it.
CREATE TABLE zones_to_tell (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE
);

INSERT INTO zones_to_tell (user_id)
SELECT id
FROM users
WHERE time_zone IS NOT NULL;
