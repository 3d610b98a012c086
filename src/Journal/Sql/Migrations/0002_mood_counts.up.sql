-- Generation 0: journals that were kept before have no counts yet, and a schedule builds them.
ALTER TABLE journals ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';
ALTER TABLE journals ADD COLUMN generation integer NOT NULL DEFAULT 0;
ALTER TABLE journals ADD COLUMN last_generation integer NOT NULL DEFAULT 0;
ALTER TABLE journals ADD COLUMN building_generation integer;
ALTER TABLE journals ADD COLUMN building_zone text;
ALTER TABLE journals ADD COLUMN built_until uuid;
ALTER TABLE journals ADD COLUMN zone_known_at timestamptz;

CREATE INDEX journals_unbuilt ON journals (user_id) WHERE generation = 0 OR building_generation IS NOT NULL;

-- How often each mood was in a period of the person's own time zone. A row without any is deleted.
CREATE TABLE mood_counts (
    user_id    uuid NOT NULL,
    generation integer NOT NULL,
    -- all, hour (of the week, Monday's first is 0), category or tag
    kind       text NOT NULL,
    -- day or month
    grain      text NOT NULL,
    -- its first day
    period     date NOT NULL,
    key        text NOT NULL,
    m1         integer NOT NULL,
    m2         integer NOT NULL,
    m3         integer NOT NULL,
    m4         integer NOT NULL,
    m5         integer NOT NULL,
    m6         integer NOT NULL,
    m7         integer NOT NULL,
    m8         integer NOT NULL,
    m9         integer NOT NULL,
    m10        integer NOT NULL,
    PRIMARY KEY (user_id, generation, kind, grain, period, key)
);
