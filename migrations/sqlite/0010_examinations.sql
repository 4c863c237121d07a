-- Photos that are examined after the acknowledgement, with what was found before; whoever examines one holds it for a while.
CREATE TABLE examinations (
    checkin_id BLOB NOT NULL PRIMARY KEY REFERENCES checkins (id),
    queued_at INTEGER NOT NULL,
    known TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT;
CREATE INDEX examinations_by_age ON examinations (queued_at, checkin_id);
