DROP INDEX jobs_by_kind;
DROP INDEX audit_log_action;
