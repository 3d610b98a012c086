-- SQLite's schedules are kept in memory: what follows here is PostgreSQL's alone.
SELECT 1;
