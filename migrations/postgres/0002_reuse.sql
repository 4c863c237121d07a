-- What photos are compared by; all of a person's lie together. searched_at stays null until the photo was compared with everybody's.
CREATE TABLE fingerprints (
    checkin_id UUID NOT NULL UNIQUE REFERENCES checkins (id),
    person_id UUID NOT NULL REFERENCES people (id),
    work_date DATE NOT NULL,
    slot TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    content_sha256 BYTEA NOT NULL,
    prints BYTEA,
    searched_at TIMESTAMPTZ,
    PRIMARY KEY (person_id, recorded_at, checkin_id)
);
CREATE INDEX fingerprints_by_content ON fingerprints (content_sha256);
CREATE INDEX fingerprints_by_time ON fingerprints (recorded_at, checkin_id);
CREATE INDEX fingerprints_waiting ON fingerprints (recorded_at, checkin_id) WHERE searched_at IS NULL;
