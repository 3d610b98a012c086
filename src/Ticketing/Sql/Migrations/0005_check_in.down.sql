DROP TABLE ticket_keys;
