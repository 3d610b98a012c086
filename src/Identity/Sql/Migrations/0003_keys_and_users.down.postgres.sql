DROP INDEX users_email_prefix;

INSERT INTO signing_keys (kid, algorithm, public_x, public_y, private_key, created_at, retired_at)
SELECT kid, algorithm, CAST(public_key AS json) ->> 'x', CAST(public_key AS json) ->> 'y', private_key, created_at,
    retired_at
FROM signing_keys_next
WHERE algorithm = 'ES256';

DROP TABLE signing_keys_next;
