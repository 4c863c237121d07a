-- The phone page: device keys, captures that are delivered late, questions, answers and appeals, looks that their
-- subject sees, and the days on which somebody does not work from home.

-- Public keys that sign a person's check-ins. The private one never leaves the phone.
CREATE TABLE devices (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    thumbprint BLOB NOT NULL,
    public_key BLOB NOT NULL,
    enrolled_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX devices_by_person ON devices (person_id, thumbprint);

ALTER TABLE checkins ADD COLUMN assurance TEXT NOT NULL DEFAULT 'session';
ALTER TABLE checkins ADD COLUMN device_id BLOB;
ALTER TABLE checkins ADD COLUMN captured_at INTEGER;
ALTER TABLE checkins ADD COLUMN photo_source TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE checkins ADD COLUMN photo_code TEXT;

-- A case may wait for its person's words, and may be decided once more by somebody else.
ALTER TABLE reviews ADD COLUMN question TEXT;
ALTER TABLE reviews ADD COLUMN asked_by BLOB REFERENCES people (id);
ALTER TABLE reviews ADD COLUMN asked_at INTEGER;
ALTER TABLE reviews ADD COLUMN due_at INTEGER;
ALTER TABLE reviews ADD COLUMN appeal TEXT;
ALTER TABLE reviews ADD COLUMN appealed_at INTEGER;
ALTER TABLE reviews ADD COLUMN appealed_from BLOB REFERENCES people (id);
DROP INDEX reviews_one_open_case;
CREATE UNIQUE INDEX reviews_one_open_case ON reviews (person_id, work_date, slot) WHERE state IN ('open', 'asked');
CREATE INDEX reviews_by_person ON reviews (person_id, opened_at);

CREATE TABLE review_answers (
    id BLOB NOT NULL PRIMARY KEY,
    review_id BLOB NOT NULL REFERENCES reviews (id),
    answered_at INTEGER NOT NULL,
    words TEXT NOT NULL,
    photo_sha256 BLOB,
    photo_key TEXT
) STRICT;
CREATE INDEX review_answers_by_review ON review_answers (review_id, answered_at);

-- Who saw whose evidence; each row belongs to an entry of the log.
CREATE TABLE looks (
    entry_id BLOB NOT NULL PRIMARY KEY,
    checkin_id BLOB NOT NULL REFERENCES checkins (id),
    viewer_id BLOB NOT NULL REFERENCES people (id),
    at INTEGER NOT NULL,
    what TEXT NOT NULL
) STRICT;
CREATE INDEX looks_by_checkin ON looks (checkin_id, at);
INSERT INTO looks (entry_id, checkin_id, viewer_id, at, what)
    SELECT id, unhex(replace(json_extract(entry, '$.checkin_id'), '-', '')),
        unhex(replace(json_extract(entry, '$.viewer'), '-', '')), recorded_at,
        COALESCE(json_extract(entry, '$.what'), 'photo')
    FROM (SELECT id, recorded_at, CAST(record AS TEXT) AS entry FROM log_entries WHERE kind = 'evidence_viewed')
    WHERE json_extract(entry, '$.checkin_id') IS NOT NULL;

-- Where a person works on a range of dates, when it is not at home.
CREATE TABLE rosters (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    duty TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX rosters_by_person ON rosters (person_id, valid_from);

-- Declared outages; unit_id null is everybody.
CREATE TABLE incidents (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    unit_id BLOB REFERENCES units (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_end ON incidents (ends_at);
