-- Also against INSERT OR REPLACE, which would delete a row without asking the trigger of DELETE.
CREATE TRIGGER audit_log_append BEFORE INSERT ON audit_log
WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE number = NEW.number - 1 AND hash = NEW.previous_hash)
BEGIN
    SELECT RAISE(ABORT, 'the row of audit_log does not follow the head');
END;

CREATE TRIGGER audit_log_appended AFTER INSERT ON audit_log
BEGIN
    UPDATE audit_head SET number = NEW.number, hash = NEW.hash;
END;

CREATE TRIGGER audit_log_keep_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER audit_log_keep_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER audit_head_advance BEFORE UPDATE ON audit_head
WHEN NEW.number <> OLD.number + 1
BEGIN
    SELECT RAISE(ABORT, 'audit_head moves on by one');
END;

CREATE TRIGGER audit_head_keep BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'audit_head is append-only');
END;
