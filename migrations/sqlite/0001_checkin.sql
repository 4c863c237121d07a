-- People, places, the working day, check-ins and their evidence, reviews, the log.
-- The twin file of the other engine has the same tables, columns, keys and indexes; a test compares them.

CREATE TABLE units (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id BLOB REFERENCES units (id),
    time_zone TEXT NOT NULL
) STRICT;
CREATE INDEX units_by_parent ON units (parent_id);

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    nip TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id),
    active INTEGER NOT NULL,
    password_hash TEXT
) STRICT;
CREATE INDEX people_by_unit ON people (unit_id);

CREATE TABLE role_assignments (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    unit_id BLOB REFERENCES units (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT
) STRICT;
CREATE INDEX role_assignments_by_person ON role_assignments (person_id);

-- One row is one slot of one unit for a range of dates. Minutes count from local midnight.
-- weekdays: bit 0 is Monday, bit 6 is Sunday.
CREATE TABLE schedules (
    id BLOB NOT NULL PRIMARY KEY,
    unit_id BLOB NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    weekdays INTEGER NOT NULL,
    opens_minute INTEGER NOT NULL,
    closes_minute INTEGER NOT NULL,
    grace_minutes INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_by_unit ON schedules (unit_id, slot);

-- Versions are never changed, except that the end of one is set when the next begins.
CREATE TABLE places (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    radius_m REAL NOT NULL,
    sigma_m REAL NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (person_id, kind, version)
) STRICT;

-- One sign-in and its refreshes. The refresh token of a generation is computed, not stored.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX sessions_by_person ON sessions (person_id);

CREATE TABLE sign_in_throttles (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_throttles_by_update ON sign_in_throttles (updated_at);

CREATE TABLE challenges (
    token_sha256 BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    slot TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at INTEGER,
    spent_by BLOB
) STRICT;
CREATE INDEX challenges_by_person ON challenges (person_id, expires_at);
CREATE INDEX challenges_by_expiry ON challenges (expires_at);

-- Immutable once recorded. receipt and request are kept byte by byte.
CREATE TABLE checkins (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    slot TEXT NOT NULL,
    work_date TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    timing TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    photo_sha256 BLOB NOT NULL,
    photo_bytes INTEGER NOT NULL,
    photo_type TEXT NOT NULL,
    photo_key TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL,
    receipt TEXT NOT NULL,
    entry_id BLOB NOT NULL
) STRICT;
CREATE INDEX checkins_by_person ON checkins (person_id, received_at, id);
CREATE INDEX checkins_by_slot ON checkins (person_id, work_date, slot);
CREATE INDEX checkins_by_unit ON checkins (unit_id, work_date);

CREATE TABLE evidence (
    checkin_id BLOB NOT NULL PRIMARY KEY REFERENCES checkins (id),
    photo TEXT NOT NULL,
    location TEXT NOT NULL,
    place_id BLOB REFERENCES places (id)
) STRICT;

CREATE TABLE findings (
    checkin_id BLOB NOT NULL REFERENCES checkins (id),
    ordinal INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    flags INTEGER NOT NULL,
    measured REAL,
    threshold REAL,
    unit_of_measure TEXT,
    words_id TEXT NOT NULL,
    words_en TEXT NOT NULL,
    PRIMARY KEY (checkin_id, ordinal)
) STRICT;

CREATE TABLE presences (
    person_id BLOB NOT NULL REFERENCES people (id),
    work_date TEXT NOT NULL,
    slot TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id),
    state TEXT NOT NULL,
    verdict TEXT NOT NULL,
    timing TEXT NOT NULL,
    first_received_at INTEGER NOT NULL,
    best_checkin_id BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    decision TEXT,
    PRIMARY KEY (person_id, work_date, slot)
) STRICT;
CREATE INDEX presences_by_unit ON presences (unit_id, work_date);

-- urgency: 0 is worst.
CREATE TABLE reviews (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    unit_id BLOB NOT NULL REFERENCES units (id),
    work_date TEXT NOT NULL,
    slot TEXT NOT NULL,
    state TEXT NOT NULL,
    urgency INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    claimed_by BLOB REFERENCES people (id),
    claim_expires_at INTEGER,
    decided_by BLOB REFERENCES people (id),
    decided_at INTEGER,
    decision TEXT,
    reason_code TEXT,
    note TEXT
) STRICT;
CREATE UNIQUE INDEX reviews_one_open_case ON reviews (person_id, work_date, slot) WHERE state = 'open';
CREATE INDEX reviews_queue ON reviews (state, work_date, urgency, opened_at, id);

CREATE TABLE review_attempts (
    review_id BLOB NOT NULL REFERENCES reviews (id),
    checkin_id BLOB NOT NULL REFERENCES checkins (id),
    PRIMARY KEY (review_id, checkin_id)
) STRICT;
CREATE INDEX review_attempts_by_checkin ON review_attempts (checkin_id);

-- Only ever appended to.
CREATE TABLE review_events (
    id BLOB NOT NULL PRIMARY KEY,
    review_id BLOB NOT NULL REFERENCES reviews (id),
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX review_events_by_review ON review_events (review_id, ordinal);

-- entry_sha256 = SHA-256(domain || kind || salt || record); leaf_index is given after the commit.
CREATE TABLE log_entries (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    salt BLOB NOT NULL,
    record BLOB NOT NULL,
    entry_sha256 BLOB NOT NULL UNIQUE,
    leaf_index INTEGER UNIQUE
) STRICT;
CREATE INDEX log_entries_by_time ON log_entries (recorded_at, id);
