INSERT INTO signing_keys (kid, algorithm, public_x, public_y, private_key, created_at, retired_at)
SELECT kid, algorithm, json_extract(public_key, '$.x'), json_extract(public_key, '$.y'), private_key, created_at,
    retired_at
FROM signing_keys_next
WHERE algorithm = 'ES256';

DROP TABLE signing_keys_next;
