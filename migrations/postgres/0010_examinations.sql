-- Photos that are examined after the acknowledgement, with what was found before; whoever examines one holds it for a while.
CREATE TABLE examinations (
    checkin_id UUID NOT NULL PRIMARY KEY REFERENCES checkins (id),
    queued_at TIMESTAMPTZ NOT NULL,
    known JSONB NOT NULL,
    held_until TIMESTAMPTZ NOT NULL
);
CREATE INDEX examinations_by_age ON examinations (queued_at, checkin_id);
