DROP FUNCTION audit_append();
DROP FUNCTION audit_advance();
DROP FUNCTION audit_refuse();
