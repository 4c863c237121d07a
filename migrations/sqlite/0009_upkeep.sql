-- Background work: which replica does a job now, and how far it is, in the job's own words.
CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    held_until INTEGER NOT NULL,
    place TEXT NOT NULL
) STRICT;

-- Photos that nothing refers to. They are kept for a while after they were found: when an older state of the database was
-- restored, they are the proof of what it lacks.
CREATE TABLE orphans (
    photo_key TEXT NOT NULL PRIMARY KEY,
    found_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orphans_by_age ON orphans (found_at, photo_key);

-- Photos that are not as a row promises, until they are again.
CREATE TABLE photo_faults (
    photo_key TEXT NOT NULL PRIMARY KEY,
    photo_sha256 BLOB NOT NULL,
    what TEXT NOT NULL,
    found_at INTEGER NOT NULL
) STRICT;

-- What the photo store holds of a day is compared with the rows of that day.
CREATE INDEX checkins_by_day ON checkins (work_date, id);
CREATE INDEX review_answers_by_photo ON review_answers (photo_key) WHERE photo_key IS NOT NULL;
