-- Another with every change of what a person may read of their journal: what was read under one state holds for as long
-- as the journal is in it.
ALTER TABLE journals ADD COLUMN state uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
